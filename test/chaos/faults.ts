import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { keptPid } from '../support/platform.js';
import { until } from '../support/until.js';
import type { ChaosSite } from './site.js';

/** What a fault does to those who talk, and what the round may expect. */
export interface Fault {
  /**
   * Does it, and undoes it; calls `back` at the moment from which service must come again, and before that, where calls end,
   * `gone` when they do.
   */
  readonly strike: (site: ChaosSite, back: () => void, gone: () => void) => Promise<void>;
  /** The calls of the pbx end. */
  readonly endsCalls?: true;
  /** The program cannot see calls end meanwhile: how long they were is not known to the moment. */
  readonly blinds?: true;
  /** The node does nothing for at most so long: nobody is heard, and nothing can be recorded. */
  readonly deafMs?: number;
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
const SERVER_LIMIT_MS = 60_000;
const LONGEST_OUTAGE_MS = 9_000;

const killKept = (site: ChaosSite, service: string): number => {
  const pid = keptPid(site.platform, service);
  process.kill(pid, 'SIGKILL');
  return pid;
};

/** Its keeper has started it again, as another process. */
const isKeptAgain = (site: ChaosSite, service: string, former: number): Promise<unknown> =>
  until(`${service} to be started again`, SERVER_LIMIT_MS, () => {
    const pid = keptPid(site.platform, service);
    return pid !== former && pid > 0;
  });

const awayMs = ({ chance }: ChaosSite): number => chance.between(300, 3_000);
const outageMs = ({ chance }: ChaosSite): number => chance.between(2_000, LONGEST_OUTAGE_MS);

async function restart(site: ChaosSite, end: () => Promise<void>, back: () => void): Promise<void> {
  await end();
  await pause(awayMs(site));
  back();
  await site.product.process.start();
}

async function killServer(
  site: ChaosSite,
  service: 'redis' | 'mariadb',
  back: () => void,
): Promise<void> {
  const pid = killKept(site, service);
  back();
  await isKeptAgain(site, service, pid);
  if (service === 'redis') await until('Redis', SERVER_LIMIT_MS, isRedisThere(site));
  else await until('MariaDB', SERVER_LIMIT_MS, isDatabaseThere(site));
}

const isRedisThere = (site: ChaosSite) => async () => {
  await site.product.redis.ping();
  return true;
};
const isDatabaseThere = (site: ChaosSite) => async () => {
  await site.product.database.raw('SELECT 1');
  return true;
};

type Server = keyof ChaosSite['before'];

async function freeze(site: ChaosSite, what: Server, back: () => void): Promise<void> {
  site.before[what].freeze();
  try {
    await pause(outageMs(site));
  } finally {
    site.before[what].thaw();
  }
  back();
}

async function slow(site: ChaosSite, what: Server, back: () => void): Promise<void> {
  site.before[what].slow(site.chance.between(100, 600));
  back();
  try {
    await pause(outageMs(site));
  } finally {
    site.before[what].slow(0);
  }
}

/** Connections break again and again. */
async function flap(site: ChaosSite, what: Server, back: () => void): Promise<void> {
  back();
  const times = site.chance.between(3, 8);
  for (let time = 0; time < times; time++) {
    site.before[what].cut();
    await pause(site.chance.between(50, 1_500));
  }
}

async function stopAsterisk(site: ChaosSite, back: () => void): Promise<void> {
  const pid = keptPid(site.platform, 'asterisk-pbx');
  process.kill(pid, 'SIGSTOP');
  try {
    await pause(outageMs(site));
  } finally {
    process.kill(pid, 'SIGCONT');
  }
  back();
}

async function killAsterisk(site: ChaosSite, back: () => void, gone: () => void): Promise<void> {
  const pid = killKept(site, 'asterisk-pbx');
  gone();
  await isKeptAgain(site, 'asterisk-pbx', pid);
  await until('Asterisk', SERVER_LIMIT_MS, async () => {
    await site.product.pbx('/channels');
    return true;
  });
  back();
}

/** The folder of the recordings cannot be written: a file is in its place. What cannot be stored stays on the node. */
async function failDisk(site: ChaosSite, back: () => void): Promise<void> {
  const folder = join(site.product.config.varDir, 'recordings');
  mkdirSync(folder, { recursive: true });
  renameSync(folder, `${folder}.away`);
  writeFileSync(folder, '');
  back();
  try {
    await pause(outageMs(site));
  } finally {
    rmSync(folder);
    renameSync(`${folder}.away`, folder);
  }
}

/** Forward or backward at once, and back again after a while. */
async function jumpClock(site: ChaosSite, back: () => void): Promise<void> {
  const jump = (ms: number): void => {
    writeFileSync(site.clockFile, String(ms));
    process.kill(site.product.process.pid, 'SIGUSR2');
  };
  const ms = site.chance.between(20_000, 3_600_000) * (site.chance.is(0.5) ? 1 : -1);
  jump(ms);
  back();
  try {
    await pause(outageMs(site));
  } finally {
    jump(0);
  }
}

export const FAULTS = {
  'program-kill': {
    strike: (site, back) => restart(site, () => site.product.process.kill(), back),
    blinds: true,
  },
  'redis-kill': { strike: (site, back) => killServer(site, 'redis', back) },
  'program-restart': {
    strike: (site, back) => restart(site, () => site.product.process.stop(), back),
    blinds: true,
  },
  'mariadb-kill': { strike: (site, back) => killServer(site, 'mariadb', back) },
  'asterisk-kill': { strike: killAsterisk, endsCalls: true, blinds: true },
  'events-cut': { strike: (site, back) => flap(site, 'asterisk', back), blinds: true },
  'events-hung': { strike: (site, back) => freeze(site, 'asterisk', back), blinds: true },
  'asterisk-stopped': { strike: stopAsterisk, blinds: true, deafMs: LONGEST_OUTAGE_MS },
  'redis-hung': { strike: (site, back) => freeze(site, 'redis', back) },
  'redis-slow': { strike: (site, back) => slow(site, 'redis', back) },
  'redis-cut': { strike: (site, back) => flap(site, 'redis', back) },
  'mariadb-hung': { strike: (site, back) => freeze(site, 'database', back) },
  'mariadb-slow': { strike: (site, back) => slow(site, 'database', back) },
  'mariadb-cut': { strike: (site, back) => flap(site, 'database', back) },
  'disk-failing': { strike: failDisk },
  'clock-jump': { strike: jumpClock, blinds: true },
} as const satisfies Record<string, Fault>;

export type FaultKind = keyof typeof FAULTS;
export const FAULT_KINDS = Object.keys(FAULTS) as FaultKind[];
