import type { CallbackOutcome, CallbackState } from '../../telephony/callbacks.js';
import type { Look, Translate } from '../../web/kit/index.js';
import { OVERDUE_MS, type CallbackLine } from './callback.js';

const look = (state: CallbackState, icon: string, tone: Look['tone']): Look => ({
  label: `callbacks.state.${state}`,
  icon,
  tone,
});

const STATE_LOOKS: Readonly<Record<CallbackState, Look>> = {
  waiting: look('waiting', 'phone-calling', 'hold'),
  calling: look('calling', 'phone-outgoing', 'ringing'),
  done: look('done', 'phone-check', 'plain'),
  failed: look('failed', 'phone-off', 'alarm'),
  cancelled: look('cancelled', 'ban', ''),
  returned: look('returned', 'phone-incoming', ''),
  expired: look('expired', 'clock-off', 'alarm'),
  'queue-gone': look('queue-gone', 'archive', 'alarm'),
};

export const outcomeText = (t: Translate, outcome: CallbackOutcome | undefined): string =>
  outcome === undefined ? '' : t(`callbacks.outcome.${outcome}`);

/** True while it waits although it has been due for long. */
export function isOverdue(line: CallbackLine, now: number): boolean {
  const dueAt = Math.max(
    line.askedAt.getTime(),
    line.notBefore?.getTime() ?? 0,
    line.heldUntil?.getTime() ?? 0,
  );
  return line.state === 'waiting' && now - dueAt > OVERDUE_MS;
}

/** From entering the line to the end of it, or until now. */
export const waitedMs = (line: CallbackLine, now: number): number =>
  Math.max(0, (line.closedAt?.getTime() ?? now) - line.enteredAt.getTime());

/** A callback as its row of the list shows it. */
export function rowView(
  line: CallbackLine,
  {
    t,
    now,
    callsHref,
  }: { readonly t: Translate; readonly now: number; readonly callsHref: string },
) {
  const later = (at: Date | undefined): Date | undefined =>
    line.state === 'waiting' && at !== undefined && at.getTime() > now ? at : undefined;
  const nextAt = later(line.notBefore);
  const opensAt = later(line.heldUntil);
  return {
    ...line,
    callsHref,
    look: STATE_LOOKS[line.state],
    isOverdue: isOverdue(line, now),
    waitedMs: waitedMs(line, now),
    tries: t('callbacks.tries', { attempts: line.attempts, max: line.maxAttempts }),
    lastText: outcomeText(t, line.lastOutcome),
    nextAt,
    opensAt,
    mayCancel: line.state === 'waiting',
    mayHurry: nextAt !== undefined,
  };
}
