import { expect } from 'chai';
import fc from 'fast-check';
import {
  decideReach,
  followsMe,
  FORWARD_REASONS,
  forwardCircle,
  MOST_HOPS,
  type CallHandling,
  type Hop,
  type PhoneNow,
  type Reach,
  type RingFailure,
} from '../../../src/engines/reach/reach.js';

const NUMBERS = ['2001', '2002', '2003', '2004', '2005'] as const;
const OUTSIDE = '+442079460999';

interface Person {
  readonly handling: CallHandling;
  readonly phone: PhoneNow;
  /** What the phone says when it rings; undefined is an answer. */
  readonly says: RingFailure | undefined;
}

const target = fc.constantFrom('', ...NUMBERS, OUTSIDE);
const person: fc.Arbitrary<Person> = fc.record({
  handling: fc.record({
    doNotDisturb: fc.boolean(),
    callWaiting: fc.boolean(),
    pickupGroup: fc.constant(''),
    followMe: fc.record({
      isOn: fc.boolean(),
      confirms: fc.boolean(),
      entries: fc.constantFrom([], [{ number: OUTSIDE, ringMs: 20_000, isTogether: false }]),
    }),
    forwards: fc.record({
      always: target,
      busy: target,
      'no-answer': target,
      unregistered: target,
    }),
  }),
  phone: fc.record({
    isRegistered: fc.boolean(),
    lines: fc.integer({ min: 0, max: 3 }),
    isTaken: fc.boolean(),
  }),
  says: fc.constantFrom<RingFailure | undefined>(
    undefined,
    'busy',
    'declined',
    'no-answer',
    'unreachable',
    'failed',
  ),
});
const house = fc.tuple(...NUMBERS.map(() => person));

/** Lives through a call to the first extension: the decisions, and how often each phone rang. */
function callThrough(people: readonly Person[], dialled: string) {
  const byNumber = new Map(NUMBERS.map((number, at) => [number as string, people[at]]));
  const hops: Hop[] = [];
  const rings: string[] = [];
  const decisions: Reach[] = [];
  let at = dialled;
  let rang: RingFailure | undefined;
  for (let step = 0; step < 1_000; step++) {
    const one = byNumber.get(at);
    if (one === undefined) return { hops, rings, decisions, end: 'outside' as const };
    const reach = decideReach({
      number: at,
      handling: one.handling,
      phone: one.phone,
      hops,
      ...(rang === undefined ? {} : { rang }),
    });
    decisions.push(reach);
    if (reach.kind === 'nobody') return { hops, rings, decisions, end: 'nobody' as const };
    if (reach.kind === 'ring') {
      rings.push(at);
      if (one.says === undefined) return { hops, rings, decisions, end: 'answered' as const };
      rang = one.says;
      continue;
    }
    hops.push(reach.hop);
    at = reach.hop.to;
    rang = undefined;
  }
  throw new Error('the call went round');
}

const options = { numRuns: 2_000, size: 'max' } as const;

describe('Where a call to an extension goes, whatever everybody has set', () => {
  it('comes to an end, at a phone, outside, or with nobody', () => {
    fc.assert(
      fc.property(house, (people) => {
        const { hops } = callThrough(people, '2001');
        expect(hops.length).to.be.at.most(MOST_HOPS);
      }),
      options,
    );
  });

  it('is sent on by an extension once, and rings no phone twice', () => {
    fc.assert(
      fc.property(house, (people) => {
        const { hops, rings } = callThrough(people, '2001');
        const senders = hops.map((hop) => hop.from);
        expect(new Set(senders).size).to.equal(senders.length);
        expect(new Set(rings).size).to.equal(rings.length);
        // Nobody who has sent the call on gets it back.
        hops.forEach((hop, at) => {
          expect(senders.slice(0, at + 1)).to.not.include(hop.to);
        });
      }),
      options,
    );
  });

  it('rings only a phone that is there, has a line left, and may be disturbed', () => {
    fc.assert(
      fc.property(house, (people) => {
        const { rings } = callThrough(people, '2001');
        for (const number of rings) {
          const one = people[NUMBERS.indexOf(number as (typeof NUMBERS)[number])];
          expect(one?.handling.doNotDisturb).to.equal(false);
          const isFollowed = one !== undefined && followsMe(one.handling);
          if (isFollowed && !one.phone.isRegistered) continue;
          expect(one?.phone).to.include({ isRegistered: true, isTaken: false });
          expect(one?.phone.lines).to.be.below(one?.handling.callWaiting === true ? 2 : 1);
        }
      }),
      options,
    );
  });

  it('follows a forward that is set, unless it would go round or the chain is too long', () => {
    fc.assert(
      fc.property(house, (people) => {
        const { decisions } = callThrough(people, '2001');
        for (const { refused } of decisions)
          for (const hop of refused) {
            expect(hop.to).to.not.equal('');
            expect([...FORWARD_REASONS, 'do-not-disturb']).to.include(hop.reason);
          }
        const all = decisions.flatMap(({ refused }) => refused);
        // Five extensions cannot make a chain of the longest length without going round.
        expect(all.every((hop) => hop.why === 'loop')).to.equal(true);
      }),
      options,
    );
  });

  it('has a circle of "always" found exactly where a call would meet an extension again', () => {
    const always = fc.tuple(...NUMBERS.map(() => target));
    fc.assert(
      fc.property(always, (targets) => {
        const alwaysOf = (number: string): string =>
          targets[NUMBERS.indexOf(number as (typeof NUMBERS)[number])] ?? '';
        const circle = forwardCircle('2001', alwaysOf);
        let at = '2001';
        for (let step = 0; step <= NUMBERS.length && at !== ''; step++) at = alwaysOf(at);
        expect(circle.length > 0).to.equal(at !== '');
        if (circle.length > 0) expect(circle[0]).to.equal(circle.at(-1));
      }),
      options,
    );
  });
});
