import { tlsProblemOf } from './tls-problem.js';
import { codeOf, guardedRequest, NotSent, readBody } from './guarded-request.js';

/** Why a request gave no answer. `hung-up`: nobody waits for it any more. `tls`: the certificate, or no encryption at all. */
export type RequestFailure =
  'address' | 'connection' | 'tls' | 'unknown-host' | 'hung-up' | 'timeout' | 'too-large';

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

export interface BoundedRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
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
  /** Certificates in PEM that are trusted beside the public authorities. */
  readonly trusted?: string;
}

export interface BoundedAnswer {
  readonly status: number;
  /** '' where the status is none of success: nobody reads it. */
  readonly body: string;
}

/**
 * Asks another system over HTTP, guarded, within a time and up to a size. Rejects with {@link RequestFailed} only, by
 * `timeoutMs` at the latest; an aborted `signal` ends it at once.
 */
export function requestBounded(
  request: BoundedRequest,
  signal: AbortSignal,
): Promise<BoundedAnswer> {
  return new Promise((resolve, reject) => {
    const stop = new AbortController();
    const done = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', hungUp);
      stop.abort();
    };
    const fail = (error: unknown): void => {
      reject(asFailed(error));
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

async function exchange(
  { method, url, headers, body, allowedAddresses, limitBytes, trusted }: BoundedRequest,
  signal: AbortSignal,
): Promise<BoundedAnswer> {
  const response = await guardedRequest(url, {
    ...{ method, headers, allowedAddresses, signal },
    ...(body === undefined ? {} : { body }),
    ...(trusted === undefined ? {} : { trusted }),
  });
  const status = response.statusCode ?? 0;
  if (status < 200 || status >= 300) {
    response.destroy();
    return { status, body: '' };
  }
  const answer = await readBody(response, limitBytes);
  if (answer === undefined) throw new RequestFailed('too-large');
  return { status, body: answer.toString('utf8') };
}

function asFailed(error: unknown): RequestFailed {
  if (error instanceof RequestFailed) return error;
  if (error instanceof NotSent) return new RequestFailed(error.reason, error.detail);
  const tls = tlsProblemOf(error);
  return tls === undefined
    ? new RequestFailed('connection', codeOf(error))
    : new RequestFailed('tls', tls);
}
