import { Temporal } from 'temporal-polyfill';
import type { ExitName } from '../../engines/ivr/exits.js';
import { findStep } from '../../engines/ivr/exits.js';
import type { Clock } from '../../kernel/clock.js';
import type { FlowId } from '../../kernel/ids.js';
import { siteDayOf } from '../../kernel/site-day.js';
import type { PageContext, PageRoutes } from '../../web/kit/index.js';
import { flowPath, flowPictures, FLOWS_PATH } from './editor-view.js';
import {
  NO_FIGURES,
  share,
  stepFigures,
  takenBy,
  type FigurePeriod,
  type FlowFigures,
  type FlowTotals,
  type StepFigures,
} from './flow-figures.js';
import type { FlowInWork, FlowService } from './flow-service.js';
import { exitLabels } from './step-texts.js';

const PATH = '/setup/ivr/:id/figures';
const ACCESS = 'flows.edit';

/** Periods that can be chosen: whole days of the site that end with today. */
const PERIODS = { today: 1, 'last-7d': 7, 'last-30d': 30, 'last-90d': 90 } as const;
type PeriodName = keyof typeof PERIODS;
export const LIST_PERIOD: PeriodName = 'last-7d';

/** The days of the site up to the end of today. */
export function periodOf(name: PeriodName, now: number, zone: string): FigurePeriod {
  const { startAt, endAt } = siteDayOf(now, zone);
  const first = Temporal.Instant.fromEpochMilliseconds(startAt)
    .toZonedDateTimeISO(zone)
    .subtract({ days: PERIODS[name] - 1 })
    .startOfDay();
  return { startAt: first.epochMilliseconds, endAt };
}

const isPeriod = (name: string): name is PeriodName => Object.hasOwn(PERIODS, name);

export interface FiguresParts {
  readonly service: FlowService;
  readonly figures: FlowFigures;
  readonly clock: Clock;
}

/** Adds the page that shows what callers did in a flow: on the drawing, and step by step. */
export function addFiguresPage(pages: PageRoutes, parts: FiguresParts): void {
  pages.get(PATH, ACCESS, (page) => showFigures(page, parts));
}

async function showFigures(page: PageContext, parts: FiguresParts): Promise<void> {
  const id = page.id<FlowId>();
  const asked = page.query['period'] ?? '';
  const name = isPeriod(asked) ? asked : LIST_PERIOD;
  const period = periodOf(name, parts.clock.now(), page.zone);
  const flow = await parts.service.get(page.actor, id);
  const [open, totals, counts] = await Promise.all([
    flow.publishedVersion === 0
      ? parts.service.open(page.actor, id)
      : parts.service.openVersion(page.actor, id, flow.publishedVersion),
    parts.figures.totals(period, id),
    parts.figures.steps(id, period),
  ]);
  const steps = stepFigures(counts);
  page.render('ivr-flows/figures', {
    title: page.t('flow.figures.title'),
    crumbs: [
      { label: page.t('flow.title'), href: FLOWS_PATH },
      { label: flow.name, href: `${flowPath(id)}/edit` },
    ],
    styles: ['ivr'],
    scripts: ['ivr'],
    mainClass: 'ivr-body',
    fold: true,
    periods: Object.keys(PERIODS).map((value) => ({
      label: page.t(`flow.figures.period.${value}`),
      href: `${flowPath(id)}/figures?period=${value}`,
      isOn: value === name,
    })),
    from: period.startAt,
    tiles: tilesOf(page, totals.get(id) ?? NO_FIGURES),
    steps: steps.map((step) => stepView(page, open, step)),
    ...flowPictures(page, open, {
      selected: '',
      isEditable: false,
      hrefOf: () => `${flowPath(id)}/figures?period=${name}`,
      figureOf: figureOf(page, steps),
    }),
  });
}

function tilesOf(page: PageContext, totals: FlowTotals) {
  const { entered, handed, ms } = totals;
  const tile = (name: keyof FlowTotals | 'mean') => ({
    label: page.t(`flow.figures.${name}`),
    about: page.t(`flow.figures.${name}.about`),
  });
  const count = (name: keyof FlowTotals, whole: number) => ({
    ...tile(name),
    value: totals[name],
    isShare: whole > 0,
    share: share(totals[name], whole),
  });
  return [
    { ...tile('entered'), value: entered },
    count('contained', entered),
    count('handed', entered),
    count('dropped', entered),
    ...(totals.returned > 0 ? [count('returned', entered)] : []),
    ...(totals.failed > 0 ? [count('failed', entered)] : []),
    count('misrouted', handed),
    { ...tile('mean'), isTime: true, meanMs: entered === 0 ? undefined : ms / entered },
  ];
}

function stepView(page: PageContext, { definition }: FlowInWork, figures: StepFigures) {
  const step = findStep(definition, figures.step);
  const exits = [...figures.exits]
    .sort(([, a], [, b]) => b - a)
    .map(([exit, taken]) => ({
      label: exitLabels(step, [exit as ExitName], page.t) || page.t('flow.exit.next'),
      taken,
      share: share(taken, figures.visits),
    }));
  return {
    ...figures,
    exits,
    label: step?.label ?? figures.label,
    isGone: step === undefined,
    dropShare: share(figures.dropped, figures.visits),
  };
}

/** What stands on the drawing: visits at a step, with who hung up there; those who left by an exit below it. */
function figureOf(page: PageContext, steps: readonly StepFigures[]) {
  const byStep = new Map(steps.map((step) => [step.step, step]));
  const number = (value: number): string => new Intl.NumberFormat(page.language).format(value);
  return (step: string, exits: readonly ExitName[]): string | undefined => {
    const figures = byStep.get(step);
    if (figures === undefined) return step === '' ? undefined : '0';
    if (exits.length > 0) return number(takenBy(figures, exits));
    return figures.dropped === 0
      ? number(figures.visits)
      : page.t('flow.figures.on-card', {
          visits: figures.visits,
          dropped: share(figures.dropped, figures.visits),
        });
  };
}
