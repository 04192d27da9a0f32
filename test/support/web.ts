import { masksNumbersIn } from '../../src/features/number-privacy/index.js';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { argonHasher } from '../../src/adapters/crypto/password.js';
import { systemClock } from '../../src/adapters/clock/system-clock.js';
import { makeLogger } from '../../src/adapters/log/logger.js';
import { makeSealer } from '../../src/adapters/crypto/seal.js';
import { makeAnnouncer } from '../../src/adapters/redis/announcer.js';
import { openRedis } from '../../src/adapters/redis/connection.js';
import { loadConfig } from '../../src/config.js';
import { makeApiKeysFeature } from '../../src/features/api-keys/index.js';
import { openDirectory } from '../../src/features/directory/index.js';
import { makeUsersFeature, type UsersFeature } from '../../src/features/users/index.js';
import type { RoleName } from '../../src/kernel/actor.js';
import type { UserId } from '../../src/kernel/ids.js';
import type { LiveSnapshot, LiveView } from '../../src/telephony/live.js';
import { createWebApp, type WebApp } from '../../src/web/app.js';
import type { LiveSocket } from '../../src/web/live/live-socket.js';
import type { FeatureModule } from '../../src/web/kit/index.js';
import type { Foundation } from '../../src/wiring/foundation.js';
import { PrivateMariadb } from './private-mariadb.js';
import { PrivateRedis } from './private-redis.js';

export const TEST_PASSWORD = 'four plain words here';

/** What a suite's features are made of. */
export interface SiteParts extends Foundation {
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

interface RunningSite {
  readonly url: string;
  readonly app: WebApp;
  readonly users: UsersFeature;
  readonly parts: SiteParts;
  readonly servers: { readonly mariadb: PrivateMariadb; readonly redis: PrivateRedis };
  readonly logs: readonly string[];
  readonly server: Server;
  readonly live: LiveSocket;
}

async function layTestFoundation(
  mariadb: PrivateMariadb,
  redisServer: PrivateRedis,
  logs: string[],
): Promise<SiteParts> {
  const config = loadConfig({
    CB_VAR: await mkdtemp(join(tmpdir(), 'cordboard-site-')),
    CB_HTTP_PORT: '1',
    CB_DB_PORT: String(mariadb.config.port),
    CB_DB_PASSWORD: mariadb.config.password,
    CB_REDIS_URL: redisServer.url,
    CB_ARI_URL: 'http://127.0.0.1:1',
    CB_ARI_PASSWORD: 'unused',
    CB_MEDIA_URL: 'http://127.0.0.1:1/media',
    CB_PBX_SIP_PORT: '1',
    CB_SECRET_KEY: Buffer.alloc(32, 7).toString('base64'),
    CB_TIMEZONE: 'Europe/London',
  });
  const log = makeLogger('warn', {
    write: (line) => {
      logs.push(line);
      if (process.env['CB_LOG_LEVEL'] !== undefined) process.stdout.write(line);
    },
  });
  const database = mariadb.open();
  const redis = openRedis(redisServer.url, log);
  const sealer = makeSealer(config.secretKey);
  return {
    config,
    log,
    clock: systemClock,
    database,
    redis,
    sealer,
    announcer: makeAnnouncer(redis, log),
    directory: await openDirectory(database, sealer, log),
    live: new TestLiveView(),
    close: () => database.destroy(),
  };
}

/**
 * The real web app on a MariaDB and a Redis of the suite's own, listening on a free port, with a user for each role
 * (`admin`, `supervisor`, `agent`, all with {@link TEST_PASSWORD}). Stop it in `after`.
 */
export class TestSite {
  readonly url: string;
  readonly app: WebApp;
  readonly users: UsersFeature;
  readonly parts: SiteParts;
  readonly mariadb: PrivateMariadb;
  readonly redisServer: PrivateRedis;

  private constructor(private readonly running: RunningSite) {
    this.url = running.url;
    this.app = running.app;
    this.users = running.users;
    this.parts = running.parts;
    this.mariadb = running.servers.mariadb;
    this.redisServer = running.servers.redis;
  }

  /** Messages that the site logged as errors: pages that broke, texts that are missing, parts that are away. */
  get errors(): readonly string[] {
    return this.running.logs.filter((line) => /"level":(50|60)/.test(line));
  }

  /** Everything that the site logged, as written. */
  get logs(): readonly string[] {
    return this.running.logs;
  }

  static async start(
    makeFeatures: (parts: SiteParts, users: UsersFeature) => readonly FeatureModule[] = () => [],
  ): Promise<TestSite> {
    const [mariadb, redisServer] = await Promise.all([
      PrivateMariadb.start(),
      PrivateRedis.start(),
    ]);
    const logs: string[] = [];
    const parts = await layTestFoundation(mariadb, redisServer, logs);
    const users = makeUsersFeature(parts.database, parts.redis, parts.clock);
    const apiKeys = makeApiKeysFeature(parts);
    const app = createWebApp({
      config: parts.config,
      logger: parts.log,
      version: '0.0.0-test',
      users,
      features: [users, apiKeys, ...makeFeatures(parts, users)],
      apiKeys: apiKeys.keys,
      live: parts.live,
      masksNumbers: masksNumbersIn(parts.directory),
      sessionCheckMs: 200,
      requestsPerMinute: 100_000,
    });
    const server = createServer(app.express).listen(0, '127.0.0.1');
    const live = app.attachLive(server);
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const url = `http://127.0.0.1:${String(port)}`;
    const servers = { mariadb, redis: redisServer };
    const site = new TestSite({ url, app, users, parts, servers, logs, server, live });
    await site.addUser('admin', 'administrator');
    await site.addUser('supervisor', 'supervisor');
    await site.addUser('agent', 'agent');
    return site;
  }

  /** Cuts every live connection off, as a restart of the server does. */
  dropLiveConnections(): void {
    this.running.live.dropConnections();
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
    this.running.live.close();
    this.running.server.closeAllConnections();
    this.running.server.close();
    this.parts.directory.close();
    this.parts.redis.disconnect();
    await this.parts.database.destroy();
    await rm(this.parts.config.varDir, { recursive: true });
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
