import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import * as fc from 'fast-check';
import type { FlowStep } from '../../../src/engines/ivr/flow.js';
import { fieldKeyOf, fieldLines } from '../../../src/features/ivr-flows/comparing/field-text.js';
import { differenceOf } from '../../../src/features/ivr-flows/comparing/step-changes.js';
import { sameValue } from '../../../src/features/ivr-flows/flow-diff.js';
import type { FlowChoices } from '../../../src/features/ivr-flows/flow-reports.js';
import { stepArbitrary } from '../../support/flows.js';

const text = (file: string): string =>
  readFileSync(new URL(`../../../src/web/i18n/en/${file}.json`, import.meta.url), 'utf8');
const CATALOG = new Set(
  ['ivr-flows', 'flow-compare', 'configuration', 'shell']
    .flatMap((file) => Object.keys(JSON.parse(text(file)) as object))
    .concat('language.en', 'language.zh-CN'),
);
const NOTHING: FlowChoices = {
  ...{ prompts: [], queues: [], extensions: [], calendars: [], skills: [] },
  ...{ dids: [], connections: [], rooms: [], ringGroups: [], flows: [], surveys: [] },
  campaigns: [],
};
/** Says the key with what is filled in, and fails for a text that no catalog has. */
const t = (key: string, params: object = {}): string => {
  if (!CATALOG.has(key)) throw new Error(`no text ${key}`);
  return `${key} ${JSON.stringify(params)}`;
};
const reader = { page: { t, language: 'en' as const }, choices: NOTHING };

const step = stepArbitrary(['a', 'b', '']);
const same = (one: FlowStep, other: FlowStep): boolean =>
  sameValue({ ...one, position: undefined }, { ...other, position: undefined });
/** A step, and one of the same kind where there is one. */
const pair = fc
  .tuple(step, fc.array(step, { minLength: 30, maxLength: 30 }))
  .map(([one, others]): [FlowStep, FlowStep] => [
    one,
    others.find(({ kind }) => kind === one.kind) ?? one,
  ]);

describe('comparing two states of a step', () => {
  it('finds nothing exactly where they are the same, wherever they stand in the drawing', () => {
    fc.assert(
      fc.property(fc.oneof(pair, fc.tuple(step, step)), ([before, after]) => {
        const moved = { ...after, position: { x: 1, y: 2 } };
        const { fields, exits } = differenceOf(before, moved);
        expect(fields.length + exits.length === 0).to.equal(same(before, after));
      }),
      { numRuns: 500 },
    );
  });

  it('says each difference in words, and never the same on both sides', () => {
    fc.assert(
      fc.property(pair, ([before, after]) => {
        for (const change of differenceOf(before, after).fields) {
          expect(t(fieldKeyOf(after.kind, change.field))).to.be.a('string');
          const was = fieldLines(before, change.field, change.before, reader);
          const is = fieldLines(after, change.field, change.after, reader);
          expect(was.join('\n'), change.field).to.not.equal(is.join('\n'));
        }
      }),
      { numRuns: 500 },
    );
  });

  it('says both states of a step that became another kind', () => {
    fc.assert(
      fc.property(step, step, (before, after) => {
        for (const change of differenceOf(before, after).fields)
          for (const [of, value] of [
            [before, change.before],
            [after, change.after],
          ] as const) {
            expect(t(fieldKeyOf(of.kind, change.field))).to.be.a('string');
            expect(fieldLines(of, change.field, value, reader)).to.be.an('array');
          }
      }),
    );
  });
});
