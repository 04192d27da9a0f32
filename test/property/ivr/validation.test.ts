import { expect } from 'chai';
import * as fc from 'fast-check';
import type { FlowDefinition } from '../../../src/engines/ivr/flow.js';
import type { CalendarId } from '../../../src/kernel/ids.js';
import { advance, startFlow } from '../../../src/engines/ivr/interpreter.js';
import { loops, reachableFrom } from '../../../src/engines/ivr/graph.js';
import { isPublishable, validateFlow } from '../../../src/engines/ivr/validation.js';
import { officeHours } from '../../support/calendars.js';
import { aMoment, answerOf, isOver } from '../../support/flow-callers.js';
import { allKnown, flowArbitrary, programOf } from '../../support/flows.js';

const returning: FlowDefinition = { start: 'r', steps: { r: { kind: 'return', label: 'R' } } };
const known = { name: 'Sub', definition: returning };
const everything = allKnown({
  flows: new Map([2, 3].map((id) => [id, known])),
});
/** What is known when it is published is there when it runs. */
const moment = {
  ...aMoment,
  calendars: new Map([...everything.calendars].map((id) => [id as CalendarId, officeHours])),
};
const keys = fc.array(fc.constantFrom('', '1', '2', '5', '#', '4711'), {
  minLength: 1,
  maxLength: 30,
});

describe('a flow that may be published', () => {
  it('never gets a caller stuck, unless steps repeat too often', () => {
    let checked = 0;
    fc.assert(
      fc.property(flowArbitrary(), keys, (flow, entries) => {
        if (!isPublishable(validateFlow(flow, everything))) return;
        checked += 1;
        const code = programOf(flow, { 2: returning, 3: returning });
        let result = startFlow(code, moment);
        for (let turn = 0; !isOver(result.effect); turn += 1) {
          const answer = answerOf(result.effect, entries[turn % entries.length] ?? '');
          result = advance(code, result.state, { ...moment, ...answer });
        }
        if (result.effect.kind === 'stuck')
          expect(result.effect.reason).to.match(/^too-many|^nowhere-after-no-answer/);
      }),
      { numRuns: 400 },
    );
    expect(checked).to.be.above(5);
  });

  it('gives the same answer twice and never throws, whatever the flow', () => {
    fc.assert(
      fc.property(flowArbitrary(true), (flow) => {
        expect(validateFlow(flow, everything)).to.deep.equal(validateFlow(flow, everything));
      }),
    );
  });
});

describe('circles in a graph', () => {
  const graph = fc.integer({ min: 1, max: 9 }).chain((count) =>
    fc.array(fc.array(fc.nat(count - 1), { maxLength: 3 }), {
      minLength: count,
      maxLength: count,
    }),
  );

  it('hold exactly the nodes that lead back to themselves, grouped by who reaches whom', () => {
    fc.assert(
      fc.property(graph, (edges) => {
        const names = edges.map((_, index) => String(index));
        const next = (id: string): string[] => (edges[Number(id)] ?? []).map(String);
        const reach = (id: string): Set<string> => reachableFrom(next(id), next);
        const circling = names.filter((id) => reach(id).has(id));
        const groups = loops(names, next);
        expect(groups.flat().sort()).to.deep.equal(circling);
        for (const group of groups)
          for (const one of group)
            expect(
              names.filter((other) => reach(one).has(other) && reach(other).has(one)),
            ).to.deep.equal(group);
      }),
    );
  });
});
