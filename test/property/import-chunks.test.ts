import { expect } from 'chai';
import fc from 'fast-check';
import { planChunk } from '../../src/features/contacts/importing/chunk.js';
import type { ReadRow } from '../../src/features/contacts/importing/row-reader.js';
import type { ContactId } from '../../src/kernel/ids.js';

const row = fc.record({
  name: fc.constantFrom('', 'Ada', 'Ben'),
  company: fc.constant(''),
  externalKey: fc.constantFrom('', 'K1', 'K2', 'K3', 'K4'),
  language: fc.constant(''),
  country: fc.constant(''),
  timeZone: fc.constant(''),
  numbers: fc
    .uniqueArray(fc.integer({ min: 1, max: 12 }), { minLength: 1, maxLength: 3 })
    .map((all) => all.map((n) => ({ number: `+${String(n)}`, kind: 'other' as const }))),
  fields: fc.constant({}),
  note: fc.constant(''),
}) as fc.Arbitrary<ReadRow>;

describe('rows of an import', () => {
  it('count once each, never make two people of one key, and leave who is there to the choice', () => {
    fc.assert(
      fc.property(
        fc.array(row, { maxLength: 30 }),
        fc.dictionary(fc.constantFrom('K1', 'K2', 'K3'), fc.integer({ min: 1, max: 4 })),
        fc.dictionary(fc.constantFrom('+1', '+2', '+3', '+4'), fc.integer({ min: 1, max: 4 })),
        fc.constantFrom('skip', 'update', 'list'),
        (rows, keys, numbers, choice) => {
          const plan = planChunk(
            rows,
            {
              byKey: (key) => keys[key] as ContactId | undefined,
              byNumber: (number) => numbers[number] as ContactId | undefined,
              isOwn: (id) => id === 4,
            },
            choice,
          );
          const counted =
            plan.added.length +
            plan.updated +
            plan.onlyListed +
            plan.duplicatesBefore +
            plan.duplicatesInside;
          expect(counted).to.equal(rows.length);
          const made = plan.added
            .map((person) => person.row.externalKey)
            .filter((key) => key !== '');
          expect(new Set(made).size, 'keys of new people').to.equal(made.length);
          expect(
            made.some((key) => key in keys),
            'a key that is taken',
          ).to.equal(false);
          if (choice !== 'update') expect(plan.updates).to.deep.equal([]);
          if (choice === 'skip') expect(plan.listed.size).to.equal(0);
          if (choice === 'update') return;
          const firsts = plan.added.flatMap((person) =>
            person.row.numbers.map((one) => one.number),
          );
          expect(
            firsts.some((number) => number in numbers),
            'a number that is taken',
          ).to.equal(
            plan.added.some(
              (person) =>
                person.row.externalKey !== '' &&
                person.row.numbers.some((one) => one.number in numbers),
            ),
          );
        },
      ),
      { numRuns: 2_000 },
    );
  });
});
