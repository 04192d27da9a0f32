import { expect } from 'chai';
import fc from 'fast-check';
import {
  chooseCallerId,
  isAllowedCallerId,
  NO_POOL,
  type CallerIdLimits,
  type CallerIdWishes,
} from '../../../src/engines/caller-id/choose.js';

const A = '+442079460101';
const B = '+442079460102';
const C = '+441632960103';
const TRUNK = '+442079460100';
const CUSTOMER = '+442079460999';
const limits: CallerIdLimits = { callerId: TRUNK, allowed: [], mayWithhold: false };
const wishes = (changes: Partial<CallerIdWishes> = {}): CallerIdWishes => ({
  isWithheld: false,
  pool: NO_POOL,
  owners: [
    { of: 'queue', number: '' },
    { of: 'extension', number: '' },
  ],
  ...changes,
});
const choose = (wanted: CallerIdWishes, at: Partial<CallerIdLimits> = {}, turn = 0) =>
  chooseCallerId(wanted, { ...limits, ...at }, CUSTOMER, turn);

describe('Which number is shown', () => {
  it('that of the trunk, where nobody has another one', () => {
    expect(choose(wishes())).to.deep.equal({ number: TRUNK, of: 'trunk', passedOver: [] });
    expect(choose(wishes(), { callerId: '' })).to.include({ number: '', of: 'trunk' });
  });

  it('of agent, queue, extension, in this order', () => {
    const owners = [
      { of: 'queue', number: B },
      { of: 'extension', number: C },
    ] as const;
    expect(choose(wishes({ owners }))).to.include({ number: B, of: 'queue' });
    const pool = { order: 'rotate', numbers: [A] } as const;
    expect(choose(wishes({ owners, pool }))).to.include({ number: A, of: 'agent' });
    expect(choose(wishes({ owners: [owners[1]] }))).to.include({ number: C, of: 'extension' });
  });

  it('only one that the trunk may show, and says which it could not', () => {
    const owners = [
      { of: 'queue', number: C },
      { of: 'extension', number: B },
    ] as const;
    const chosen = choose(wishes({ owners }), { allowed: ['+4420*'] });
    expect(chosen).to.deep.equal({
      number: B,
      of: 'extension',
      passedOver: [{ of: 'queue', number: C }],
    });
    const none = choose(wishes({ owners }), { allowed: [A] });
    expect(none).to.include({ number: TRUNK, of: 'trunk' });
    expect(none?.passedOver).to.have.length(2);
  });

  it('a pool takes turns, or keeps to one for a customer', () => {
    const numbers = [A, B, C];
    const inTurn = [0, 1, 2, 3].map(
      (turn) => choose(wishes({ pool: { order: 'rotate', numbers } }), {}, turn)?.number,
    );
    expect(inTurn).to.deep.equal([A, B, C, A]);
    const sticky = [0, 1, 2, 3].map(
      (turn) => choose(wishes({ pool: { order: 'sticky', numbers } }), {}, turn)?.number,
    );
    expect(new Set(sticky).size).to.equal(1);
  });

  it('withheld only where the trunk may, and then no call rather than a number', () => {
    const hidden = wishes({ isWithheld: true, owners: [{ of: 'extension', number: A }] });
    expect(choose(hidden)).to.equal(undefined);
    expect(choose(hidden, { mayWithhold: true })).to.include({ number: '', of: 'withheld' });
  });

  const anyNumber = fc.constantFrom(A, B, C, '+493012345678', '+8613800138000');
  it('never shows what the trunk may not', () => {
    fc.assert(
      fc.property(
        fc.array(anyNumber),
        fc.array(fc.constantFrom(A, B, C, '+4420*', '+49*')),
        fc.constantFrom('rotate' as const, 'sticky' as const),
        anyNumber,
        fc.nat(100),
        (numbers, allowed, order, own, turn) => {
          const at = { ...limits, allowed };
          const chosen = chooseCallerId(
            wishes({ pool: { order, numbers }, owners: [{ of: 'extension', number: own }] }),
            at,
            CUSTOMER,
            turn,
          );
          expect(isAllowedCallerId(at, chosen?.number ?? '')).to.equal(true);
        },
      ),
    );
  });

  it('a number that comes into a pool takes customers, and moves nobody else', () => {
    const customers = Array.from({ length: 300 }, (_, at) => `+4420794${String(60_000 + at)}`);
    const shownTo = (numbers: readonly string[]) =>
      customers.map(
        (customer) =>
          chooseCallerId(wishes({ pool: { order: 'sticky', numbers } }), limits, customer, 0)
            ?.number,
      );
    const before = shownTo([A, B]);
    const after = shownTo([A, B, C]);
    after.forEach((number, at) => {
      if (number !== C) expect(number).to.equal(before[at]);
    });
    for (const number of [A, B, C])
      expect(after.filter((one) => one === number).length).to.be.within(60, 140);
  });
});
