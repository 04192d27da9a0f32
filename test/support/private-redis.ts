import { Redis } from 'ioredis';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from './free-port.js';
import { PrivateProcess } from './private-process.js';

/** A Redis of a test's own, set up like the product's: every change is written to its folder. */
export class PrivateRedis {
  private constructor(
    readonly url: string,
    readonly process: PrivateProcess,
    private readonly directory: string,
  ) {}

  static async start(): Promise<PrivateRedis> {
    const directory = await mkdtemp(join(tmpdir(), 'cordboard-redis-'));
    const port = await freePort();
    const url = `redis://127.0.0.1:${String(port)}`;
    const settings = `--port ${String(port)} --bind 127.0.0.1 --dir ${directory} --appendonly yes --save`;
    const server = new PrivateProcess('Redis', 'redis-server', [...settings.split(' '), ''], () =>
      answers(url),
    );
    await server.start();
    return new PrivateRedis(url, server, directory);
  }

  async remove(): Promise<void> {
    await this.process.stop();
    await rm(this.directory, { recursive: true, force: true });
  }
}

async function answers(url: string): Promise<boolean> {
  const client = new Redis(url, {
    lazyConnect: true,
    maxRetriesPerRequest: 0,
    retryStrategy: () => null,
  });
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.ping();
    return true;
  } catch {
    return false;
  } finally {
    client.disconnect();
  }
}
