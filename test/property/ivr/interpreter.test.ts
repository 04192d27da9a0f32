import { expect } from 'chai';
import * as fc from 'fast-check';
import { KEYS } from '../../../src/engines/ivr/exits.js';
import {
  MAX_STEPS,
  MAX_STEPS_WITHOUT_KEY,
  advance,
  startFlow,
  type FlowInput,
  type FlowState,
} from '../../../src/engines/ivr/interpreter.js';
import { flowArbitrary } from '../../support/flows.js';

const instant = fc.integer({ min: Date.UTC(2020, 0), max: Date.UTC(2035, 0) });
const zone = fc.constantFrom('Europe/London', 'Asia/Shanghai', 'America/New_York', 'Etc/UTC');
const moment = { at: instant, zone, calendars: fc.constant(new Map()) };
const plain = (
  kind: 'played' | 'no-key' | 'language-set' | 'nobody-answered' | 'resumed',
): fc.Arbitrary<FlowInput> => fc.record({ kind: fc.constant(kind), ...moment });
const input: fc.Arbitrary<FlowInput> = fc.oneof(
  plain('played'),
  plain('no-key'),
  plain('language-set'),
  plain('nobody-answered'),
  plain('resumed'),
  fc.record({
    kind: fc.constant('digit' as const),
    digit: fc.constantFrom(...KEYS),
    ...moment,
  }),
);
const inputs = fc.array(input, { maxLength: 200, size: 'max' });
const start = { at: Date.UTC(2026, 10, 22), zone: 'Europe/London', calendars: new Map() };

/** What a caller who never presses a key makes of an effect. */
const silent = { play: 'played', ask: 'no-key', 'set-language': 'language-set' } as const;

describe('IVR flow, any flow and any sequence of inputs', () => {
  it('waits for something or has ended, and an ended flow stays ended', () => {
    fc.assert(
      fc.property(flowArbitrary(true), inputs, (flow, happenings) => {
        let result = startFlow(flow, start);
        for (const happening of happenings) {
          const before = result.state;
          result = advance(flow, before, happening);
          const waits = ['play', 'ask', 'set-language', 'go-extension', 'keep'];
          if (result.state.ended && !before.ended) expect(waits).not.to.include(result.effect.kind);
          else expect(waits).to.include(result.effect.kind);
          if (before.ended) expect(result.state).to.equal(before);
        }
      }),
    );
  });

  it('keeps a state that survives JSON, small and within its limits', () => {
    fc.assert(
      fc.property(flowArbitrary(true), inputs, (flow, happenings) => {
        let state: FlowState = startFlow(flow, start).state;
        for (const happening of happenings) {
          const direct = advance(flow, state, happening);
          const stored = JSON.parse(JSON.stringify(state)) as FlowState;
          expect(advance(flow, stored, happening)).to.deep.equal(direct);
          state = direct.state;
          expect(JSON.stringify(state).length).to.be.below(200);
          expect(state.sinceKey).to.be.at.most(MAX_STEPS_WITHOUT_KEY + 1);
          expect(state.entered).to.be.at.most(MAX_STEPS + 1);
          expect(state.tries).to.be.at.most(9);
        }
      }),
    );
  });

  it('ends for a caller who never presses a key', () => {
    fc.assert(
      fc.property(flowArbitrary(), (flow) => {
        let result = startFlow(flow, start);
        let turns = 0;
        while (!result.state.ended) {
          const { kind } = result.effect;
          const happening =
            kind === 'play' || kind === 'ask' || kind === 'set-language'
              ? silent[kind]
              : 'nobody-answered';
          result = advance(flow, result.state, { kind: happening, ...start });
          turns += 1;
          // Each of the steps repeats its menu at most nine times.
          expect(turns).to.be.at.most((MAX_STEPS_WITHOUT_KEY + 1) * 10);
        }
      }),
    );
  });

  it('tells each step that it enters, and only steps that exist', () => {
    fc.assert(
      fc.property(flowArbitrary(true), inputs, (flow, happenings) => {
        let state = startFlow(flow, start).state;
        for (const happening of happenings) {
          const next = advance(flow, state, happening);
          const entered = next.trace.filter((entry) => entry.kind === 'step-entered');
          for (const entry of entered) expect(Object.keys(flow.steps)).to.include(entry.step);
          // The step that cannot be entered (missing, or one too many) is counted but not told.
          const refused = ['unknown-step', 'too-many-steps', 'too-many-steps-without-key'];
          const missed =
            next.effect.kind === 'stuck' && refused.includes(next.effect.reason) ? 1 : 0;
          expect(entered.length).to.equal(next.state.entered - state.entered - missed);
          state = next.state;
        }
      }),
    );
  });
});
