import { expect } from 'chai';
import * as fc from 'fast-check';
import { KEYS } from '../../../src/engines/ivr/exits.js';
import { advance, startFlow, type FlowInput } from '../../../src/engines/ivr/interpreter.js';
import { loops, reachableFrom } from '../../../src/engines/ivr/graph.js';
import { isPublishable, validateFlow } from '../../../src/engines/ivr/validation.js';
import { allKnown, flowArbitrary } from '../../support/flows.js';

const everything = allKnown();
const moment = { at: Date.UTC(2026, 10, 22), zone: 'Europe/London', calendars: new Map() };
const caller = fc.array(
  fc.oneof(
    fc.constant({ kind: 'go-on' as const }),
    fc.record({ kind: fc.constant('digit' as const), digit: fc.constantFrom(...KEYS) }),
  ),
  { maxLength: 60, size: 'max' },
);

describe('a flow that may be published', () => {
  it('never gets a caller stuck, unless steps repeat too often', () => {
    fc.assert(
      fc.property(flowArbitrary(true), caller, (flow, acts) => {
        fc.pre(isPublishable(validateFlow(flow, everything)));
        let result = startFlow(flow, moment);
        for (const act of acts) {
          const input: FlowInput =
            act.kind === 'digit'
              ? { ...act, ...moment }
              : { kind: follow(result.effect.kind), ...moment };
          result = advance(flow, result.state, input);
          if (result.effect.kind === 'stuck')
            expect(result.effect.reason).to.match(/^too-many|^nowhere-after-no-answer/);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('gives the same answer twice and never throws, whatever the flow', () => {
    fc.assert(
      fc.property(flowArbitrary(true), (flow) => {
        expect(validateFlow(flow, everything)).to.deep.equal(validateFlow(flow, everything));
      }),
    );
  });
});

function follow(effect: string): 'played' | 'no-key' | 'language-set' | 'nobody-answered' {
  if (effect === 'ask') return 'no-key';
  if (effect === 'set-language') return 'language-set';
  return effect === 'go-extension' ? 'nobody-answered' : 'played';
}

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
