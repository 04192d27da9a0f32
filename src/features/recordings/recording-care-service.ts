import { can, requirePermission, type Actor } from '../../kernel/actor.js';
import type { Clock } from '../../kernel/clock.js';
import { AppError } from '../../kernel/errors.js';
import type { RecordingId } from '../../kernel/ids.js';
import type { ListResult } from '../../kernel/list.js';
import type { Recording } from './recording.js';
import type {
  FoundRecording,
  LegalHold,
  RecordingCareStore,
  RecordingQuery,
  RecordingRemark,
} from './recording-care.js';

/** Who searches all recordings, remarks on them, and holds them against deletion. */
export const CARE_ACCESS = 'recordings.hear';

interface Store extends RecordingCareStore {
  hold(actor: Actor, id: RecordingId, why: string | undefined, at: Date): Promise<void>;
  addRemark(
    actor: Actor,
    id: RecordingId,
    remark: Pick<RecordingRemark, 'atMs' | 'text'>,
    at: Date,
  ): Promise<void>;
  removeRemark(actor: Actor, id: RecordingId, remark: RecordingRemark): Promise<void>;
}

/** What people find, say and keep of recordings. */
export class RecordingCareService {
  constructor(
    private readonly parts: {
      readonly store: Store;
      readonly find: (id: string) => Promise<Recording | undefined>;
      readonly clock: Clock;
    },
  ) {}

  search(actor: Actor, query: RecordingQuery): Promise<ListResult<FoundRecording>> {
    requirePermission(actor, CARE_ACCESS);
    return this.parts.store.search(query);
  }

  choices(actor: Actor) {
    requirePermission(actor, CARE_ACCESS);
    return this.parts.store.choices();
  }

  /** Remarks and holds of the recordings of a call; nothing for those who only hear their own. */
  async careOf(
    actor: Actor,
    ids: readonly RecordingId[],
  ): Promise<{
    readonly remarks: readonly RecordingRemark[];
    readonly holds: ReadonlyMap<RecordingId, LegalHold>;
  }> {
    if (!can(actor, CARE_ACCESS) || ids.length === 0) return { remarks: [], holds: new Map() };
    const { store } = this.parts;
    const [remarks, holds] = await Promise.all([store.remarks(ids), store.holds(ids)]);
    return { remarks, holds };
  }

  /** `atMs` behind the end of the sound is its end. Resolves to the call's id. */
  async remark(actor: Actor, id: string, atMs: number, text: string): Promise<Recording> {
    const recording = await this.#find(actor, id);
    const at = Math.min(atMs, recording.durationMs);
    await this.parts.store.addRemark(actor, recording.id, { atMs: at, text }, this.#now());
    return recording;
  }

  /** Everybody may take back what they said themselves; others' remarks administrators. */
  async unremark(actor: Actor, id: string, remarkId: number): Promise<Recording> {
    const recording = await this.#find(actor, id);
    const remarks = await this.parts.store.remarks([recording.id]);
    const remark = remarks.find((one) => one.id === remarkId);
    if (remark === undefined) throw new AppError('not-found', 'no such remark');
    if (remark.userId !== actor.userId && actor.userId !== undefined)
      requirePermission(actor, 'audit.read');
    await this.parts.store.removeRemark(actor, recording.id, remark);
    return recording;
  }

  /** Nothing deletes it from now on. */
  async hold(actor: Actor, id: string, why: string): Promise<Recording> {
    const recording = await this.#find(actor, id);
    if (recording.state === 'missing') throw new AppError('conflict', 'there is nothing to hold');
    await this.parts.store.hold(actor, recording.id, why, this.#now());
    return recording;
  }

  async release(actor: Actor, id: string): Promise<Recording> {
    const recording = await this.#find(actor, id);
    await this.parts.store.hold(actor, recording.id, undefined, this.#now());
    return recording;
  }

  #now(): Date {
    return new Date(this.parts.clock.now());
  }

  async #find(actor: Actor, id: string): Promise<Recording> {
    requirePermission(actor, CARE_ACCESS);
    const recording = await this.parts.find(id);
    if (recording === undefined) throw new AppError('not-found', 'no such recording');
    return recording;
  }
}
