import { expect } from 'chai';
import fc from 'fast-check';
import { indexRegions, regionOf, type Region } from '../../../src/engines/routing/region.js';
import type { RegionId } from '../../../src/kernel/ids.js';

/** Few digits, so that prefixes of prefixes are common. */
const digits = (max: number) =>
  fc.string({ unit: fc.constantFrom('1', '2', '3'), minLength: 1, maxLength: max });
const prefixes = fc.uniqueArray(
  digits(6).map((text) => `+${text}`),
  { maxLength: 60 },
);
const regions = fc
  .tuple(prefixes, fc.array(fc.nat(7), { minLength: 60, maxLength: 60 }))
  .map(([all, owners]): readonly Region[] =>
    Array.from({ length: 8 }, (_, id) => ({
      id: (id + 1) as RegionId,
      name: `Region ${String(id)}`,
      prefixes: all.filter((_prefix, at) => owners[at] === id),
    })),
  );
const number = fc.oneof(
  digits(12).map((text) => `+${text}`),
  digits(12),
  fc.string({ unit: 'binary', maxLength: 20 }),
);

/** What is meant, without any table: look at every prefix, keep the longest that fits. */
function scan(all: readonly Region[], text: string) {
  const fitting = all
    .flatMap((region) => region.prefixes.map((prefix) => ({ region, prefix })))
    .filter(({ prefix }) => text.startsWith(prefix))
    .sort((a, b) => b.prefix.length - a.prefix.length);
  return fitting[0];
}

describe('the region of a number', () => {
  it('is that of the longest prefix, as a plain scan finds it', () => {
    fc.assert(
      fc.property(regions, number, (all, text) => {
        expect(regionOf(indexRegions(all), text)).to.deep.equal(scan(all, text));
      }),
      { numRuns: 3_000 },
    );
  });

  it('is the same in whatever order regions and prefixes were read', () => {
    fc.assert(
      fc.property(regions, number, (all, text) => {
        const turned = all
          .map((region) => ({ ...region, prefixes: region.prefixes.toReversed() }))
          .toReversed();
        const found = regionOf(indexRegions(turned), text);
        expect(found?.prefix).to.equal(regionOf(indexRegions(all), text)?.prefix);
      }),
    );
  });

  it('costs a handful of look-ups among 100,000 prefixes', () => {
    const many = Array.from({ length: 100_000 }, (_, n) => `+86${String(1_300_000 + n)}`);
    const index = indexRegions([
      { id: 1 as RegionId, name: 'China', prefixes: ['+86'] },
      { id: 2 as RegionId, name: 'Many', prefixes: many },
    ]);
    let lookUps = 0;
    const counting = {
      ...index,
      byPrefix: {
        get: (prefix: string) => {
          lookUps += 1;
          return index.byPrefix.get(prefix);
        },
      } as typeof index.byPrefix,
    };
    expect(regionOf(counting, '+8615900001234')?.region.name).to.equal('China');
    expect(regionOf(counting, '+8613000001234')?.prefix).to.equal('+861300000');
    expect(lookUps).to.be.at.most(2 * index.longest);
  });
});
