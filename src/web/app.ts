import type { Actor } from '../kernel/actor.js';
import type { Server } from 'node:http';
import express, { Router, type Express } from 'express';
import { ipKeyGenerator, rateLimit } from 'express-rate-limit';
import helmet from 'helmet';
import type { Logger } from '../adapters/log/logger.js';
import type { Config } from '../config.js';
import { AppError } from '../kernel/errors.js';
import type { LiveView } from '../telephony/live.js';
import { mePages, type UsersFeature } from '../features/users/index.js';
import { mountApi } from './api-runner.js';
import { loadAssets, projectRoot } from './assets.js';
import { readCookies, SiteCookies } from './cookies.js';
import { errorPages, notFound } from './error-pages.js';
import { loadMessages } from './i18n.js';
import type { ApiKeyring } from './kit/api-routes.js';
import {
  PageRoutes,
  type FeatureModule,
  type MenuEntry,
  type PageRoute,
} from './kit/page-routes.js';
import type { LiveGuests } from './kit/live-topics.js';
import type { Messages } from './kit/translate.js';
import { LiveHub } from './live/live-hub.js';
import { attachLiveSocket, type LiveSocket } from './live/live-socket.js';
import { packAnswers } from './packing.js';
import { mountRoutes } from './page-runner.js';
import { Renderer, type Banner } from './renderer.js';
import { addressOf, sessionMiddleware } from './session-middleware.js';
import { landingPath } from './shell.js';
import { signInPages } from './sign-in-pages.js';
import { loadViews } from './views.js';

/** Everything that the web app is made of; `main.ts` wires it. */
export interface WebParts {
  readonly config: Pick<Config, 'http' | 'secretKey' | 'timezone' | 'country'>;
  readonly logger: Logger;
  /** Shown on the sign-in page. */
  readonly version: string;
  readonly users: UsersFeature;
  /** All features with pages, `users` among them. */
  readonly features: readonly FeatureModule[];
  readonly live: LiveView;
  /** What is wrong with the whole product now; shown on top of every page. */
  readonly banners?: () => readonly Banner[];
  /** Who does not see numbers of people outside whole. */
  readonly masksNumbers?: (actor: Actor) => boolean;
  /** Who comes with an API key; without it there is no API. */
  readonly apiKeys?: ApiKeyring;
  /** Requests a minute and address before "too many requests"; many people may share one address. */
  readonly requestsPerMinute?: number;
  /** How often sessions of live connections are looked at. */
  readonly sessionCheckMs?: number;
}

export interface WebApp {
  readonly express: Express;
  readonly renderer: Renderer;
  readonly cookies: SiteCookies;
  /** Every route with its permission, as it was mounted. */
  readonly routes: readonly PageRoute[];
  /** Adds the live connection to the server that the app listens on. */
  attachLive(server: Server): LiveSocket;
}

const REQUESTS_PER_MINUTE = 3_000;

/** The pages as an Express app. It listens to nothing yet, and opens no connection of its own. */
export function createWebApp(parts: WebParts): WebApp {
  const { config, logger } = parts;
  const root = projectRoot();
  const assets = loadAssets(root);
  const messages = loadMessages((key) => {
    logger.error({ key }, 'Text is missing');
  });
  const menu: readonly MenuEntry[] = [
    homeEntry,
    ...parts.features.flatMap((feature) => feature.menu),
  ];
  const renderer = new Renderer({
    views: loadViews(root, assets, messages),
    assets,
    messages,
    menu,
    zone: config.timezone,
    country: config.country,
    masksNumbers: masksNumbers(parts),
    takeNotices: (id) => parts.users.sessions.takeNotices(id),
    banners: parts.banners ?? (() => []),
  });
  const cookies = new SiteCookies(config.http.publicUrl?.startsWith('https:') ?? false);
  const routes = allRoutes(parts, menu, cookies);
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.set('trust proxy', 'loopback');
  app.use(securityHeaders(cookies));
  app.get('/healthz', (_req, res) => {
    res.set('Cache-Control', 'no-store').json({ status: 'up' });
  });
  app.use('/assets', assets.handler);
  app.use(packAnswers());
  app.use(limitRequests(parts.requestsPerMinute ?? REQUESTS_PER_MINUTE));
  if (parts.apiKeys !== undefined) {
    const api = Router();
    mountApi(
      api,
      parts.features.flatMap((feature) => feature.api ?? []),
      {
        ...{ keys: parts.apiKeys, logger },
        t: (key, params) => messages.translate('en', key, params),
      },
    );
    app.use(api);
  }
  app.use(sessionMiddleware({ signIn: parts.users.signIn, cookies, secretKey: config.secretKey }));
  const router = Router();
  const { publicUrl } = config.http;
  mountRoutes(router, routes, { renderer, sessions: parts.users.sessions, publicUrl });
  app.use(router);
  app.use(notFound);
  app.use(errorPages(renderer, logger));
  return {
    express: app,
    renderer,
    cookies,
    routes,
    attachLive: (server) => attachLive(server, parts, messages, cookies),
  };
}

/** Nobody's numbers are masked where nothing says so. */
const masksNumbers =
  ({ masksNumbers: asked }: WebParts) =>
  (actor: Actor): boolean =>
    asked?.(actor) ?? false;

function attachLive(
  server: Server,
  parts: WebParts,
  messages: Messages,
  cookies: SiteCookies,
): LiveSocket {
  const { config, logger, users } = parts;
  const topics = parts.features.flatMap((feature) => feature.liveTopics ?? []);
  const families = parts.features.flatMap((feature) => feature.liveFamilies ?? []);
  const onError = (error: unknown, topic: string): void => {
    logger.error({ err: error, topic }, 'Live values could not be computed');
  };
  const hub = new LiveHub(parts.live, topics, onError, families);
  return attachLiveSocket(server, {
    hub,
    ...guestsOf(parts.features),
    signIn: users.signIn,
    sessions: users.sessions,
    cookies,
    messages,
    zone: config.timezone,
    country: config.country,
    masksNumbers: masksNumbers(parts),
    publicUrl: config.http.publicUrl,
    logger,
    ...(parts.sessionCheckMs === undefined ? {} : { sessionCheckMs: parts.sessionCheckMs }),
  });
}

/** A link counts where any feature knows it. */
function guestsOf(features: readonly FeatureModule[]): { readonly guests: LiveGuests } {
  const all = features.flatMap(({ liveGuests }) => liveGuests ?? []);
  return {
    guests: {
      admit: async (token) => {
        for (const one of all) {
          const guest = await one.admit(token);
          if (guest !== undefined) return guest;
        }
        return undefined;
      },
    },
  };
}

const homeEntry: MenuEntry = {
  group: 'home',
  label: 'nav.home',
  icon: 'home',
  href: '/',
  access: 'signed-in',
  order: 0,
};

function allRoutes(
  parts: WebParts,
  menu: readonly MenuEntry[],
  cookies: SiteCookies,
): readonly PageRoute[] {
  const own = new PageRoutes();
  own.get('/', 'signed-in', (page) => page.redirect(landingPath(menu, page.actor)));
  own.get('/setup', 'signed-in', async (page) => {
    const first = menu.find(
      (entry) => entry.href.startsWith('/setup/') && typeof entry.access === 'string',
    );
    if (!first) throw new AppError('not-found', 'there is no set-up page');
    await page.redirect(first.href);
  });
  const me = mePages(
    parts.users.service,
    (page) => readCookies(page.req)[cookies.sessionName] ?? '',
  );
  const signIn = signInPages({ signIn: parts.users.signIn, cookies, version: parts.version });
  const features = parts.features.map((feature) => feature.pages);
  return [own, me, signIn, ...features].flatMap((pages) => pages.routes);
}

/** No inline script or style, nothing from other hosts, no framing. */
function securityHeaders(cookies: SiteCookies) {
  const isSecure = cookies.sessionName.startsWith('__Host-');
  return helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        scriptSrc: ["'self'"],
        styleSrc: ["'self'"],
        imgSrc: ["'self'", 'data:'],
        fontSrc: ["'self'"],
        mediaSrc: ["'self'", 'blob:'],
        connectSrc: ["'self'"],
        formAction: ["'self'"],
        frameAncestors: ["'none'"],
        baseUri: ["'none'"],
      },
    },
    frameguard: { action: 'deny' },
    strictTransportSecurity: isSecure,
    crossOriginEmbedderPolicy: false,
    referrerPolicy: { policy: 'same-origin' },
  });
}

const limitRequests = (limit: number) =>
  rateLimit({
    windowMs: 60_000,
    limit,
    standardHeaders: 'draft-8',
    legacyHeaders: false,
    keyGenerator: (req) => ipKeyGenerator(addressOf(req)),
    handler: () => {
      throw new AppError('too-many-tries', 'too many requests from one address');
    },
  });
