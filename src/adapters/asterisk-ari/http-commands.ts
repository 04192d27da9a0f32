import { Agent as HttpAgent, request as httpRequest, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { AriError, type AriFailure } from '../../telephony/ari/port.js';
import type { AriCounters } from './counters.js';

/** Where a node's ARI is and how to log in. */
export interface AriAddress {
  /** `http://127.0.0.1:8088`, without a path. */
  readonly url: string;
  readonly user: string;
  readonly password: string;
}

export interface CommandRequest {
  /** The name for errors and logs; never contains values. */
  readonly command: string;
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Below `/ari/`, or from the root where it begins with `/`. Variable parts are encoded already (see `path`). */
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  /**
   * True for commands that Asterisk answers only when the channel's running playback has ended. They have connections
   * of their own, so that many of them cannot keep the others waiting.
   */
  readonly waits?: boolean;
  readonly timeoutMs?: number;
}

/** Commands in flight at once: those that answer at once, and those that may wait for a playback. */
const QUICK_CONNECTIONS = 64;
const WAITING_CONNECTIONS = 512;
/** Asterisk closes a connection that rests for 60 s (http.conf); ours go first, so none is used while it closes. */
const IDLE_CONNECTION_MS = 20_000;
export const DEFAULT_COMMAND_TIMEOUT_MS = 8000;

/** A path below `/ari/` with its variable parts encoded: ``path`channels/${id}/answer` ``. */
export const path = (fixed: TemplateStringsArray, ...values: readonly string[]): string =>
  fixed.reduce((built, next, i) => built + encodeURIComponent(values[i - 1] ?? '') + next);

/**
 * Commands over keep-alive HTTP, each on a connection of its own while it runs: Asterisk serves the event socket
 * strictly in order, so a command that waits there holds up all others (docs/decisions/0002-ari-transport.md).
 * Every request settles: with the answer, or with an {@link AriError} when it fails, times out, or `close` is called.
 */
export class HttpCommands {
  readonly #base: URL;
  readonly #authorization: string;
  readonly #quick: HttpAgent;
  readonly #waiting: HttpAgent;
  readonly #request: typeof httpRequest;

  constructor(
    address: AriAddress,
    private readonly counters: AriCounters,
    private readonly defaultTimeoutMs: number = DEFAULT_COMMAND_TIMEOUT_MS,
  ) {
    this.#base = new URL(address.url);
    this.#authorization = basic(address);
    const secure = this.#base.protocol === 'https:';
    const agent = (maxSockets: number): HttpAgent => {
      const options = {
        keepAlive: true,
        maxSockets,
        scheduling: 'lifo',
        timeout: IDLE_CONNECTION_MS,
      } as const;
      return secure ? new HttpsAgent(options) : new HttpAgent(options);
    };
    this.#quick = agent(QUICK_CONNECTIONS);
    this.#waiting = agent(WAITING_CONNECTIONS);
    this.#request = secure ? httpsRequest : httpRequest;
  }

  /** The answer's body; rejects with {@link AriError} for every status but 2xx. */
  async run(command: CommandRequest): Promise<Buffer> {
    this.counters.commands++;
    try {
      const { status, body } = await this.#exchange(command);
      this.counters.bytes.answers += body.length;
      if (status >= 200 && status < 300) return body;
      throw failure(command.command, status, body);
    } catch (error) {
      if (error instanceof AriError) this.counters.failedCommands[error.failure]++;
      throw error;
    }
  }

  /** The answer's JSON, unchecked. */
  async json(command: CommandRequest): Promise<unknown> {
    const body = await this.run(command);
    try {
      return JSON.parse(body.toString('utf8'));
    } catch (error) {
      throw new AriError('unavailable', command.command, 0, 'answer is not JSON', { cause: error });
    }
  }

  /** Ends all connections; commands that run reject. */
  close(): void {
    this.#quick.destroy();
    this.#waiting.destroy();
  }

  #exchange(command: CommandRequest): Promise<{ status: number; body: Buffer }> {
    const content = command.body === undefined ? undefined : JSON.stringify(command.body);
    const query = command.query ? `?${new URLSearchParams(command.query).toString()}` : '';
    const timeoutMs = command.timeoutMs ?? this.defaultTimeoutMs;
    this.counters.bytes.commands +=
      command.path.length + query.length + (content === undefined ? 0 : content.length);
    return new Promise((resolve, reject) => {
      const request = this.#request(
        {
          protocol: this.#base.protocol,
          hostname: this.#base.hostname,
          port: this.#base.port,
          path: (command.path.startsWith('/') ? '' : '/ari/') + command.path + query,
          method: command.method,
          agent: command.waits === true ? this.#waiting : this.#quick,
          headers: {
            authorization: this.#authorization,
            ...(content === undefined
              ? {}
              : {
                  'content-type': 'application/json',
                  'content-length': Buffer.byteLength(content),
                }),
          },
        },
        (response) => {
          collect(response).then((body) => {
            clearTimeout(timer);
            resolve({ status: response.statusCode ?? 0, body });
          }, fail);
        },
      );
      const fail = (error: Error): void => {
        clearTimeout(timer);
        reject(
          error instanceof AriError
            ? error
            : new AriError('unavailable', command.command, 0, error.message, { cause: error }),
        );
      };
      const timer = setTimeout(() => {
        request.destroy(
          new AriError('timeout', command.command, 0, `no answer in ${String(timeoutMs)} ms`),
        );
      }, timeoutMs);
      request.on('error', fail);
      request.end(content);
    });
  }
}

/** The value of an Authorization header. */
export const basic = ({ user, password }: AriAddress): string =>
  `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;

function collect(response: IncomingMessage): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const parts: Buffer[] = [];
    response.on('data', (part: Buffer) => parts.push(part));
    response.on('end', () => {
      resolve(Buffer.concat(parts));
    });
    response.on('error', reject);
    response.on('close', () => {
      if (!response.complete) reject(new Error('connection lost within the answer'));
    });
  });
}

/**
 * What an HTTP status of ARI means to a call flow. 404 is what is no more; 500 is how Asterisk says that it could not
 * make a channel ("Allocation failed": unknown endpoint, unregistered phone) or could not stop a playback.
 */
export function failure(command: string, status: number, body: Buffer | string): AriError {
  return new AriError(failureOf(status), command, status, messageOf(body));
}

function failureOf(status: number): AriFailure {
  if (status === 404) return 'gone';
  if (status === 401 || status === 403 || status === 503) return 'unavailable';
  return 'refused';
}

/** `{"message":"..."}` or `{"error":"..."}`; '' where there is neither. */
function messageOf(body: Buffer | string): string {
  const written = body.toString();
  try {
    const parsed: unknown = JSON.parse(written);
    if (typeof parsed === 'object' && parsed !== null) {
      if ('message' in parsed && typeof parsed.message === 'string') return parsed.message;
      if ('error' in parsed && typeof parsed.error === 'string') return parsed.error;
    }
    return '';
  } catch {
    return written.slice(0, 80);
  }
}
