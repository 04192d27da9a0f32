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

export async function readPhoneLog(file: string): Promise<PhoneLog> {
  const called = new Map<string, number[]>();
  const hungUp: { phone: string; at: number }[] = [];
  for (const line of (await readFile(file, 'utf8')).split('\n')) {
    const [what, phone = '', seconds, microseconds] = line.split(';');
    const at = Number(seconds) * 1000 + Number(microseconds) / 1000;
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
