import type { Knex } from 'knex';
import { SYSTEM_ACTOR } from '../../kernel/actor.js';
import type { Announcer } from '../../kernel/announcer.js';
import type { ExtensionId } from '../../kernel/ids.js';
import type { CallLog } from '../../telephony/calls/services.js';
import type { SpokenNames } from '../../telephony/spoken-names.js';
import type { AuditLog } from '../audit/audit.js';
import { greetingOfWav, outcomeOf, type GreetingTools } from '../voicemail/index.js';

export interface SpokenNamesParts {
  readonly database: Knex;
  readonly audit: (db: Knex) => AuditLog;
  readonly announcer: Announcer;
  /** Read again before the next call. */
  readonly refresh: () => Promise<void>;
  readonly sounds: GreetingTools;
  readonly log: Pick<CallLog, 'warn'>;
}

/** Names as their owners say them, on MariaDB. The audit log names the phone: whoever held it is not known. */
export const spokenNames = (parts: SpokenNamesParts): SpokenNames => ({
  keep: async (extension, wav) => {
    try {
      const made = await greetingOfWav(parts.sounds, wav);
      if (!made.ok) return outcomeOf(made.reason);
      await store(parts, extension, made.sound.hash);
      await parts.announcer.configurationChanged('extensions');
      await parts.refresh();
      return 'kept';
    } catch (error) {
      parts.log.warn({ err: error, extension }, 'a spoken name could not be kept');
      return 'failed';
    }
  },
});

const store = (
  { database, audit }: SpokenNamesParts,
  id: ExtensionId,
  hash: string,
): Promise<void> =>
  database.transaction(async (tx) => {
    const row = await tx('extensions')
      .where({ id })
      .forUpdate()
      .first<{ number: string; name: string } | undefined>('number', 'name');
    if (row === undefined) throw new Error('the extension is gone');
    await tx('extensions').where({ id }).update({ name_hash: hash, name_said: row.name });
    await audit(tx).record(
      { ...SYSTEM_ACTOR, name: `☎ ${row.number}` },
      {
        ...{ action: 'extension.spoken-name', objectKind: 'extension', objectId: String(id) },
        objectName: `${row.number} ${row.name}`,
      },
    );
  });
