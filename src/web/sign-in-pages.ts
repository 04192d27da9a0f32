import { LANGUAGES } from '../kernel/call-event.js';
import { ownPath, type SignInService } from '../features/users/index.js';
import { readCookies, type SiteCookies } from './cookies.js';
import { formatWhen } from './kit/format.js';
import type { PageContext } from './kit/page-context.js';
import { PageRoutes } from './kit/page-routes.js';
import { requestState } from './request-state.js';
import { addressOf, LANGUAGE_COOKIE } from './session-middleware.js';

export interface SignInParts {
  readonly signIn: SignInService;
  readonly cookies: SiteCookies;
  readonly version: string;
}

/** Sign-in, sign-out, and the language of the sign-in page. */
export function signInPages(parts: SignInParts): PageRoutes {
  const pages = new PageRoutes();
  pages.get('/login', 'public', async (page) => {
    if (requestState(page.req)?.signedIn) await page.redirect(ownPath(page.query['back']));
    else show(page, parts, { back: ownPath(page.query['back']), isOut: 'out' in page.query });
  });
  pages.post('/login', 'public', (page) => signIn(page, parts));
  pages.post('/login/language', 'public', async (page) => {
    const language = LANGUAGES.find((known) => known === page.body['language']);
    if (language)
      page.res.cookie(LANGUAGE_COOKIE, language, {
        httpOnly: true,
        sameSite: 'lax',
        maxAge: 365 * 86_400_000,
      });
    const back = new URLSearchParams({ back: ownPath(page.body['back']) });
    await page.redirect(`/login?${back.toString()}`);
  });
  pages.post('/sign-out', 'signed-in', async (page) => {
    const id = readCookies(page.req)[parts.cookies.sessionName];
    if (id !== undefined) await parts.signIn.signOut(page.actor, id);
    parts.cookies.clear(page.res, parts.cookies.sessionName);
    await page.redirect('/login?out');
  });
  return pages;
}

async function signIn(page: PageContext, parts: SignInParts): Promise<void> {
  const login = text(page.body['login']).slice(0, 100);
  const password = text(page.body['password']).slice(0, 1_000);
  const back = ownPath(page.body['back']);
  const result = await parts.signIn.signIn(login, password, addressOf(page.req));
  if (result.kind === 'signed-in') {
    parts.cookies.set(page.res, parts.cookies.sessionName, result.session.id);
    parts.cookies.clear(page.res, parts.cookies.beforeName);
    await page.redirect(back);
    return;
  }
  const isLocked = result.kind === 'locked';
  const problem = isLocked
    ? page.t('login.locked', { time: formatWhen(result.until, 'time', page) })
    : page.t('login.refused');
  show(page, parts, { back, login, problem }, isLocked ? 429 : 401);
}

const text = (value: unknown): string => (typeof value === 'string' ? value : '');

interface LoginView {
  readonly back: string;
  readonly login?: string;
  readonly problem?: string;
  readonly isOut?: boolean;
}

function show(page: PageContext, parts: SignInParts, view: LoginView, status = 200): void {
  page.render(
    'login',
    {
      title: page.t('login.title'),
      styles: ['login'],
      version: parts.version,
      languages: LANGUAGES.map((value) => ({
        value,
        label: page.t(`language.${value}`),
        on: value === page.language,
      })),
      ...view,
    },
    status,
  );
}
