import type { Language } from '../../kernel/call-event.js';
import { formatWhen, type MessageParams } from '../../web/kit/index.js';
import { measuredText, valueText } from './alarm-words.js';
import type { Alarm, AlarmNews } from './alarm.js';
import type { StoredAlarmRule } from './alarm-rule.js';

export interface NewsParts {
  readonly texts: { translate(language: Language, key: string, params?: MessageParams): string };
  readonly language: Language;
  readonly zone: string;
  readonly country: string;
  readonly publicUrl: string | undefined;
}

/** What mail and webhook say of an alarm; of a rule that is gone nobody is told any more. */
export function newsOf(
  { texts, ...reader }: NewsParts,
  alarm: Alarm,
  rule: StoredAlarmRule | undefined,
): AlarmNews {
  if (rule === undefined) return { mails: [] };
  const t = (key: string, params?: MessageParams): string =>
    texts.translate(reader.language, key, params);
  const moment = alarm.endedAt === undefined ? 'began' : 'ended';
  const what = [alarm.ruleName, alarm.subjectName].filter((part) => part !== '').join(': ');
  const limit = valueText(alarm.kind, alarm.threshold);
  const when = (at: Date): string => formatWhen(at, 'full', reader);
  const text = [
    t(`alarms.mail.${moment}`, { what }),
    '',
    ...(limit === '' ? [] : [t('alarms.mail.value', { value: measuredText(alarm), limit })]),
    t('alarms.mail.began-at', { time: when(alarm.beganAt) }),
    ...(alarm.endedAt === undefined
      ? ['', t(`alarms.advice.${alarm.kind}`)]
      : [t('alarms.mail.ended-at', { time: when(alarm.endedAt) })]),
    ...(reader.publicUrl === undefined
      ? []
      : ['', `${reader.publicUrl}/live/alarms/${String(alarm.id)}`]),
  ].join('\n');
  const subject = t(`alarms.mail.subject-${moment}`, {
    level: t(`alarms.level.${alarm.level}`),
    what,
  });
  return {
    mails: rule.mails.map((recipient) => ({ recipient, subject, text })),
    ...(rule.webhook === ''
      ? {}
      : { webhook: { url: rule.webhook, body: JSON.stringify(webhookBody(alarm, moment)) } }),
  };
}

const webhookBody = (alarm: Alarm, moment: 'began' | 'ended') => ({
  event: `alarm.${moment}`,
  id: alarm.id,
  rule: alarm.ruleName,
  kind: alarm.kind,
  level: alarm.level,
  subject: alarm.subject,
  subjectName: alarm.subjectName,
  value: alarm.value,
  threshold: alarm.threshold,
  beganAt: alarm.beganAt.toISOString(),
  endedAt: alarm.endedAt?.toISOString() ?? null,
});
