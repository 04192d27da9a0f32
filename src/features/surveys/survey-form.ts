import { z } from 'zod';
import type { Spoken } from '../../engines/survey/survey.js';
import {
  flagField,
  integerField,
  optionalIdField,
  secondsField,
  textField,
} from '../../kernel/fields.js';
import type { PromptId } from '../../kernel/ids.js';
import {
  flatQuestions,
  questionRowsField,
  questionRowsOf,
  rowOf,
  type FlatValues,
} from './question-rows.js';
import { blankQuestion, SURVEY_LIMITS, type SurveyDraft } from './survey.js';

const words = () => textField({ min: 0, max: SURVEY_LIMITS.text }).default('');

const fields = z.object({
  name: textField({ max: 80 }),
  asksConsent: flagField(),
  introPrompt: optionalIdField<PromptId>(),
  introEn: words(),
  introZh: words(),
  thanksPrompt: optionalIdField<PromptId>(),
  thanksEn: words(),
  thanksZh: words(),
  timeoutS: secondsField(SURVEY_LIMITS.timeoutS.min, SURVEY_LIMITS.timeoutS.max),
  repeats: integerField(SURVEY_LIMITS.repeats.min, SURVEY_LIMITS.repeats.max),
  questions: questionRowsField(),
});

const spoken = (prompt: PromptId | undefined, en: string, zh: string): Spoken => ({
  ...(prompt === undefined ? {} : { prompt }),
  texts: { en, 'zh-CN': zh },
});

/** The form. Questions come as rows (`questions.0.kind` ...), which are named so in problems. */
export const surveySchema = z.preprocess(
  (body) => ({ ...(body as FlatValues), questions: questionRowsOf(body as FlatValues) }),
  fields.transform(
    ({
      introPrompt,
      introEn,
      introZh,
      thanksPrompt,
      thanksEn,
      thanksZh,
      ...form
    }): SurveyDraft => ({
      ...form,
      intro: spoken(introPrompt, introEn, introZh),
      thanks: spoken(thanksPrompt, thanksEn, thanksZh),
    }),
  ),
);

/** A survey as the form shows and sends it. */
export const surveyValues = ({
  intro,
  thanks,
  questions,
  ...survey
}: Omit<SurveyDraft, 'name'> & Partial<Pick<SurveyDraft, 'name'>>): FlatValues => ({
  name: survey.name ?? '',
  asksConsent: survey.asksConsent,
  introPrompt: intro.prompt ?? '',
  introEn: intro.texts.en,
  introZh: intro.texts['zh-CN'],
  thanksPrompt: thanks.prompt ?? '',
  thanksEn: thanks.texts.en,
  thanksZh: thanks.texts['zh-CN'],
  timeoutS: survey.timeoutS,
  repeats: survey.repeats,
  ...flatQuestions(questions.map(rowOf)),
});

const silent: Spoken = { texts: { en: '', 'zh-CN': '' } };

/** What the form of a new survey shows. */
export const NEW_SURVEY: FlatValues = surveyValues({
  asksConsent: true,
  intro: silent,
  thanks: silent,
  timeoutS: SURVEY_LIMITS.timeoutS.default,
  repeats: SURVEY_LIMITS.repeats.default,
  questions: [blankQuestion('score')],
});
