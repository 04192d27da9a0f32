import { expect } from 'chai';
import { readCsvTable } from '../../../src/features/configuration/index.js';
import { linesOf, planRegions } from '../../../src/features/regions/region-import.js';
import {
  normalisePrefix,
  PREFIXES_MAX,
  regionSchema,
} from '../../../src/features/regions/region.js';
import { parseFields } from '../../../src/kernel/fields.js';
import type { RegionId } from '../../../src/kernel/ids.js';

const lines = (text: string) => {
  const table = readCsvTable(Buffer.from(text));
  if ('message' in table) throw new Error(table.message);
  return linesOf(table);
};
const beijing = { id: 1 as RegionId, name: 'Beijing', isArchived: false, count: 1 };
const attic = { id: 2 as RegionId, name: 'Attic', isArchived: true, count: 1 };
const owners = [
  { prefix: '+8610', region: 'Beijing', isArchived: false },
  { prefix: '+999', region: 'Attic', isArchived: true },
];

describe('prefixes of regions', () => {
  it('are plus, country code and digits, however they are typed', () => {
    const typed = ['+86 10', '0086-10', "'+8610", '+44 (0)161', '+44 (161)'];
    expect(typed.map(normalisePrefix)).to.deep.equal([
      '+8610',
      '+8610',
      '+8610',
      '+44161',
      '+44161',
    ]);
    const wrong = ['', '020', '8610', '+0', '+86x', `+${'1'.repeat(16)}`];
    expect(wrong.map(normalisePrefix)).to.deep.equal(wrong.map(() => undefined));
  });

  it('come one a line, each once, in order; what is none is named', () => {
    const parse = (prefixes: string) => parseFields(regionSchema, { name: 'X', prefixes });
    const good = parse('+8610\n\n +44 20\r\n+8610');
    expect(good.ok && good.values.prefixes).to.deep.equal(['+4420', '+8610']);
    expect(parse('+8610\n020\nnowhere')).to.deep.include({
      problems: [
        {
          field: 'prefixes',
          message: 'regions.problem.prefix',
          params: { lines: '020, nowhere', count: 2 },
        },
      ],
    });
    const many = Array.from({ length: PREFIXES_MAX + 1 }, (_, n) => `+1${String(n + 100_000)}`);
    expect(parse(many.join('\n'))).to.have.nested.property(
      'problems[0].message',
      'regions.problem.too-many',
    );
  });
});

describe('an import of prefixes', () => {
  it('is read with and without a header, in any order of columns', () => {
    expect(lines('+8610,Beijing\n+44161,Manchester')).to.deep.equal([
      { line: 1, prefix: '+8610', region: 'Beijing' },
      { line: 2, prefix: '+44161', region: 'Manchester' },
    ]);
    expect(lines('地区;号段\n北京;+8610')).to.deep.equal([
      { line: 2, prefix: '+8610', region: '北京' },
    ]);
  });

  it('adds to regions by name, makes those that are missing, and counts what is there', () => {
    const plan = planRegions(
      lines('+8610,beijing\n+86 111,BEIJING\n+44161,Manchester\n+44162,Manchester'),
      owners,
      [beijing, attic],
    );
    expect(plan).to.deep.equal({
      additions: [
        { id: 1, name: 'Beijing', prefixes: ['+86111'] },
        { id: undefined, name: 'Manchester', prefixes: ['+44161', '+44162'] },
      ],
      rejected: [],
      known: 1,
    });
  });

  it('rejects by line with the reason', () => {
    const text =
      'prefix,region\n020,London\n+4420,\n+8610,London\n+999,London\n+1,Attic\n+2,A\n+2,B';
    const { rejected } = planRegions(lines(text), owners, [beijing, attic]);
    expect(rejected.map(({ line, message }) => [line, message])).to.deep.equal([
      [2, 'regions.import.problem.prefix'],
      [3, 'regions.import.problem.region'],
      [4, 'regions.problem.taken'],
      [5, 'regions.problem.taken-archived'],
      [6, 'regions.import.problem.archived'],
      [8, 'import.problem.repeated'],
    ]);
  });
});
