import { expect } from 'chai';
import fc from 'fast-check';
import {
  dayOffers,
  dayStretches,
  dayTotals,
  handledCalls,
  occupancy,
  wholeSeconds,
  type DayMark,
} from '../../../src/engines/reporting/agent-day.js';
import type { CallId } from '../../../src/kernel/ids.js';

const RANGE = { startAt: 10_000, endAt: 100_000, isOver: false };
const state = fc.constantFrom(
  ...['signed-out', 'not-ready', 'available', 'ringing', 'talking', 'wrap-up', 'phone-lost'],
);
const mark: fc.Arbitrary<DayMark> = fc.record({
  at: fc.integer({ min: 0, max: 110_000 }),
  state,
  reason: fc.constantFrom('', 'break', 'lunch'),
  note: fc.constantFrom('', 'Mara: drill'),
  callId: fc.option(fc.constantFrom('A' as CallId, 'B' as CallId), { nil: undefined }),
});
const marks = fc.array(mark, { maxLength: 40, size: 'max' });

describe('an agent’s day, whatever the agent did', () => {
  it('is one stretch after the other, without gaps or overlaps, from the first mark to the end', () => {
    fc.assert(
      fc.property(marks, (all) => {
        const stretches = dayStretches(all, RANGE);
        stretches.forEach((stretch, index) => {
          expect(stretch.endAt).to.be.above(stretch.startAt);
          const next = stretches[index + 1];
          if (next !== undefined) expect(next.startAt).to.equal(stretch.endAt);
        });
        const first = all.filter(({ at }) => at < RANGE.endAt);
        if (first.length > 0) expect(stretches.at(-1)?.endAt).to.equal(RANGE.endAt);
      }),
    );
  });

  it('adds up: the states to the log-in time, to the millisecond', () => {
    fc.assert(
      fc.property(marks, (all) => {
        const stretches = dayStretches(all, RANGE);
        const { signedInMs, totals, differenceMs } = dayTotals(stretches);
        expect(differenceMs).to.equal(0);
        expect(totals.reduce((sum, { ms }) => sum + ms, 0)).to.equal(signedInMs);
        const out = stretches.filter((one) => one.state === 'signed-out');
        const outMs = out.reduce((sum, one) => sum + one.endAt - one.startAt, 0);
        const known = RANGE.endAt - (stretches[0]?.startAt ?? RANGE.endAt);
        expect(signedInMs).to.equal(known - outMs);
      }),
    );
  });

  it('adds up in whole seconds, too, and no time is off by a second or more', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(5_000_000), { maxLength: 20 }), (times) => {
        const seconds = wholeSeconds(times);
        const sum = times.reduce((all, ms) => all + ms, 0);
        expect(seconds.reduce((all, one) => all + one, 0)).to.equal(Math.floor(sum / 1_000));
        seconds.forEach((one, index) => {
          expect(Math.abs(one * 1_000 - (times[index] ?? 0))).to.be.below(1_000);
        });
      }),
    );
  });

  it('gives all time of talking with a call to that call, and no wrap-up to two', () => {
    fc.assert(
      fc.property(marks, (all) => {
        const stretches = dayStretches(all, RANGE);
        const of = (wanted: string, withCall: boolean): number =>
          stretches
            .filter((one) => one.state === wanted && (!withCall || one.callId !== undefined))
            .reduce((sum, one) => sum + one.endAt - one.startAt, 0);
        const calls = handledCalls(stretches);
        const sum = (pick: (call: (typeof calls)[number]) => number): number =>
          calls.reduce((total, call) => total + pick(call), 0);
        expect(sum(({ talkMs }) => talkMs)).to.equal(of('talking', true));
        expect(sum(({ wrapUpMs }) => wrapUpMs)).to.be.at.most(of('wrap-up', false));
        const share = occupancy(dayTotals(stretches).totals);
        if (share !== undefined) expect(share).to.be.within(0, 1);
      }),
    );
  });
});

describe('an agent’s day', () => {
  const at = (seconds: number, stateName: string, callId?: string, reason = ''): DayMark => ({
    at: 10_000 + seconds * 1_000,
    state: stateName,
    reason,
    note: '',
    callId: callId as CallId | undefined,
  });

  it('tells offers that were answered from those that were not, and whose wrap-up is whose', () => {
    const stretches = dayStretches(
      [
        at(-5, 'signed-out'),
        at(0, 'not-ready', undefined, 'signed-in'),
        at(5, 'available'),
        at(10, 'ringing', 'A'),
        at(15, 'available'),
        at(20, 'ringing', 'B'),
        at(23, 'talking', 'B'),
        at(53, 'wrap-up'),
        at(60, 'available'),
        at(70, 'talking', 'C'),
      ],
      { ...RANGE, endAt: 90_000 },
    );
    expect(dayOffers(stretches)).to.deep.equal([
      { callId: 'A', at: 20_000, rangMs: 5_000, isAnswered: false, isOpen: false },
      { callId: 'B', at: 30_000, rangMs: 3_000, isAnswered: true, isOpen: false },
    ]);
    expect(handledCalls(stretches)).to.deep.equal([
      { callId: 'B', at: 33_000, talkMs: 30_000, wrapUpMs: 7_000, isOpen: false },
      { callId: 'C', at: 80_000, talkMs: 10_000, wrapUpMs: 0, isOpen: true },
    ]);
    expect(stretches[0]).to.include({ state: 'not-ready', startAt: 10_000 });
  });
});
