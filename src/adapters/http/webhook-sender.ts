import { createHmac } from 'node:crypto';
import type { Clock } from '../../kernel/clock.js';
import type { Scope } from '../../kernel/scope.js';
import type { CallLog } from '../../telephony/calls/services.js';
import { RequestFailed, requestBounded } from './bounded-request.js';
import { signedHeaders } from './signature.js';

const TIMEOUT_MS = 10_000;
const ANSWER_LIMIT_BYTES = 64 * 1024;
const LOOK_MS = 500;
const TAKEN_AT_ONCE = 20;
const MINUTE_MS = 60_000;
/** How long after each try the next one comes; after the last the message is given up: some nine hours in all. */
export const RETRY_MS: readonly number[] = [
  5_000,
  30_000,
  2 * MINUTE_MS,
  10 * MINUTE_MS,
  30 * MINUTE_MS,
  60 * MINUTE_MS,
  180 * MINUTE_MS,
  240 * MINUTE_MS,
];

/** A message on its way, as whoever keeps it gives it. */
export interface SentWebhook {
  readonly id: string;
  readonly callId: string;
  readonly url: string;
  readonly body: string;
  readonly attempts: number;
}

/** Where messages wait. */
export interface WebhookSource<W extends SentWebhook> {
  take(now: number, limit: number): Promise<readonly W[]>;
  done(webhook: W): Promise<void>;
  retryAt(webhook: W, at: number): Promise<void>;
  /** How many older ones had to make room. */
  giveUp(webhook: W, failure: string, now: number): Promise<number>;
}

export interface WebhookSenderParts<W extends SentWebhook> {
  readonly source: WebhookSource<W>;
  readonly clock: Clock;
  readonly log: CallLog;
  /** The keys that count now: during a renewal messages bear the signatures of both. */
  readonly keys: () => Promise<{ readonly key: string; readonly next?: { readonly key: string } }>;
  readonly allowedAddresses: readonly string[];
}

/** The key that signs before somebody renews it: the same after every start, and of no use for anything else. */
export const webhookKeyOf = (secretKey: Buffer): string =>
  createHmac('sha256', secretKey).update('signature of webhooks').digest('base64url');

/**
 * Sends what flows gave, signed, until the other side takes it or has had time enough to. What was being sent when the
 * process ended is sent again, with the same key.
 */
export function sendWebhooks<W extends SentWebhook>(
  server: Scope,
  parts: WebhookSenderParts<W>,
): void {
  const { clock, log, source } = parts;
  server.fork('webhooks', async (scope) => {
    for (;;) {
      let taken: readonly W[] = [];
      try {
        taken = await source.take(clock.now(), TAKEN_AT_ONCE);
        await Promise.all(taken.map((webhook) => sendOne(parts, webhook, scope.signal)));
      } catch (error) {
        if (scope.cancelled) return;
        log.warn({ err: error }, 'webhooks wait: their queue cannot be reached');
      }
      if (taken.length < TAKEN_AT_ONCE) await clock.sleep(LOOK_MS, scope.signal);
    }
  });
}

async function sendOne<W extends SentWebhook>(
  parts: WebhookSenderParts<W>,
  webhook: W,
  signal: AbortSignal,
): Promise<void> {
  const { source, clock, log } = parts;
  const failure = await failureOf(parts, webhook, signal);
  // We stop: the lease runs out, and whoever is next sends it.
  if (signal.aborted) return;
  if (failure === undefined) return source.done(webhook);
  const tried = { ...webhook, attempts: webhook.attempts + 1 };
  const wait = RETRY_MS[webhook.attempts];
  const fields = { callId: webhook.callId, id: webhook.id, failure, attempts: tried.attempts };
  if (wait === undefined) {
    log.error(fields, 'a webhook was given up');
    const gone = await source.giveUp(tried, failure, clock.now());
    if (gone > 0) log.error({ gone }, 'webhooks that were given up made room for newer ones');
    return undefined;
  }
  log.warn(fields, 'a webhook was not taken; it is sent again');
  return source.retryAt(tried, clock.now() + wait);
}

/** Why the other side did not take it; undefined where it did. */
async function failureOf(
  {
    clock,
    keys,
    allowedAddresses,
  }: Pick<WebhookSenderParts<SentWebhook>, 'clock' | 'keys' | 'allowedAddresses'>,
  { id, url, body }: SentWebhook,
  signal: AbortSignal,
): Promise<string | undefined> {
  const target = URL.canParse(url) ? new URL(url) : undefined;
  if (target === undefined || !['http:', 'https:'].includes(target.protocol)) return 'address';
  const { key, next } = await keys();
  try {
    const { status } = await requestBounded(
      {
        method: 'POST',
        url: target,
        headers: {
          'content-type': 'application/json',
          'idempotency-key': id,
          ...signedHeaders(key, clock.now(), body, next?.key),
        },
        body,
        timeoutMs: TIMEOUT_MS,
        limitBytes: ANSWER_LIMIT_BYTES,
        allowedAddresses,
      },
      signal,
    );
    return status >= 200 && status < 300 ? undefined : `status-${String(status)}`;
  } catch (error) {
    if (!(error instanceof RequestFailed)) throw error;
    // Whatever it said was too long for us, but it said it.
    return error.failure === 'too-large' ? undefined : error.failure;
  }
}
