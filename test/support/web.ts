import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Redis } from 'ioredis';
import { argonHasher } from '../../src/adapters/crypto/password.js';
import { systemClock } from '../../src/adapters/clock/system-clock.js';
import { makeLogger } from '../../src/adapters/log/logger.js';
import type { Database } from '../../src/adapters/mysql/database.js';
import { makeUsersFeature, type UsersFeature } from '../../src/features/users/index.js';
import type { RoleName } from '../../src/kernel/actor.js';
import type { UserId } from '../../src/kernel/ids.js';
import type { LiveSnapshot, LiveView } from '../../src/telephony/live.js';
import { createWebApp, type WebApp } from '../../src/web/app.js';
import type { FeatureModule } from '../../src/web/kit/index.js';
import { PrivateMariadb } from './private-mariadb.js';
import { PrivateRedis } from './private-redis.js';

export const TEST_PASSWORD = 'four plain words here';

/** What a suite's features are made of. */
export interface SiteParts {
  readonly database: Database;
  readonly redis: Redis;
  readonly live: TestLiveView;
}

/** A live view that a test fills by hand. */
export class TestLiveView implements LiveView {
  current: LiveSnapshot | undefined;
  receivedAt = 0;
  readonly #listeners = new Set<(snapshot: LiveSnapshot) => void>();

  onChange(listener: (snapshot: LiveSnapshot) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  publish(snapshot: LiveSnapshot): void {
    this.current = snapshot;
    this.receivedAt = Date.now();
    for (const listener of this.#listeners) listener(snapshot);
  }
}

/**
 * The real web app on a MariaDB and a Redis of the suite's own, listening on a free port, with a user for each role
 * (`admin`, `supervisor`, `agent`, all with {@link TEST_PASSWORD}). Stop it in `after`.
 */
export class TestSite {
  private constructor(
    readonly url: string,
    readonly app: WebApp,
    readonly users: UsersFeature,
    readonly parts: SiteParts,
    readonly mariadb: PrivateMariadb,
    readonly redisServer: PrivateRedis,
    private readonly server: Server,
    private readonly liveSocket: { close(): void },
  ) {}

  static async start(
    makeFeatures: (parts: SiteParts) => readonly FeatureModule[] = () => [],
  ): Promise<TestSite> {
    const [mariadb, redisServer] = await Promise.all([
      PrivateMariadb.start(),
      PrivateRedis.start(),
    ]);
    const database = mariadb.open();
    const redis = new Redis(redisServer.url, { maxRetriesPerRequest: 1 });
    redis.on('error', () => undefined);
    const users = makeUsersFeature(database, redis, systemClock);
    const parts = { database, redis, live: new TestLiveView() };
    const app = createWebApp({
      config: {
        http: { host: '127.0.0.1', port: 0 },
        secretKey: Buffer.alloc(32, 7),
        timezone: 'Europe/London',
        country: 'GB',
      },
      logger: makeLogger(process.env['CB_LOG_LEVEL'] ?? 'silent'),
      version: '0.0.0-test',
      users,
      features: [users, ...makeFeatures(parts)],
      live: parts.live,
    });
    const server = createServer(app.express).listen(0, '127.0.0.1');
    const live = app.attachLive(server);
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const url = `http://127.0.0.1:${String(port)}`;
    const site = new TestSite(url, app, users, parts, mariadb, redisServer, server, live);
    await site.addUser('admin', 'administrator');
    await site.addUser('supervisor', 'supervisor');
    await site.addUser('agent', 'agent');
    return site;
  }

  /** A user with {@link TEST_PASSWORD}. */
  async addUser(login: string, role: RoleName, name = `Test ${login}`): Promise<UserId> {
    const [id] = (await this.parts.database('users').insert({
      login,
      name,
      role,
      password_hash: await argonHasher.hash(TEST_PASSWORD),
    })) as [UserId];
    return id;
  }

  /** A client that is signed in; without a name, one that is not. */
  async client(login?: string): Promise<TestClient> {
    const client = new TestClient(this.url);
    if (login !== undefined) await client.signIn(login);
    return client;
  }

  async stop(): Promise<void> {
    this.liveSocket.close();
    this.server.closeAllConnections();
    this.server.close();
    this.parts.redis.disconnect();
    await this.parts.database.destroy();
    await Promise.all([this.mariadb.remove(), this.redisServer.remove()]);
  }
}

export interface TestAnswer {
  readonly status: number;
  readonly location: string | undefined;
  readonly headers: Headers;
  readonly text: string;
}

/** A browser without scripts: keeps cookies, knows the CSRF token of the last page, follows no redirects. */
export class TestClient {
  readonly #cookies = new Map<string, string>();
  csrf = '';

  constructor(private readonly url: string) {}

  get cookieHeader(): string {
    return [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  }

  async signIn(login: string, password = TEST_PASSWORD): Promise<TestAnswer> {
    await this.get('/login');
    const answer = await this.post('/login', { login, password });
    if (answer.status === 303) await this.get('/me');
    return answer;
  }

  async get(path: string, headers: Readonly<Record<string, string>> = {}): Promise<TestAnswer> {
    return this.#send(path, { headers });
  }

  /** Posts a form with the CSRF token of the page that was read last. */
  async post(
    path: string,
    fields: Readonly<Record<string, string | readonly string[]>> = {},
    headers: Readonly<Record<string, string>> = {},
  ): Promise<TestAnswer> {
    const body = new URLSearchParams({ _csrf: this.csrf });
    for (const [name, value] of Object.entries(fields))
      for (const one of typeof value === 'string' ? [value] : value) body.append(name, one);
    if ('_csrf' in fields) body.delete('_csrf', this.csrf);
    return this.#send(path, { method: 'POST', body, headers });
  }

  /** Posts JSON or a form with files as it is. */
  async send(path: string, init: RequestInit): Promise<TestAnswer> {
    return this.#send(path, { method: 'POST', ...init });
  }

  async #send(path: string, init: RequestInit): Promise<TestAnswer> {
    const headers = new Headers({ accept: 'text/html' });
    new Headers(init.headers).forEach((value, name) => {
      headers.set(name, value);
    });
    headers.set('cookie', this.cookieHeader);
    const response = await fetch(this.url + path, { ...init, headers, redirect: 'manual' });
    for (const line of response.headers.getSetCookie()) this.#keep(line);
    const text = await response.text();
    const token = /name="_csrf" value="([^"]+)"/.exec(text)?.[1];
    if (token !== undefined) this.csrf = token;
    const location = response.headers.get('location') ?? undefined;
    return { status: response.status, location, headers: response.headers, text };
  }

  #keep(line: string): void {
    const [pair = ''] = line.split(';');
    const [name = '', value = ''] = pair.split('=');
    if (value === '') this.#cookies.delete(name);
    else this.#cookies.set(name, value);
  }
}

/** A picture in which nothing happens. */
export const emptySnapshot = (seq: number): LiveSnapshot => ({
  seq,
  at: Date.now(),
  pbxOnline: true,
  queues: [],
  agents: [],
  calls: [],
  trunks: [],
  extensions: [],
});
