import type { Clock } from '../../kernel/clock.js';
import type { Scope } from '../../kernel/scope.js';
import { AriError, type AriPort, type LampState } from '../../telephony/ari/port.js';
import type { CallLog } from '../../telephony/calls/services.js';
import { Bell } from './bell.js';

/** Lamps that are told to the node at the same time: more does not make Asterisk faster. */
const PARALLEL = 8;
/** A node that did not take a lamp is told again after this. */
const RETRY_MS = 5_000;
/** What a node has is read back this often, in case somebody changed it there. */
const VERIFY_MS = 3_600_000;

interface LampParts {
  readonly ari: AriPort;
  readonly clock: Clock;
  readonly log: Pick<CallLog, 'warn'>;
}

/** Keeps what a node's phones see on their lamp keys as it is. Only what changed is told. Ends with its scope. */
export class LampKeeper {
  readonly #bell = new Bell();
  #wanted: ReadonlyMap<string, LampState> = new Map();
  /** What the node has; undefined until it was read. */
  #known: Map<string, LampState> | undefined;
  #isUp = false;

  constructor(
    scope: Scope,
    private readonly parts: LampParts,
  ) {
    parts.ari.events.onConnection(({ type }) => {
      this.#isUp = type === 'up';
      this.#known = undefined;
      this.#bell.ring();
    });
    scope.fork('lamps', (s) => this.#keep(s));
  }

  show(lamps: ReadonlyMap<string, LampState>): void {
    this.#wanted = lamps;
    this.#bell.ring();
  }

  async #keep(scope: Scope): Promise<void> {
    const { clock, log, ari } = this.parts;
    for (;;) {
      if ((await this.#bell.wait(scope, clock, VERIFY_MS)) === 'time') this.#known = undefined;
      if (!this.#isUp || this.#wanted.size === 0) continue;
      try {
        await this.#tell();
      } catch (error) {
        this.#known = undefined;
        const isAway = error instanceof AriError && error.failure === 'unavailable';
        if (!isAway) log.warn({ err: error, node: ari.node }, 'lamps could not be set');
        await clock.sleep(RETRY_MS, scope.signal);
        this.#bell.ring();
      }
    }
  }

  async #tell(): Promise<void> {
    const { admin } = this.parts.ari;
    const known = (this.#known ??= new Map(await admin.lamps()));
    const wanted = this.#wanted;
    const changed = [...wanted].filter(([name, state]) => known.get(name) !== state);
    const gone = [...known.keys()].filter((name) => !wanted.has(name));
    await inParallel(changed, async ([name, state]) => {
      await admin.setLamp(name, state);
      known.set(name, state);
    });
    await inParallel(gone, async (name) => {
      await admin.removeLamp(name);
      known.delete(name);
    });
  }
}

async function inParallel<T>(items: readonly T[], run: (item: T) => Promise<void>): Promise<void> {
  const rest = items.values();
  const worker = async (): Promise<void> => {
    for (const item of rest) await run(item);
  };
  await Promise.all(Array.from({ length: Math.min(PARALLEL, items.length) }, worker));
}
