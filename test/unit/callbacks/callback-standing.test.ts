import { expect } from 'chai';
import fc from 'fast-check';
import { standingOf } from '../../../src/telephony/calls/callback-standing.js';

const HOUR_MS = 3_600_000;
const ASKED = 1_000 * HOUR_MS;
const at = (hours: number): number => ASKED + hours * HOUR_MS;
const fresh = { askedAt: ASKED, heldUntil: 0 };
const OPEN = { isOpen: true } as const;
const CLOSED = { isOpen: false } as const;

describe('what a callback that waits may do', () => {
  it('is made while its queue is open, and held until it opens', () => {
    expect(standingOf(fresh, {}, OPEN, at(1))).to.deep.equal({ kind: 'due' });
    expect(standingOf(fresh, {}, { ...CLOSED, opensAt: at(15) }, at(1))).to.deep.equal({
      ...{ kind: 'held', until: at(15), isKnown: true },
    });
    expect(standingOf(fresh, {}, CLOSED, at(1))).to.include({ kind: 'held', isKnown: false });
  });

  it('is too old after two days, after what its queue says, or never', () => {
    const expired = { kind: 'lapsed', why: 'expired' };
    expect(standingOf(fresh, {}, OPEN, at(48) - 1)).to.deep.equal({ kind: 'due' });
    expect(standingOf(fresh, {}, OPEN, at(48))).to.deep.equal(expired);
    expect(standingOf(fresh, { callbackMaxAgeMs: HOUR_MS }, OPEN, at(1))).to.deep.equal(expired);
    expect(standingOf(fresh, { callbackMaxAgeMs: HOUR_MS }, CLOSED, at(1))).to.deep.equal(expired);
    expect(standingOf(fresh, { callbackMaxAgeMs: 0 }, OPEN, at(9_000)).kind).to.equal('due');
  });

  it('has an hour of the opening that it waited for', () => {
    const overWeekend = { askedAt: ASKED, heldUntil: at(63) };
    expect(standingOf(overWeekend, {}, OPEN, at(63.9)).kind).to.equal('due');
    expect(standingOf(overWeekend, {}, OPEN, at(64)).kind).to.equal('lapsed');
  });

  it('is over when its queue is gone, however young', () => {
    expect(standingOf(fresh, undefined, OPEN, ASKED)).to.deep.equal({
      ...{ kind: 'lapsed', why: 'queue-gone' },
    });
  });

  it('never is due while the queue is closed, whatever the times are', () => {
    const instant = fc.integer({ min: 0, max: 2_000 }).map((hours) => hours * HOUR_MS);
    fc.assert(
      fc.property(
        instant,
        instant,
        instant,
        instant,
        fc.option(instant, { nil: undefined }),
        (askedAt, heldUntil, now, maxAge, opensAt) => {
          const opening = { ...CLOSED, ...(opensAt === undefined ? {} : { opensAt }) };
          const callback = { askedAt, heldUntil };
          const standing = standingOf(callback, { callbackMaxAgeMs: maxAge }, opening, now);
          expect(standing.kind).to.not.equal('due');
        },
      ),
    );
  });
});
