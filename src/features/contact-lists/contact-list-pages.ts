import type { ContactId, ContactListId } from '../../kernel/ids.js';
import {
  field,
  formView,
  listView,
  PageRoutes,
  readList,
  submitForm,
  type PageContext,
} from '../../web/kit/index.js';
import { usageViews } from '../configuration/index.js';
import {
  importView,
  lineView,
  type ContactService,
  type ImportService,
} from '../contacts/index.js';
import { CONTACT_LIST_SORTS, contactListSchema } from './contact-list.js';
import type { ContactListService } from './contact-list-service.js';

const PATH = '/lists';
const ACCESS = 'lists.edit';
const FORM = 'lists.form';
const IMPORTS_SHOWN = 10;

export interface ContactListPagesParts {
  readonly service: ContactListService;
  readonly contacts: ContactService;
  readonly imports: ImportService;
}

/** Lists of people: all, one with its members, the form. */
export function contactListPages(parts: ContactListPagesParts): PageRoutes {
  const { service } = parts;
  const pathOf = (id: ContactListId): string => `${PATH}/${String(id)}`;
  return new PageRoutes()
    .get(PATH, ACCESS, (page) => showAll(page, service))
    .get(`${PATH}/new`, ACCESS, (page) => {
      page.render('contact-lists/edit', {
        ...newData(page),
        form: formView({ prefix: FORM, action: PATH }, {}),
      });
    })
    .post(PATH, ACCESS, (page) =>
      submitForm(page, {
        ...{ prefix: FORM, action: PATH, schema: contactListSchema, view: 'contact-lists/edit' },
        data: () => newData(page),
        save: (draft) => service.create(page.actor, draft),
        done: (id) => page.redirect(pathOf(id), { message: 'lists.created' }),
      }),
    )
    .get(`${PATH}/:id`, ACCESS, (page) => showOne(page, parts))
    .get(`${PATH}/:id/edit`, ACCESS, (page) => showForm(page, service))
    .post(`${PATH}/:id`, ACCESS, (page) => save(page, service))
    .post(`${PATH}/:id/members`, ACCESS, async (page) => {
      const id = page.id<ContactListId>();
      const contact = Number(field(page, 'contact')) as ContactId;
      const added = await service.add(page.actor, id, contact);
      return page.redirect(pathOf(id), {
        message: added ? 'lists.member-added' : 'lists.member-there',
      });
    })
    .post(`${PATH}/:id/members/:contact/remove`, ACCESS, async (page) => {
      const id = page.id<ContactListId>();
      await service.remove(page.actor, id, page.id<ContactId>('contact'));
      return page.redirect(pathOf(id), { message: 'lists.member-removed' });
    })
    .post(`${PATH}/:id/archive`, ACCESS, async (page) => {
      const id = page.id<ContactListId>();
      const uses = await service.archive(page.actor, id);
      if (uses.length > 0) return showOne(page, parts, uses.length);
      return page.redirect(PATH, { message: 'lists.archived', undo: `${pathOf(id)}/restore` });
    })
    .post(`${PATH}/:id/restore`, ACCESS, async (page) => {
      const id = page.id<ContactListId>();
      await service.restore(page.actor, id);
      return page.redirect(pathOf(id), { message: 'lists.restored' });
    });
}

const crumbs = (page: PageContext) => [{ label: page.t('lists.title'), href: PATH }];

const newData = (page: PageContext) => ({
  title: page.t('lists.new'),
  crumbs: crumbs(page),
  styles: ['setup'],
  isNew: true,
});

async function showAll(page: PageContext, service: ContactListService): Promise<void> {
  const request = readList(page, {
    path: PATH,
    sorts: CONTACT_LIST_SORTS,
    defaultSort: '-newest',
    filters: ['archived'],
  });
  const found = await service.list(page.actor, {
    ...request,
    archived: request.filters['archived'] === 'yes',
    filters: {},
  });
  page.render('contact-lists/list', {
    title: page.t('lists.title'),
    styles: ['setup', 'contacts'],
    list: listView(request, found, [
      { label: 'lists.form.name', sort: 'name' },
      { label: 'lists.column.members', sort: 'members', numeric: true },
      { label: 'lists.column.callable', numeric: true },
      { label: 'lists.column.imported', sort: 'newest' },
      { label: '' },
    ]),
  });
}

async function showOne(
  page: PageContext,
  { service, contacts, imports }: ContactListPagesParts,
  notArchived = 0,
): Promise<void> {
  const list = await service.get(page.actor, page.id<ContactListId>());
  const path = `${PATH}/${String(list.id)}`;
  const request = readList(page, { path, sorts: ['newest'], defaultSort: 'newest' });
  const [members, ran, uses, candidates] = await Promise.all([
    contacts.find(page.actor, { ...request, archived: false, listId: list.id }),
    imports.recent(page.actor, IMPORTS_SHOWN, list.id),
    service.usesOf(list.id),
    candidatesFor(page, contacts),
  ]);
  page.render(
    'contact-lists/one',
    {
      title: list.name,
      crumbs: crumbs(page),
      styles: ['setup', 'contacts'],
      row: list,
      uses: usageViews(page, uses),
      notArchived,
      imports: ran.map((job) => importView(page, job)),
      finding: page.query['find'] ?? '',
      candidates,
      list: listView(request, { rows: members.rows.map(lineView), total: members.total }, [
        { label: 'contacts.column.name' },
        { label: 'contacts.column.company' },
        { label: 'contacts.column.numbers' },
        { label: 'contacts.column.key' },
        { label: '' },
      ]),
    },
    notArchived > 0 ? 409 : 200,
  );
}

const CANDIDATES_SHOWN = 10;

/** People whom `?find=` means, to be put in. */
async function candidatesFor(page: PageContext, contacts: ContactService) {
  const search = (page.query['find'] ?? '').trim().slice(0, 200);
  if (search === '') return undefined;
  const found = await contacts.find(page.actor, {
    ...{ search, sortBy: 'name', descending: false, archived: false },
    ...{ offset: 0, limit: CANDIDATES_SHOWN },
  });
  return found.rows.map(lineView);
}

async function showForm(page: PageContext, service: ContactListService): Promise<void> {
  const list = await service.get(page.actor, page.id<ContactListId>());
  const action = `${PATH}/${String(list.id)}`;
  page.render('contact-lists/edit', {
    title: list.name,
    crumbs: crumbs(page),
    styles: ['setup'],
    row: list,
    form: formView(
      { prefix: FORM, action },
      { name: list.name, description: list.description },
      list.version,
    ),
  });
}

async function save(page: PageContext, service: ContactListService): Promise<void> {
  const id = page.id<ContactListId>();
  const action = `${PATH}/${String(id)}`;
  await submitForm(page, {
    ...{ prefix: FORM, action, schema: contactListSchema, view: 'contact-lists/edit' },
    data: async () => {
      const list = await service.get(page.actor, id);
      return { title: list.name, crumbs: crumbs(page), styles: ['setup'], row: list };
    },
    save: (draft, version) => service.save(page.actor, id, version, draft),
    current: async () => {
      const { name, description, version } = await service.get(page.actor, id);
      return { values: { name, description }, version };
    },
    done: () => page.redirect(action, { message: 'lists.saved' }),
  });
}
