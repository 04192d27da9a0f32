import type { Spoken } from '../../engines/survey/survey.js';
import type { PromptId } from '../../kernel/ids.js';
import type { QuestionDraft, SurveyDraft } from './survey.js';

type Names = ReadonlyMap<PromptId, string>;

/** A survey as the audit log keeps it: flat, in names instead of ids. */
export const describeSurvey = (
  { intro, thanks, questions, ...draft }: SurveyDraft,
  prompts: Names,
): Readonly<Record<string, unknown>> => ({
  name: draft.name,
  asksConsent: draft.asksConsent,
  timeoutS: draft.timeoutS,
  repeats: draft.repeats,
  intro: spokenText(intro, prompts),
  thanks: spokenText(thanks, prompts),
  questions: questions.map(
    (question) => `${spokenText(question, prompts)} (${answersText(question)})`,
  ),
});

const bothLanguages = (en: string, zh: string): string =>
  [en, zh].filter((text) => text !== '').join(' / ');

const spokenText = ({ prompt, texts }: Spoken, prompts: Names): string =>
  [
    bothLanguages(texts.en, texts['zh-CN']),
    ...(prompt === undefined ? [] : [`♪ ${prompts.get(prompt) ?? ''}`]),
  ]
    .filter((text) => text !== '')
    .join(' ');

function answersText(question: QuestionDraft): string {
  switch (question.kind) {
    case 'score':
      return `${String(question.from)}–${String(question.to)}`;
    case 'yes-no':
      return 'yes-no';
    case 'choice':
      return question.choices.map((one) => bothLanguages(one.en, one['zh-CN'])).join(', ');
    case 'comment':
      return `comment ${String(question.maxMs / 1_000)} s`;
  }
}
