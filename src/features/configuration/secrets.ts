import { randomInt } from 'node:crypto';

/** Keeps secrets that are used again unreadable in the database. Opening throws on what was sealed with another key. */
export interface SecretBox {
  seal(plain: string): string;
  open(sealed: string): string;
}

/** Without letters and digits that look alike, because people type it into phones. */
const ALPHABET = 'abcdefghjkmnpqrstuvwxyz23456789';
/** 99 bits. */
const LENGTH = 20;

/** A new password for a desk phone or a person's first sign-in. */
export const newPassword = (): string =>
  Array.from({ length: LENGTH }, () => ALPHABET[randomInt(ALPHABET.length)] ?? '').join('');
