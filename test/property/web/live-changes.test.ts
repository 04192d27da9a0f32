import { expect } from 'chai';
import fc from 'fast-check';
import { changesOf } from '../../../src/web/live/messages.js';

const value = fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.constant(null));
const values = fc.dictionary(
  fc.string({ maxLength: 3, minLength: 1 }).filter((key) => key !== '__proto__'),
  value,
  {
    size: 'max',
    maxKeys: 30,
  },
);

describe('live changes', () => {
  it('applied to the old values give the new ones', () => {
    fc.assert(
      fc.property(values, values, (before, after) => {
        const changes = changesOf(before, after);
        const applied = { ...before, ...changes?.set };
        const gone = new Set(changes?.gone);
        const left = Object.fromEntries(Object.entries(applied).filter(([key]) => !gone.has(key)));
        expect(left).to.deep.equal({ ...after });
      }),
    );
  });

  it('are none between equal values', () => {
    fc.assert(
      fc.property(values, (same) => {
        expect(changesOf(same, { ...same })).to.equal(undefined);
      }),
    );
  });
});
