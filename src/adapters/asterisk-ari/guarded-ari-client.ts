import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { AriError } from '../../telephony/ari/port.js';
import type { WorkerAnswer, WorkerRequest } from './ari-client-worker.js';
import type { AriCounters } from './counters.js';
import { failure, type AriAddress } from './http-commands.js';

const TIMEOUT_MS = 8000;
/** Loading a thread and its modules has nothing to do with Asterisk; on a busy machine it takes a second. */
const START_TIMEOUT_MS = 20_000;

type Ended = { readonly status: number; readonly data: string };
interface Running {
  done(answer: Ended): void;
  fail(error: AriError): void;
}

/**
 * ari-client 2.2.0 in a thread of its own, for the slow path (objects, inventory). Alone it throws where nobody can
 * catch it when Asterisk is half started, never settles a request to a dead one, has no time-out, hides the status, and
 * keeps one login for the whole process; its event socket is not used at all. Here each call settles, with the answer
 * or with an {@link AriError}; a thread that failed or did not answer in time is thrown away, and the next call has a new
 * one. Nothing is started before the first call.
 */
export class GuardedAriClient {
  #thread: Thread | undefined;

  constructor(
    private readonly address: AriAddress,
    private readonly counters: AriCounters,
    private readonly timeoutMs: number = TIMEOUT_MS,
  ) {}

  /** `operation` as Asterisk's description names it: `asterisk`, `updateObject`. Answers the body. */
  async call(api: string, operation: string, args: Record<string, unknown>): Promise<string> {
    const command = `${api}.${operation}`;
    this.counters.commands++;
    try {
      const thread = (this.#thread ??= this.#start());
      await thread.ready;
      const { status, data } = await thread.ask(command, { api, operation, args }, this.timeoutMs);
      if (status < 200 || status >= 300) throw failure(command, status, data);
      return data;
    } catch (error) {
      if (error instanceof AriError) this.counters.failedCommands[error.failure]++;
      throw error;
    }
  }

  /** The connection is known to be lost: everything that runs fails now. */
  abandon(reason: string): void {
    this.#thread?.end(reason);
  }

  #start(): Thread {
    const thread: Thread = new Thread(this.address, () => {
      if (this.#thread === thread) this.#thread = undefined;
    });
    return thread;
  }
}

/** The thread. Where sources run by tsx (tests, development), it must load tsx for itself. */
function startThread(address: AriAddress): Worker {
  const { url, user, password } = address;
  const options = { workerData: { url, user, password } };
  if (!import.meta.url.endsWith('.ts'))
    return new Worker(new URL('./ari-client-worker.js', import.meta.url), options);
  const file = fileURLToPath(new URL('./ari-client-worker.ts', import.meta.url));
  const tsx = createRequire(import.meta.url).resolve('tsx/cjs/api');
  const code = `require(${JSON.stringify(tsx)}).register(); require(${JSON.stringify(file)});`;
  return new Worker(code, { ...options, eval: true });
}

/** One worker thread, from its start to its end. */
class Thread {
  readonly ready: Promise<void>;
  readonly #worker: Worker;
  readonly #running = new Map<number, Running>();
  #becomeReady: () => void = () => undefined;
  #failReady: (error: AriError) => void = () => undefined;
  #lastId = 0;
  #ended = false;

  constructor(
    address: AriAddress,
    private readonly onEnd: () => void,
  ) {
    this.#worker = startThread(address);
    this.#worker.unref();
    const timer = setTimeout(() => {
      this.end('the thread of ari-client did not start');
    }, START_TIMEOUT_MS);
    this.ready = new Promise<void>((resolve, reject) => {
      this.#becomeReady = resolve;
      this.#failReady = reject;
    }).finally(() => {
      clearTimeout(timer);
    });
    // Whoever waits for it is told; nobody may wait.
    this.ready.catch(() => undefined);
    this.#worker.on('message', (answer: WorkerAnswer) => {
      this.#take(answer);
    });
    this.#worker.on('error', (error) => {
      this.end(error instanceof Error ? error.message : String(error));
    });
    this.#worker.on('exit', () => {
      this.end('the thread of ari-client ended');
    });
  }

  ask(command: string, request: Omit<WorkerRequest, 'id'>, timeoutMs: number): Promise<Ended> {
    const id = ++this.#lastId;
    return new Promise((resolve, reject) => {
      const settle = (): void => {
        clearTimeout(timer);
        this.#running.delete(id);
      };
      const timer = setTimeout(() => {
        settle();
        reject(new AriError('timeout', command, 0, `no answer in ${String(timeoutMs)} ms`));
        this.end('a request was not answered in time');
      }, timeoutMs);
      this.#running.set(id, {
        done: (answer) => {
          settle();
          resolve(answer);
        },
        fail: ({ failure: kind, message }) => {
          settle();
          reject(new AriError(kind, command, 0, message));
        },
      });
      if (this.#ended) this.#running.get(id)?.fail(unavailable('the thread of ari-client ended'));
      else this.#worker.postMessage({ ...request, id } satisfies WorkerRequest);
    });
  }

  end(reason: string): void {
    if (this.#ended) return;
    this.#ended = true;
    this.onEnd();
    const error = unavailable(reason);
    this.#failReady(error);
    for (const running of [...this.#running.values()]) running.fail(error);
    void this.#worker.terminate();
  }

  #take(answer: WorkerAnswer): void {
    if ('ready' in answer) this.#becomeReady();
    else if ('failure' in answer) this.#running.get(answer.id)?.fail(unavailable(answer.failure));
    else this.#running.get(answer.id)?.done(answer);
  }
}

const unavailable = (reason: string): AriError =>
  new AriError('unavailable', 'ari-client', 0, reason);
