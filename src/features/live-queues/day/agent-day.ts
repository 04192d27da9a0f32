import { Temporal } from 'temporal-polyfill';
import {
  dayOffers,
  dayStretches,
  dayTotals,
  handledCalls,
  type DayMark,
  type DayOffer,
  type DayRange,
  type DayStretch,
  type DayTotals,
  type HandledCall,
} from '../../../engines/reporting/agent-day.js';
import { isOverLimitOf } from '../../../engines/reporting/not-ready-time.js';
import type { OfferOutcome } from '../../../kernel/call-event.js';
import type { AgentId, CallId } from '../../../kernel/ids.js';
import { siteDayOf } from '../../../kernel/site-day.js';
import type { NotReadyReasonConfig } from '../../../telephony/directory.js';
import type { LiveAgent } from '../../../telephony/live.js';
import type { AgentDayReports, DayCall, OfferEnd } from './agent-day-reports.js';

/** The day that is asked for: its range, which ends now where it is today, and its name, `2026-11-26`. */
export interface AskedDay extends DayRange {
  readonly name: string;
  readonly isToday: boolean;
}

/** A day by name in a zone; today for what is no day, or one to come. */
export function askedDay(text: string | undefined, now: number, zone: string): AskedDay {
  const today = dayNamed(now, zone);
  const name = text !== undefined && isDay(text) && text < today ? text : today;
  const noon = Temporal.PlainDate.from(name).toZonedDateTime({
    timeZone: zone,
    plainTime: '12:00',
  }).epochMilliseconds;
  const { startAt, endAt } = siteDayOf(noon, zone);
  const isToday = name === today;
  return { name, isToday, startAt, endAt: isToday ? now : endAt, isOver: !isToday };
}

const dayNamed = (at: number, zone: string): string =>
  Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(zone).toPlainDate().toString();

/** The day `days` after another, by name. */
export const dayAfter = (name: string, days: number): string =>
  Temporal.PlainDate.from(name).add({ days }).toString();

function isDay(text: string): boolean {
  if (!/^\d{4}-\d\d-\d\d$/.test(text)) return false;
  try {
    Temporal.PlainDate.from(text, { overflow: 'reject' });
    return true;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

/** What became of an offer, as the day counts it. `not-taken`: nobody talked, and the ledger does not say why. */
export type OfferResult = OfferOutcome | 'not-taken' | 'open';

/** How offers are counted: by whose doing they ended. */
export const OFFER_GROUPS = ['answered', 'missed', 'declined', 'gone', 'open'] as const;
export type OfferGroup = (typeof OFFER_GROUPS)[number];

export const groupOf = (result: OfferResult): OfferGroup => {
  switch (result) {
    case 'answered':
    case 'declined':
    case 'open':
      return result;
    case 'caller-left':
    case 'withdrawn':
      return 'gone';
    case 'no-answer':
    case 'busy':
    case 'unreachable':
    case 'failed':
    case 'not-taken':
      return 'missed';
  }
};

export interface ToldOffer extends DayOffer {
  readonly result: OfferResult;
  readonly end: OfferEnd | undefined;
}

/** A time not ready that was longer than its reason allows. */
export interface OverLimit {
  readonly reason: NotReadyReasonConfig;
  readonly ms: number;
  readonly limitMs: number;
  /** Of one time; undefined where the day's sum was too long. */
  readonly at: number | undefined;
}

/** Everything that an agent's day shows from the ledger. */
export interface AgentDay {
  readonly day: AskedDay;
  readonly stretches: readonly DayStretch[];
  readonly sums: DayTotals;
  readonly handled: readonly HandledCall[];
  readonly offers: readonly ToldOffer[];
  readonly calls: ReadonlyMap<CallId, DayCall>;
  readonly overLimit: readonly OverLimit[];
}

/** Reads a day; `live` is the agent now, whose last change the ledger may not have yet. */
export async function readAgentDay(
  reports: AgentDayReports,
  agent: AgentId,
  day: AskedDay,
  live: LiveAgent | undefined,
  reasons: ReadonlyMap<string, NotReadyReasonConfig>,
): Promise<AgentDay> {
  const stored = await reports.marks(agent, new Date(day.startAt), new Date(day.endAt));
  const stretches = dayStretches(day.isToday ? withNow(stored, live) : stored, day);
  const handled = handledCalls(stretches);
  const offers = dayOffers(stretches);
  const ids = [...new Set([...handled, ...offers].map(({ callId }) => callId))];
  const [calls, ends] = await Promise.all([
    reports.calls(ids),
    reports.offerEnds(agent, [...new Set(offers.map(({ callId }) => callId))]),
  ]);
  const sums = dayTotals(stretches);
  return {
    ...{ day, stretches, sums, handled, calls },
    offers: tellOffers(offers, ends),
    overLimit: overLimits(stretches, sums, reasons),
  };
}

/** The state of now belongs to the day at once, not when the ledger has it. */
function withNow(marks: readonly DayMark[], live: LiveAgent | undefined): readonly DayMark[] {
  const last = marks.at(-1);
  if (live === undefined || (last !== undefined && live.since <= last.at)) return marks;
  const { state, reason, since, callId, forced } = live;
  const note = forced === undefined ? '' : `${forced.by}: ${forced.why}`;
  return [...marks, { at: since, state, reason, note, callId }];
}

/** An end belongs to an offer of the same call that was out then. */
const SAME_END_MS = 5_000;

function tellOffers(offers: readonly DayOffer[], ends: readonly OfferEnd[]): readonly ToldOffer[] {
  const left = new Set(ends);
  return offers.map((offer) => {
    const endedAt = offer.at + offer.rangMs;
    const end = [...left].find(
      (one) => one.callId === offer.callId && Math.abs(one.at - endedAt) < SAME_END_MS,
    );
    if (end !== undefined) left.delete(end);
    const told = offer.isAnswered ? 'answered' : offer.isOpen ? 'open' : 'not-taken';
    return { ...offer, end, result: end?.outcome ?? told };
  });
}

function overLimits(
  stretches: readonly DayStretch[],
  { totals }: DayTotals,
  reasons: ReadonlyMap<string, NotReadyReasonConfig>,
): readonly OverLimit[] {
  const notReady = stretches.filter(({ state }) => state === 'not-ready');
  const times = notReady.flatMap(({ reason: code, startAt, endAt }): OverLimit[] => {
    const reason = reasons.get(code);
    const ms = endAt - startAt;
    return reason !== undefined && isOverLimitOf(reason.limitMs, ms)
      ? [{ reason, ms, limitMs: reason.limitMs, at: startAt }]
      : [];
  });
  const days = totals.flatMap(({ state, reason: code, ms }): OverLimit[] => {
    const reason = state === 'not-ready' ? reasons.get(code) : undefined;
    return reason !== undefined && isOverLimitOf(reason.dayLimitMs, ms)
      ? [{ reason, ms, limitMs: reason.dayLimitMs, at: undefined }]
      : [];
  });
  return [...days, ...times];
}
