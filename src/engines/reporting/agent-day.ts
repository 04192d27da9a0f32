import type { CallId } from '../../kernel/ids.js';
import type { StateMark } from './not-ready-time.js';

const SIGNED_OUT = 'signed-out';

/** A state that an agent entered, with what stands beside it. */
export interface DayMark extends StateMark {
  /** Who put the agent in it, and why; '' for the agent's own. */
  readonly note: string;
  readonly callId: CallId | undefined;
}

/** A stretch of one state: from `startAt` up to, not including, `endAt`. */
export interface DayStretch extends DayMark {
  readonly startAt: number;
  readonly endAt: number;
  /** It goes on at the end of the range. */
  readonly isOpen: boolean;
}

/** The range of a day; `isOver` is false where its end is now. */
export interface DayRange {
  readonly startAt: number;
  readonly endAt: number;
  readonly isOver: boolean;
}

/**
 * The stretches of an agent's day, in order. Marks may begin before the range, come in any order, and be repeated; of several
 * in one millisecond the last given counts. What was before the first mark is not known and no stretch. A state that is
 * marked again and stays the same for those who read it (the agent chose what comes afterwards) is one stretch.
 */
export function dayStretches(
  marks: readonly DayMark[],
  { startAt, endAt, isOver }: DayRange,
): readonly DayStretch[] {
  const ordered = marks.toSorted((a, b) => a.at - b.at);
  const stretches: DayStretch[] = [];
  ordered.forEach((mark, index) => {
    const next = ordered[index + 1]?.at;
    const from = Math.max(mark.at, startAt);
    const to = Math.min(next ?? endAt, endAt);
    if (to <= from) return;
    const stretch = {
      ...{ ...mark, startAt: from, endAt: to },
      isOpen: next === undefined && !isOver,
    };
    const last = stretches.at(-1);
    if (last !== undefined && isSame(last, mark))
      stretches[stretches.length - 1] = { ...stretch, at: last.at, startAt: last.startAt };
    else stretches.push(stretch);
  });
  return stretches;
}

/** The same state to those who read it: why matters only where somebody is not ready. */
const isSame = (one: DayMark, other: DayMark): boolean =>
  one.state === other.state &&
  one.callId === other.callId &&
  one.note === other.note &&
  (one.state !== 'not-ready' || one.reason === other.reason);

/** What one state, or one reason of being not ready, adds up to. `isOpen`: it is the state of now. */
export interface DayTotal {
  readonly state: string;
  /** Of not ready; '' for other states. */
  readonly reason: string;
  readonly ms: number;
  readonly times: number;
  readonly isOpen: boolean;
}

export interface DayTotals {
  /** From each sign-in to the sign-out behind it, or to the end of the range. */
  readonly signedInMs: number;
  /** Every state but signed out. */
  readonly totals: readonly DayTotal[];
  /** Signed-in time less the sum of the totals: anything but 0 is an error of this program. */
  readonly differenceMs: number;
}

/** Adds a day up. Log-in time is measured by itself, from sign-ins and sign-outs alone, so that the two can be compared. */
export function dayTotals(stretches: readonly DayStretch[]): DayTotals {
  const totals = new Map<string, DayTotal>();
  let signedInMs = 0;
  let signedInAt: number | undefined;
  let lastEndAt = 0;
  for (const { state, reason, startAt, endAt, isOpen } of stretches) {
    // A gap would be time that no state covers.
    if (state === SIGNED_OUT) {
      if (signedInAt !== undefined) signedInMs += startAt - signedInAt;
      signedInAt = undefined;
      continue;
    }
    signedInAt ??= startAt;
    lastEndAt = endAt;
    const why = state === 'not-ready' ? reason : '';
    const key = `${state} ${why}`;
    const known = totals.get(key);
    totals.set(key, {
      state,
      reason: why,
      ms: (known?.ms ?? 0) + endAt - startAt,
      times: (known?.times ?? 0) + 1,
      isOpen: isOpen || known?.isOpen === true,
    });
  }
  if (signedInAt !== undefined) signedInMs += lastEndAt - signedInAt;
  const all = [...totals.values()];
  const sum = all.reduce((ms, total) => ms + total.ms, 0);
  return { signedInMs, totals: all, differenceMs: signedInMs - sum };
}

/**
 * Durations in whole seconds whose sum is the whole seconds of their sum: what is cut off is given to those that lost most.
 * So columns of a page add up, too.
 */
export function wholeSeconds(durationsMs: readonly number[]): readonly number[] {
  const whole = durationsMs.map((ms) => Math.floor(ms / 1_000));
  const total = Math.floor(durationsMs.reduce((sum, ms) => sum + ms, 0) / 1_000);
  let left = total - whole.reduce((sum, seconds) => sum + seconds, 0);
  const byLoss = durationsMs
    .map((ms, index) => ({ index, lost: ms % 1_000 }))
    .toSorted((a, b) => b.lost - a.lost || a.index - b.index);
  for (const { index } of byLoss) {
    if (left <= 0) break;
    whole[index] = (whole[index] ?? 0) + 1;
    left -= 1;
  }
  return whole;
}

/** What an agent did with one call. Times in ms, hold within the talk. */
export interface HandledCall {
  readonly callId: CallId;
  /** When the talk began, of several the first. */
  readonly at: number;
  readonly talkMs: number;
  readonly wrapUpMs: number;
  /** The talk or the wrap-up goes on. */
  readonly isOpen: boolean;
}

/** The calls that an agent talked in, by the beginning of the talk; a wrap-up belongs to the call before it. */
export function handledCalls(stretches: readonly DayStretch[]): readonly HandledCall[] {
  const calls = new Map<CallId, HandledCall>();
  let last: CallId | undefined;
  for (const { state, callId, startAt, endAt, isOpen } of stretches) {
    if (state === 'talking' && callId !== undefined) {
      const known = calls.get(callId);
      last = callId;
      calls.set(callId, {
        callId,
        at: known?.at ?? startAt,
        talkMs: (known?.talkMs ?? 0) + endAt - startAt,
        wrapUpMs: known?.wrapUpMs ?? 0,
        isOpen,
      });
    }
    const owner = state === 'wrap-up' && last !== undefined ? calls.get(last) : undefined;
    if (owner !== undefined)
      calls.set(owner.callId, {
        ...owner,
        wrapUpMs: owner.wrapUpMs + endAt - startAt,
        isOpen: isOpen || owner.isOpen,
      });
  }
  return [...calls.values()];
}

/** One ring at the agent's phone for a call. */
export interface DayOffer {
  readonly callId: CallId;
  readonly at: number;
  readonly rangMs: number;
  /** The agent talked in the call right afterwards. */
  readonly isAnswered: boolean;
  readonly isOpen: boolean;
}

/** The offers of a day, in order: each stretch of ringing for a call. */
export function dayOffers(stretches: readonly DayStretch[]): readonly DayOffer[] {
  return stretches.flatMap((stretch, index) => {
    const { state, callId, startAt, endAt, isOpen } = stretch;
    if (state !== 'ringing' || callId === undefined) return [];
    const next = stretches[index + 1];
    // A call that was promised is read before it is made.
    const isAnswered =
      next?.state === 'preview' || (next?.state === 'talking' && next.callId === callId);
    return [{ callId, at: startAt, rangMs: endAt - startAt, isAnswered, isOpen }];
  });
}

/** Share of the working time that calls took: preview, talk and wrap-up of these and the time available; undefined without any. */
export function occupancy(totals: readonly DayTotal[]): number | undefined {
  const of = (...states: readonly string[]): number =>
    totals.reduce((sum, { state, ms }) => (states.includes(state) ? sum + ms : sum), 0);
  const busy = of('preview', 'talking', 'wrap-up');
  const all = busy + of('available', 'ringing');
  return all === 0 ? undefined : busy / all;
}
