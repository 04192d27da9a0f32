import { lookup } from 'node:dns/promises';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { isIP } from 'node:net';
import { mayConnect } from './address-guard.js';

/** Why a request gave no answer. `hung-up`: nobody waits for it any more. */
export type RequestFailure =
  'address' | 'connection' | 'unknown-host' | 'hung-up' | 'timeout' | 'too-large';

/** `detail` is enough to know what to mend, without what an answer contained. */
export class RequestFailed extends Error {
  override readonly name = 'RequestFailed';
  constructor(
    readonly failure: RequestFailure,
    readonly detail = '',
  ) {
    super(`${failure} ${detail}`.trim());
  }
}

export interface GuardedRequest {
  readonly method: string;
  /** `http:` or `https:`. */
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  /** From beginning to end. */
  readonly timeoutMs: number;
  /** A longer answer is not read to its end. */
  readonly limitBytes: number;
  /** Addresses and networks that may be asked although they are not on the public Internet. */
  readonly allowedAddresses: readonly string[];
}

export interface GuardedAnswer {
  readonly status: number;
  /** '' where the status is none of success: nobody reads it. */
  readonly body: string;
}

/**
 * Asks another system over HTTP. The name of the server is resolved once, the address is checked and then connected to, so
 * that it cannot change in between; redirects are not followed. Rejects with {@link RequestFailed} only, by `timeoutMs` at
 * the latest; an aborted `signal` ends it at once.
 */
export function requestGuarded(
  request: GuardedRequest,
  signal: AbortSignal,
): Promise<GuardedAnswer> {
  return new Promise((resolve, reject) => {
    const stop = new AbortController();
    const done = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', hungUp);
      stop.abort();
    };
    const fail = (error: unknown): void => {
      reject(
        error instanceof RequestFailed ? error : new RequestFailed('connection', codeOf(error)),
      );
      done();
    };
    const hungUp = (): void => {
      fail(new RequestFailed('hung-up'));
    };
    const timer = setTimeout(() => {
      fail(new RequestFailed('timeout'));
    }, request.timeoutMs);
    signal.addEventListener('abort', hungUp, { once: true });
    if (signal.aborted) {
      hungUp();
      return;
    }
    exchange(request, stop.signal).then((answer) => {
      resolve(answer);
      done();
    }, fail);
  });
}

/** `ECONNREFUSED`, `CERT_HAS_EXPIRED` ... */
const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error ? String(error.code) : '';

async function exchange(request: GuardedRequest, signal: AbortSignal): Promise<GuardedAnswer> {
  const address = await resolveOnce(request.url, request.allowedAddresses);
  const response = await send(request, address, signal);
  const status = response.statusCode ?? 0;
  if (status >= 200 && status < 300)
    return { status, body: await readBody(response, request.limitBytes) };
  response.destroy();
  return { status, body: '' };
}

/** Every address that the name has must be allowed, so that a name cannot mix one in that is not. */
async function resolveOnce(url: URL, allowed: readonly string[]): Promise<string> {
  const host = hostOf(url);
  const addresses = isIP(host) > 0 ? [host] : await addressesOf(host);
  const [address] = addresses;
  if (address === undefined) throw new RequestFailed('unknown-host', host);
  const wrong = addresses.find((one) => !mayConnect(one, allowed));
  if (wrong !== undefined) throw new RequestFailed('address', wrong);
  return address;
}

const hostOf = (url: URL): string => url.hostname.replace(/^\[|\]$/g, '');

async function addressesOf(host: string): Promise<readonly string[]> {
  try {
    return (await lookup(host, { all: true })).map((one) => one.address);
  } catch (error) {
    throw new RequestFailed('unknown-host', codeOf(error) === '' ? host : codeOf(error));
  }
}

function send(
  { method, url, headers, body }: GuardedRequest,
  address: string,
  signal: AbortSignal,
): Promise<IncomingMessage> {
  const isTls = url.protocol === 'https:';
  const hostname = hostOf(url);
  return new Promise((resolve, reject) => {
    const outgoing = (isTls ? httpsRequest : httpRequest)({
      method,
      host: address,
      port: url.port === '' ? (isTls ? 443 : 80) : Number(url.port),
      path: url.pathname + url.search,
      // The certificate is that of the name, though the connection is made to the address that was checked.
      ...(isTls && isIP(hostname) === 0 ? { servername: hostname } : {}),
      agent: false,
      signal,
      headers: {
        'user-agent': 'Cordboard',
        ...headers,
        ...(body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) }),
        host: url.host,
      },
    });
    outgoing.once('response', resolve);
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

async function readBody(response: IncomingMessage, limitBytes: number): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > limitBytes) {
      response.destroy();
      throw new RequestFailed('too-large');
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
