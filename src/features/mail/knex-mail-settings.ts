import type { Knex } from 'knex';
import { z } from 'zod';
import type { Actor } from '../../kernel/actor.js';
import { AppError } from '../../kernel/errors.js';
import type { AuditLog } from '../audit/audit.js';
import { changesBetween, SECRET_CHANGED } from '../configuration/index.js';
import { MAIL_TLS, NO_MAIL, type MailSettings, type StoredMailSettings } from './mail-settings.js';
import type { MailSettingsStore } from './mail-store.js';

const NAME = 'mail';

const storedSchema = z.object({
  version: z.number().int(),
  enabled: z.boolean(),
  host: z.string(),
  port: z.number().int(),
  tls: z.enum(MAIL_TLS),
  checksCertificate: z.boolean(),
  user: z.string(),
  passwordSealed: z.string(),
  from: z.string(),
  fromName: z.string(),
});

/** The settings in MariaDB, as one row of `settings`. */
export class KnexMailSettings implements MailSettingsStore {
  constructor(
    private readonly db: Knex,
    private readonly auditLog: (db: Knex) => AuditLog,
  ) {}

  read(): Promise<StoredMailSettings> {
    return readFrom(this.db('settings').where({ name: NAME }));
  }

  async save(actor: Actor, version: number, settings: MailSettings): Promise<void> {
    await this.db.transaction(async (tx) => {
      // The row is there before it is locked, so that two first saves wait for each other too.
      const first = { name: NAME, value: JSON.stringify(NO_MAIL) };
      await tx('settings').insert(first).onConflict('name').ignore();
      const before = await readFrom(tx('settings').where({ name: NAME }).forUpdate());
      if (before.version !== version)
        throw new AppError('conflict', 'the mail settings were saved meanwhile');
      const next: StoredMailSettings = { ...settings, version: version + 1 };
      await tx('settings')
        .where({ name: NAME })
        .update({ value: JSON.stringify(next) });
      await this.auditLog(tx).record(actor, {
        action: 'mail.change',
        objectKind: 'mail',
        objectId: '1',
        objectName: settings.host,
        changes: {
          ...changesBetween(described(before), described(settings)),
          ...(before.passwordSealed === settings.passwordSealed
            ? {}
            : { password: SECRET_CHANGED }),
        },
      });
    });
  }
}

async function readFrom(query: Knex.QueryBuilder): Promise<StoredMailSettings> {
  const rows: readonly { value: unknown }[] = await query.select('value');
  const value = rows[0]?.value;
  if (value === undefined) return NO_MAIL;
  return storedSchema.parse(typeof value === 'string' ? JSON.parse(value) : value);
}

const described = (settings: MailSettings): Readonly<Record<string, unknown>> => {
  const { enabled, host, port, tls, checksCertificate, user, from, fromName } = settings;
  return { enabled, host, port, tls, checksCertificate, user, from, fromName };
};
