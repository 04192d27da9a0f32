import { lookup } from 'node:dns/promises';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { isIP } from 'node:net';
import { rootCertificates } from 'node:tls';
import { mayConnect } from './address-guard.js';

/** Why nothing was sent. */
export type GuardRefusal = 'unknown-host' | 'address';

/** Thrown where a request is not sent; `detail` is the host or the address. */
export class NotSent extends Error {
  constructor(
    readonly reason: GuardRefusal,
    readonly detail: string,
  ) {
    super(`${reason}: ${detail}`);
  }
}

export interface GuardedRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly headers: Readonly<Record<string, string | number>>;
  readonly body?: string;
  /** Addresses and networks that may be asked although they are not public. */
  readonly allowedAddresses: readonly string[];
  /** Certificates in PEM that are trusted beside the public authorities; only of https. */
  readonly trusted?: string;
  readonly signal: AbortSignal;
}

/**
 * Sends a request to an address that somebody typed into a form. The name of the server is resolved once, each of its
 * addresses is checked, and the checked one is connected to, so that it cannot change in between. Redirects are not followed.
 * Rejects with {@link NotSent}, or with what the connection says. The answer's body is still to be read, or destroyed.
 */
export async function guardedRequest(url: URL, request: GuardedRequest): Promise<IncomingMessage> {
  const address = await resolveOnce(url, request.allowedAddresses);
  const isTls = url.protocol === 'https:';
  const hostname = hostOf(url);
  return new Promise((resolve, reject) => {
    const outgoing = (isTls ? httpsRequest : httpRequest)({
      method: request.method,
      host: address,
      port: url.port === '' ? (isTls ? 443 : 80) : Number(url.port),
      path: url.pathname + url.search,
      // The certificate is that of the name, though the connection is made to the address that was checked.
      ...(isTls && isIP(hostname) === 0 ? { servername: hostname } : {}),
      ...(isTls && (request.trusted ?? '') !== ''
        ? { ca: [...rootCertificates, request.trusted ?? ''] }
        : {}),
      agent: false,
      signal: request.signal,
      headers: {
        host: url.host,
        'user-agent': 'Cordboard',
        ...(request.body === undefined
          ? {}
          : { 'content-length': Buffer.byteLength(request.body) }),
        ...request.headers,
      },
    });
    outgoing.once('response', resolve);
    outgoing.on('error', reject);
    outgoing.end(request.body);
  });
}

/** Reads a body of at most `limit` bytes; undefined where it is longer, and then the connection is closed. */
export async function readBody(
  response: IncomingMessage,
  limit: number,
): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > limit) {
      response.destroy();
      return undefined;
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** `ECONNREFUSED`, `CERT_HAS_EXPIRED` ...: enough to know what to mend, without what an answer contained. */
export const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error ? String(error.code) : '';

const hostOf = (url: URL): string => url.hostname.replace(/^\[|\]$/g, '');

/** Every address that the name has must be allowed, so that a name cannot mix one in that is not. */
async function resolveOnce(url: URL, allowed: readonly string[]): Promise<string> {
  const host = hostOf(url);
  const addresses = isIP(host) > 0 ? [host] : await addressesOf(host);
  const [address] = addresses;
  if (address === undefined) throw new NotSent('unknown-host', host);
  const wrong = addresses.find((one) => !mayConnect(one, allowed));
  if (wrong !== undefined) throw new NotSent('address', wrong);
  return address;
}

async function addressesOf(host: string): Promise<readonly string[]> {
  try {
    return (await lookup(host, { all: true })).map((one) => one.address);
  } catch (error) {
    throw new NotSent('unknown-host', codeOf(error) === '' ? host : codeOf(error));
  }
}
