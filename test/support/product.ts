import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { makeLogger } from '../../src/adapters/log/logger.js';
import { migrate, openDatabase, type Database } from '../../src/adapters/mysql/database.js';
import { openDesk } from '../../src/adapters/redis/desk.js';
import { readHealth } from '../../src/adapters/redis/health.js';
import { openLiveView } from '../../src/adapters/redis/live.js';
import { loadConfig, type Config } from '../../src/config.js';
import type { Desk, DeskCommand, LiveSnapshot, LiveView } from '../../src/telephony/live.js';
import { freePort } from './free-port.js';
import { REPOSITORY, setting, type Platform } from './platform.js';
import { ProductProcess } from './product-process.js';
import { until } from './until.js';

/** The tests' own Redis database, so that nothing else on that server is touched. */
const REDIS_DATABASE = 5;

/**
 * The real program against the real servers of a platform, on a database and a folder of its own that begin empty. Calls
 * come from outside; what became of them is read where users read it: ledger tables, live values, desk commands.
 */
export class Product {
  readonly #standbys: ProductProcess[] = [];

  private constructor(
    readonly platform: Platform,
    readonly config: Config,
    readonly url: string,
    readonly database: Database,
    readonly redis: Redis,
    readonly desk: Desk & { close(): void },
    readonly live: LiveView & { close(): void },
    readonly process: ProductProcess,
    private readonly settings: Readonly<Record<string, string>>,
  ) {}

  /**
   * Makes everything ready but does not start the program yet. `name` is part of the database's and the folder's name.
   * `changes`: settings that the program's process alone gets, such as the ports of proxies before its servers.
   */
  static async prepare(
    platform: Platform,
    name: string,
    changes: Readonly<Record<string, string>> = {},
  ): Promise<Product> {
    const settings = await makeSettings(platform, name);
    const config = loadConfig(settings);
    await freshDatabase(config);
    const log = makeLogger('silent');
    const redis = new Redis(config.redisUrl);
    await redis.flushdb();
    const live = await openLiveView(redis, log);
    const process = new ProductProcess(
      { ...settings, ...changes },
      join(platform.varDir, 'log', `${name}.log`),
      async (pid) => {
        const health = (await readHealth(redis, ['calls'])).get('calls');
        return health?.['pid'] === pid && live.current?.pbxOnline === true;
      },
    );
    return new Product(
      platform,
      config,
      `http://127.0.0.1:${String(config.http.port)}`,
      openDatabase(config.database, 4),
      redis,
      openDesk(redis, log),
      live,
      process,
      { ...settings, ...changes },
    );
  }

  /** Another copy of the program on the same servers, which has started when it stands by. */
  async standby(): Promise<ProductProcess> {
    const httpPort = String(await freePort());
    const log = join(this.platform.varDir, 'log', `standby-${httpPort}.log`);
    const copy = { CB_HTTP_PORT: httpPort, CB_MEDIA_URL: `http://127.0.0.1:${httpPort}/media` };
    const one = new ProductProcess(
      { ...this.settings, ...copy },
      log,
      async (pid) => (await readHealth(this.redis, ['standby'])).get('standby')?.['pid'] === pid,
    );
    this.#standbys.push(one);
    return one;
  }

  /** Ends copies that a failed test left, so that the program itself is in charge for the next one. */
  async withoutStandbys(): Promise<void> {
    for (const one of this.#standbys.splice(0)) await one.kill();
  }

  /** What happens now, as every page sees it. */
  get now(): LiveSnapshot {
    if (this.live.current === undefined) throw new Error('the program has published nothing yet');
    return this.live.current;
  }

  /** Waits for something of the live values; the failure shows them. */
  nowHas<T>(
    what: string,
    limitMs: number,
    look: (now: LiveSnapshot) => T | undefined | false,
  ): Promise<T> {
    return until(
      what,
      limitMs,
      () => look(this.now),
      () => this.live.current,
    );
  }

  /** Carries out what a page would ask; throws where it is refused. */
  async order(command: DeskCommand): Promise<void> {
    const answer = await this.desk.ask(command);
    if (!answer.ok) throw new Error(`${command.kind}: ${answer.code} ${answer.detail}`);
  }

  /** Waits until no call, channel inbox, channel or bridge is left: every test of calls ends with it. */
  async isIdle(limitMs = 8_000): Promise<void> {
    let last: unknown;
    await until(
      'the end of every call',
      limitMs,
      async () => {
        const health = (await readHealth(this.redis, ['calls'])).get('calls');
        const channels = await this.pbx('/channels');
        const bridges = await this.pbx('/bridges');
        last = { health, channels, bridges };
        return (
          health?.['calls'] === 0 &&
          health['inboxes'] === 0 &&
          channels.length === 0 &&
          bridges.length === 0
        );
      },
      () => last,
    );
  }

  /** Waits for something of a list of the pbx; the failure shows it. */
  async pbxHas(
    what: string,
    path: string,
    look: (all: readonly Readonly<Record<string, unknown>>[]) => boolean,
    limitMs = 5_000,
  ): Promise<void> {
    let last: readonly Readonly<Record<string, unknown>>[] = [];
    await until(
      what,
      limitMs,
      async () => {
        last = (await this.pbx(path)) as readonly Readonly<Record<string, unknown>>[];
        return look(last);
      },
      () => last,
    );
  }

  /** Closes what the test holds open and ends the program. */
  async close(): Promise<void> {
    await this.process.stop();
    this.live.close();
    this.desk.close();
    this.redis.disconnect();
    await this.database.destroy();
  }

  /** Sets fields of a SIP object of the pbx that the program leaves alone. */
  async setOnPbx(object: string, fields: Readonly<Record<string, string>>): Promise<void> {
    const { url, user, password } = this.config.ari;
    const list = Object.entries(fields).map(([attribute, value]) => ({ attribute, value }));
    const response = await fetch(`${url}/ari/asterisk/config/dynamic/res_pjsip/${object}`, {
      method: 'PUT',
      headers: {
        authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`,
        'content-type': 'application/json',
      },
      body: JSON.stringify({ fields: list }),
      signal: AbortSignal.timeout(3_000),
    });
    if (!response.ok) throw new Error(`PUT ${object}: ${String(response.status)}`);
  }

  /** A list of the pbx's own, read beside the program. */
  async pbx(path: string): Promise<readonly unknown[]> {
    const { url, user, password } = this.config.ari;
    const response = await fetch(`${url}/ari${path}`, {
      headers: { authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}` },
      signal: AbortSignal.timeout(3_000),
    });
    if (!response.ok) throw new Error(`GET ${path}: ${String(response.status)}`);
    return (await response.json()) as readonly unknown[];
  }
}

async function makeSettings(platform: Platform, name: string): Promise<Record<string, string>> {
  const httpPort = String(await freePort());
  const varDir = join(platform.varDir, name);
  rmSync(varDir, { recursive: true, force: true });
  mkdirSync(varDir, { recursive: true });
  mkdirSync(join(platform.varDir, 'log'), { recursive: true });
  return {
    ...platform.settings,
    CB_VAR: varDir,
    CB_ENV_FILE: join(platform.varDir, 'cordboard.env'),
    CB_HTTP_PORT: httpPort,
    CB_MEDIA_URL: `http://127.0.0.1:${httpPort}/media`,
    CB_DB_NAME: `${setting(platform, 'CB_DB_NAME')}_${name}`,
    CB_REDIS_URL: setting(platform, 'CB_REDIS_URL').replace(/\/\d*$/, `/${String(REDIS_DATABASE)}`),
    CB_COUNTRY: 'GB',
    CB_TIMEZONE: 'Europe/London',
    CB_LOG_LEVEL: 'debug',
    // What a test plays for flows to ask is on this machine.
    CB_FLOW_ADDRESSES: '127.0.0.1',
  };
}

async function freshDatabase(config: Config): Promise<void> {
  const { name } = config.database;
  const server = openDatabase({ ...config.database, name: '' }, 1);
  try {
    await server.raw('DROP DATABASE IF EXISTS ??', [name]);
    await server.raw('CREATE DATABASE ?? CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci', [name]);
  } finally {
    await server.destroy();
  }
  const database = openDatabase(config.database, 1);
  try {
    await migrate(database, join(REPOSITORY, 'migrations'));
  } finally {
    await database.destroy();
  }
}
