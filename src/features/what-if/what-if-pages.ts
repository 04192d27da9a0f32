import { z } from 'zod';
import type { WhatIfAnswer, WhatIfFigures, WhatIfQuestion } from '../../engines/dialer/what-if.js';
import { integerField, parseFields, problem, secondsField } from '../../kernel/fields.js';
import {
  fieldKey,
  formatNumber,
  formatPercent,
  formView,
  type FormView,
  type PageContext,
  type PageRoutes,
} from '../../web/kit/index.js';
import type { WhatIfAnswers } from './what-if-answers.js';
import { barChart } from './bar-chart.js';

export const PATH = '/planning/what-if';
export const ACCESS = ['live.read', 'campaigns.edit'] as const;
const FORM = 'what-if.form';

const MOST_AGENTS = 500;
const MOST_TALK_S = 3_600;
const MOST_WRAP_UP_S = 600;
const MOST_LIMIT = 10;
const MINUTE_MS = 60_000;

/** A share, typed in percent. */
const percentField = (min: number, max: number) =>
  z.string('form.problem.needed').transform((text, context) => {
    const typed = text.trim().replace(/\s*%$/, '');
    const percent = /^\d+([.,]\d+)?$/.test(typed) ? Number(typed.replace(',', '.')) : NaN;
    if (typed === '') context.addIssue(problem('form.problem.needed'));
    else if (!(percent >= min && percent <= max))
      context.addIssue(problem('what-if.percent-between', { min, max }));
    else return percent / 100;
    return z.NEVER;
  });

const asked = z.object({
  agents: integerField(1, MOST_AGENTS),
  rate: percentField(1, 100),
  talk: secondsField(5, MOST_TALK_S),
  wrapUp: secondsField(0, MOST_WRAP_UP_S),
  limit: percentField(0, MOST_LIMIT),
});
type Typed = Readonly<Record<keyof z.input<typeof asked>, string>>;

/** What stands in the form before anybody has typed. */
const USUAL: Typed = { agents: '20', rate: '20', talk: '120', wrapUp: '15', limit: '3' };

/** The what-if page: asked by its address, so that it can be kept and sent, and needs no script. */
export const whatIfPages = (pages: PageRoutes, answers: WhatIfAnswers): PageRoutes =>
  pages.get(PATH, [...ACCESS], (page) => showWhatIf(page, answers));

async function showWhatIf(page: PageContext, answers: WhatIfAnswers): Promise<void> {
  const typed: Typed = { ...USUAL, ...pick(page.query, USUAL) };
  const isAsked = Object.keys(USUAL).some((name) => page.query[name] !== undefined);
  const parsed = isAsked ? parseFields(asked, typed) : undefined;
  const problems = parsed === undefined || parsed.ok ? [] : parsed.problems;
  const form: FormView = {
    ...formView({ prefix: FORM, action: PATH }, typed),
    problems: Object.fromEntries(
      problems.map(({ field, message, params }) => [field, page.t(message, params)]),
    ),
  };
  const found =
    parsed?.ok === true ? await answered(answers, questionOf(parsed.values)) : undefined;
  const status = problems.length > 0 ? 422 : found === 'busy' || found === 'failed' ? 503 : 200;
  page.render(
    'what-if/what-if',
    {
      title: page.t('what-if.title'),
      styles: ['live', 'setup', 'what-if'],
      form,
      path: PATH,
      trouble: typeof found === 'string' ? page.t(`what-if.${found}`) : undefined,
      wrong: problems.map(({ field }) => ({
        href: `#f-${field}`,
        label: page.t(fieldKey(FORM, field)),
      })),
      ...(parsed?.ok === true && typeof found === 'object'
        ? { answer: answerView(page, parsed.values.limit, found) }
        : {}),
    },
    status,
  );
}

const pick = (query: PageContext['query'], names: Typed): Partial<Typed> =>
  Object.fromEntries(
    Object.keys(names).flatMap((name) => {
      const value = query[name];
      return value === undefined ? [] : [[name, value]];
    }),
  );

const questionOf = ({
  agents,
  rate,
  talk,
  wrapUp,
  limit,
}: z.output<typeof asked>): WhatIfQuestion => ({
  ...{ agents, limit, answerRate: rate, talkS: talk, wrapUpS: wrapUp },
});

/** Nobody's page fails because a simulation took too long. */
async function answered(
  answers: WhatIfAnswers,
  question: WhatIfQuestion,
): Promise<WhatIfAnswer | 'busy' | 'failed'> {
  try {
    return (await answers.answer(question)) ?? 'busy';
  } catch {
    return 'failed';
  }
}

function answerView(page: PageContext, limit: number, answer: WhatIfAnswer) {
  const { t, language } = page;
  const { predictive, oneToOne, spans, teams, hours } = answer;
  const share = (value: number): string => formatPercent(value, language);
  const number = (value: number, digits = 0): string =>
    new Intl.NumberFormat(language, { maximumFractionDigits: digits }).format(value);
  const seconds = (value: number): string => t('what-if.seconds', { seconds: number(value, 1) });
  const tile = (key: string, value: string, note: string) => ({
    ...{ label: t(`what-if.${key}`), definition: t(`what-if.${key}.definition`), value, note },
  });
  const than = (value: string): string => t('what-if.one-to-one-note', { value });
  const time = (ms: number): string => {
    const minutes = Math.round(ms / MINUTE_MS);
    return `${String(Math.floor(minutes / 60))}:${String(minutes % 60).padStart(2, '0')}`;
  };
  const row = (label: string, one: WhatIfFigures, isThis: boolean) => ({
    ...{ label, isThis, width: Math.round(100 * one.utilisation) },
    cells: [
      share(one.utilisation),
      share(one.abandonment),
      seconds(one.idlePerCallS),
      formatNumber(one.lines, language),
      number(one.conversationsAnHour),
      number(one.callsPerAnswer, 1),
    ],
  });
  const most = Math.max(2 * limit, 0.01, ...spans.map(({ abandonedSoFar }) => abandonedSoFar));
  return {
    tiles: [
      tile('utilisation', share(predictive.utilisation), than(share(oneToOne.utilisation))),
      {
        ...tile(
          'abandonment',
          share(predictive.abandonment),
          t('what-if.limit-note', { limit: share(limit) }),
        ),
        isBad: predictive.abandonment > limit,
      },
      tile('idle', seconds(predictive.idlePerCallS), than(seconds(oneToOne.idlePerCallS))),
      tile('lines', formatNumber(predictive.lines, language), than(number(oneToOne.lines))),
      tile(
        'conversations',
        number(predictive.conversationsAnHour),
        than(number(oneToOne.conversationsAnHour)),
      ),
    ],
    charts: [
      {
        title: t('what-if.chart.utilisation'),
        ...barChart(
          spans.map(({ fromMs, utilisation }) => ({
            ...{ label: time(fromMs), value: utilisation, text: share(utilisation) },
          })),
          { most: 1, axis: share },
        ),
      },
      {
        title: t('what-if.chart.abandonment'),
        ...barChart(
          spans.map(({ fromMs, abandonedSoFar }) => ({
            ...{ label: time(fromMs), value: abandonedSoFar, text: share(abandonedSoFar) },
            isBad: abandonedSoFar > limit,
          })),
          { most, axis: share, mark: limit },
        ),
      },
    ],
    columns: ['utilisation', 'abandonment', 'idle', 'lines', 'conversations', 'calls'].map((key) =>
      t(`what-if.${key}`),
    ),
    rows: [
      row(t('what-if.row.one-to-one', { count: oneToOne.agents }), oneToOne, false),
      ...teams.map((team) =>
        row(t('what-if.row.team', { count: team.agents }), team, team.agents === predictive.agents),
      ),
    ],
    method: t('what-if.method', { hours: number(hours, 1) }),
  };
}
