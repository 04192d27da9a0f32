import { SYSTEM_ACTOR } from '../../kernel/actor.js';
import type { Clock } from '../../kernel/clock.js';
import type { CallId, RecordingId } from '../../kernel/ids.js';
import type { Scope } from '../../kernel/scope.js';
import { BackOff } from './back-off.js';
import { UnreadableSound, type RecordingFolder } from './recording-sound.js';
import { KeysLost, type SealingKey, type SealingKeys } from './sealing-keys.js';
import type { SealingRule } from './sealing.js';
import { reportUnreadable, type UnreadableReporter } from './unreadable.js';

/** Stored recordings that one key sealed, or none ('') did. */
export interface SealCount {
  readonly keyId: string;
  readonly recordings: number;
  /** Of sound. */
  readonly bytes: number;
}

export interface RecordingToSeal {
  readonly id: RecordingId;
  readonly callId: CallId;
  readonly path: string;
  readonly sha256: string;
  readonly keyId: string;
}

/** What rows of stored recordings say of their seals. */
export interface SealedRecordings {
  counts(): Promise<readonly SealCount[]>;
  isAnySealed(): Promise<boolean>;
  /** Some that another key sealed, or none did, the oldest first. `openable`: ids of keys that are there, and ''. */
  notUnder(
    keyId: string,
    options: {
      readonly openable: readonly string[];
      readonly exceptIds: readonly RecordingId[];
      readonly limit: number;
    },
  ): Promise<readonly RecordingToSeal[]>;
  /** Moves the sealed file into its place and notes its key; false, without moving, where the recording was deleted meanwhile. */
  commit(id: RecordingId, keyId: string, move: () => Promise<void>): Promise<boolean>;
}

export interface ResealerParts extends UnreadableReporter {
  readonly recordings: SealedRecordings;
  readonly folder: Pick<RecordingFolder, 'seal' | 'clearScratch'>;
  readonly rule: () => Promise<SealingRule>;
  readonly keys: SealingKeys;
  /** The key that seals now. */
  readonly key: () => Promise<SealingKey>;
  readonly clock: Clock;
  readonly log: UnreadableReporter['log'] & {
    info(fields: object, message: string): void;
    warn(fields: object, message: string): void;
  };
}

const LOOK_EVERY_MS = 10_000;
/** Between two files, so that a long list does not keep the disk from the calls. */
const BETWEEN_MS = 20;
const AT_ONCE = 50;

/** Seals older recordings where the site wants that, and again when there is a new key. */
export class Resealer {
  readonly #failing = new BackOff<RecordingId>(60_000, 86_400_000);
  #isTold = false;

  constructor(private readonly parts: ResealerParts) {}

  /** Seals some of those that are due; how many it dealt with. */
  async sealSome(signal: AbortSignal = new AbortController().signal): Promise<number> {
    const { rule, recordings, keys, clock } = this.parts;
    const { mode } = await rule();
    if (mode === 'off') return 0;
    // Also where nothing older is to be sealed: the first key is there before the first recording, and somebody can copy it.
    const key = await this.parts.key();
    if (mode !== 'all') return 0;
    const due = await recordings.notUnder(key.id, {
      openable: ['', ...(await keys.all()).map(({ id }) => id)],
      exceptIds: this.#failing.resting(clock.now()),
      limit: AT_ONCE,
    });
    for (const recording of due) {
      if (signal.aborted) break;
      await this.#seal(recording, key);
      await clock.sleep(BETWEEN_MS, signal);
    }
    return due.length;
  }

  /** Until the scope ends. */
  run(server: Scope): void {
    const { clock, folder } = this.parts;
    server.fork('sealing of recordings', async (scope) => {
      for (;;) {
        let dealt = 0;
        try {
          await folder.clearScratch(new Date(clock.now()));
          dealt = await this.sealSome(scope.signal);
          this.#isTold = false;
        } catch (error) {
          if (scope.cancelled) return;
          if (!this.#isTold) this.#tell(error);
          this.#isTold = true;
        }
        if (dealt === 0) await clock.sleep(LOOK_EVERY_MS, scope.signal);
      }
    });
  }

  /** Once for a trouble, not every ten seconds. */
  #tell(error: unknown): void {
    const { log } = this.parts;
    if (error instanceof KeysLost)
      log.error(
        { alarm: 'recording-keys', err: error },
        'recordings cannot be sealed; new ones wait on their nodes',
      );
    else log.warn({ err: error }, 'recordings cannot be sealed for now; trying again');
  }

  async #seal(recording: RecordingToSeal, key: SealingKey): Promise<void> {
    const { folder, recordings, clock, log } = this.parts;
    const { id, sha256 } = recording;
    try {
      const isThere = await folder.seal(recording, {
        ...{ key, sha256 },
        commit: async (move) => {
          await recordings.commit(id, key.id, move);
        },
      });
      if (isThere === undefined) this.#failing.failed(id, clock.now());
      else this.#failing.succeeded(id);
    } catch (error) {
      const tries = this.#failing.failed(id, clock.now());
      if (error instanceof UnreadableSound) {
        if (tries === 1) await reportUnreadable(this.parts, SYSTEM_ACTOR, recording, error);
      } else log.warn({ err: error, recording: id, tries }, 'recording not sealed, trying again');
    }
  }
}
