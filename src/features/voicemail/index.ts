import { join } from 'node:path';
import { soundFolder } from '../../adapters/files/sound-folder.js';
import { argonHasher } from '../../adapters/crypto/password.js';
import type { Database } from '../../adapters/mysql/database.js';
import { messageWav } from '../../adapters/sound/message-sound.js';
import type { Clock } from '../../kernel/clock.js';
import type { Scope } from '../../kernel/scope.js';
import type { CallLog } from '../../telephony/calls/services.js';
import type { Mailboxes } from '../../telephony/mailboxes.js';
import type { Directory } from '../../telephony/directory.js';
import type { Desk, LiveView } from '../../telephony/live.js';
import { PageRoutes, type FeatureModule } from '../../web/kit/index.js';
import { knexAuditLog } from '../audit/index.js';
import { ownExtension } from '../call-handling/index.js';
import type { SoundStudio } from '../prompts/index.js';
import type { RecordingShelf } from '../recordings/index.js';
import type { GreetingTools } from './greetings.js';
import { KnexMailboxStore } from './knex-mailbox-store.js';
import { KnexVoicemailStore } from './knex-voicemail-store.js';
import { readLampCounts } from './lamp-reports.js';
import { messageKeyOf } from './message-address.js';
import { MessageLamps, type MessageLampsParts } from './message-lamps.js';
import { addMailboxPages } from './mailbox-pages.js';
import { MailboxService } from './mailbox-service.js';
import { addMessageRoutes } from './message-routes.js';
import { KnexExpiredMessages } from './knex-expired-messages.js';
import { storedMessageSounds } from './knex-message-sounds.js';
import { KnexUnmailedMessages } from './knex-unmailed-messages.js';
import { mailVoicemails, type VoicemailMailerParts } from './voicemail-mailer.js';
import { expireVoicemails, type RetentionParts } from './voicemail-retention.js';
import { PhoneMailboxes } from './knex-phone-mailboxes.js';
import { addVoicemailPages } from './voicemail-pages.js';
import { VoicemailService } from './voicemail-service.js';
import type { VoicemailNews } from './voicemail-news.js';

export { whereHeardBy } from './hearer-where.js';
export { greetingOfWav, outcomeOf, type GreetingTools } from './greetings.js';
export { VoicemailService } from './voicemail-service.js';
export type { VoicemailNews } from './voicemail-news.js';

/** Messages that callers left. */
export interface VoicemailFeature extends FeatureModule {
  readonly service: VoicemailService;
}

export interface VoicemailParts {
  readonly database: Database;
  readonly clock: Clock;
  readonly desk: Desk;
  readonly directory: Pick<Directory, 'current'>;
  readonly live: Pick<LiveView, 'current'>;
  readonly news: VoicemailNews;
  readonly studio: SoundStudio;
  readonly varDir: string;
  /** Kept recordings. */
  readonly shelf: RecordingShelf;
  readonly secretKey: Buffer;
  readonly country: string;
}

/** Wires messages and the boxes that they are left in. */
export function makeVoicemailFeature(parts: VoicemailParts): VoicemailFeature {
  const { database, clock, desk, directory, live, news, studio, varDir } = parts;
  const audit = knexAuditLog(database);
  const store = new KnexVoicemailStore(database, parts.country);
  const service = new VoicemailService({
    ...{ store, audit, clock, news, desk, live },
    phoneOf: (actor) => ownExtension(actor, directory, live),
  });
  const mailboxes = new MailboxService({
    store: new KnexMailboxStore(database, knexAuditLog),
    studio,
    hashPin: (pin) => argonHasher.hash(pin),
    findSound: (hash) => soundFolder(join(varDir, 'prompts')).find(hash, 'wide'),
    agents: () => database('agents').whereNull('archived_at').orderBy('name').select('id', 'name'),
  });
  const pages = new PageRoutes();
  addVoicemailPages(pages, { service, clock });
  addMailboxPages(pages, mailboxes, parts.country);
  addMessageRoutes(pages, {
    sounds: storedMessageSounds(database, parts.shelf, messageWav),
    key: messageKeyOf(parts.secretKey),
    clock,
  });
  return {
    name: 'voicemail',
    service,
    pages,
    menu: [
      {
        group: 'calls',
        label: 'voicemail.title',
        icon: 'microphone',
        href: '/voicemail',
        access: 'voicemail.read',
        order: 20,
        count: (actor) => service.countNew(actor),
      },
      {
        group: 'phones',
        label: 'mailboxes.title',
        icon: 'inbox',
        href: '/setup/mailboxes',
        access: 'extensions.edit',
        order: 30,
      },
    ],
  };
}

/** What the calls do with boxes. */
export function makePhoneMailboxes(parts: {
  readonly database: Database;
  readonly greetings: GreetingTools;
  readonly news: VoicemailNews;
  readonly clock: Clock;
  readonly log: Pick<CallLog, 'warn'>;
  readonly config: { readonly mediaUrl: string; readonly secretKey: Buffer };
}): Mailboxes {
  const { config, database } = parts;
  return new PhoneMailboxes({
    ...parts,
    store: new KnexMailboxStore(database, knexAuditLog),
    audit: knexAuditLog(database),
    mediaUrl: config.mediaUrl,
    messageKey: messageKeyOf(config.secretKey),
  });
}

/** The lamps of the phones of a node, until the scope ends. */
export const startMessageLamps = (
  scope: Scope,
  { database, ...parts }: Omit<MessageLampsParts, 'counts'> & { readonly database: Database },
): MessageLamps => new MessageLamps(scope, { ...parts, counts: () => readLampCounts(database) });

/** Mail of messages and their retention, for the role `jobs`. */
export function startVoicemailJobs(
  server: Scope,
  {
    database,
    shelf,
    ...parts
  }: Omit<VoicemailMailerParts, 'messages' | 'sounds' | 'log'> &
    Pick<RetentionParts, 'news' | 'log'> &
    Pick<VoicemailParts, 'database' | 'shelf'>,
): void {
  mailVoicemails(server, {
    ...parts,
    messages: new KnexUnmailedMessages(database),
    sounds: storedMessageSounds(database, shelf, messageWav),
  });
  expireVoicemails(server, {
    ...parts,
    messages: new KnexExpiredMessages(database, knexAuditLog),
    removeSound: (path) => shelf.folder.remove(path),
  });
}
