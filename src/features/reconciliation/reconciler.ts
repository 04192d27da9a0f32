import type { Reconciliation } from '../../engines/reconciliation/finding.js';
import type { TimeSpan } from '../../engines/reporting/time-spans.js';
import type { Clock } from '../../kernel/clock.js';
import type { Scope } from '../../kernel/scope.js';
import type { CheckedDay, CountedDay } from './reconciliation-store.js';
import { dayNameOf, daysBehind, spanOfDay } from '../../kernel/site-day.js';

/** Days behind this one are not counted by themselves. */
const LOOK_BACK_DAYS = 7;
/** So long after midnight a day is counted: what was written late is there. */
const AFTER_MIDNIGHT_MS = 3_600_000;
const LOOK_EVERY_MS = 10_000;
const RETRY_MS = 60_000;

/** A whole day in which something does not add up: what alarms are told. */
export interface ReconciliationAlarm {
  readonly day: string;
  readonly differences: number;
}

/** What the job works with; one of all processes at a time. */
export interface ReconcilerStore {
  /** Days that were counted or are wanted, the latest first, from that day on. */
  days(from: string): Promise<readonly CheckedDay[]>;
  /** Runs the work while no other process does; false where another one is at it. */
  alone(work: () => Promise<void>): Promise<boolean>;
  /** Counts a day anew, in one view of everything. */
  recount(day: TimeSpan, now: number): Promise<Reconciliation>;
  keep(counted: CountedDay): Promise<void>;
}

export interface ReconcilerParts {
  readonly store: ReconcilerStore;
  readonly clock: Clock;
  /** IANA zone of the site. */
  readonly zone: string;
  readonly log: {
    info(fields: object, message: string): void;
    warn(fields: object, message: string): void;
  };
  /** Is told of each count of a whole day that found differences. */
  readonly raiseAlarm: (alarm: ReconciliationAlarm) => void;
}

/**
 * The next day to be counted: one that somebody asked for; else one of the last week that is over and was not counted since,
 * or in which calls went on when it was. What is done is in the table: a restart goes on where it stood.
 */
export function dueDay(days: readonly CheckedDay[], zone: string, now: number): string | undefined {
  const wanted = days.findLast(({ isWanted }) => isWanted);
  if (wanted !== undefined) return wanted.day;
  const today = dayNameOf(now, zone);
  const midnight = spanOfDay(today, zone, now)?.startAt ?? now;
  const known = new Map(days.map((one) => [one.day, one]));
  for (let back = LOOK_BACK_DAYS; back >= 1; back--) {
    if (now < midnight + AFTER_MIDNIGHT_MS) return undefined;
    const day = daysBehind(today, -back);
    const one = known.get(day);
    if (one?.checkedAt === undefined || !one.isWhole) return day;
    if (one.openCalls > 0 && one.checkedAt.getTime() < midnight) return day;
  }
  return undefined;
}

/** Counts what is due, one day; false where nothing was, or another process is at it. */
export async function reconcileNext(parts: ReconcilerParts): Promise<boolean> {
  const { store, clock, zone, log, raiseAlarm } = parts;
  // A cheap look first: mostly nothing is due, and nobody needs to be alone for that.
  if ((await nextOf(parts)) === undefined) return false;
  let hasCounted = false;
  await store.alone(async () => {
    const day = await nextOf(parts);
    const startedAt = clock.now();
    const span = day === undefined ? undefined : spanOfDay(day, zone, startedAt);
    if (day === undefined || span === undefined) return;
    const result = await store.recount(span, startedAt);
    const isWhole = span.endAt <= startedAt;
    await store.keep({ day, isWhole, startedAt, checkedAt: clock.now(), result });
    hasCounted = true;
    const differences = result.findings.length;
    log.info({ day, calls: result.calls, differences }, 'a day was counted anew');
    if (differences > 0 && isWhole) raiseAlarm({ day, differences });
  });
  return hasCounted;
}

async function nextOf({ store, clock, zone }: ReconcilerParts): Promise<string | undefined> {
  const now = clock.now();
  return dueDay(await store.days(''), zone, now);
}

/** Counts what is due until the scope ends. */
export function keepReconciled(server: Scope, parts: ReconcilerParts): void {
  const { clock, log } = parts;
  server.fork('reconciliation', async (scope) => {
    for (;;) {
      let waitMs = LOOK_EVERY_MS;
      try {
        if (await reconcileNext(parts)) waitMs = 0;
      } catch (error) {
        if (scope.cancelled) return;
        log.warn({ err: error }, 'the ledger could not be counted anew; trying again');
        waitMs = RETRY_MS;
      }
      await clock.sleep(waitMs, scope.signal);
    }
  });
}
