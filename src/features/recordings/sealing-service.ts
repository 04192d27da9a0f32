import { requirePermission, type Actor, type Permission } from '../../kernel/actor.js';
import type { Clock } from '../../kernel/clock.js';
import type { AuditLog } from '../audit/audit.js';
import type { SealCount, SealedRecordings } from './resealer.js';
import type { SealingKey, SealingKeys } from './sealing-keys.js';

export const SEALING_ACCESS: Permission = 'queues.edit';

/** Recordings that one key sealed. */
export interface KeyUse extends SealCount {
  /** Undefined where the key is not there: nobody can hear these. */
  readonly madeAt: Date | undefined;
  /** Seals what is kept from now on. */
  readonly isLast: boolean;
}

/** How much is sealed, and with what. */
export interface SealingOverview {
  /** Path of the keys. */
  readonly place: string;
  readonly unsealed: Pick<SealCount, 'recordings' | 'bytes'>;
  /** The newest first, those that are not there at the end. */
  readonly keys: readonly KeyUse[];
  /** What lies in the place of the keys is none, in the words of who read it; undefined where all is well. */
  readonly problem: string | undefined;
}

export interface SealingServiceParts {
  readonly recordings: Pick<SealedRecordings, 'counts'>;
  readonly keys: SealingKeys;
  readonly audit: AuditLog;
  readonly clock: Clock;
}

/** What is sealed, and a new key, for those who look after the site. */
export class SealingService {
  constructor(private readonly parts: SealingServiceParts) {}

  async overview(actor: Actor): Promise<SealingOverview> {
    requirePermission(actor, SEALING_ACCESS);
    const counts = await this.parts.recordings.counts();
    const { keys, problem } = await this.#readKeys();
    const known = [...keys].reverse();
    const none = { recordings: 0, bytes: 0 };
    const of = (keyId: string): SealCount =>
      counts.find((count) => count.keyId === keyId) ?? { keyId, ...none };
    return {
      place: this.parts.keys.place,
      unsealed: of(''),
      keys: [
        ...known.map(({ id, madeAt }, at) => ({ ...of(id), madeAt, isLast: at === 0 })),
        ...counts
          .filter(({ keyId }) => keyId !== '' && !keys.some(({ id }) => id === keyId))
          .map((count) => ({ ...count, madeAt: undefined, isLast: false })),
      ],
      problem,
    };
  }

  /** Makes a key that seals from now on. Earlier ones stay, for what they sealed. */
  async renewKey(actor: Actor): Promise<void> {
    requirePermission(actor, SEALING_ACCESS);
    const { keys, audit, clock } = this.parts;
    const before = (await keys.all()).at(-1);
    const { id } = await keys.add(new Date(clock.now()));
    await audit.record(actor, {
      ...{ action: 'recording-sealing.renew-key', objectKind: 'recording-sealing' },
      ...{ objectId: '1', objectName: '' },
      changes: { key: [before?.id ?? '', id] },
    });
  }

  async #readKeys(): Promise<{
    readonly keys: readonly SealingKey[];
    readonly problem: string | undefined;
  }> {
    try {
      return { keys: await this.parts.keys.all(), problem: undefined };
    } catch (error) {
      return { keys: [], problem: error instanceof Error ? error.message : String(error) };
    }
  }
}
