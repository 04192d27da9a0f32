import { AriError, type OriginateOptions } from '../../telephony/ari/port.js';

/** A comma separates arguments, so none may hold one. */
export const appArgs = ({ appArgs: args }: OriginateOptions): string =>
  args.map((arg) => arg.replaceAll(',', ' ')).join(',');

/** A caller's name without what would end its quotes. */
const cleanName = (name: string): string => name.replaceAll(/["\\<>\p{Cc}]/gu, ' ').trim();
/** A caller's number with what numbers and SIP users are made of. */
const cleanNumber = (number: string): string => number.replaceAll(/[^+*#0-9A-Za-z_.-]/g, '');
/** What a channel that is made before it is dialled shows. */
export const connectedLine = ({ callerName, callerNumber }: OriginateOptions) => ({
  'CONNECTEDLINE(name,i)': cleanName(callerName),
  'CONNECTEDLINE(num)': cleanNumber(callerNumber),
});
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

/** Joins a room without that what each side shows is told to the others. */
export const AS_THEY_ARE = { inhibitConnectedLineUpdates: 'true' };

/** Waits for a command; that what it is about is gone is what was wanted. */
export async function unlessGone(command: Promise<void>): Promise<void> {
  try {
    await command;
  } catch (error) {
    if (!(error instanceof AriError && error.failure === 'gone')) throw error;
  }
}
