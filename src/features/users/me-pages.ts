import { LANGUAGES } from '../../kernel/call-event.js';
import { formView, PageRoutes, submitForm, type PageContext } from '../../web/kit/index.js';
import { DENSITIES, passwordForm, preferencesForm, THEMES } from './user.js';
import type { UsersService } from './users-service.js';

const PREFERENCES = { prefix: 'me.form', action: '/me' } as const;
const PASSWORD = { prefix: 'me.password', action: '/me/password' } as const;

/** Only paths of this site: a form's `back` field must not send anybody elsewhere. */
export const ownPath = (path: unknown): string =>
  typeof path === 'string' && /^\/(?![/\\])[^\s\\]*$/.test(path) ? path : '/';

/** What everybody sets for themselves: name, language, theme, density, password. */
export function mePages(
  service: UsersService,
  sessionIdOf: (page: PageContext) => string,
): PageRoutes {
  const pages = new PageRoutes();
  pages.get('/me', 'signed-in', async (page) => {
    const user = await service.profile(ownId(page));
    page.render('users/me', {
      ...mePage(page),
      login: user.login,
      form: formView(PREFERENCES, { ...user }),
    });
  });
  pages.post('/me', 'signed-in', (page) =>
    submitForm(page, {
      ...PREFERENCES,
      schema: preferencesForm,
      view: 'users/me',
      data: () => mePage(page),
      save: (values) => service.savePreferences(page.actor, values),
      done: { path: '/me', toast: { message: 'me.saved' } },
    }),
  );
  pages.get('/me/password', 'signed-in', (page) => {
    page.render('users/password', { ...passwordPage(page), form: formView(PASSWORD, {}) });
  });
  pages.post('/me/password', 'signed-in', (page) =>
    submitForm(page, {
      ...PASSWORD,
      schema: passwordForm,
      view: 'users/password',
      data: () => passwordPage(page),
      save: (values) => service.changeOwnPassword(page.actor, sessionIdOf(page), values),
      done: { path: '/me', toast: { message: 'me.password-saved' } },
    }),
  );
  pages.post('/me/language', 'signed-in', async (page) => {
    const language = LANGUAGES.find((known) => known === page.body['language']);
    if (language) await service.savePreferences(page.actor, { language });
    await page.redirect(ownPath(page.body['back']));
  });
  pages.post('/me/theme', 'signed-in', async (page) => {
    const theme = THEMES.find((known) => known === page.body['theme']);
    if (theme) await service.savePreferences(page.actor, { theme });
    await page.redirect(ownPath(page.body['back']));
  });
  return pages;
}

function ownId(page: PageContext) {
  if (page.actor.userId === undefined) throw new Error('a signed-in page has a user');
  return page.actor.userId;
}

const mePage = (page: PageContext) => ({
  title: page.t('nav.me'),
  languages: LANGUAGES.map((value) => ({ value, label: page.t(`language.${value}`) })),
  themes: THEMES.map((value) => ({ value, label: page.t(`me.theme.${value}`) })),
  densities: DENSITIES.map((value) => ({ value, label: page.t(`me.density.${value}`) })),
});

const passwordPage = (page: PageContext) => ({
  title: page.t('me.password.title'),
  crumbs: [{ label: page.t('nav.me'), href: '/me' }],
});
