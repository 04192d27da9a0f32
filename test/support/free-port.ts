import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer } from 'node:net';

/** Above the numbers that Linux gives to connections by itself (32768-60999) and above those of the platform's servers. */
const FIRST = 61_000;
const LAST = 65_500;

const given = new Set<number>();

/**
 * A port of 127.0.0.1, free for TCP and UDP, that this process has given to nobody yet. One that the system chooses would be
 * among those of connections: another program's may take it before the one that it is for has started.
 */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = FIRST + Math.floor(Math.random() * (LAST - FIRST));
    if (given.has(port) || !(await isFree(port))) continue;
    given.add(port);
    return port;
  }
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  const socket = createSocket('udp4');
  try {
    await Promise.all([
      once(server.listen(port, '127.0.0.1'), 'listening'),
      once(socket.bind(port, '127.0.0.1'), 'listening'),
    ]);
    return true;
  } catch {
    return false;
  } finally {
    await new Promise((closed) => server.close(closed));
    await new Promise<void>((closed) => {
      socket.once('close', closed);
      socket.close();
    });
  }
}
