import type { Knex } from 'knex';
import { z } from 'zod';
import type { Actor } from '../../kernel/actor.js';
import { AppError } from '../../kernel/errors.js';
import type { AuditLog } from '../audit/audit.js';
import { changesBetween, SECRET_CHANGED } from '../configuration/index.js';
import {
  ENDPOINT_KINDS,
  NO_ENDPOINT,
  type SpeechSettings,
  type StoredSpeechSettings,
} from './speech-settings.js';
import type { SpeechStore } from './speech-store.js';

const NAME = 'speech';

const storedSchema = z.object({
  version: z.number().int(),
  enabled: z.boolean(),
  kind: z.enum(ENDPOINT_KINDS),
  url: z.string(),
  model: z.string(),
  voices: z.object({ en: z.string(), 'zh-CN': z.string() }),
  header: z.string(),
  secretSealed: z.string(),
  body: z.string(),
  timeoutMs: z.number(),
  allowedAddresses: z.array(z.string()),
  fallsBack: z.boolean(),
});

/** The settings in MariaDB, as one row of `settings`. */
export class KnexSpeechStore implements SpeechStore {
  constructor(
    private readonly db: Knex,
    private readonly auditLog: (db: Knex) => AuditLog,
  ) {}

  read(): Promise<StoredSpeechSettings> {
    return readFrom(this.db('settings').where({ name: NAME }));
  }

  async save(actor: Actor, version: number, settings: SpeechSettings): Promise<void> {
    await this.db.transaction(async (tx) => {
      // The row is there before it is locked, so that two first saves wait for each other too.
      const first = { name: NAME, value: JSON.stringify(NO_ENDPOINT) };
      await tx('settings').insert(first).onConflict('name').ignore();
      const before = await readFrom(tx('settings').where({ name: NAME }).forUpdate());
      if (before.version !== version)
        throw new AppError('conflict', 'the speech settings were saved meanwhile');
      const next: StoredSpeechSettings = { ...settings, version: version + 1 };
      await tx('settings')
        .where({ name: NAME })
        .update({ value: JSON.stringify(next) });
      await this.auditLog(tx).record(actor, {
        action: 'speech.change',
        objectKind: 'speech',
        objectId: '1',
        objectName: settings.url,
        changes: {
          ...changesBetween(described(before), described(settings)),
          ...(before.secretSealed === settings.secretSealed ? {} : { secret: SECRET_CHANGED }),
        },
      });
    });
  }
}

async function readFrom(query: Knex.QueryBuilder): Promise<StoredSpeechSettings> {
  const rows: readonly { value: unknown }[] = await query.select('value');
  const value = rows[0]?.value;
  if (value === undefined) return NO_ENDPOINT;
  return storedSchema.parse(typeof value === 'string' ? JSON.parse(value) : value);
}

const described = ({ voices, ...settings }: SpeechSettings): Readonly<Record<string, unknown>> => {
  const { enabled, kind, url, model, header, body, timeoutMs, allowedAddresses, fallsBack } =
    settings;
  return {
    ...{ enabled, kind, url, model, header, body, timeoutMs, allowedAddresses, fallsBack },
    ...{ voiceEn: voices.en, voiceZh: voices['zh-CN'] },
  };
};
