import { smtpTransport } from '../../adapters/mail/smtp-transport.js';
import type { Database } from '../../adapters/mysql/database.js';
import type { Clock } from '../../kernel/clock.js';
import type { Scope } from '../../kernel/scope.js';
import type { CallLog } from '../../telephony/calls/services.js';
import type { FeatureModule } from '../../web/kit/index.js';
import { knexAuditLog } from '../audit/index.js';
import type { SecretBox } from '../configuration/index.js';
import { KnexMailQueue } from './knex-mail-queue.js';
import { KnexMailSettings } from './knex-mail-settings.js';
import { mailPages } from './mail-pages.js';
import { sendMails } from './mail-sender.js';
import { MailService } from './mail-service.js';

export { KnexMailQueue } from './knex-mail-queue.js';
export { isMailAddress } from './mail-settings.js';
export { MAX_ATTACHED_BYTES, type NewMail } from './mail.js';

export interface MailParts {
  readonly database: Database;
  readonly secrets: SecretBox;
  readonly clock: Clock;
}

/** Wires the page of mail. */
export function makeMailFeature({ database, secrets, clock }: MailParts): FeatureModule {
  const service = new MailService({
    store: new KnexMailSettings(database, knexAuditLog),
    queue: new KnexMailQueue(database),
    transport: smtpTransport,
    ...{ secrets, clock },
  });
  return {
    name: 'mail',
    pages: mailPages(service),
    menu: [
      {
        group: 'system',
        label: 'mail.title',
        icon: 'mail',
        href: '/setup/mail',
        access: 'mail.edit',
        order: 30,
      },
    ],
  };
}

/** Sends what waits, for the role `jobs`; what its health tells. */
export function startMail(
  server: Scope,
  { database, ...parts }: MailParts & { readonly log: Pick<CallLog, 'info' | 'warn' | 'error'> },
): { counts(): Promise<{ readonly waiting: number; readonly failed: number }> } {
  const queue = new KnexMailQueue(database);
  const settings = new KnexMailSettings(database, knexAuditLog);
  sendMails(server, { ...parts, queue, settings, transport: smtpTransport });
  return {
    counts: async () => {
      const { waiting, failed } = await queue.counts();
      return { waiting, failed };
    },
  };
}
