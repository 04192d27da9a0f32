import type { Request, RequestHandler, Response } from 'express';
import { LANGUAGES, type Language } from '../kernel/call-event.js';
import { asActor, type SignInService } from '../features/users/index.js';
import { readCookies, type SiteCookies } from './cookies.js';
import { newBeforeValue, tokenBefore } from './csrf.js';
import { setRequestState, type RequestState } from './request-state.js';

export interface SessionParts {
  readonly signIn: SignInService;
  readonly cookies: SiteCookies;
  readonly secretKey: Buffer;
}

/** Remembers the language of the sign-in page. */
export const LANGUAGE_COOKIE = 'cb_language';

/** The address that a request came from, without IPv6's spelling of IPv4. */
export const addressOf = (req: Pick<Request, 'ip'>): string =>
  (req.ip ?? '').replace(/^::ffff:/, '');

/** The language of somebody who is not signed in: chosen before, else what the browser prefers. */
export function guestLanguage(req: Request): Language {
  const chosen = readCookies(req)[LANGUAGE_COOKIE];
  const known = LANGUAGES.find((language) => language === chosen);
  if (known) return known;
  return req.acceptsLanguages(['en', 'zh-CN', 'zh']).toString().startsWith('zh') ? 'zh-CN' : 'en';
}

/** Finds out who asks. Rejects while the session store or the database is away. */
export const sessionMiddleware =
  (parts: SessionParts): RequestHandler =>
  async (req, res, next) => {
    setRequestState(req, await stateOf(parts, req, res));
    next();
  };

async function stateOf(parts: SessionParts, req: Request, res: Response): Promise<RequestState> {
  const cookies = readCookies(req);
  const id = cookies[parts.cookies.sessionName];
  const found = id === undefined ? undefined : await parts.signIn.resume(id);
  if (found)
    return {
      signedIn: { ...found, actor: asActor(found.user, addressOf(req)) },
      language: found.user.language,
      csrf: found.session.csrf,
    };
  let before = cookies[parts.cookies.beforeName];
  if (before?.length !== 43) {
    before = newBeforeValue();
    parts.cookies.set(res, parts.cookies.beforeName, before);
  }
  return {
    signedIn: undefined,
    language: guestLanguage(req),
    csrf: tokenBefore(parts.secretKey, before),
  };
}
