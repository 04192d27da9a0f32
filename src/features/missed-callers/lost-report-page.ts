import type { Clock } from '../../kernel/clock.js';
import type { QueueId } from '../../kernel/ids.js';
import {
  formatDuration,
  formatNumber,
  formatPercent,
  NO_VALUE,
  urlWith,
  type PageContext,
  type PageRoutes,
} from '../../web/kit/index.js';
import { PERIODS } from '../calls/index.js';
import { readPeriod } from '../reports/index.js';
import { countLost, lostByQueue, type LostCounts } from './lost-report.js';
import { MISSED_PATH } from './missed-pages.js';
import { MISSED_SUPERVISION, type MissedService } from './missed-service.js';

const PATH = '/reports/missed-callers';

/** How many people were lost, how many of them were reached, and after what time. */
export function addLostReport(
  pages: PageRoutes,
  { service, clock }: { readonly service: MissedService; readonly clock: Clock },
): void {
  pages.get(PATH, MISSED_SUPERVISION, async (page) => {
    const asked = readPeriod(page, clock.now());
    const { startAt, endAt } = asked.span;
    const [people, queues] = await Promise.all([
      service.lost(page.actor, startAt, endAt),
      service.queues(page.actor),
    ]);
    const names = new Map(queues.map(({ id, name }) => [id, name]));
    const days = dayRange(page, asked.span);
    const row = (name: string, counts: LostCounts, queue?: QueueId | 'none') => ({
      name,
      cells: cellsOf(page, counts, (state) =>
        urlWith(MISSED_PATH, { ...days, state, ...(queue === undefined ? {} : { queue }) }),
      ),
    });
    const total = countLost(people);
    page.render('missed-callers/report', {
      title: page.t('missed-callers.report.title'),
      styles: ['live', 'reports'],
      path: PATH,
      ...{ period: asked.period, from: asked.from, to: asked.to },
      periods: PERIODS.map((value) => ({ value, label: page.t(`calls.period.${value}`) })),
      span: asked.span,
      last: endAt - 1,
      tiles: tilesOf(page, total, (state) => urlWith(MISSED_PATH, { ...days, state })),
      rows: lostByQueue(people).map(({ queueId, counts }) =>
        row(
          queueId === undefined
            ? page.t('missed-callers.no-queue')
            : (names.get(queueId) ?? `#${String(queueId)}`),
          counts,
          queueId ?? 'none',
        ),
      ),
      total: row(page.t('reports.total'), total),
      listHref: MISSED_PATH,
    });
  });
}

/** The days of the period, as the list takes them. */
function dayRange(
  { zone }: PageContext,
  span: { readonly startAt: number; readonly endAt: number },
) {
  const day = (at: number): string =>
    new Intl.DateTimeFormat('sv-SE', { dateStyle: 'short', timeZone: zone }).format(at);
  return { from: day(span.startAt), to: day(span.endAt - 1) };
}

function cellsOf(page: PageContext, counts: LostCounts, hrefOf: (state: string) => string) {
  const { t, language } = page;
  const count = (column: string, value: number, state = column) => ({
    label: t(`missed-callers.report.${column}`),
    text: formatNumber(value, language),
    href: value === 0 ? undefined : hrefOf(state),
  });
  return [
    count('people', counts.people, 'all'),
    count('reached', counts.reached),
    count('called-again', counts.calledAgain),
    count('done', counts.done),
    count('open', counts.open),
    count('in-time', counts.inTime),
    {
      label: t('missed-callers.report.median'),
      text: timeText(counts.medianMs),
      href: counts.medianMs === undefined ? undefined : hrefOf('talked'),
    },
  ];
}

const timeText = (ms: number | undefined): string =>
  ms === undefined ? NO_VALUE : formatDuration(ms);

function tilesOf(
  { t, language }: PageContext,
  counts: LostCounts,
  hrefOf: (state: string) => string,
) {
  const share = (part: number): string =>
    counts.people === 0 ? '' : formatPercent(part / counts.people, language);
  const tile = (key: string, value: string, state: string, small = '') => ({
    ...{ label: t(`missed-callers.report.${key}`), text: value, small },
    href: value === formatNumber(0, language) || value === NO_VALUE ? undefined : hrefOf(state),
    definition: t(`missed-callers.report.${key}.definition`),
  });
  const talked = counts.reached + counts.calledAgain;
  return [
    tile('people', formatNumber(counts.people, language), 'all'),
    tile('talked', formatNumber(talked, language), 'talked', share(talked)),
    tile('in-time', formatNumber(counts.inTime, language), 'in-time', share(counts.inTime)),
    tile('open', formatNumber(counts.open, language), 'open', share(counts.open)),
    tile('median', timeText(counts.medianMs), 'talked'),
  ];
}
