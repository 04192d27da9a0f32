import { z } from 'zod';
import { ALARM_KINDS, ALARM_LEVELS, ALARM_UNITS } from '../../engines/alarm/watch.js';
import type { AlarmKind, AlarmLevel } from '../../engines/alarm/watch.js';
import { isHttpUrl } from '../../kernel/addresses.js';
import {
  choiceField,
  flagField,
  idsField,
  integerField,
  problem,
  secondsField,
  textField,
} from '../../kernel/fields.js';
import type { AlarmRuleId, QueueId } from '../../kernel/ids.js';
import { minuteOf, type Versioned } from '../configuration/index.js';
import { isMailAddress } from '../mail/index.js';

/** When something is an alarm, and who is told. */
export interface AlarmRuleDraft {
  readonly name: string;
  readonly kind: AlarmKind;
  readonly level: AlarmLevel;
  readonly enabled: boolean;
  /** Seconds or percent, as the kind says. */
  readonly threshold: number;
  /** So long it must be wrong before it is an alarm. */
  readonly holdS: number;
  /** Only these; all where empty. Only for kinds that are about queues. */
  readonly queues: readonly QueueId[];
  readonly mails: readonly string[];
  /** '' for none. */
  readonly webhook: string;
  /** Minutes since midnight; alike for no quiet hours. */
  readonly quietFrom: number;
  readonly quietTo: number;
}

export interface StoredAlarmRule extends Versioned<AlarmRuleId>, AlarmRuleDraft {}

export const ALARM_RULE_SORTS = ['name', 'kind', 'updated'] as const;
export type AlarmRuleSort = (typeof ALARM_RULE_SORTS)[number];

export const isAboutQueues = (kind: AlarmKind): boolean =>
  kind === 'waiting' || kind === 'stall' || kind === 'callers-overdue';

const MAX_MAILS = 20;
const MAX_HOLD_S = 3_600;

const mailsField = () =>
  z
    .string()
    .default('')
    .transform((text, context): readonly string[] => {
      const found = [...new Set(text.split(/[\s,;]+/).filter((part) => part !== ''))];
      const wrong = found.find((part) => !isMailAddress(part));
      if (wrong !== undefined)
        context.addIssue(problem('alarm-rules.problem.mail', { value: wrong.slice(0, 60) }));
      if (found.length > MAX_MAILS)
        context.addIssue(problem('alarm-rules.problem.mails', { max: MAX_MAILS }));
      return found;
    });

/** `22:00`; an empty field is midnight, and both alike no quiet hours. */
const clockField = () =>
  z
    .string()
    .default('')
    .transform((text, context): number => {
      const minute = text.trim() === '' ? 0 : minuteOf(text);
      if (minute !== undefined) return minute % 1_440;
      context.addIssue(problem('alarm-rules.problem.clock'));
      return z.NEVER;
    });

/** The form. */
export const alarmRuleSchema = z
  .object({
    name: textField({ max: 80 }),
    kind: choiceField(ALARM_KINDS),
    level: choiceField(ALARM_LEVELS),
    enabled: flagField(),
    threshold: integerField(1, 86_400).or(z.literal('').transform(() => 1)),
    holdS: secondsField(0, MAX_HOLD_S),
    queues: idsField<QueueId>(),
    mails: mailsField(),
    webhook: textField({ min: 0, max: 500 })
      .default('')
      .superRefine((text, context) => {
        if (text !== '' && !isHttpUrl(text)) context.addIssue(problem('hooks.problem.url'));
      }),
    quietFrom: clockField(),
    quietTo: clockField(),
  })
  .superRefine(({ kind, threshold }, context) => {
    if (ALARM_UNITS[kind] === 'percent' && threshold > 100)
      context.addIssue({
        ...problem('form.problem.between', { min: 1, max: 100 }),
        path: ['threshold'],
      });
  })
  .transform((form): AlarmRuleDraft => ({
    ...form,
    threshold: ALARM_UNITS[form.kind] === 'none' ? 1 : form.threshold,
    queues: isAboutQueues(form.kind) ? form.queues : [],
  }));
