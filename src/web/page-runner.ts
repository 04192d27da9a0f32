import express, { type Request, type RequestHandler, type Response, type Router } from 'express';
import { AppError } from '../kernel/errors.js';
import type { SessionStore } from '../features/users/index.js';
import { mayOpen } from './access.js';
import { isOwnOrigin, requireCsrf } from './csrf.js';
import type { FormBody, PageContext, PageData, ScreenLook, Toast } from './kit/page-context.js';
import type { PageRoute } from './kit/page-routes.js';
import type { Upload } from './kit/uploads.js';
import { SYSTEM_ACTOR } from '../kernel/actor.js';
import type { Renderer } from './renderer.js';
import { requestState, type SignedIn } from './request-state.js';
import { readMultipart } from './uploads.js';

export interface RunnerParts {
  readonly renderer: Renderer;
  readonly sessions: SessionStore;
  readonly publicUrl: string | undefined;
}

/** Forms are small; files and drawings have routes of their own. */
const FORM_BYTES = 256 * 1024;
/** A queue with 5,000 members sends two fields for each; a page of the skills matrix up to 5,000 cells. */
const FORM_FIELDS = 12_000;
/** Where somebody with a password that must be changed may go. */
const OPEN_BEFORE_CHANGE = new Set(['/me/password', '/me/language', '/me/theme', '/sign-out']);

/** Mounts routes: parses the body, checks permission and CSRF token, runs the handler, sends the answer. */
export function mountRoutes(
  router: Router,
  routes: readonly PageRoute[],
  parts: RunnerParts,
): void {
  for (const route of routes) {
    const run: RequestHandler = (req, res) => runRoute(route, parts, req, res);
    if (route.method === 'get') router.get(route.path, run);
    else router.post(route.path, checkAccess(route, parts), ...bodyParser(route), run);
  }
}

/** Before the body is read: strangers cannot make the server read megabytes. */
const checkAccess =
  (route: PageRoute, parts: RunnerParts): RequestHandler =>
  (req, _res, next) => {
    requireAccess(route, req);
    if (!isOwnOrigin(req, parts.publicUrl))
      throw new AppError('not-allowed', 'the request comes from another site');
    next();
  };

function bodyParser(route: PageRoute): RequestHandler[] {
  if (route.uploadBytes !== undefined) return [];
  if (route.jsonBytes !== undefined) return [express.json({ limit: route.jsonBytes })];
  return [express.urlencoded({ extended: false, limit: FORM_BYTES, parameterLimit: FORM_FIELDS })];
}

function requireAccess(route: PageRoute, req: Request): void {
  const signedIn = requestState(req)?.signedIn;
  if (mayOpen(signedIn?.actor, route.access)) return;
  if (!signedIn) throw new AppError('not-signed-in', 'nobody is signed in');
  throw new AppError('not-allowed', `${String(route.access)} is needed`);
}

async function runRoute(
  route: PageRoute,
  parts: RunnerParts,
  req: Request,
  res: Response,
): Promise<void> {
  requireAccess(route, req);
  const signedIn = requestState(req)?.signedIn;
  if (signedIn?.user.mustChangePassword && !OPEN_BEFORE_CHANGE.has(req.path)) {
    res.redirect(303, '/me/password');
    return;
  }
  if (route.uploadBytes !== undefined) return runUpload(route, route.uploadBytes, parts, req, res);
  const body = route.method === 'post' && route.jsonBytes === undefined ? formBody(req.body) : {};
  if (route.method === 'post') requireCsrf(req, body['_csrf']);
  await new PageRun(parts, req, res, body, []).handle(route);
}

async function runUpload(
  route: PageRoute,
  limit: number,
  parts: RunnerParts,
  req: Request,
  res: Response,
): Promise<void> {
  if (!req.is('multipart/form-data'))
    throw new AppError('invalid-fields', 'a form with files is needed');
  const form = await readMultipart(req, limit, (body) => {
    requireCsrf(req, body['_csrf']);
  });
  try {
    await new PageRun(parts, req, res, form.body, form.uploads).handle(route);
  } finally {
    await form.remove();
  }
}

/** Texts and lists of texts; anything else in a body is left out. */
function formBody(body: unknown): FormBody {
  if (typeof body !== 'object' || body === null) return {};
  const fields = Object.create(null) as Record<string, string | readonly string[]>;
  for (const [name, value] of Object.entries(body as Readonly<Record<string, unknown>>)) {
    if (typeof value === 'string') fields[name] = value;
    else if (Array.isArray(value) && value.every((item) => typeof item === 'string'))
      fields[name] = value;
  }
  return fields;
}

type Answer =
  | {
      readonly kind: 'page';
      readonly view: string;
      readonly data: PageData;
      readonly status: number;
      readonly look?: ScreenLook;
    }
  | { readonly kind: 'partial'; readonly html: string; readonly status: number };

/** One run of a handler. The answer is made after the handler ended, when toasts and counts are there. */
class PageRun implements PageContext {
  #answer: Answer | undefined;
  readonly actor;
  readonly language;
  readonly zone;
  readonly masksNumbers: boolean;
  readonly country;
  readonly t;
  readonly query;
  readonly isPartial;
  readonly #signedIn: SignedIn | undefined;

  constructor(
    private readonly parts: RunnerParts,
    readonly req: Request,
    readonly res: Response,
    readonly body: FormBody,
    readonly uploads: readonly Upload[],
  ) {
    this.#signedIn = requestState(req)?.signedIn;
    const reader = parts.renderer.reader(req);
    this.language = reader.language;
    this.zone = reader.zone;
    this.masksNumbers = reader.masksNumbers === true;
    this.country = reader.country;
    this.t = parts.renderer.translate(req);
    this.isPartial = req.get('hx-request') === 'true';
    this.query = firstValues(req.query);
    // Public pages run for nobody: an actor without permissions beyond what the lowest role has.
    this.actor =
      this.#signedIn?.actor ??
      ({ ...SYSTEM_ACTOR, name: '', role: 'agent', address: req.ip ?? '' } as const);
  }

  async handle(route: PageRoute): Promise<void> {
    await route.handler(this);
    if (!this.#answer || this.res.headersSent) return;
    const html = await this.#html(this.#answer);
    this.res.status(this.#answer.status).set('Cache-Control', 'no-store').type('html').send(html);
  }

  id<Id extends number>(name = 'id'): Id {
    const text = this.param(name);
    if (!/^[1-9]\d{0,9}$/.test(text)) throw new AppError('not-found', `${text} is no id`);
    return Number(text) as Id;
  }

  hasText(key: string): boolean {
    return this.parts.renderer.messages.has(key);
  }

  param(name: string): string {
    const value = this.req.params[name];
    return typeof value === 'string' ? value : '';
  }

  render(view: string, data: PageData, status = 200): void {
    this.#answer = { kind: 'page', view, data, status };
  }

  renderForScreen(view: string, data: PageData, look: ScreenLook): void {
    this.#answer = { kind: 'page', view, data, status: 200, look };
  }

  renderPartial(name: string, data: Readonly<Record<string, unknown>>, status = 200): void {
    this.#answer = {
      kind: 'partial',
      html: this.parts.renderer.partial(this.req, name, data),
      status,
    };
  }

  async redirect(path: string, toast?: Toast): Promise<void> {
    if (toast && this.#signedIn)
      await this.parts.sessions.pushNotice(this.#signedIn.session.id, JSON.stringify(toast));
    if (this.isPartial) this.res.set('HX-Redirect', path).status(204).end();
    else this.res.redirect(303, path);
  }

  #html(answer: Answer): Promise<string> | string {
    if (answer.kind === 'partial') return answer.html;
    if (answer.look !== undefined)
      return this.parts.renderer.screen(this.req, answer.view, answer.data, answer.look);
    return this.#signedIn
      ? this.parts.renderer.page(this.req, this.#signedIn, answer.view, answer.data)
      : this.parts.renderer.plain(this.req, answer.view, answer.data);
  }
}

function firstValues(query: Request['query']): Readonly<Record<string, string>> {
  const values = Object.create(null) as Record<string, string>;
  for (const [name, value] of Object.entries(query)) {
    const first: unknown = Array.isArray(value) ? value[0] : value;
    if (typeof first === 'string') values[name] = first;
  }
  return values;
}
