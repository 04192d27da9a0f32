import { can, requirePermission, type Actor } from '../../kernel/actor.js';
import type { Clock } from '../../kernel/clock.js';
import { AppError } from '../../kernel/errors.js';
import type { CallId, RecordingId } from '../../kernel/ids.js';
import type { AuditLog } from '../audit/audit.js';
import { isRecordingId, type Peaks, type Recording } from './recording.js';
import { UnreadableSound, type RecordingFolder } from './recording-sound.js';
import type { RecordingStore } from './recording-store.js';
import { reportUnreadable } from './unreadable.js';

/** What a browser gets to play. Whoever gets it closes it. */
export interface PlayableSound {
  readonly recording: Recording;
  readonly bytes: number;
  /**
   * The sound from `from` up to and without `to`, in bytes, when all of it was found to be as it was stored; throws
   * `sound-broken` otherwise.
   */
  read(from: number, to: number): Promise<AsyncIterable<Buffer>>;
  close(): Promise<void>;
}

/**
 * verified: the sound is the one that was stored · changed: it is not · lost: it is not there · locked: the key that sealed it is not
 * there.
 */
export type Integrity = 'verified' | 'changed' | 'lost' | 'locked';

export type HearPurpose = 'hear' | 'download';

/** Who heard what lately, so that the pieces in which a browser fetches one sound make one line of the audit log. */
export interface HearingLog {
  /** True where this user has a line for this recording that is younger than `sinceAt`. */
  heardSince(actor: Actor, id: RecordingId, sinceAt: number): Promise<boolean>;
  /** Who heard or downloaded any of these, the latest first, at most `limit`. */
  hearings(ids: readonly RecordingId[], limit: number): Promise<readonly Hearing[]>;
}

/** One line of the audit log about a recording. */
export interface Hearing {
  readonly userName: string;
  readonly purpose: HearPurpose;
  readonly at: Date;
}

export interface RecordingServiceParts {
  readonly store: RecordingStore;
  readonly folder: RecordingFolder;
  readonly audit: AuditLog;
  readonly hearings: HearingLog;
  readonly clock: Clock;
  /** Where it says what a person must look at: lines with the field `alarm`. */
  readonly log: { error(fields: object, message: string): void };
  /** Is told when a message was heard. */
  readonly onMessageHeard: (actor: Actor, id: RecordingId) => Promise<void>;
}

/** One listening, however often a browser asks for a part, is one line of the audit log for so long. */
export const ONE_HEARING_MS = 15 * 60_000;

const HEARINGS_SHOWN = 10;

/** Playing, drawing and checking what was recorded. */
export class RecordingService {
  constructor(private readonly parts: RecordingServiceParts) {}

  /**
   * The sound of a recording, with a line in the audit log first: where that cannot be written, nobody hears anything.
   * Throws `not-found` for what is not an id, not there, or not stored (yet), `not-allowed`, and for what cannot be given out as it
   * was stored `sound-broken` or `sound-locked`.
   */
  async hear(actor: Actor, id: string, purpose: HearPurpose): Promise<PlayableSound> {
    const recording = await this.#allowed(actor, id);
    const sound =
      recording.state === 'stored'
        ? await this.#readable(actor, recording, () => this.parts.folder.open(recording))
        : undefined;
    if (sound === undefined) throw new AppError('not-found', 'the recording is not stored');
    try {
      await this.#note(actor, recording, purpose);
    } catch (error) {
      await sound.close();
      throw error;
    }
    return {
      recording,
      bytes: sound.bytes,
      read: (from, to) =>
        this.#readable(actor, recording, async () => {
          // Read twice: what is sent cannot be taken back.
          let bytes = 0;
          for await (const part of sound.read(from, to)) bytes += part.length;
          if (bytes !== to - from) throw new UnreadableSound('broken', 'the sound is too short');
          return sound.read(from, to);
        }),
      close: () => sound.close(),
    };
  }

  /** May this actor hear this recording? Pages show a player only then. */
  async mayHear(actor: Actor, recording: Recording): Promise<boolean> {
    // What customers say of agents is not for the agents.
    if (recording.kind === 'comment') return can(actor, 'recordings.hear');
    const isTalk = recording.kind === 'call' || recording.kind === 'conference';
    const everything = isTalk ? 'recordings.hear' : 'calls.read';
    const own = isTalk ? 'recordings.hear-own' : 'voicemail.read';
    if (can(actor, everything)) return isTalk || can(actor, 'voicemail.read');
    if (!can(actor, own) || actor.agentId === undefined) return false;
    return this.parts.store.belongsTo(recording.id, actor.agentId);
  }

  /** The recordings of a call. The caller checks whether the actor may see the call. */
  ofCall(callId: CallId): Promise<readonly Recording[]> {
    return this.parts.store.ofCall(callId);
  }

  /** Who heard these recordings, the latest first; nobody is told who may not see calls of others. */
  heardBy(actor: Actor, recordings: readonly Recording[]): Promise<readonly Hearing[]> {
    if (!can(actor, 'calls.read') || recordings.length === 0) return Promise.resolve([]);
    return this.parts.hearings.hearings(
      recordings.map((recording) => recording.id),
      HEARINGS_SHOWN,
    );
  }

  /** Points of the waveform. */
  async peaks(actor: Actor, id: string): Promise<Peaks> {
    const recording = await this.#allowed(actor, id);
    return (await this.parts.store.peaks(recording.id)) ?? [];
  }

  /** Compares a stored recording with the hash that was taken when it was stored. */
  async check(actor: Actor, id: string): Promise<Integrity> {
    return this.checkFile(await this.#allowed(actor, id));
  }

  /** The same without asking who wants to know: for the check of everything. */
  async checkFile(recording: Recording): Promise<Integrity> {
    try {
      const facts = await this.parts.folder.facts(recording);
      if (facts === undefined) return 'lost';
      return facts.sha256 === recording.sha256 && facts.bytes === recording.bytes
        ? 'verified'
        : 'changed';
    } catch (error) {
      if (!(error instanceof UnreadableSound)) throw error;
      return error.why === 'no-key' ? 'locked' : 'changed';
    }
  }

  /** Checks every stored recording; calls `report` for each that is not as it was. Resolves to how many were checked. */
  async checkAll(
    actor: Actor,
    report: (recording: Recording, integrity: Exclude<Integrity, 'verified'>) => void,
  ): Promise<number> {
    requirePermission(actor, 'recordings.hear');
    let checked = 0;
    await this.parts.store.eachStored(async (recording) => {
      const integrity = await this.checkFile(recording);
      checked++;
      if (integrity !== 'verified') report(recording, integrity);
    });
    return checked;
  }

  async #allowed(actor: Actor, id: string): Promise<Recording> {
    const recording = isRecordingId(id) ? await this.parts.store.find(id) : undefined;
    if (recording === undefined) throw new AppError('not-found', 'no such recording');
    if (!(await this.mayHear(actor, recording)))
      throw new AppError('not-allowed', 'not a recording of this person');
    return recording;
  }

  /** Turns what cannot be read into a refusal, with a line in the log and in the audit log for those who look after the site. */
  async #readable<T>(actor: Actor, recording: Recording, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof UnreadableSound)) throw error;
      await reportUnreadable(this.parts, actor, recording, error);
      throw new AppError(
        error.why === 'no-key' ? 'sound-locked' : 'sound-broken',
        error.message,
        [],
        { cause: error },
      );
    }
  }

  async #note(actor: Actor, recording: Recording, purpose: HearPurpose): Promise<void> {
    const { audit, hearings, clock, onMessageHeard } = this.parts;
    const isNoted =
      purpose === 'hear' &&
      (await hearings.heardSince(actor, recording.id, clock.now() - ONE_HEARING_MS));
    if (isNoted) return;
    await audit.record(actor, {
      action: `recording.${purpose}`,
      objectKind: 'recording',
      objectId: recording.id,
      objectName: recording.callId,
    });
    if (recording.kind === 'voicemail') await onMessageHeard(actor, recording.id);
  }
}
