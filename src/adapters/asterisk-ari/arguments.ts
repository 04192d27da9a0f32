import { AriError, type OriginateOptions } from '../../telephony/ari/port.js';

/** A comma separates arguments, so none may hold one. */
export const appArgs = ({ appArgs: args }: OriginateOptions): string =>
  args.map((arg) => arg.replaceAll(',', ' ')).join(',');

/** Names are user input: without what would end the quotes or the brackets of a caller id. */
/** A caller's name without what would end its quotes. */
export const cleanName = (name: string): string => name.replaceAll(/["\\<>\p{Cc}]/gu, ' ').trim();
/** A caller's number with what numbers and SIP users are made of. */
export const cleanNumber = (number: string): string => number.replaceAll(/[^+*#0-9A-Za-z_.-]/g, '');
/** A caller id as Asterisk takes it. */
export const callerId = (name: string, number: string): string =>
  `"${cleanName(name)}" <${cleanNumber(number)}>`;

/** The same failure, as `gone` where Asterisk says so with another status. */
export function goneWhen(error: unknown, status: number): unknown {
  return error instanceof AriError && error.status === status
    ? new AriError('gone', error.command, status, error.message, { cause: error })
    : error;
}

/** Whole seconds, at least one: shorter would mean without limit. */
export const seconds = (ms: number): number => Math.max(1, Math.round(ms / 1000));
