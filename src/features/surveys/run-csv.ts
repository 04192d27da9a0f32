import { textIn, type SurveyQuestion } from '../../engines/survey/survey.js';
import { csvLine, csvTime, type PageContext } from '../../web/kit/index.js';
import { valueText } from './results-view.js';
import type { RunLine } from './survey-results.js';

/** Columns before those of the questions; their names are `survey.csv.<column>`. */
const COLUMNS = ['call', 'at', 'caller', 'queue', 'agent', 'outcome'] as const;

/** One column a question behind the others. */
export const csvRunHeader = (page: PageContext, questions: readonly SurveyQuestion[]): string =>
  csvLine([
    ...COLUMNS.map((column) => page.t(`survey.csv.${column}`)),
    ...questions.map(({ texts }) => textIn(texts, page.language)),
  ]);

/** Numbers as numbers, comments as the seconds that they last. */
export const csvRun = (
  page: PageContext,
  run: RunLine,
  questions: readonly SurveyQuestion[],
): string =>
  csvLine([
    run.callId,
    csvTime(run.callAt, page),
    run.number,
    run.queueName,
    run.agentName,
    page.t(`survey.outcome.${run.outcome}`),
    ...questions.map((question) => {
      const answer = run.answers.find(({ questionId }) => questionId === question.id);
      if (answer === undefined) return '';
      if (answer.value === undefined)
        return Math.round((answer.recording?.durationMs ?? 0) / 1_000);
      return question.kind === 'score' ? answer.value : valueText(page, question, answer.value);
    }),
  ]);
