import type { Clock } from '../../kernel/clock.js';
import type { ExtensionId } from '../../kernel/ids.js';
import type { Scope } from '../../kernel/scope.js';
import { AriError, type AriPort } from '../../telephony/ari/port.js';
import type { CallLog } from '../../telephony/calls/services.js';
import type { Directory } from '../../telephony/directory.js';
import { Bell } from '../pbx/index.js';
import type { LampCount } from './lamp-reports.js';

/** Counts are read at least this often; news rings sooner. */
const LOOK_EVERY_MS = 30_000;
/** News within this time are one. */
const GATHER_MS = 100;
const RETRY_MS = 5_000;

export interface MessageLampsParts {
  readonly ari: AriPort;
  readonly clock: Clock;
  readonly directory: Directory;
  readonly log: Pick<CallLog, 'warn'>;
  readonly counts: () => Promise<readonly LampCount[]>;
}

/**
 * Lights the message lamps of the phones of one node (MWI). A node keeps what it was told until it restarts and tells it to a
 * phone that registers; so everything is told again whenever the node comes back. Ends with its scope.
 */
export class MessageLamps {
  readonly #bell = new Bell();
  /** What the node knows, by number. */
  readonly #told = new Map<string, string>();
  #isUp = false;

  constructor(
    scope: Scope,
    private readonly parts: MessageLampsParts,
  ) {
    parts.ari.events.onConnection(({ type }) => {
      this.#isUp = type === 'up';
      if (!this.#isUp) return;
      this.#told.clear();
      this.look();
    });
    scope.fork('message lamps', (s) => this.#keep(s));
  }

  /** Counts may have changed. */
  look(): void {
    this.#bell.ring();
  }

  /** A phone that comes back is told again, also that there is nothing: its lamp may be on from before. */
  phoneChanged(extension: ExtensionId, isRegistered: boolean): void {
    const number = this.parts.directory.current.extensions.get(extension)?.number;
    if (!isRegistered || number === undefined) return;
    this.#told.set(number, 'unknown');
    this.look();
  }

  async #keep(scope: Scope): Promise<void> {
    const { clock, log } = this.parts;
    for (;;) {
      if ((await this.#bell.wait(scope, clock, LOOK_EVERY_MS)) === 'rung')
        await clock.sleep(GATHER_MS, scope.signal);
      if (!this.#isUp) continue;
      try {
        await this.#tell();
      } catch (error) {
        const isAway = error instanceof AriError && error.failure === 'unavailable';
        if (!isAway) log.warn({ err: error }, 'message lamps could not be told');
        await clock.sleep(RETRY_MS, scope.signal);
        this.look();
      }
    }
  }

  async #tell(): Promise<void> {
    const wanted = new Map<string, string>();
    // What is not counted has no message.
    for (const number of this.#told.keys()) wanted.set(number, '0_0');
    for (const { number, fresh, old } of await this.parts.counts())
      wanted.set(number, `${String(fresh)}_${String(old)}`);
    for (const [number, counts] of wanted) {
      if (this.#told.get(number) === counts || !/^\d{1,10}$/.test(number)) continue;
      await this.parts.ari.runDialplan(`Local/${number}_${counts}@mwi/n`, 'mwi', 'told');
      this.#told.set(number, counts);
    }
  }
}
