import { pickFromJson } from '../../engines/ivr/answers.js';
import type { FetchEffect, FetchFailure } from '../../engines/ivr/effects.js';
import type { Fetched } from '../../telephony/self-service.js';
import { RequestFailed, requestBounded, type BoundedAnswer } from './bounded-request.js';

/** A longer answer is not read to its end: a flow wants a few values, not a catalogue. */
export const FLOW_ANSWER_LIMIT_BYTES = 256 * 1024;
/** Headers that say how a message is cut: ours alone. */
const OURS: ReadonlySet<string> = new Set([
  ...['host', 'content-length', 'transfer-encoding', 'connection', 'expect', 'upgrade', 'te'],
]);

const FAILURES: Readonly<Record<RequestFailed['failure'], FetchFailure>> = {
  address: 'blocked',
  connection: 'refused',
  tls: 'refused',
  'unknown-host': 'refused',
  'hung-up': 'refused',
  timeout: 'timeout',
  'too-large': 'too-large',
};

const failed = (reason: FetchFailure): Fetched => ({ kind: 'fetch-failed', reason });

/** Asks other systems for flows. Never rejects. */
export class FlowHttpClient {
  constructor(private readonly allowedAddresses: readonly string[]) {}

  async fetch(request: FetchEffect, signal: AbortSignal): Promise<Fetched> {
    const url = URL.canParse(request.url) ? new URL(request.url) : undefined;
    if (url === undefined || !['http:', 'https:'].includes(url.protocol)) return failed('blocked');
    try {
      const { method, body, timeoutMs } = request;
      const answer = await requestBounded(
        {
          ...{ method, url, timeoutMs, headers: headersOf(request) },
          ...(body === undefined ? {} : { body }),
          limitBytes: FLOW_ANSWER_LIMIT_BYTES,
          allowedAddresses: this.allowedAddresses,
        },
        signal,
      );
      return read(answer, request);
    } catch (error) {
      if (!(error instanceof RequestFailed)) throw error;
      return failed(FAILURES[error.failure]);
    }
  }
}

function headersOf(request: FetchEffect): Readonly<Record<string, string>> {
  const { headers, body, contentType, idempotencyKey } = request;
  const own = headers
    .map(({ name, value }) => [name.toLowerCase(), inAscii(value)] as const)
    .filter(([name]) => !OURS.has(name));
  return {
    accept: 'application/json',
    ...(body === undefined ? {} : { 'content-type': contentType }),
    ...Object.fromEntries(own),
    ...(idempotencyKey === undefined ? {} : { 'idempotency-key': idempotencyKey }),
  };
}

/** Other characters cannot be told apart in a header by the other side. */
const inAscii = (value: string): string => value.replace(/[^\t\x20-\x7e]/g, '?');

function read({ status, body }: BoundedAnswer, { answers }: FetchEffect): Fetched {
  if (status < 200 || status >= 300) return failed(`status-${String(status) as `${number}`}`);
  if (answers.length === 0) return { kind: 'fetched', variables: {} };
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch (error) {
    if (error instanceof SyntaxError) return failed('not-json');
    throw error;
  }
  const variables = pickFromJson(value, answers);
  return variables === undefined ? failed('missing-field') : { kind: 'fetched', variables };
}
