import { expect } from 'chai';
import * as fc from 'fast-check';
import { advance, startFlow, type FlowResult } from '../../../src/engines/ivr/interpreter.js';
import {
  MAX_DEPTH,
  MAX_STEPS,
  MAX_STEPS_WITHOUT_KEY,
  type FlowProgram,
  type FlowState,
} from '../../../src/engines/ivr/state.js';
import { aMoment, anyHappening, answerOf, isOver } from '../../support/flow-callers.js';
import { flowArbitrary, programOf } from '../../support/flows.js';

/** Any flow with any two sub-flows, which may enter each other. */
const program = fc
  .tuple(flowArbitrary(true), flowArbitrary(true), flowArbitrary(true))
  .map(([main, second, third]): FlowProgram => programOf(main, { 2: second, 3: third }));
const happenings = fc.array(anyHappening, { maxLength: 200, size: 'max' });
const entries = fc.array(fc.constantFrom('', '1', '2', '#', '4711', '47114711'), {
  minLength: 1,
  maxLength: 30,
});

/** The states of a call whose caller answers every effect in place. */
function* walk(code: FlowProgram, keys: readonly string[]): Generator<FlowResult> {
  let result = startFlow(code, aMoment);
  yield result;
  for (let turn = 0; !isOver(result.effect); turn += 1) {
    const answer = answerOf(result.effect, keys[turn % keys.length] ?? '');
    result = advance(code, result.state, { ...aMoment, ...answer });
    yield result;
  }
}

describe('IVR flow, any flow and any sequence of inputs', () => {
  it('waits for something or has ended, and an ended flow stays ended', () => {
    fc.assert(
      fc.property(program, happenings, (code, inputs) => {
        let result = startFlow(code, aMoment);
        for (const happening of inputs) {
          const before = result.state;
          result = advance(code, before, { ...aMoment, ...happening });
          if (before.ended) expect(result.state).to.deep.equal(before);
          else expect(result.state.ended).to.equal(isOver(result.effect));
        }
      }),
    );
  });

  it('comes to an end within its limits, whatever the caller enters', () => {
    fc.assert(
      fc.property(program, entries, (code, keys) => {
        let last: FlowState | undefined;
        let turns = 0;
        for (const { state } of walk(code, keys)) {
          turns += 1;
          last = state;
          expect(state.sinceKey).to.be.at.most(MAX_STEPS_WITHOUT_KEY + 1);
          expect(state.entered).to.be.at.most(MAX_STEPS + 1);
          expect(state.stack.length).to.be.at.most(MAX_DEPTH);
        }
        expect(turns).to.be.at.most(MAX_STEPS * 12);
        expect(last?.ended).to.equal(true);
      }),
    );
  });

  it('keeps a state that survives JSON, and gives the same effect to whoever takes over', () => {
    fc.assert(
      fc.property(program, entries, (code, keys) => {
        for (const { state, effect } of walk(code, keys)) {
          const stored = JSON.parse(JSON.stringify(state)) as FlowState;
          expect(stored).to.deep.equal(state);
          const again = advance(code, stored, { ...aMoment, kind: 'resumed' });
          expect(again).to.deep.equal({ state, effect, trace: [] });
        }
      }),
      { numRuns: 60 },
    );
  });

  it('decides the same twice', () => {
    fc.assert(
      fc.property(program, happenings, (code, inputs) => {
        const run = (): FlowResult[] => {
          const results = [startFlow(code, aMoment)];
          for (const happening of inputs) {
            const state = (results.at(-1) ?? startFlow(code, aMoment)).state;
            results.push(advance(code, state, { ...aMoment, ...happening }));
          }
          return results;
        };
        expect(run()).to.deep.equal(run());
      }),
      { numRuns: 30 },
    );
  });

  it('shows in no trace and no tag what callers enter in secret', () => {
    const SECRET = '73519462';
    fc.assert(
      fc.property(program, (code) => {
        for (const flow of [code.main, ...code.subFlows.values()])
          for (const step of Object.values(flow.definition.steps))
            if (step.kind === 'collect')
              Object.assign(step, { sensitive: true, variable: 'secret_pin', minDigits: 1 });
        for (const { trace, effect } of walk(code, [SECRET, '1'])) {
          expect(JSON.stringify(trace)).not.to.include(SECRET.slice(0, 3));
          if (effect.kind === 'go-queue')
            expect(JSON.stringify(effect)).not.to.include(SECRET.slice(0, 3));
        }
      }),
    );
  });
});
