import { readFile } from 'node:fs/promises';

/** An agent became ready: how, and at which phone. Instants in ms since the epoch, fractions count. */
export interface Ready {
  readonly kind: 'page' | 'call-end' | 'wrap-up';
  readonly phone: string;
  readonly at: number;
}

/** What the phones noted: see test/support/sipp/agent.xml. */
export interface PhoneLog {
  /** Instants at which each phone's INVITE came, ascending. */
  readonly called: ReadonlyMap<string, readonly number[]>;
  readonly hungUp: readonly { readonly phone: string; readonly at: number }[];
}

/** A line that SIPp noted: what happened, about which number, when, and with whom. */
export interface SippNote {
  readonly what: string;
  readonly number: string;
  readonly at: number;
  /** '' where the scenario does not say. */
  readonly other: string;
}

/** What a scenario has noted, as `what;number;seconds;microseconds[;other]`. */
export const readNotes = (text: string): readonly SippNote[] =>
  text.split('\n').flatMap((line) => {
    const [what = '', number = '', seconds, microseconds, other = ''] = line.split(';');
    if (microseconds === undefined) return [];
    return { what, number, at: Number(seconds) * 1000 + Number(microseconds) / 1000, other };
  });

export async function readPhoneLog(file: string): Promise<PhoneLog> {
  const called = new Map<string, number[]>();
  const hungUp: { phone: string; at: number }[] = [];
  for (const { what, number: phone, at } of readNotes(await readFile(file, 'utf8'))) {
    if (what === 'hung-up') hungUp.push({ phone, at });
    if (what !== 'called') continue;
    const before = called.get(phone);
    if (before === undefined) called.set(phone, [at]);
    else before.push(at);
  }
  return { called, hungUp };
}

/** From being ready to the INVITE, in ms; undefined where the phone was never called again. */
export function toInviteMs(
  { phone, at }: Omit<Ready, 'kind'>,
  { called }: PhoneLog,
): number | undefined {
  const invitedAt = called.get(phone)?.find((instant) => instant >= at);
  return invitedAt === undefined ? undefined : invitedAt - at;
}
