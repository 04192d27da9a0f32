import { formatWhen, type Look, type PageContext } from '../../web/kit/index.js';
import { zonesOf } from './booking.js';
import {
  isOverdue,
  type FollowUpKind,
  type FollowUpLine,
  type FollowUpState,
} from './follow-up.js';

type Words = Pick<PageContext, 't' | 'language' | 'country' | 'zone' | 'masksNumbers'>;

const look = (state: string, icon: string, tone: Look['tone']): Look => ({
  label: `follow-ups.state.${state}`,
  icon,
  tone,
});

const STATE_LOOKS: Readonly<Record<FollowUpState, Look>> = {
  open: look('open', 'clock', 'hold'),
  calling: look('calling', 'phone-outgoing', 'ringing'),
  done: look('done', 'check', 'plain'),
  failed: look('failed', 'phone-off', 'alarm'),
  cancelled: look('cancelled', 'ban', ''),
};
const OVERDUE = look('overdue', 'alert-triangle', 'alarm');

export const KIND_ICONS: Readonly<Record<FollowUpKind, string>> = {
  callback: 'phone-call',
  appointment: 'calendar',
  task: 'list-check',
};

/** A follow-up as lists show it. */
export function lineView(words: Words, line: FollowUpLine, now: number) {
  const { t } = words;
  const [zone] = zonesOf(line, line.number, words.zone);
  const late = isOverdue(line, now);
  return {
    ...line,
    kindIcon: KIND_ICONS[line.kind],
    kindText: t(`follow-ups.kind.${line.kind}`),
    look: late ? OVERDUE : STATE_LOOKS[line.state],
    isOverdue: late,
    isOpen: line.state === 'open',
    isEscalated: line.escalatedAt !== undefined && line.state === 'open',
    href: `/appointments/${String(line.id)}`,
    contactHref: `/contacts/${String(line.contactId)}`,
    who: line.contactName === '' ? t('follow-ups.nameless') : line.contactName,
    whom: whomText(t, line),
    // The clock on the customer's wall, where it shows another time.
    theirTime:
      zone === words.zone
        ? undefined
        : t('follow-ups.their-time', {
            time: formatWhen(line.dueAt, 'day', { ...words, zone }),
            clock: formatWhen(line.dueAt, 'time', { ...words, zone }),
            zone,
          }),
    resultText: line.lastResult === '' ? '' : t(`follow-ups.result.${line.lastResult}`),
  };
}

function whomText(t: PageContext['t'], { agentName, queueName }: FollowUpLine): string {
  if (agentName !== '') return agentName;
  return queueName === '' ? t('follow-ups.anybody') : t('follow-ups.team', { queue: queueName });
}
