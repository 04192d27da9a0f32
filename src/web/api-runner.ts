import express, { type ErrorRequestHandler, type Request, type Router } from 'express';
import type { Logger } from '../adapters/log/logger.js';
import { SYSTEM_ACTOR, type Actor } from '../kernel/actor.js';
import { AppError } from '../kernel/errors.js';
import { partAway } from './error-pages.js';
import type { ApiKeyring, ApiRoute } from './kit/api-routes.js';
import type { Translate } from './kit/translate.js';
import { addressOf } from './session-middleware.js';

const BASE = '/api/v1';
const BODY_BYTES = 64 * 1024;

interface ApiParts {
  readonly keys: ApiKeyring;
  /** In English: the API has one language. */
  readonly t: Translate;
  readonly logger: Logger;
}

/** Mounts the routes that other systems use with a key; sessions and cookies count for nothing here. */
export function mountApi(router: Router, routes: readonly ApiRoute[], parts: ApiParts): void {
  for (const { method, path, handler } of routes)
    router[method](
      `${BASE}${path}`,
      async (req, res, next) => {
        res.locals['actor'] = await callerOf(req, parts.keys);
        next();
      },
      express.json({ limit: BODY_BYTES }),
      async (req, res) => {
        const answer = await handler({
          actor: res.locals['actor'] as Actor,
          body: req.body as unknown,
          param: (name) => (req.params as Readonly<Record<string, string>>)[name] ?? '',
        });
        res.set('Cache-Control', 'no-store').status(answer.status).json(answer.body);
      },
    );
  router.use(BASE, () => {
    throw new AppError('not-found', 'no such route');
  });
  router.use(BASE, apiErrors(parts));
}

async function callerOf(req: Request, keys: ApiKeyring): Promise<Actor> {
  const [, key = ''] = /^Bearer +(\S{1,200})$/i.exec(req.get('authorization') ?? '') ?? [];
  const caller = await keys.callerOf(key);
  if (caller === undefined) throw new AppError('not-signed-in', 'the key is not known');
  return { ...SYSTEM_ACTOR, name: caller.name, address: addressOf(req) };
}

const apiErrors =
  ({ t, logger }: ApiParts): ErrorRequestHandler =>
  (error: unknown, _req, res, next) => {
    if (res.headersSent) {
      next(error);
      return;
    }
    const known = error instanceof AppError ? error : undefined;
    const isBadJson =
      error instanceof SyntaxError || (error as { type?: string }).type === 'entity.too.large';
    const status = known?.status ?? (isBadJson ? 400 : partAway(error) === undefined ? 500 : 503);
    if (status === 500) logger.error({ err: error }, 'API request failed');
    if (status === 401) res.set('WWW-Authenticate', 'Bearer');
    const code = isBadJson
      ? 'bad-json'
      : (known?.code ?? (status === 503 ? 'unavailable' : 'failed'));
    const problems = (known?.problems ?? []).map(({ field, message, params }) => ({
      field,
      message: t(message, params),
    }));
    res.set('Cache-Control', 'no-store').status(status).json({ error: { code, problems } });
  };
