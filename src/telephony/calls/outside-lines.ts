import { OutsideUse, type CapReason, type ExtensionUse } from '../../engines/limits/outside-use.js';
import type { Clock } from '../../kernel/clock.js';
import type { CallEvent, Ledger } from '../../kernel/call-event.js';
import type { ExtensionId } from '../../kernel/ids.js';
import type { Directory } from '../directory.js';
import type { CappedExtension } from '../limits.js';
import type { CallLog } from './services.js';

/** What is remembered over a restart. Writing never fails and never waits. */
export interface OutsideUseStore {
  writeUse(use: ExtensionUse): void;
  readUses(): Promise<readonly ExtensionUse[]>;
}

interface Parts {
  readonly clock: Clock;
  readonly directory: Directory;
  readonly store: OutsideUseStore;
  readonly log: Pick<CallLog, 'error'>;
  readonly onChange: () => void;
}

/** Guards the lines to the outside: what an extension may use of them, and which have used it up. */
export class OutsideLines {
  #use: OutsideUse;
  /** Those that were refused, since when. */
  readonly #capped = new Map<ExtensionId, number>();

  constructor(private readonly parts: Parts) {
    this.#use = this.#useOf([]);
  }

  /** Reads what a former process counted. */
  async open(): Promise<void> {
    this.#use = this.#useOf(await this.parts.store.readUses());
  }

  #useOf(before: readonly ExtensionUse[]): OutsideUse {
    return new OutsideUse((use) => {
      this.parts.store.writeUse(use);
    }, before);
  }

  /** The same ledger, of which it sees every line: legs that go out, with the extension that answers for them. */
  watch(ledger: Ledger): Ledger {
    return {
      append: (event) => {
        this.#see(event);
        ledger.append(event);
      },
    };
  }

  #see(event: CallEvent): void {
    if (event.kind === 'leg-answered') this.#use.answered(event.leg, event.at);
    if (event.kind === 'leg-ended') this.#use.ended(event.leg, event.at);
    if (event.kind !== 'leg-started') return;
    const { payerId, trunkId, callId: call, leg, number, at: beganAt } = event;
    if (payerId === undefined || trunkId === undefined) return;
    this.#use.began(payerId, { call, leg, number, trunkId, beganAt });
  }

  /** Why the extension may not call outside now; undefined where it may. Whoever is refused is shown from then on. */
  problem(id: ExtensionId): CapReason | undefined {
    const { clock, log, onChange } = this.parts;
    const why = this.#now(id);
    if (why === undefined) {
      this.#capped.delete(id);
      return undefined;
    }
    if (this.#capped.has(id)) return why;
    this.#capped.set(id, clock.now());
    log.error({ alarm: 'toll-fraud', extensionId: id, why }, 'an extension has used up its calls');
    onChange();
    return why;
  }

  #now(id: ExtensionId): CapReason | undefined {
    const { limits, rates } = this.parts.directory.current;
    return this.#use.problem(id, limits.outside, rates, this.parts.clock.now());
  }

  /** Extensions that were refused and would be now. */
  get capped(): readonly CappedExtension[] {
    const { extensions } = this.parts.directory.current;
    return [...this.#capped].flatMap(([extensionId, since]) => {
      const extension = extensions.get(extensionId);
      if (extension === undefined || this.#now(extensionId) === undefined) {
        this.#capped.delete(extensionId);
        return [];
      }
      const { number, name } = extension;
      return { extensionId, number, name, since };
    });
  }
}
