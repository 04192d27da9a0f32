import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

/** Key of the addresses, from the installation's own. */
export const wallKeyOf = (secretKey: Buffer): string =>
  createHmac('sha256', secretKey).update('addresses of wallboards').digest('base64url');

export const newNonce = (): string => randomBytes(12).toString('base64url');

const sign = (key: string, nonce: string): string =>
  createHmac('sha256', key).update(nonce).digest('base64url').slice(0, 27);

/** `<nonce>.<signature>`: it cannot be guessed, nor made of what the database holds alone. */
export const wallToken = (key: string, nonce: string): string => `${nonce}.${sign(key, nonce)}`;

/** The nonce of a token that we signed; undefined for any other text. */
export function nonceOf(key: string, token: string): string | undefined {
  const [, nonce = '', signature = ''] =
    /^([A-Za-z0-9_-]{16})\.([A-Za-z0-9_-]{27})$/.exec(token) ?? [];
  if (nonce === '') return undefined;
  return timingSafeEqual(Buffer.from(sign(key, nonce)), Buffer.from(signature)) ? nonce : undefined;
}
