import { createServer, connect, type Server, type Socket } from 'node:net';

/**
 * A TCP proxy that a test can cut, freeze, slow down and close: what a network, or a server that hangs, does to its clients.
 * It stands between the program and one server, so that nobody else's server is disturbed.
 */
export class TcpProxy {
  readonly #pairs = new Set<readonly [Socket, Socket]>();
  #frozen = false;
  #delayMs = 0;

  private constructor(
    private readonly server: Server,
    readonly port: number,
  ) {}

  static open(target: { readonly host: string; readonly port: number }): Promise<TcpProxy> {
    return new Promise((resolve, reject) => {
      const server = createServer({ allowHalfOpen: false });
      server.once('error', reject);
      server.listen(0, '127.0.0.1', () => {
        const address = server.address();
        if (address === null || typeof address === 'string') {
          reject(new Error('no port'));
          return;
        }
        const proxy = new TcpProxy(server, address.port);
        server.on('connection', (client) => {
          proxy.#join(client, connect(target));
        });
        resolve(proxy);
      });
    });
  }

  /** Ends all connections at once, without a word. New ones are taken. */
  cut(): void {
    for (const pair of this.#pairs) for (const socket of pair) socket.resetAndDestroy();
  }

  /** From now on nothing passes in either direction, on old and new connections. */
  freeze(): void {
    this.#frozen = true;
    for (const pair of this.#pairs) for (const socket of pair) socket.pause();
  }

  thaw(): void {
    this.#frozen = false;
    for (const pair of this.#pairs) for (const socket of pair) socket.resume();
  }

  /** From now on each piece of data arrives so much later, in either direction; 0: at once again. Order is kept. */
  slow(delayMs: number): void {
    this.#delayMs = delayMs;
  }

  close(): Promise<void> {
    this.cut();
    return new Promise((resolve) => {
      this.server.close(() => {
        resolve();
      });
    });
  }

  #join(client: Socket, upstream: Socket): void {
    const pair = [client, upstream] as const;
    this.#pairs.add(pair);
    for (const [from, to] of [pair, [upstream, client] as const]) {
      from.setNoDelay(true);
      let dueAt = 0;
      from.on('data', (data) => {
        dueAt = Math.max(dueAt, performance.now() + this.#delayMs);
        const waitMs = dueAt - performance.now();
        if (waitMs <= 0) to.write(data);
        else
          setTimeout(() => {
            if (to.writable) to.write(data);
          }, waitMs);
      });
      from.on('close', () => {
        this.#pairs.delete(pair);
        to.destroy();
      });
      // A cut connection is what the test wanted; its close is handled above.
      from.on('error', () => undefined);
      if (this.#frozen) from.pause();
    }
  }
}
