import { can, requirePermission, type Actor } from '../../kernel/actor.js';
import type { Clock } from '../../kernel/clock.js';
import { AppError } from '../../kernel/errors.js';
import type { CallId, RecordingId } from '../../kernel/ids.js';
import type { AuditLog } from '../audit/audit.js';
import { isRecordingId, type Peaks, type Recording } from './recording.js';
import type { RecordingFolder } from './recording-sound.js';
import type { RecordingStore } from './recording-store.js';

/** What a browser gets to play. */
export interface PlayableFile {
  readonly file: string;
  readonly recording: Recording;
}

/** verified: the file is the one that was stored · changed: it is not · lost: it is not there. */
export type Integrity = 'verified' | 'changed' | 'lost';

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
   * The file of a recording, with a line in the audit log first: where that cannot be written, nobody hears anything.
   * Throws `not-found` for what is not an id, not there, or not stored (yet), and `not-allowed`.
   */
  async hear(actor: Actor, id: string, purpose: HearPurpose): Promise<PlayableFile> {
    const recording = await this.#allowed(actor, id);
    const file = await this.parts.folder.find(recording.path);
    if (recording.state !== 'stored' || file === undefined)
      throw new AppError('not-found', 'the recording is not stored');
    await this.#note(actor, recording, purpose);
    return { file, recording };
  }

  /** May this actor hear this recording? Pages show a player only then. */
  async mayHear(actor: Actor, recording: Recording): Promise<boolean> {
    const everything = recording.kind === 'call' ? 'recordings.hear' : 'calls.read';
    const own = recording.kind === 'call' ? 'recordings.hear-own' : 'voicemail.read';
    if (can(actor, everything)) return recording.kind === 'call' || can(actor, 'voicemail.read');
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
    const facts = await this.parts.folder.facts(recording.path);
    if (facts === undefined) return 'lost';
    return facts.sha256 === recording.sha256 && facts.bytes === recording.bytes
      ? 'verified'
      : 'changed';
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
