import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Request } from 'express';
import { AppError } from '../kernel/errors.js';
import { requestState } from './request-state.js';

/** Refusals of the CSRF check have a page of their own: "The form has expired". */
export class CsrfRefused extends AppError {
  constructor() {
    super('not-allowed', 'the CSRF token is missing or wrong');
  }
}

/** Compares without telling by its time how much was right. */
export function sameSecret(given: string, expected: string): boolean {
  const hash = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(hash(given), hash(expected));
}

/** A random value for the cookie of a browser that is not signed in yet. */
export const newBeforeValue = (): string => randomBytes(32).toString('base64url');

/** The token that belongs to such a cookie: who can plant a cookie still cannot make the token. */
export const tokenBefore = (key: Buffer, beforeValue: string): string =>
  createHmac('sha256', key).update(`csrf before sign-in ${beforeValue}`).digest('base64url');

/**
 * A token as a page carries it: other letters each time. Pages are packed, and the length of a packed page that also shows
 * what a stranger chose would tell a token that stays the same letter by letter (BREACH).
 */
export function maskToken(token: string): string {
  const letters = Buffer.from(token);
  const mask = randomBytes(letters.length);
  return Buffer.concat([mask, mixed(letters, mask)]).toString('base64url');
}

/** The token of what {@link maskToken} made; anything else becomes something that is no token. */
function unmaskToken(masked: string): string {
  const bytes = Buffer.from(masked, 'base64url');
  const half = bytes.length / 2;
  return mixed(bytes.subarray(half), bytes.subarray(0, half)).toString();
}

const mixed = (left: Buffer, right: Buffer): Buffer =>
  Buffer.from(left.map((byte, index) => byte ^ (right[index] ?? 0)));

/** Throws unless the request carries the masked token of its session (field `_csrf` or header `X-CSRF-Token`). */
export function requireCsrf(req: Request, field: unknown): void {
  const expected = requestState(req)?.csrf;
  const given = typeof field === 'string' ? field : req.get('x-csrf-token');
  if (expected === undefined || given === undefined || !sameSecret(unmaskToken(given), expected))
    throw new CsrfRefused();
}

/**
 * False for a request that another site made a browser send. Browsers name the origin of every POST and of every
 * WebSocket; programs that send none are not browsers and have no cookie to abuse.
 */
export function isOwnOrigin(req: Pick<IncomingMessage, 'headers'>, publicUrl?: string): boolean {
  const origin = req.headers.origin;
  if (origin === undefined) return true;
  const host = URL.canParse(origin) ? new URL(origin).host : '';
  if (publicUrl !== undefined && host === new URL(publicUrl).host) return true;
  return host !== '' && host === req.headers.host;
}
