import * as fc from 'fast-check';
import type { Survey, SurveyQuestion, Texts } from '../../src/engines/survey/survey.js';
import type { SurveyInput } from '../../src/engines/survey/interpreter.js';
import { KEYS } from '../../src/engines/ivr/exits.js';
import type { SurveyId, SurveyQuestionId } from '../../src/kernel/ids.js';

export const texts = (en: string, zh = ''): Texts => ({ en, 'zh-CN': zh });

/** A survey of three questions: from 1 to 5, yes or no, a comment. */
export const aSurvey = (changes: Partial<Survey> = {}): Survey => ({
  id: 1 as SurveyId,
  version: 1,
  name: 'After a call',
  intro: { texts: texts('') },
  asksConsent: true,
  thanks: { texts: texts('') },
  timeoutMs: 5_000,
  repeats: 1,
  questions: [
    question(1, { kind: 'score', from: 1, to: 5 }),
    question(2, { kind: 'yes-no' }),
    question(3, { kind: 'comment', maxMs: 30_000 }),
  ],
  ...changes,
});

type Asked = SurveyQuestion extends infer Q
  ? Q extends SurveyQuestion
    ? Omit<Q, 'id' | 'texts' | 'prompt'>
    : never
  : never;

export const question = (id: number, asked: Asked): SurveyQuestion => ({
  ...asked,
  id: id as SurveyQuestionId,
  texts: texts(`Q${String(id)}?`, `问${String(id)}？`),
});

const anyAsked: fc.Arbitrary<Asked> = fc.oneof(
  fc
    .tuple(fc.constantFrom(0, 1), fc.integer({ min: 2, max: 10 }))
    .map(([from, to]) => ({ kind: 'score' as const, from, to })),
  fc.constant({ kind: 'yes-no' as const }),
  fc.integer({ min: 2, max: 9 }).map((count) => ({
    kind: 'choice' as const,
    choices: Array.from({ length: count }, (_, at) => texts(`Choice ${String(at + 1)}`)),
  })),
  fc.constant({ kind: 'comment' as const, maxMs: 30_000 }),
);

/** Any survey that can be saved. */
export const anySurvey: fc.Arbitrary<Survey> = fc
  .record({
    asksConsent: fc.boolean(),
    repeats: fc.nat(3),
    asked: fc.array(anyAsked, { minLength: 1, maxLength: 10 }),
  })
  .map(({ asked, ...rest }) =>
    aSurvey({ ...rest, questions: asked.map((one, at) => question(at + 1, one)) }),
  );

/** Anything that may happen to a caller in a survey, in place or not. */
export const anySurveyInput: fc.Arbitrary<SurveyInput> = fc.oneof(
  fc.record({ kind: fc.constant('key' as const), key: fc.constantFrom(...KEYS) }),
  fc.record({
    kind: fc.constantFrom(
      'no-key' as const,
      'recorded' as const,
      'nothing-recorded' as const,
      'said' as const,
      'resumed' as const,
    ),
  }),
);
