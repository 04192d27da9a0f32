import type { AgentId, MailboxId } from '../../kernel/ids.js';
import {
  formView,
  listView,
  readList,
  submitForm,
  type PageContext,
  type PageRoutes,
} from '../../web/kit/index.js';
import { MAX_UPLOAD_BYTES, serveSound } from '../prompts/index.js';
import { MAIL_SOUNDS, MAILBOX_SORTS, mailboxSchema, type StoredMailbox } from './mailbox.js';
import type { MailboxService } from './mailbox-service.js';

const PATH = '/setup/mailboxes';
const ACCESS = 'extensions.edit';
const FORM = 'mailboxes.form';
/** The texts beside a greeting are small. */
const FORM_BYTES = MAX_UPLOAD_BYTES + 64 * 1024;
const pathOf = (id: MailboxId): string => `${PATH}/${String(id)}`;

const COLUMNS = [
  { label: 'mailboxes.column.owner', sort: 'owner' },
  { label: 'mailboxes.column.number' },
  { label: 'mailboxes.column.messages', sort: 'messages', numeric: true },
  { label: 'mailboxes.column.greeting' },
  { label: 'mailboxes.form.pin' },
  { label: 'mailboxes.column.mail' },
  { label: 'mailboxes.form.retention-days' },
] as const;

/** Adds the set-up pages of mailboxes. */
export function addMailboxPages(pages: PageRoutes, service: MailboxService, country: string): void {
  pages.get(PATH, ACCESS, (page) => showList(page, service));
  pages.get(`${PATH}/:id`, ACCESS, async (page) => {
    const box = await service.get(page.actor, page.id<MailboxId>());
    const form = formView({ prefix: FORM, action: pathOf(box.id) }, valuesOf(box), box.version);
    page.render('mailboxes/edit', { ...(await pageData(page, service, box)), form });
  });
  pages.get(`${PATH}/:id/greeting`, ACCESS, async (page) => {
    const path = await service.greetingFile(page.actor, page.id<MailboxId>());
    await serveSound(page, path, 'private, no-cache');
  });
  pages.upload(`${PATH}/:id`, ACCESS, FORM_BYTES, (page) => save(page, service, country));
}

async function showList(page: PageContext, service: MailboxService): Promise<void> {
  const request = readList(page, { path: PATH, sorts: MAILBOX_SORTS, defaultSort: 'owner' });
  const found = await service.list(page.actor, request);
  const rows = found.rows.map((box) => ({
    ...box,
    href: pathOf(box.id),
    isQueue: box.queueId !== undefined,
    opensWith: box.ownerNumber === '' ? box.number : box.ownerNumber,
    hasPin: box.pinHash !== '',
    isFull: box.messages >= box.maxMessages,
    addresses: box.mailTo.join(', '),
  }));
  page.render('mailboxes/list', {
    title: page.t('mailboxes.title'),
    styles: ['setup'],
    list: listView(request, { ...found, rows }, COLUMNS),
  });
}

const valuesOf = (box: StoredMailbox): Readonly<Record<string, unknown>> => ({
  number: box.number,
  pin: '',
  withoutPin: false,
  spokenGreeting: false,
  maxMessage: String(box.maxMessageMs / 1_000),
  maxMessages: box.maxMessages,
  retentionDays: box.retentionDays,
  membersHear: box.membersHear,
  lightsLamps: box.lightsLamps,
  listeners: box.listeners.map(String),
  mailTo: box.mailTo.join('\n'),
  mailSound: box.mailSound,
});

async function pageData(page: PageContext, service: MailboxService, box: StoredMailbox) {
  const agents = await service.agents(page.actor);
  const owner = [box.ownerNumber, box.ownerName].filter((part) => part !== '').join(' ');
  const isQueue = box.queueId !== undefined;
  return {
    title: page.t(isQueue ? 'mailboxes.of-queue' : 'mailboxes.of-extension', { name: owner }),
    crumbs: [{ label: page.t('mailboxes.title'), href: PATH }],
    styles: ['setup', 'prompts'],
    row: box,
    isQueue,
    hasPin: box.pinHash !== '',
    opensWith: box.ownerNumber === '' ? box.number : box.ownerNumber,
    greetingSrc: box.greeting === undefined ? undefined : `${pathOf(box.id)}/greeting`,
    messagesHref: `/voicemail?box=${isQueue ? 'queue' : 'extension'}:${String(box.queueId ?? box.extensionId)}`,
    agents: agents.map(({ id, name }: { readonly id: AgentId; readonly name: string }) => ({
      value: String(id),
      label: name,
    })),
    mailSounds: MAIL_SOUNDS.map((value) => ({
      value,
      label: page.t(`mailboxes.mail-sound.${value}`),
    })),
  };
}

async function save(page: PageContext, service: MailboxService, country: string): Promise<void> {
  const id = page.id<MailboxId>();
  await submitForm(page, {
    prefix: FORM,
    action: pathOf(id),
    schema: mailboxSchema(country),
    view: 'mailboxes/edit',
    data: async () => pageData(page, service, await service.get(page.actor, id)),
    save: (form, version) => {
      const upload = page.uploads.find((one) => one.field === 'greeting' && one.bytes > 0);
      return service.save(page.actor, id, version, form, upload?.path);
    },
    current: async () => {
      const box = await service.get(page.actor, id);
      return { version: box.version, values: valuesOf(box) };
    },
    done: { path: pathOf(id), toast: { message: 'mailboxes.saved' } },
  });
}
