import { connect, type Client, type SwaggerResponse } from 'ari-client';
import { AriError } from '../../telephony/ari/port.js';
import type { AriCounters } from './counters.js';
import { failure, type AriAddress } from './http-commands.js';

const TIMEOUT_MS = 8000;

// swagger-client, below ari-client, writes notes about old descriptions to standard output, where our log is.
Reflect.set(globalThis, 'log', () => undefined);

/** swagger-client keeps one login for the whole process: the first address decides, others with the same login may follow. */
let processLogin: string | undefined;

/**
 * ari-client 2.2.0 behind a guard, for the slow path (objects, inventory). By itself it never settles a request to a
 * dead Asterisk, has no time-out and hides the status; its event socket is not used at all. Here each call settles,
 * with the answer or with an {@link AriError}; the description is read at the first call, and again after a failure,
 * so that the program starts without Asterisk. All nodes of a process must share one login.
 */
export class GuardedAriClient {
  #client: Promise<Client> | undefined;
  readonly #running = new Set<(reason: string) => void>();

  constructor(
    private readonly address: AriAddress,
    private readonly counters: AriCounters,
    private readonly timeoutMs: number = TIMEOUT_MS,
  ) {}

  /** `operation` as Asterisk's description names it: `asterisk`, `updateObject`. */
  async call(api: string, operation: string, args: Record<string, unknown>): Promise<string> {
    const command = `${api}.${operation}`;
    this.counters.commands++;
    try {
      const client = await this.#connected(command);
      const { status, data } = await this.#settled<SwaggerResponse>(command, (done) => {
        const run = client._swagger.apis[api]?.[operation];
        if (run === undefined)
          throw new AriError('refused', command, 0, 'not offered by this Asterisk');
        run(args, done, done);
      });
      if (status < 200 || status >= 300) throw failure(command, status, data);
      return data.toString();
    } catch (error) {
      if (error instanceof AriError) this.counters.failedCommands[error.failure]++;
      throw error;
    }
  }

  /** The connection is known to be lost: everything that runs fails now, and the description is read anew. */
  abandon(reason: string): void {
    this.#client = undefined;
    for (const fail of [...this.#running]) fail(reason);
  }

  async #connected(command: string): Promise<Client> {
    const login = `${this.address.user}:${this.address.password}`;
    processLogin ??= login;
    if (processLogin !== login)
      throw new AriError('refused', command, 0, 'ari-client knows one login per process');
    this.#client ??= this.#settled<Client>('connect', (done, fail) => {
      connect(this.address.url, this.address.user, this.address.password).then(done, fail);
    });
    const attempt = this.#client;
    try {
      return await attempt;
    } catch (error) {
      if (this.#client === attempt) this.#client = undefined;
      throw error;
    }
  }

  /** Settles for certain: by the callbacks, by time-out, or by `abandon`. */
  #settled<T>(
    command: string,
    begin: (done: (value: T) => void, fail: (error: unknown) => void) => void,
  ): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const end = (): void => {
        clearTimeout(timer);
        this.#running.delete(abandon);
      };
      const fail = (error: unknown): void => {
        end();
        reject(
          error instanceof AriError
            ? error
            : new AriError('unavailable', command, 0, wordsOf(error), { cause: error }),
        );
      };
      const abandon = (reason: string): void => {
        fail(new AriError('unavailable', command, 0, reason));
      };
      const timer = setTimeout(() => {
        fail(new AriError('timeout', command, 0, `no answer in ${String(this.timeoutMs)} ms`));
      }, this.timeoutMs);
      this.#running.add(abandon);
      try {
        begin((value) => {
          end();
          resolve(value);
        }, fail);
      } catch (error) {
        fail(error);
      }
    });
  }
}

/** ari-client rejects with errors, strings and nothing. */
function wordsOf(error: unknown): string {
  if (error instanceof Error) return error.message;
  return typeof error === 'string' ? error : 'ari-client failed without a reason';
}
