import { WebSocket, type RawData } from 'ws';
import type { AriCounters } from './counters.js';
import { parseMessage, type ParsedMessage } from './event-parser.js';
import { basic, type AriAddress } from './http-commands.js';

const FIRST_RETRY_MS = 500;
const LAST_RETRY_MS = 5000;
const HANDSHAKE_MS = 5000;
/** A ping every so often; two without a pong, and the connection counts as dead. */
const PING_EVERY_MS = 2500;
const MISSED_PONGS = 2;

export interface EventSocketOptions {
  readonly address: AriAddress;
  /** Stasis application; Asterisk has it as long as the socket is open. */
  readonly app: string;
  readonly counters: AriCounters;
  /** Runs on each new connection before anything is told; events that come meanwhile wait. Failing reconnects. */
  readonly prepare: () => Promise<void>;
  readonly onUp: () => void;
  readonly onDown: (reason: string) => void;
  readonly onReplaced: () => void;
  readonly onMessage: (message: ParsedMessage) => void;
}

/**
 * One event socket, connected again without end: after 0.5 s, then up to 5 s, each with jitter. It carries events only;
 * commands go over HTTP. When another process takes the application, it stops for good.
 */
export class EventSocket {
  #socket: WebSocket | undefined;
  #retryTimer: NodeJS.Timeout | undefined;
  #failures = 0;
  #connections = 0;
  #up = false;
  #stopped = false;

  constructor(private readonly options: EventSocketOptions) {}

  get isUp(): boolean {
    return this.#up;
  }

  start(): void {
    if (!this.#stopped && this.#socket === undefined) this.#connect();
  }

  /** Resolves when the socket is closed; `onDown` is not called for it. */
  async close(): Promise<void> {
    this.#stopped = true;
    this.#up = false;
    clearTimeout(this.#retryTimer);
    const socket = this.#socket;
    if (socket === undefined) return;
    await new Promise<void>((resolve) => {
      const kill = setTimeout(() => {
        socket.terminate();
      }, 1000);
      socket.once('close', () => {
        clearTimeout(kill);
        resolve();
      });
      socket.close();
    });
  }

  #connect(): void {
    const { address, app } = this.options;
    const url = `${address.url.replace(/^http/, 'ws').replace(/\/$/, '')}/ari/events?app=${encodeURIComponent(app)}`;
    const socket = new WebSocket(url, {
      headers: { authorization: basic(address) },
      handshakeTimeout: HANDSHAKE_MS,
      perMessageDeflate: false,
    });
    this.#socket = socket;
    const connection = new Connection(socket, this.options);
    socket.on('open', () => {
      connection.watch();
      this.#prepare(connection);
    });
    socket.on('message', (data) => {
      if (connection.take(data) === 'replaced') this.#replaced(socket);
    });
    socket.on('close', (code) => {
      connection.stop();
      this.#socket = undefined;
      this.#closed(connection.reason ?? `closed (${String(code)})`);
    });
  }

  #prepare(connection: Connection): void {
    this.options.prepare().then(
      () => {
        if (this.#stopped || !connection.isOpen) return;
        this.#failures = 0;
        if (this.#connections++ > 0) this.options.counters.reconnects++;
        this.#up = true;
        this.options.onUp();
        connection.release();
      },
      (error: unknown) => {
        connection.end(`set-up failed: ${error instanceof Error ? error.message : String(error)}`);
      },
    );
  }

  #replaced(socket: WebSocket): void {
    this.#stopped = true;
    this.#up = false;
    this.options.onReplaced();
    socket.close();
  }

  #closed(reason: string): void {
    const wasUp = this.#up;
    this.#up = false;
    if (this.#stopped) return;
    const longest = Math.min(LAST_RETRY_MS, FIRST_RETRY_MS * 2 ** this.#failures++);
    this.#retryTimer = setTimeout(
      () => {
        this.#connect();
      },
      FIRST_RETRY_MS + Math.random() * (longest - FIRST_RETRY_MS),
    );
    if (wasUp) this.options.onDown(reason);
  }
}

/** One connection of the socket: its watchdog, and the events that wait until it is prepared. */
class Connection {
  /** Why it ended, where something else than the far side's word says so. */
  reason: string | undefined;
  #held: ParsedMessage[] | undefined = [];
  #watchdog: NodeJS.Timeout | undefined;
  #missedPongs = 0;

  constructor(
    private readonly socket: WebSocket,
    private readonly options: EventSocketOptions,
  ) {
    socket.on('error', (error) => {
      this.reason ??= error.message;
    });
    socket.on('pong', () => {
      this.#missedPongs = 0;
    });
  }

  get isOpen(): boolean {
    return this.socket.readyState === WebSocket.OPEN;
  }

  /** Counted in pings rather than read from a clock, so that a pause of our own process is not taken for theirs. */
  watch(): void {
    this.#watchdog = setInterval(() => {
      if (this.#missedPongs >= MISSED_PONGS) this.end('no answer to pings');
      else {
        this.#missedPongs++;
        this.socket.ping();
      }
    }, PING_EVERY_MS);
  }

  take(data: RawData): 'replaced' | undefined {
    const text = textOf(data);
    this.options.counters.bytes.events += text.length;
    const message = parseMessage(text);
    if (message.kind === 'replaced') return 'replaced';
    if (this.#held) this.#held.push(message);
    else this.options.onMessage(message);
    return undefined;
  }

  release(): void {
    const held = this.#held ?? [];
    this.#held = undefined;
    for (const message of held) this.options.onMessage(message);
  }

  end(reason: string): void {
    this.reason ??= reason;
    this.socket.terminate();
  }

  stop(): void {
    clearInterval(this.#watchdog);
  }
}

function textOf(data: RawData): string {
  if (Buffer.isBuffer(data)) return data.toString('utf8');
  if (data instanceof ArrayBuffer) return Buffer.from(data).toString('utf8');
  return Buffer.concat(data).toString('utf8');
}
