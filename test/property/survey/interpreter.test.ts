import { expect } from 'chai';
import * as fc from 'fast-check';
import {
  advanceSurvey,
  freshSurvey,
  type SurveyEffect,
  type SurveyInput,
  type SurveyResult,
  type SurveyTrace,
} from '../../../src/engines/survey/interpreter.js';
import { isDrawn } from '../../../src/engines/survey/drawing-lots.js';
import { readKeys, type Survey, type SurveyQuestion } from '../../../src/engines/survey/survey.js';
import { newId } from '../../../src/kernel/ids.js';
import { anySurvey, anySurveyInput, question } from '../../support/surveys.js';

const inputs = fc.array(anySurveyInput, { maxLength: 150, size: 'max' });

/** What becomes of a survey to which all this happens. */
function play(survey: Survey, happenings: readonly SurveyInput[]) {
  let result: SurveyResult = advanceSurvey(freshSurvey(survey), { kind: 'resumed' });
  const trace: SurveyTrace[] = [];
  for (const input of happenings) {
    result = advanceSurvey(result.state, input);
    trace.push(...result.trace);
  }
  return { ...result, trace };
}

/** The inputs that an effect may be answered by. */
function fits(effect: SurveyEffect, input: SurveyInput): boolean {
  switch (effect.kind) {
    case 'introduce':
    case 'ask':
    case 'wait':
      return input.kind === 'key' || input.kind === 'no-key';
    case 'record':
      return input.kind === 'recorded' || input.kind === 'nothing-recorded';
    case 'thank':
      return input.kind === 'said';
    default:
      return false;
  }
}

const isInScale = (asked: SurveyQuestion, value: number): boolean => {
  if (asked.kind === 'score') return value >= asked.from && value <= asked.to;
  if (asked.kind === 'yes-no') return value === 0 || value === 1;
  return asked.kind === 'choice' && value >= 1 && value <= asked.choices.length;
};

describe('a survey, any questions and any sequence of inputs', () => {
  it('records only answers that the question allows, each question once, in their order', () => {
    fc.assert(
      fc.property(anySurvey, inputs, (survey, happenings) => {
        const answered = play(survey, happenings).trace.flatMap((one) =>
          one.kind === 'answered' ? [one] : [],
        );
        for (const { question: asked, value } of answered)
          expect(isInScale(asked, value), JSON.stringify({ asked, value })).to.equal(true);
        const order = answered.map((one) => one.question.id);
        expect(order).to.deep.equal([...new Set(order)].sort((a, b) => a - b));
      }),
    );
  });

  it('begins at most once, finishes at most once, and says nothing afterwards', () => {
    fc.assert(
      fc.property(anySurvey, inputs, (survey, happenings) => {
        const { trace, state } = play(survey, happenings);
        const kinds = trace.map((one) => one.kind);
        expect(kinds.filter((kind) => kind === 'begun').length).to.be.at.most(1);
        const finished = kinds.indexOf('finished');
        if (finished !== -1) expect(finished).to.equal(kinds.length - 1);
        if (kinds.includes('answered')) expect(kinds[0]).to.equal('begun');
        if (state.phase === 'over') expect(finished).to.not.equal(-1);
      }),
    );
  });

  it('nobody who was not willing is asked', () => {
    fc.assert(
      fc.property(anySurvey, fc.constantFrom('2', '9', '#', undefined), (survey, key) => {
        const input: SurveyInput = key === undefined ? { kind: 'no-key' } : { kind: 'key', key };
        const { effect, trace } = play({ ...survey, asksConsent: true }, [input]);
        expect(effect.kind).to.equal('end');
        expect(trace.map((one) => one.kind)).to.deep.equal(['finished']);
      }),
    );
  });

  it('comes to an end, however callers answer what they are asked', () => {
    fc.assert(
      fc.property(anySurvey, fc.infiniteStream(anySurveyInput), (survey, stream) => {
        // Each question may be asked once and again `repeats` times, with a second key to each.
        const limit = 2 + survey.questions.length * (survey.repeats + 1) * 2;
        let result = advanceSurvey(freshSurvey(survey), { kind: 'resumed' });
        let turns = 0;
        while (result.effect.kind !== 'end') {
          expect(++turns).to.be.at.most(limit);
          const { effect } = result;
          const input = [...stream.take(200)].find((one) => fits(effect, one)) ?? {
            kind: effect.kind === 'record' ? ('recorded' as const) : ('no-key' as const),
          };
          result = advanceSurvey(result.state, effect.kind === 'thank' ? { kind: 'said' } : input);
        }
        expect(result.state.end).to.not.equal(undefined);
      }),
    );
  });

  it('says how it ended by what was answered', () => {
    fc.assert(
      fc.property(anySurvey, inputs, (survey, happenings) => {
        const { state } = play(survey, happenings);
        if (state.end === 'completed' || state.end === 'given-up')
          expect(state.answers).to.be.greaterThan(0);
        if (state.end === 'no-answer' || state.end === 'declined')
          expect(state.answers).to.equal(0);
      }),
    );
  });

  it('goes on from what the journal kept as if nothing had happened', () => {
    fc.assert(
      fc.property(anySurvey, inputs, anySurveyInput, (survey, happenings, next) => {
        const before = play(survey, happenings);
        const kept = JSON.parse(JSON.stringify(before.state)) as typeof before.state;
        const again = advanceSurvey(kept, { kind: 'resumed' });
        expect(again.trace).to.deep.equal([]);
        expect(again.state).to.deep.equal(before.state);
        expect(again.effect.kind).to.not.equal('keep');
        expect(advanceSurvey(kept, next)).to.deep.equal(advanceSurvey(before.state, next));
      }),
    );
  });

  it('an input out of place changes nothing', () => {
    fc.assert(
      fc.property(anySurvey, inputs, anySurveyInput, (survey, happenings, next) => {
        const { state } = play(survey, happenings);
        const { effect } = advanceSurvey(state, { kind: 'resumed' });
        if (next.kind === 'resumed' || fits(effect, next)) return;
        const result = advanceSurvey(state, next);
        expect(result).to.deep.equal({ state, effect: { kind: 'keep' }, trace: [] });
      }),
    );
  });

  it('every number of a scale has keys, and the keys mean that number', () => {
    fc.assert(
      fc.property(fc.constantFrom(0, 1), fc.integer({ min: 2, max: 10 }), (from, to) => {
        const scale = question(1, { kind: 'score', from, to });
        for (let value = from; value <= to; value++) {
          const reading = readKeys(scale, String(value));
          expect(reading.kind === 'wrong' ? undefined : reading.value).to.equal(value);
          expect(reading.kind).to.equal(to === 10 && value === 1 ? 'more' : 'value');
        }
      }),
    );
  });

  it('draws about as many calls as it is told, and the same ones each time', () => {
    const ids = Array.from({ length: 4_000 }, () => newId());
    for (const percent of [0, 1, 25, 50, 99, 100]) {
      const drawn = ids.filter((id) => isDrawn(id, percent));
      expect(drawn).to.deep.equal(ids.filter((id) => isDrawn(id, percent)));
      const expected = (ids.length * percent) / 100;
      // Five standard deviations.
      const limit = 5 * Math.sqrt((expected * (100 - percent)) / 100);
      expect(Math.abs(drawn.length - expected)).to.be.at.most(limit);
    }
  });
});
