import { ROLES } from '../../kernel/actor.js';
import { LANGUAGES } from '../../kernel/call-event.js';
import type { UserId } from '../../kernel/ids.js';
import {
  formView,
  listView,
  PageRoutes,
  readList,
  submitForm,
  type PageContext,
  type PageData,
} from '../../web/kit/index.js';
import { USER_SORTS, userForm, type User } from './user.js';
import type { UsersService } from './users-service.js';

const PATH = '/setup/users';
const FORM = 'users.form';

/** The set-up pages of users: list, new, edit, archive, restore. */
export function usersPages(service: UsersService): PageRoutes {
  const pages = new PageRoutes();
  pages.get(PATH, 'users.edit', (page) => showList(page, service));
  pages.get(`${PATH}/new`, 'users.edit', (page) => {
    const form = formView({ prefix: FORM, action: PATH }, { role: 'agent', language: 'en' });
    page.render('users/edit', { ...newPage(page), form });
  });
  pages.post(PATH, 'users.edit', (page) =>
    submitForm(page, {
      prefix: FORM,
      action: PATH,
      schema: userForm,
      view: 'users/edit',
      data: () => newPage(page),
      save: (values) => service.create(page.actor, values),
      done: { path: PATH, toast: { message: 'users.created' } },
    }),
  );
  pages.get(`${PATH}/:id`, 'users.edit', async (page) => {
    const user = await service.get(page.actor, page.id<UserId>());
    const action = `${PATH}/${String(user.id)}`;
    page.render('users/edit', {
      ...editPage(page, user),
      form: formView({ prefix: FORM, action }, { ...user }, user.version),
    });
  });
  pages.post(`${PATH}/:id`, 'users.edit', (page) => save(page, service));
  pages.post(`${PATH}/:id/archive`, 'users.edit', async (page) => {
    const id = page.id<UserId>();
    await service.archive(page.actor, id);
    await page.redirect(PATH, {
      message: 'users.archived',
      undo: `${PATH}/${String(id)}/restore`,
    });
  });
  pages.post(`${PATH}/:id/restore`, 'users.edit', async (page) => {
    await service.restore(page.actor, page.id<UserId>());
    await page.redirect(PATH, { message: 'users.restored' });
  });
  return pages;
}

async function showList(page: PageContext, service: UsersService): Promise<void> {
  const request = readList(page, {
    path: PATH,
    sorts: USER_SORTS,
    defaultSort: 'name',
    filters: ['role', 'archived'],
  });
  const { archived, ...filters } = request.filters;
  const result = await service.list(page.actor, {
    ...request,
    archived: archived === 'yes',
    filters,
  });
  page.render('users/list', {
    title: page.t('users.title'),
    list: listView(request, result, [
      { label: 'users.form.name', sort: 'name' },
      { label: 'users.form.login', sort: 'login' },
      { label: 'users.form.role', sort: 'role' },
      { label: 'users.form.language' },
      { label: 'users.column.updated', sort: 'updated' },
      { label: '' },
    ]),
    roles: roleOptions(page),
    isArchive: archived === 'yes',
  });
}

async function save(page: PageContext, service: UsersService): Promise<void> {
  const id = page.id<UserId>();
  await submitForm(page, {
    prefix: FORM,
    action: `${PATH}/${String(id)}`,
    schema: userForm,
    view: 'users/edit',
    data: async () => editPage(page, await service.get(page.actor, id)),
    save: (values, version) => service.change(page.actor, id, version, values),
    current: async () => {
      const { version, login, name, role, language } = await service.get(page.actor, id);
      return { version, values: { login, name, role, language } };
    },
    done: { path: PATH, toast: { message: 'users.saved' } },
  });
}

const roleOptions = (page: PageContext) =>
  ROLES.map((role) => ({ value: role, label: page.t(`role.${role}`) }));

const choices = (page: PageContext) => ({
  roles: roleOptions(page),
  languages: LANGUAGES.map((language) => ({
    value: language,
    label: page.t(`language.${language}`),
  })),
  crumbs: [{ label: page.t('users.title'), href: PATH }],
});

const newPage = (page: PageContext): PageData => ({
  title: page.t('users.new'),
  isNew: true,
  ...choices(page),
});

const editPage = (page: PageContext, user: User): PageData => ({
  title: user.name,
  user,
  isSelf: user.id === page.actor.userId,
  ...choices(page),
});
