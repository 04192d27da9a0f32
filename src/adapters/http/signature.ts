import { createHmac } from 'node:crypto';

/** What the signature covers: the moment and the body, so that neither can be changed or sent again much later. */
export const hookSignature = (secret: string, timestamp: string, body: string): string =>
  `sha256=${createHmac('sha256', secret).update(`${timestamp}.${body}`).digest('hex')}`;

/**
 * The headers by which another system knows that a request is ours. `at`: ms since the epoch. `next`: the key that counts
 * soon, for those who know it already.
 */
export function signedHeaders(
  secret: string,
  at: number,
  body: string,
  next?: string,
): Readonly<Record<string, string>> {
  const timestamp = String(Math.floor(at / 1_000));
  return {
    'x-cordboard-timestamp': timestamp,
    'x-cordboard-signature': hookSignature(secret, timestamp, body),
    ...(next === undefined
      ? {}
      : { 'x-cordboard-signature-next': hookSignature(next, timestamp, body) }),
  };
}
