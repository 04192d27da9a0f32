import { once } from 'node:events';
import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type ServerResponse,
} from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';

/** What the endpoint was sent. */
export interface HookVisit {
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

/** A company's own system, as a test plays it. */
export interface HookServer {
  readonly url: string;
  readonly visits: HookVisit[];
  /** Answers from now on. */
  answerWith(answer: (response: ServerResponse) => void): void;
  stop(): Promise<void>;
}

/** What a server of https shows, in PEM. */
export interface ServerIdentity {
  readonly key: string;
  readonly cert: string;
}

/** Starts it on 127.0.0.1, encrypted where it has an identity; answers nothing in particular until told. */
export async function startHookServer(identity?: ServerIdentity): Promise<HookServer> {
  const visits: HookVisit[] = [];
  let answer = (response: ServerResponse): void => {
    response.end('{}');
  };
  const listener: RequestListener = (request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      visits.push({ headers: request.headers, body: Buffer.concat(chunks).toString('utf8') });
      answer(response);
    });
  };
  const made =
    identity === undefined ? createServer(listener) : createTlsServer(identity, listener);
  const server = made.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `${identity === undefined ? 'http' : 'https'}://127.0.0.1:${String((server.address() as AddressInfo).port)}/route?from=pbx`,
    visits,
    answerWith: (next) => {
      answer = next;
    },
    stop: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

/** Answers with JSON. */
export const json =
  (value: unknown, status = 200) =>
  (response: ServerResponse): void => {
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
  };
