import type { AlarmBegin, AlarmKind, AlarmLevel } from '../../engines/alarm/watch.js';
import type { AlarmId, AlarmRuleId } from '../../kernel/ids.js';
import type { ListQuery, ListResult } from '../../kernel/list.js';
import type { Actor } from '../../kernel/actor.js';
import type { StoredAlarmRule } from './alarm-rule.js';

/** Something that was wrong, from its begin to its end. */
export interface Alarm {
  readonly id: AlarmId;
  readonly ruleId: AlarmRuleId;
  readonly ruleName: string;
  readonly kind: AlarmKind;
  readonly level: AlarmLevel;
  /** `queue:3`, `trunk:1`, `call:<id>`, `disk`, `all`. */
  readonly subject: string;
  readonly subjectName: string;
  /** As it was read when it began, in the unit of the kind. */
  readonly value: number;
  readonly threshold: number;
  readonly beganAt: Date;
  /** Absent while it lasts. */
  readonly endedAt: Date | undefined;
  readonly acknowledgedAt: Date | undefined;
  readonly acknowledgedBy: string;
  readonly note: string;
  readonly toldAt: Date | undefined;
}

/** What is told to whom of one alarm. */
export interface AlarmNews {
  readonly mails: readonly {
    readonly recipient: string;
    readonly subject: string;
    readonly text: string;
  }[];
  readonly webhook?: { readonly url: string; readonly body: string };
}

export const ALARM_STATES = ['open', 'unseen', 'ended'] as const;
export type AlarmState = (typeof ALARM_STATES)[number];

export interface AlarmQuery extends Pick<ListQuery<'began'>, 'search' | 'offset' | 'limit'> {
  readonly state: AlarmState | undefined;
  readonly kind: AlarmKind | undefined;
}

/** A message of an alarm that is to be sent. */
export interface DueAlarmWebhook {
  readonly id: number;
  readonly key: string;
  readonly url: string;
  readonly body: string;
  readonly at: number;
}

/** Alarms as they are kept. */
export interface AlarmStore {
  open(): Promise<readonly Alarm[]>;
  list(query: AlarmQuery): Promise<ListResult<Alarm>>;
  find(id: AlarmId): Promise<Alarm | undefined>;
  /** Undefined where the same is open already: somebody else was first. */
  begin(rule: StoredAlarmRule, begin: AlarmBegin, at: Date): Promise<AlarmId | undefined>;
  /** Closes what is open; undefined where nothing was. */
  end(rule: AlarmRuleId, subject: string, at: Date): Promise<Alarm | undefined>;
  /** Those whose begin, or whose end after a told begin, nobody was told of. */
  untold(): Promise<readonly Alarm[]>;
  /** Gives news on their way and notes it, in one transaction; false where it was done before. */
  tell(id: AlarmId, moment: 'began' | 'ended', news: AlarmNews, at: Date): Promise<boolean>;
  dueWebhooks(limit: number): Promise<readonly DueAlarmWebhook[]>;
  noteGiven(id: number, at: Date): Promise<void>;
  /** With its line of the audit log; false where somebody has done so before. */
  acknowledge(actor: Actor, id: AlarmId, note: string, at: Date): Promise<boolean>;
  /** Removes alarms that ended before. */
  forget(before: Date): Promise<void>;
}
