import type { Knex } from 'knex';
import type { Language } from '../../kernel/call-event.js';
import type { SystemPromptName } from '../../telephony/system-prompts.js';
import type { AuditEntry } from '../audit/audit.js';
import { knexAuditLog } from '../audit/index.js';
import { inTransaction } from '../configuration/index.js';
import type { Actor } from '../../kernel/actor.js';

/** What of the switchboard's sayings a sound stands for. */
export interface SystemSoundId {
  readonly name: SystemPromptName;
  readonly language: Language;
}

/** A sound that the company gave in place of the voice's. */
export interface OwnSound extends SystemSoundId {
  readonly hash: string;
  readonly durationMs: number;
  readonly madeBy: string;
  readonly madeAt: Date;
}

interface Row {
  readonly name: SystemPromptName;
  readonly language: Language;
  readonly hash: string;
  readonly duration_ms: number;
  readonly made_by: string;
  readonly made_at: Date;
}

/** The company's own sounds of system prompts, in MariaDB. */
export class KnexOwnSounds {
  constructor(private readonly db: Knex) {}

  async all(): Promise<readonly OwnSound[]> {
    const rows = await this.db('system_sounds').select<Row[]>('*');
    return rows.map((row) => ({
      name: row.name,
      language: row.language,
      hash: row.hash,
      durationMs: row.duration_ms,
      madeBy: row.made_by,
      madeAt: row.made_at,
    }));
  }

  /** Puts a sound in place of the one before, with its line in the audit log. */
  put(actor: Actor, sound: OwnSound, entry: AuditEntry): Promise<void> {
    const { name, language, hash, durationMs, madeBy, madeAt } = sound;
    return inTransaction(this.db, async (tx) => {
      await tx('system_sounds')
        .insert({
          ...{ name, language, hash, duration_ms: durationMs },
          ...{ made_by: madeBy.slice(0, 80), made_at: madeAt },
        })
        .onConflict(['name', 'language'])
        .merge();
      await knexAuditLog(tx).record(actor, entry);
    });
  }

  /** False where there is none any more. */
  remove(actor: Actor, { name, language }: SystemSoundId, entry: AuditEntry): Promise<boolean> {
    return inTransaction(this.db, async (tx) => {
      const count = await tx('system_sounds').where({ name, language }).delete();
      if (count > 0) await knexAuditLog(tx).record(actor, entry);
      return count > 0;
    });
  }
}
