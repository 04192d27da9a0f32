import { expect } from 'chai';
import { Redis } from 'ioredis';
import { mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { openCallMemory } from '../../../src/adapters/redis/call-memory.js';
import type { QueueId } from '../../../src/kernel/ids.js';
import { PrivateRedis } from '../../support/private-redis.js';

const DEAD_OWNER = '99999999-1';
const log = pino({ level: 'silent' });
const pointer = (agent: number) => ({ queue: 7 as QueueId, agent }) as never;

describe('what living calls leave when Redis and the program go', function () {
  this.timeout(60_000);
  let redis: PrivateRedis;
  let client: Redis;
  let varDir: string;
  before(async () => {
    redis = await PrivateRedis.start();
  });
  after(() => redis.remove());
  beforeEach(async () => {
    client = new Redis(redis.url, { maxRetriesPerRequest: 0, commandTimeout: 500 });
    client.on('error', () => undefined);
    await client.flushall();
    varDir = await mkdtemp(join(tmpdir(), 'cordboard-memory-'));
  });
  afterEach(async () => {
    client.disconnect();
    await rm(varDir, { recursive: true, force: true });
  });

  /** As if the processes that have files there had been killed. */
  const killAll = async (): Promise<void> => {
    const folder = join(varDir, 'call-memory');
    // Who was killed tries no more.
    client.disconnect();
    for (const name of await readdir(folder))
      await rename(join(folder, name), join(folder, `${name.slice(0, 26)}.${DEAD_OWNER}.unsent`));
  };

  it('is brought to Redis by the next process', async () => {
    const former = await openCallMemory(client, varDir, log);
    await redis.process.stop('SIGKILL');
    former.agents.writePointer(pointer(1));
    former.agents.writePointer(pointer(2));
    await killAll();
    await redis.process.start();
    const other = new Redis(redis.url);
    const next = await openCallMemory(other, varDir, log);
    expect(await next.agents.readPointers()).to.deep.equal([pointer(2)]);
    await next.close();
    other.disconnect();
  });

  it('is of no use after another process has worked with Redis', async () => {
    const former = await openCallMemory(client, varDir, log);
    await redis.process.stop('SIGKILL');
    former.agents.writePointer(pointer(1));
    await killAll();
    await redis.process.start();
    const other = new Redis(redis.url);
    const elsewhere = await mkdtemp(join(tmpdir(), 'cordboard-memory-'));
    const second = await openCallMemory(other, elsewhere, log);
    second.agents.writePointer(pointer(3));
    await second.close();
    const third = await openCallMemory(other, varDir, log);
    expect(await third.agents.readPointers()).to.deep.equal([pointer(3)]);
    await third.close();
    other.disconnect();
    await rm(elsewhere, { recursive: true, force: true });
  });
});
