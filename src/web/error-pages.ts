import { randomBytes } from 'node:crypto';
import type { ErrorRequestHandler, Request, RequestHandler, Response } from 'express';
import { AppError } from '../kernel/errors.js';
import type { Logger } from '../adapters/log/logger.js';
import { CsrfRefused } from './csrf.js';
import type { Renderer } from './renderer.js';
import { requestState } from './request-state.js';

/** A short number to find the log line by. */
const newIncident = (): string => randomBytes(4).toString('hex').toUpperCase();

const DATABASE_CODES = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ENOTFOUND',
  'ETIMEDOUT',
  'EPIPE',
  'PROTOCOL_CONNECTION_LOST',
  'ER_CON_COUNT_ERROR',
  'ER_SERVER_SHUTDOWN',
]);

/** Which part is away, judged by what its client throws; undefined for other errors. */
export function partAway(error: unknown): 'database' | 'redis' | 'pbx' | 'calls' | undefined {
  if (error instanceof AppError) {
    if (error.code === 'pbx-unavailable') return 'pbx';
    if (error.code === 'calls-unavailable') return 'calls';
    return error.code === 'database-unavailable' ? 'database' : undefined;
  }
  if (!(error instanceof Error)) return undefined;
  if (error.name === 'MaxRetriesPerRequestError') return 'redis';
  if (['Command timed out', 'Connection is closed.'].includes(error.message)) return 'redis';
  if (error.name === 'KnexTimeoutError') return 'database';
  const code = 'code' in error ? String(error.code) : '';
  return DATABASE_CODES.has(code) ? 'database' : undefined;
}

/** HTTP errors that express itself throws: an address that cannot be decoded, a body too large, bad JSON. */
function expressStatus(error: unknown): number | undefined {
  if (error instanceof URIError) return 404;
  return error instanceof Error &&
    'status' in error &&
    typeof error.status === 'number' &&
    error.status >= 400 &&
    error.status < 500
    ? 422
    : undefined;
}

export const notFound: RequestHandler = () => {
  throw new AppError('not-found', 'no such page');
};

/** Express says so where the browser broke the request off: somebody went on, or moved in a recording. */
const isReaderGone = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'ECONNABORTED';

/** The last handler: turns what was thrown into a page that says what happened and one way out. */
export function errorPages(renderer: Renderer, logger: Logger): ErrorRequestHandler {
  return (error: unknown, req, res, next) => {
    if (isReaderGone(error)) {
      logger.debug({ path: req.path }, 'Nobody waits for the answer any more');
      return;
    }
    if (res.headersSent) {
      logger.warn({ err: error, path: req.path }, 'Answer broken off');
      next(error);
      return;
    }
    const away = partAway(error);
    const status =
      away === undefined
        ? error instanceof AppError
          ? error.status
          : (expressStatus(error) ?? 500)
        : 503;
    const incident = status >= 500 ? newIncident() : undefined;
    if (incident !== undefined)
      logger.error({ err: error, incident, method: req.method, path: req.path }, 'Page failed');
    if (status === 401 && answerSignIn(req, res)) return;
    const kind = kindOf(error, status);
    showError(renderer, { req, res, status, kind, incident, away, error });
  };
}

/** Which title and text: of the status, where there are none of their own. */
function kindOf(error: unknown, status: number): string {
  if (error instanceof CsrfRefused) return 'csrf';
  const isSound =
    error instanceof AppError && (error.code === 'sound-broken' || error.code === 'sound-locked');
  return isSound ? error.code : String(status);
}

/** Sends a browser that only wanted to look to the sign-in page, and back afterwards. */
function answerSignIn(req: Request, res: Response): boolean {
  const target = `/login?${new URLSearchParams({ back: req.originalUrl }).toString()}`;
  if (req.get('hx-request') === 'true') {
    res.set('HX-Redirect', '/login').status(401).end();
    return true;
  }
  if (req.method !== 'GET' || !req.accepts('html')) return false;
  res.redirect(302, target);
  return true;
}

interface ErrorAnswer {
  readonly req: Request;
  readonly res: Response;
  readonly status: number;
  readonly kind: string;
  readonly incident: string | undefined;
  readonly away: string | undefined;
  readonly error: unknown;
}

function showError(renderer: Renderer, answer: ErrorAnswer): void {
  const { req, res, status } = answer;
  const reader = renderer.reader(req);
  const known = renderer.messages.has(`error.title.${answer.kind}`) ? answer.kind : '500';
  const t = (key: string, params?: Readonly<Record<string, string>>): string =>
    renderer.messages.translate(reader.language, key, params);
  const problems = answer.error instanceof AppError ? answer.error.problems : [];
  const role = requestState(req)?.signedIn?.user.role;
  const title = t(`error.title.${known}`);
  const text = t(`error.text.${known}`, {
    part: t(`error.part.${answer.away ?? 'calls'}`),
    role: role === undefined ? '–' : t(`role.${role}`),
  });
  const lines = problems.map((problem) =>
    renderer.messages.translate(reader.language, problem.message, problem.params),
  );
  res.status(status).set('Cache-Control', 'no-store');
  if (req.accepts(['html', 'json']) === 'json') {
    const code = answer.error instanceof AppError ? answer.error.code : 'failed';
    res.json({ code, title, text: [text, ...lines].join(' '), incident: answer.incident });
    return;
  }
  res.type('html').send(
    renderer.plain(req, 'errors/error', {
      title,
      text,
      lines,
      incident: answer.incident,
      isSignIn: status === 401,
    }),
  );
}
