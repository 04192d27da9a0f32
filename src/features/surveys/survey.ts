import type { QuestionKind, Spoken, Survey, SurveyQuestion } from '../../engines/survey/survey.js';
import type { SurveyId, SurveyQuestionId } from '../../kernel/ids.js';
import type { Versioned } from '../configuration/index.js';

type WithoutId<Q> = Q extends SurveyQuestion ? Omit<Q, 'id'> : never;

/** A question as the form sets it; `id` is undefined for a new one. */
export type QuestionDraft = WithoutId<SurveyQuestion> & {
  readonly id: SurveyQuestionId | undefined;
};

/** A survey as the form sets it. */
export interface SurveyDraft extends Pick<Survey, 'name' | 'asksConsent' | 'repeats'> {
  readonly intro: Spoken;
  readonly thanks: Spoken;
  readonly timeoutS: number;
  /** In the order in which callers are asked. */
  readonly questions: readonly QuestionDraft[];
}

export interface StoredSurvey extends Versioned<SurveyId>, SurveyDraft {
  readonly questions: readonly SurveyQuestion[];
}

export const SURVEY_SORTS = ['name', 'updated'] as const;
export type SurveySort = (typeof SURVEY_SORTS)[number];

/** Bounds of the form's numbers, shown beside them. */
export const SURVEY_LIMITS = {
  timeoutS: { min: 2, max: 30, default: 6 },
  repeats: { min: 0, max: 5, default: 1 },
  maxS: { min: 5, max: 300, default: 60 },
  questions: 15,
  text: 500,
  choice: 80,
} as const;

/** True where answers to one may be counted with answers to the other: only then a question keeps its id. */
export function isSameScale(one: QuestionDraft, other: QuestionDraft): boolean {
  if (one.kind === 'score' && other.kind === 'score')
    return one.from === other.from && one.to === other.to;
  if (one.kind === 'choice' && other.kind === 'choice')
    return JSON.stringify(one.choices) === JSON.stringify(other.choices);
  return one.kind === other.kind;
}

/** What a new question of a kind looks like. */
export function blankQuestion(kind: QuestionKind): QuestionDraft {
  const base = { id: undefined, texts: { en: '', 'zh-CN': '' } };
  switch (kind) {
    case 'score':
      return { ...base, kind, from: 1, to: 5 };
    case 'yes-no':
      return { ...base, kind };
    case 'choice':
      return { ...base, kind, choices: [] };
    case 'comment':
      return { ...base, kind, maxMs: SURVEY_LIMITS.maxS.default * 1_000 };
  }
}
