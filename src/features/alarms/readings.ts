import { lostPercent, type PhonePeaks } from '../../engines/alarm/phone-peak.js';
import type { Reading } from '../../engines/alarm/watch.js';
import type { QueueId } from '../../kernel/ids.js';
import type { LiveSnapshot } from '../../telephony/live.js';
import type { AlarmRuleDraft } from './alarm-rule.js';

/** What can be read at a moment. Undefined parts: nobody can tell now. */
export interface Facts {
  readonly at: number;
  /** Fresh, and Asterisk is reached; else what it says of lines and phones is of no worth. */
  readonly snapshot: LiveSnapshot | undefined;
  /** Calls are not handled now: the process that runs them is silent, or Asterisk is. */
  readonly isPbxAway: boolean | undefined;
  readonly phonePeaks: PhonePeaks;
  /** Share of calls that failed lately, 0 to 100; undefined also where there are too few. */
  readonly failedPercent: number | undefined;
  readonly diskPercent: number | undefined;
  /** Days of which reports and ledger differ, `2026-11-26`. */
  readonly differingDays: readonly string[];
  /** By queue: people who did not reach us, and whom nobody has reached by their due time. */
  readonly overdueCallers: readonly OverdueCallers[];
}

/** `queueId` undefined: callers of no queue. `since`: the earliest due time that has passed, in ms since the epoch. */
export interface OverdueCallers {
  readonly queueId: QueueId | undefined;
  readonly name: string;
  readonly since: number;
}

const all = (value: number): readonly Reading[] => [{ subject: 'all', name: '', value }];

/** What a rule is measured by; undefined where nobody can tell now. */
export function readingsOf(
  rule: Pick<AlarmRuleDraft, 'kind' | 'queues'>,
  facts: Facts,
): readonly Reading[] | undefined {
  const { snapshot, at } = facts;
  switch (rule.kind) {
    case 'pbx-away':
      return facts.isPbxAway === undefined ? undefined : all(facts.isPbxAway ? 1 : 0);
    case 'disk':
      return facts.diskPercent === undefined ? undefined : all(facts.diskPercent);
    case 'error-rate':
      return facts.failedPercent === undefined ? undefined : all(facts.failedPercent);
    case 'figures':
      return facts.differingDays.map((day) => ({ subject: `day:${day}`, name: day, value: 1 }));
    case 'callers-overdue':
      return facts.overdueCallers
        .filter(
          ({ queueId }) =>
            rule.queues.length === 0 || (queueId !== undefined && rule.queues.includes(queueId)),
        )
        .map(({ queueId, name, since }) => ({
          subject: `overdue:${queueId === undefined ? 'none' : String(queueId)}`,
          name,
          value: Math.max(0, at - since) / 1_000,
        }));
    case 'phones-lost':
      return (
        snapshot &&
        all(
          lostPercent(facts.phonePeaks, snapshot.extensions.filter((one) => one.registered).length),
        )
      );
    case 'calls-full':
      return snapshot && all((snapshot.limits?.turnedAway ?? 0) > 0 ? 1 : 0);
    case 'toll-fraud':
      return snapshot?.limits?.capped.map(({ extensionId, number, name }) => ({
        ...{
          subject: `extension:${String(extensionId)}`,
          name: `${number} ${name}`.trim(),
          value: 1,
        },
      }));
    case 'trunk-down':
      return snapshot?.trunks.map(({ id, name, online, isRefusing = false }) => ({
        ...{ subject: `trunk:${String(id)}`, name, value: online && !isRefusing ? 0 : 1 },
      }));
    case 'no-sound':
      return snapshot?.calls.flatMap(({ id, silent, other, about, from }) =>
        silent === undefined
          ? []
          : [
              {
                subject: `call:${id}`,
                name: silent.party === '' ? (about?.number ?? other ?? from) : silent.party,
                value: (at - silent.since) / 1_000,
              },
            ],
      );
    case 'waiting':
    case 'stall':
      return snapshot?.queues
        .filter(({ id }) => rule.queues.length === 0 || rule.queues.includes(id))
        .map((queue) => ({
          subject: `queue:${String(queue.id)}`,
          name: queue.name,
          value:
            rule.kind === 'stall'
              ? queue.stalledMs / 1_000
              : queue.longestSince === undefined
                ? 0
                : Math.max(0, at - queue.longestSince) / 1_000,
        }));
  }
}
