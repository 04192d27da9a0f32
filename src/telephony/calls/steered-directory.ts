import type { Clock } from '../../kernel/clock.js';
import type { FlowId, QueueId } from '../../kernel/ids.js';
import type { Scope } from '../../kernel/scope.js';
import type { Directory, DirectorySnapshot, FlowConfig } from '../directory.js';
import { changeKey, isInForce, withChanges, type QueueChange } from '../queue-changes.js';

/** Where changes by hand are kept over a restart. Writing never fails and never waits. */
export interface QueueChangeStore {
  write(key: string, change: QueueChange): void;
  remove(key: string): void;
  readAll(): Promise<readonly QueueChange[]>;
}

/** What supervisors changed in queues for a while. */
export interface QueueChanges {
  /** Those of a queue that are in force, the oldest first. */
  of(queue: QueueId): readonly QueueChange[];
  /** Takes the place of an earlier change of the same thing. */
  make(change: QueueChange): void;
  /** Ends a change now; false where there is none of this key. */
  undo(key: string): boolean;
}

interface SteeredParts {
  readonly clock: Clock;
  readonly base: Directory & { onChange(listener: () => void): void };
  readonly store: QueueChangeStore;
}

/** The configuration that calls run on: what is stored, and over it what supervisors changed by hand, as long as that counts. */
export class SteeredDirectory implements Directory, QueueChanges {
  readonly #changes = new Map<string, QueueChange>();
  readonly #listeners = new Set<(snapshot: DirectorySnapshot) => void>();
  #current: DirectorySnapshot;

  constructor(
    private readonly scope: Scope,
    private readonly parts: SteeredParts,
  ) {
    this.#current = parts.base.current;
    parts.base.onChange(() => {
      this.#renew();
    });
  }

  get current(): DirectorySnapshot {
    return this.#current;
  }

  flowVersion(id: FlowId, version: number): Promise<FlowConfig | undefined> {
    return this.parts.base.flowVersion(id, version);
  }

  onChange(listener: (snapshot: DirectorySnapshot) => void): void {
    this.#listeners.add(listener);
  }

  /** Reads what was changed before a restart, and forgets what has ended meanwhile. */
  async open(): Promise<void> {
    const now = this.parts.clock.now();
    const kept = await this.parts.store.readAll();
    for (const change of kept.toSorted((a, b) => a.at - b.at))
      if (isInForce(change, now)) this.#hold(change);
      else this.parts.store.remove(changeKey(change));
    this.#renew();
  }

  of(queue: QueueId): readonly QueueChange[] {
    return [...this.#changes.values()].filter(({ queueId }) => queueId === queue);
  }

  make(change: QueueChange): void {
    this.#hold(change);
    this.parts.store.write(changeKey(change), change);
    this.#renew();
  }

  undo(key: string): boolean {
    if (!this.#changes.delete(key)) return false;
    this.parts.store.remove(key);
    this.#renew();
    return true;
  }

  #hold(change: QueueChange): void {
    const key = changeKey(change);
    // The newest stands last.
    this.#changes.delete(key);
    this.#changes.set(key, change);
    const { until } = change;
    if (until === undefined) return;
    this.scope.fork('change by hand', async (scope) => {
      const { clock } = this.parts;
      await clock.sleep(Math.max(0, until - clock.now()), scope.signal);
      // Changed again meanwhile: that one has its own end.
      if (this.#changes.get(key) === change) this.undo(key);
    });
  }

  #renew(): void {
    this.#current = withChanges(this.parts.base.current, [...this.#changes.values()]);
    for (const listener of this.#listeners) listener(this.#current);
  }
}
