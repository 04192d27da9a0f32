import {
  occupancy,
  wholeSeconds,
  type DayStretch,
  type DayTotal,
} from '../../../engines/reporting/agent-day.js';
import type { CallId } from '../../../kernel/ids.js';
import type { NotReadyReasonConfig } from '../../../telephony/directory.js';
import type { AgentState } from '../../../telephony/live.js';
import {
  AGENT_LOOKS,
  DIRECTION_LOOKS,
  formatDuration,
  formatPercent,
  formatPhone,
  NO_VALUE,
  RESULT_LOOKS,
  type PageContext,
} from '../../../web/kit/index.js';
import { causeKey, sipKey } from '../../calls/index.js';
import { reasonName } from '../../not-ready-reasons/index.js';
import { AGENT_ORDER } from '../agent-values.js';
import {
  groupOf,
  OFFER_GROUPS,
  type AgentDay,
  type OfferGroup,
  type OfferResult,
  type ToldOffer,
} from './agent-day.js';
import { bandView } from './band-view.js';

/** What the words of a day come from. */
export interface DayWords {
  readonly page: PageContext;
  readonly reasons: ReadonlyMap<string, NotReadyReasonConfig>;
  readonly queueName: (id: number) => string | undefined;
}

const isState = (state: string): state is AgentState => state in AGENT_LOOKS;
const lookOf = (state: string) => AGENT_LOOKS[isState(state) ? state : 'signed-out'];

const stateName = (
  { page, reasons }: DayWords,
  { state, reason }: Pick<DayStretch, 'state' | 'reason'>,
): string => {
  if (state === 'not-ready' && reason !== '') return reasonName(page, reasons, reason);
  return isState(state) ? page.t(lookOf(state).label) : state;
};

/** Who was at the other end of a call; a dash where the ledger does not have the call yet, or never. */
function partyOf({ calls }: AgentDay, { page }: DayWords, id: CallId): string {
  const call = calls.get(id);
  if (call === undefined) return NO_VALUE;
  if (call.direction !== 'inbound') return formatPhone(call.to, page);
  if (call.fromName !== '') return call.fromName;
  return call.from === '' ? page.t('live-queues.anonymous') : formatPhone(call.from, page);
}

/** A time that goes on has `since`: where its clock would have begun, so that scripts go on counting. */
const timeView = (seconds: number, isOpen: boolean, now: number) => ({
  ms: seconds * 1_000,
  ...(isOpen ? { since: now - seconds * 1_000 } : {}),
});

/** Tiles, totals, limits and the band of a day. */
export function summaryView(day: AgentDay, words: DayWords, now: number) {
  const { page } = words;
  const { sums, handled, offers } = day;
  const rows = sums.totals.toSorted(
    (a, b) => orderOf(a) - orderOf(b) || b.ms - a.ms || a.reason.localeCompare(b.reason),
  );
  const seconds = wholeSeconds(rows.map(({ ms }) => ms));
  const sum = seconds.reduce((all, one) => all + one, 0);
  const isOpen = rows.some((row) => row.isOpen);
  const over = handled.filter((call) => !call.isOpen);
  const handledMs = over.reduce((ms, call) => ms + call.talkMs + call.wrapUpMs, 0);
  const share = occupancy(sums.totals);
  const countOf = (group: OfferGroup): number =>
    offers.filter(({ result }) => groupOf(result) === group).length;
  return {
    hasWorked: rows.length > 0,
    signedIn: timeView(Math.floor(sums.signedInMs / 1_000), isOpen, now),
    totals: rows.map((row, index) => ({
      ...timeView(seconds[index] ?? 0, row.isOpen, now),
      icon: lookOf(row.state).icon,
      tone: lookOf(row.state).tone,
      name: stateName(words, row),
      times: row.times,
      share:
        sums.signedInMs === 0 ? NO_VALUE : formatPercent(row.ms / sums.signedInMs, page.language),
    })),
    sum: timeView(sum, isOpen, now),
    difference: formatDuration(Math.abs(sums.differenceMs)),
    isWhole: sums.differenceMs === 0,
    handled: handled.length,
    aht: over.length === 0 ? NO_VALUE : formatDuration(handledMs / over.length),
    occupancy: share === undefined ? NO_VALUE : formatPercent(share, page.language),
    offers: offers.length,
    offersBy: OFFER_GROUPS.map((group) => ({
      group,
      count: countOf(group),
      label: page.t(`live-queues.offers.${group}`),
    })).filter(({ count }) => count > 0),
    overLimit: day.overLimit.map(({ reason, ms, limitMs, at }) => ({
      name: reason.names[page.language],
      time: formatDuration(ms),
      limit: formatDuration(limitMs),
      at,
    })),
    band: bandView(day, page, {
      state: (stretch) => stateName(words, stretch),
      who: (id) => partyOf(day, words, id),
    }),
  };
}

const orderOf = ({ state }: DayTotal): number => {
  const at = AGENT_ORDER.findIndex((known) => known === state);
  return at < 0 ? AGENT_ORDER.length : at;
};

/** The day's states, the newest first. */
export const timelineRows = (day: AgentDay, words: DayWords, now: number) =>
  day.stretches.toReversed().map((stretch) => {
    const { state, startAt, endAt, note, callId, isOpen } = stretch;
    const ms = endAt - startAt;
    return {
      at: startAt,
      icon: lookOf(state).icon,
      tone: lookOf(state).tone,
      name: stateName(words, stretch),
      note,
      hasTime: state !== 'signed-out',
      ...(state === 'signed-out' ? {} : timeView(Math.floor(ms / 1_000), isOpen, now)),
      who: callId === undefined ? '' : partyOf(day, words, callId),
      call: callId !== undefined && day.calls.has(callId) ? `/calls/${callId}` : undefined,
    };
  });

/** The calls that the agent talked in, the newest first. */
export const callRows = (day: AgentDay, words: DayWords, now: number) =>
  day.handled.toReversed().map(({ callId, at, talkMs, wrapUpMs, isOpen }) => {
    const call = day.calls.get(callId);
    const look = call?.result === undefined ? undefined : RESULT_LOOKS[call.result];
    return {
      at,
      who: partyOf(day, words, callId),
      call: call === undefined ? undefined : `/calls/${callId}`,
      direction: call && {
        icon: DIRECTION_LOOKS[call.direction].icon,
        label: words.page.t(DIRECTION_LOOKS[call.direction].label),
      },
      queue: queueText(words, call?.queueId),
      talk: timeView(Math.floor(talkMs / 1_000), isOpen && wrapUpMs === 0, now),
      wrapUp: timeView(Math.floor(wrapUpMs / 1_000), isOpen && wrapUpMs > 0, now),
      result: look && { icon: look.icon, label: words.page.t(look.label) },
    };
  });

const queueText = ({ queueName }: DayWords, id: number | undefined): string =>
  id === undefined ? NO_VALUE : (queueName(id) ?? NO_VALUE);

const OFFER_LOOKS: Readonly<Record<OfferResult, { readonly icon: string; readonly tone: string }>> =
  {
    answered: { icon: 'phone-check', tone: 'available' },
    'no-answer': { icon: 'phone-x', tone: 'alarm' },
    declined: { icon: 'phone-off', tone: 'alarm' },
    busy: { icon: 'phone-off', tone: 'alarm' },
    unreachable: { icon: 'plug-connected-x', tone: 'alarm' },
    'caller-left': { icon: 'phone-x', tone: '' },
    withdrawn: { icon: 'arrow-back-up', tone: '' },
    failed: { icon: 'alert-triangle', tone: 'alarm' },
    'not-taken': { icon: 'phone-x', tone: 'alarm' },
    open: { icon: 'bell-ringing', tone: 'ringing' },
  };

/** The day's offers, the newest first. */
export const offerRows = (day: AgentDay, words: DayWords, now: number) =>
  day.offers.toReversed().map(({ callId, at, rangMs, result, end, isOpen }) => ({
    at,
    who: partyOf(day, words, callId),
    call: day.calls.has(callId) ? `/calls/${callId}` : undefined,
    queue: queueText(words, end?.queueId ?? day.calls.get(callId)?.queueId),
    rang: timeView(Math.floor(rangMs / 1_000), isOpen, now),
    ...OFFER_LOOKS[result],
    result: words.page.t(`live-queues.offer.${result}`),
    why: causeText(words.page, result, end),
  }));

/** What the phone said where it would not take the call; nothing where somebody else ended the offer. */
function causeText(page: PageContext, result: OfferResult, end: ToldOffer['end']): string {
  const group = groupOf(result);
  if (end === undefined || (group !== 'declined' && group !== 'missed')) return '';
  const { cause, techCause } = end;
  return [
    ...(cause === undefined ? [] : [page.t(causeKey(cause), { cause })]),
    ...(techCause === undefined || techCause === 0
      ? []
      : [page.t(sipKey(techCause), { status: techCause })]),
  ].join(' · ');
}
