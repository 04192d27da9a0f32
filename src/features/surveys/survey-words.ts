import { textIn, type Spoken } from '../../engines/survey/survey.js';
import { LANGUAGES } from '../../kernel/call-event.js';
import type { PageContext } from '../../web/kit/index.js';
import { durationText } from '../configuration/index.js';
import type { PromptOption } from './survey-store.js';
import type { QuestionDraft, StoredSurvey } from './survey.js';

type Page = Pick<PageContext, 't' | 'language'>;

/** What callers live through, as sentences. */
export const surveyWords = (page: Page, survey: StoredSurvey): readonly string[] => [
  page.t(survey.asksConsent ? 'surveys.words.consent' : 'surveys.words.no-consent'),
  ...survey.questions.map((question, at) => questionWords(page, question, at)),
  page.t('surveys.words.patience', {
    time: durationText(page, survey.timeoutS),
    count: survey.repeats,
  }),
  page.t('surveys.words.hang-up'),
];

function questionWords(page: Page, question: QuestionDraft, at: number): string {
  const text = textIn(question.texts, page.language);
  const words = { number: at + 1, text };
  switch (question.kind) {
    case 'score': {
      const { from, to } = question;
      return page.t(to === 10 ? 'surveys.words.score-ten' : 'surveys.words.score', {
        ...words,
        ...{ from, to },
      });
    }
    case 'yes-no':
      return page.t('surveys.words.yes-no', words);
    case 'choice': {
      const choices = question.choices
        .map((choice, key) => `${String(key + 1)} ${textIn(choice, page.language)}`)
        .join(', ');
      return page.t('surveys.words.choice', { ...words, choices });
    }
    case 'comment':
      return page.t('surveys.words.comment', {
        ...words,
        time: durationText(page, question.maxMs / 1_000),
      });
  }
}

/** Languages in which something is not said, though it is in another. */
function missingIn({ prompt, texts }: Spoken, prompts: readonly PromptOption[]) {
  const played = prompts.find(({ id }) => id === prompt)?.languages ?? [];
  const said = LANGUAGES.filter((language) => texts[language] !== '' || played.includes(language));
  return said.length === 0 ? [] : LANGUAGES.filter((language) => !said.includes(language));
}

/** What is allowed but hardly meant. */
export const surveyWarnings = (
  { t, language: reader }: Page,
  { intro, thanks, questions }: StoredSurvey,
  prompts: readonly PromptOption[],
): readonly { readonly text: string }[] =>
  [
    { what: t('surveys.section.intro'), said: intro },
    ...questions.map((question, at) => ({
      what: t('surveys.question-named', { number: at + 1, text: textIn(question.texts, reader) }),
      said: question,
    })),
    { what: t('surveys.section.thanks'), said: thanks },
  ].flatMap(({ what, said }) =>
    missingIn(said, prompts).map((language) => ({
      text: t('surveys.warning.language', { what, language: t(`language.${language}`) }),
    })),
  );
