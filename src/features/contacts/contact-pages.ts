import { can } from '../../kernel/actor.js';
import { AppError } from '../../kernel/errors.js';
import type { ContactId } from '../../kernel/ids.js';
import {
  field,
  formView,
  listView,
  PageRoutes,
  readList,
  submitForm,
  type PageContext,
  type PageData,
} from '../../web/kit/index.js';
import {
  CONTACT_SORTS,
  contactSchema,
  NUMBER_KINDS,
  type ContactDraft,
  type StoredContact,
} from './contact.js';
import type { ContactFieldDraft } from './contact-field.js';
import type { ContactService } from './contact-service.js';
import { contactView, lineView, nameOf } from './contact-view.js';
import { countryCodes } from './importing/country-cell.js';

const PATH = '/contacts';
const REMARK_MAX = 4_000;
const SOURCE_MAX = 80;
/** Rows for more numbers below those that are there. */
const EMPTY_ROWS = 2;

export interface ContactPagesParts {
  readonly service: ContactService;
  readonly fields: () => Promise<readonly ContactFieldDraft[]>;
  /** Numbers are masked on this site; those who may see them ask for each person. */
  readonly isPrivate: () => boolean;
  /** Nobody calls a number any more, for any campaign. */
  readonly block: (page: PageContext, number: string, note: string) => Promise<void>;
  readonly now: () => number;
}

/** People: the list, one person, the form. */
export function contactPages(parts: ContactPagesParts, pages = new PageRoutes()): PageRoutes {
  const { service } = parts;
  const look = (page: PageContext): Promise<StoredContact> =>
    service.look(page.actor, page.id<ContactId>());
  const back = (contact: StoredContact, message: string, page: PageContext): Promise<void> =>
    page.redirect(`${PATH}/${String(contact.id)}`, { message });
  return pages
    .get(PATH, 'contacts.read', (page) => showList(page, service))
    .get(`${PATH}/new`, 'contacts.edit', (page) => showNew(page, parts))
    .post(PATH, 'contacts.edit', (page) => create(page, parts))
    .get(`${PATH}/:id`, 'contacts.read', async (page) =>
      showOne(page, parts, await look(page), !parts.isPrivate()),
    )
    .post(`${PATH}/:id/numbers`, 'contacts.read', async (page) => {
      const contact = await look(page);
      await service.seeNumbers(page.actor, contact);
      return showOne(page, parts, contact, true);
    })
    .get(`${PATH}/:id/edit`, 'contacts.edit', async (page) =>
      showForm(page, parts, await look(page)),
    )
    .post(`${PATH}/:id`, 'contacts.edit', async (page) => save(page, parts, await look(page)))
    .post(`${PATH}/:id/remarks`, 'contacts.read', async (page) => {
      const contact = await look(page);
      const text = field(page, 'text').trim();
      if (text === '' || text.length > REMARK_MAX)
        return showOne(page, parts, contact, !parts.isPrivate(), {
          remarkProblem: page.t(text === '' ? 'form.problem.needed' : 'form.problem.too-long', {
            max: REMARK_MAX,
          }),
          remark: text,
        });
      await service.addRemark(page.actor, contact.id, text);
      return back(contact, 'contacts.remark-added', page);
    })
    .post(`${PATH}/:id/consents`, 'contacts.edit', async (page) => {
      const contact = await look(page);
      const source = field(page, 'source').trim();
      const kind = field(page, 'kind') === 'withdrawn' ? 'withdrawn' : 'given';
      if (source === '' || source.length > SOURCE_MAX)
        return showOne(page, parts, contact, !parts.isPrivate(), {
          consentProblem: page.t(source === '' ? 'form.problem.needed' : 'form.problem.too-long', {
            max: SOURCE_MAX,
          }),
        });
      await service.addConsent(page.actor, contact.id, kind, source);
      return back(contact, 'contacts.consent-added', page);
    })
    .post(`${PATH}/:id/revive`, 'contacts.edit', async (page) => {
      const contact = await look(page);
      await service.revive(page.actor, contact.id, numberAt(page, contact));
      return back(contact, 'contacts.revived', page);
    })
    .post(`${PATH}/:id/do-not-call`, 'lists.edit', async (page) => {
      const contact = await look(page);
      await parts.block(page, numberAt(page, contact), field(page, 'note').trim());
      return back(contact, 'contacts.blocked', page);
    })
    .post(`${PATH}/:id/archive`, 'contacts.edit', async (page) => {
      const contact = await look(page);
      await service.archive(page.actor, contact.id);
      return page.redirect(PATH, {
        message: 'contacts.archived',
        undo: `${PATH}/${String(contact.id)}/restore`,
      });
    })
    .post(`${PATH}/:id/restore`, 'contacts.edit', async (page) => {
      const contact = await look(page);
      await service.restore(page.actor, contact.id);
      return back(contact, 'contacts.restored', page);
    });
}

/** Numbers are named by their place, so that a page need not show them. */
function numberAt(page: PageContext, contact: StoredContact): string {
  const found = contact.numbers[Number(field(page, 'position'))];
  if (found === undefined) throw new AppError('not-found', 'no such number');
  return found.number;
}

async function showList(page: PageContext, service: ContactService): Promise<void> {
  const request = readList(page, {
    path: PATH,
    sorts: CONTACT_SORTS,
    defaultSort: 'name',
    filters: ['archived'],
  });
  const found = await service.find(page.actor, {
    ...request,
    archived: request.filters['archived'] === 'yes',
  });
  page.render('contacts/list', {
    title: page.t('contacts.title'),
    styles: ['setup', 'contacts'],
    mayEdit: can(page.actor, 'contacts.edit'),
    mayImport: can(page.actor, 'lists.edit'),
    isMore: found.isMore,
    list: listView(request, { rows: found.rows.map(lineView), total: found.total }, [
      { label: 'contacts.column.name', sort: 'name' },
      { label: 'contacts.column.company', sort: 'company' },
      { label: 'contacts.column.numbers' },
      { label: 'contacts.column.key' },
      { label: 'configuration.column.updated', sort: 'newest' },
      { label: '' },
    ]),
  });
}

async function showOne(
  page: PageContext,
  parts: ContactPagesParts,
  contact: StoredContact,
  showsNumbers: boolean,
  more: Readonly<Record<string, unknown>> = {},
): Promise<void> {
  const [history, fields] = await Promise.all([
    parts.service.history(page.actor, contact),
    parts.fields(),
  ]);
  page.render(
    'contacts/one',
    {
      title: nameOf(page, contact),
      crumbs: [{ label: page.t('contacts.title'), href: PATH }],
      styles: ['setup', 'contacts'],
      mayEdit: can(page.actor, 'contacts.edit'),
      mayBlock: can(page.actor, 'lists.edit'),
      mayProve: can(page.actor, 'campaigns.edit'),
      maySee: parts.isPrivate() && !showsNumbers && can(page.actor, 'numbers.read'),
      ...contactView(page, contact, { history, fields, showsNumbers }),
      ...more,
    },
    Object.keys(more).length === 0 ? 200 : 422,
  );
}

const SCHEMA_PREFIX = 'contacts.form';

async function showNew(page: PageContext, parts: ContactPagesParts): Promise<void> {
  const form = formView({ prefix: SCHEMA_PREFIX, action: PATH }, { numbers: [''] });
  page.render('contacts/edit', { ...(await formData(page, parts, undefined)), form });
}

async function create(page: PageContext, parts: ContactPagesParts): Promise<void> {
  await submitForm(page, {
    prefix: SCHEMA_PREFIX,
    action: PATH,
    schema: contactSchema(page.country, await parts.fields()),
    view: 'contacts/edit',
    data: () => formData(page, parts, undefined),
    save: (draft) => parts.service.create(page.actor, draft),
    done: (id) => page.redirect(`${PATH}/${String(id)}`, { message: 'contacts.created' }),
  });
}

const valuesOf = (contact: StoredContact): Readonly<Record<string, unknown>> => ({
  name: contact.name,
  company: contact.company,
  externalKey: contact.externalKey,
  language: contact.language,
  country: contact.country,
  timeZone: contact.timeZone,
  ownerAgentId: contact.ownerAgentId ?? '',
  number: contact.numbers.map(({ number }) => number),
  ...Object.fromEntries(
    Object.entries(contact.fields).map(([key, value]) => [`field.${key}`, value]),
  ),
});

async function showForm(
  page: PageContext,
  parts: ContactPagesParts,
  contact: StoredContact,
): Promise<void> {
  await parts.service.seeNumbers(page.actor, contact);
  const action = `${PATH}/${String(contact.id)}`;
  const form = formView({ prefix: SCHEMA_PREFIX, action }, valuesOf(contact), contact.version);
  page.render('contacts/edit', { ...(await formData(page, parts, contact)), form });
}

async function save(
  page: PageContext,
  parts: ContactPagesParts,
  contact: StoredContact,
): Promise<void> {
  const { service } = parts;
  const fields = await parts.fields();
  await submitForm(page, {
    prefix: SCHEMA_PREFIX,
    action: `${PATH}/${String(contact.id)}`,
    schema: contactSchema(page.country, fields),
    view: 'contacts/edit',
    data: () => formData(page, parts, contact),
    save: (draft, version) =>
      service.save(page.actor, contact.id, version, withHidden(draft, contact, fields)),
    current: async () => {
      const stored = await service.look(page.actor, contact.id);
      return { values: valuesOf(stored), version: stored.version };
    },
    done: () => page.redirect(`${PATH}/${String(contact.id)}`, { message: 'contacts.saved' }),
  });
}

/** Values of fields that the form does not show (archived ones) stay. */
function withHidden(
  draft: ContactDraft,
  contact: StoredContact,
  fields: readonly ContactFieldDraft[],
): ContactDraft {
  const shown = new Set(fields.map(({ key }) => key));
  const hidden = Object.entries(contact.fields).filter(([key]) => !shown.has(key));
  return { ...draft, fields: { ...Object.fromEntries(hidden), ...draft.fields } };
}

async function formData(
  page: PageContext,
  parts: ContactPagesParts,
  contact: StoredContact | undefined,
): Promise<PageData> {
  const [fields, agents] = await Promise.all([parts.fields(), parts.service.agents()]);
  const regions = new Intl.DisplayNames(page.language, { type: 'region' });
  const typed = page.body['number'];
  const numbers =
    typed === undefined
      ? (contact?.numbers ?? []).map(({ number, kind }) => ({ number, kind: kind }))
      : listOf(typed).map((number, at) => ({
          number,
          kind: listOf(page.body['numberKind'] ?? [])[at] ?? 'other',
        }));
  return {
    title: contact === undefined ? page.t('contacts.new') : nameOf(page, contact),
    crumbs: [{ label: page.t('contacts.title'), href: PATH }],
    styles: ['setup', 'contacts'],
    isNew: contact === undefined,
    row: contact,
    cancelHref: contact === undefined ? PATH : `${PATH}/${String(contact.id)}`,
    fieldLabels: Object.fromEntries(fields.map(({ key, name }) => [`field.${key}`, name])),
    ownFields: fields.map((one) => ({
      name: `field.${one.key}`,
      label: one.name,
      kind: one.kind,
      choices: one.choices,
    })),
    numberRows: [
      ...numbers.filter(({ number }) => number !== ''),
      ...Array.from({ length: EMPTY_ROWS }, () => ({ number: '', kind: 'mobile' })),
    ],
    kinds: NUMBER_KINDS.map((value) => ({ value, label: page.t(`contacts.kind.${value}`) })),
    languages: [
      { value: 'en', label: 'English' },
      { value: 'zh-CN', label: '中文' },
    ],
    countries: countryCodes()
      .map((value) => ({ value, label: regions.of(value) ?? value }))
      .toSorted((a, b) => a.label.localeCompare(b.label, page.language)),
    agents: agents.map(({ id, name }) => ({ value: id, label: name })),
    zones: Intl.supportedValuesOf('timeZone'),
  };
}

const listOf = (value: string | readonly string[]): readonly string[] =>
  typeof value === 'string' ? [value] : value;
