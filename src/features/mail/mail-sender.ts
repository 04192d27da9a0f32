import type { Clock } from '../../kernel/clock.js';
import type { Scope } from '../../kernel/scope.js';
import type { CallLog } from '../../telephony/calls/services.js';
import type { SecretBox } from '../configuration/index.js';
import { RETRY_MS, WAITS_AT_MOST_MS, type WaitingMail } from './mail.js';
import type { MailSettings, StoredMailSettings } from './mail-settings.js';
import type { MailQueue, MailSettingsStore, MailTransport } from './mail-store.js';

const LOOK_MS = 2_000;
const TAKEN_AT_ONCE = 10;
/** How often old mails are looked for, and how long they are kept. */
const TIDY_EVERY_MS = 3_600_000;
const DAY_MS = 86_400_000;
const SENT_KEPT_MS = 30 * DAY_MS;
const FAILED_KEPT_MS = 7 * DAY_MS;

export interface MailSenderParts {
  readonly queue: MailQueue;
  readonly settings: MailSettingsStore;
  readonly secrets: SecretBox;
  readonly transport: MailTransport;
  readonly clock: Clock;
  readonly log: Pick<CallLog, 'info' | 'warn' | 'error'>;
}

/** The settings with the password in clear. */
export const opened = (
  { passwordSealed, ...settings }: MailSettings,
  secrets: SecretBox,
): Omit<MailSettings, 'passwordSealed'> & { readonly password: string } => ({
  ...settings,
  password: passwordSealed === '' ? '' : secrets.open(passwordSealed),
});

/** Sends what waits, until the scope ends. One process sends; a second one would send twice. */
export function sendMails(server: Scope, parts: MailSenderParts): void {
  const { clock, log } = parts;
  server.fork('mail', async (scope) => {
    let tidyAt = 0;
    for (;;) {
      let sent = 0;
      try {
        sent = await sendDue(parts);
        if (clock.now() >= tidyAt) {
          await tidy(parts);
          tidyAt = clock.now() + TIDY_EVERY_MS;
        }
      } catch (error) {
        if (scope.cancelled) return;
        log.warn({ err: error }, 'mail waits: its queue cannot be reached');
      }
      if (sent < TAKEN_AT_ONCE) await clock.sleep(LOOK_MS, scope.signal);
    }
  });
}

/** Tries each mail whose time has come; how many there were. */
export async function sendDue(parts: MailSenderParts): Promise<number> {
  const { queue, clock } = parts;
  const settings = await parts.settings.read();
  if (!settings.enabled) return 0;
  const due = await queue.due(new Date(clock.now()), TAKEN_AT_ONCE);
  // One after the other: mail servers slow down those that come in crowds.
  for (const mail of due) await sendOne(parts, settings, mail);
  return due.length;
}

async function sendOne(
  { queue, clock, log, secrets, transport }: MailSenderParts,
  settings: StoredMailSettings,
  mail: WaitingMail,
): Promise<void> {
  const { id, tries } = mail;
  const outcome = await transport.send(opened(settings, secrets), mail);
  if (outcome.ok) {
    await queue.noteSent(id, new Date(clock.now()), outcome.answer);
    log.info({ mail: id, tries: tries + 1 }, 'mail sent');
    return;
  }
  const wait = outcome.isFinal ? undefined : RETRY_MS[tries];
  const { problem, answer } = outcome;
  await queue.noteFailed(id, answer, wait === undefined ? undefined : new Date(clock.now() + wait));
  if (wait === undefined) log.error({ alarm: 'mail', mail: id, problem, answer }, 'mail given up');
  else log.warn({ mail: id, problem, answer, tries: tries + 1 }, 'mail not sent, trying again');
}

async function tidy({ queue, clock }: MailSenderParts): Promise<void> {
  const before = (ms: number): Date => new Date(clock.now() - ms);
  await queue.giveUpBefore(before(WAITS_AT_MOST_MS), '');
  await queue.forget(before(SENT_KEPT_MS), before(FAILED_KEPT_MS));
}
