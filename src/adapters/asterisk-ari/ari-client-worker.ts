import { parentPort, workerData } from 'node:worker_threads';
import { connect, type Client } from 'ari-client';
import type { AriAddress } from './http-commands.js';

/** What the guard asks of its worker thread, and the one answer to each. */
export interface WorkerRequest {
  readonly id: number;
  readonly api: string;
  readonly operation: string;
  readonly args: Record<string, unknown>;
}
export type WorkerAnswer =
  | { readonly id: number; readonly status: number; readonly data: string }
  | { readonly id: number; readonly failure: string }
  | { readonly ready: true };

// swagger-client, below ari-client, writes notes about old descriptions to standard output, where our log is.
Reflect.set(globalThis, 'log', () => undefined);

const address = workerData as AriAddress;
let client: Promise<Client> | undefined;

/** The description of ARI is read once, and anew after a failure. */
async function connected(): Promise<Client> {
  client ??= Promise.resolve(connect(address.url, address.user, address.password));
  try {
    return await client;
  } catch (error) {
    client = undefined;
    throw error;
  }
}

async function answer(request: WorkerRequest): Promise<WorkerAnswer> {
  const { id, api, operation, args } = request;
  const { _swagger: swagger } = await connected();
  const run = swagger.apis[api]?.[operation];
  if (run === undefined) return { id, failure: `${api}.${operation} is not offered` };
  return await new Promise((resolve) => {
    const done = ({ status, data }: { status: number; data: Buffer | string }): void => {
      resolve({ id, status, data: data.toString() });
    };
    // Both callbacks carry status and body; ari-client's own methods would hide the status.
    run(args, done, done);
  });
}

/** ari-client rejects with errors, strings and nothing. */
function wordsOf(error: unknown): string {
  if (error instanceof Error) return error.message;
  return typeof error === 'string' ? error : 'ari-client failed without a reason';
}

const port = parentPort;
if (port === null) throw new Error('ari-client-worker runs as a worker thread only');
port.on('message', (request: WorkerRequest) => {
  answer(request).then(
    (message) => {
      port.postMessage(message);
    },
    (error: unknown) => {
      port.postMessage({ id: request.id, failure: wordsOf(error) });
    },
  );
});
port.postMessage({ ready: true });
