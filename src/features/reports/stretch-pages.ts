import { requirePermission } from '../../kernel/actor.js';
import { AppError } from '../../kernel/errors.js';
import type { Clock } from '../../kernel/clock.js';
import type { Language } from '../../kernel/call-event.js';
import {
  AGENT_LOOKS,
  formatDuration,
  formatWhen,
  listView,
  readList,
  type PageContext,
  type PageRoutes,
} from '../../web/kit/index.js';
import type { KnexStretches } from './knex-stretches.js';
import type { ReportNames } from './read-report.js';
import type { ItemWords, ReportWords } from './report-table.js';
import { readStretchFigure, STRETCHES_PATH } from './stretch-figure.js';

const ACCESS = 'calls.read';

export interface StretchPageParts {
  readonly stretches: KnexStretches;
  readonly names: (language: Language) => ReportNames;
  readonly clock: Clock;
  readonly itemWords: (words: ReportWords) => ItemWords;
}

/** The stretches behind a figure of agents' time, with the calls of those that have one. */
export function addStretchPages(pages: PageRoutes, parts: StretchPageParts): void {
  pages.get(STRETCHES_PATH, ACCESS, (page) => showStretches(page, parts));
}

async function showStretches(page: PageContext, parts: StretchPageParts): Promise<void> {
  requirePermission(page.actor, ACCESS);
  const figure = readStretchFigure(page.query['figure'], page.zone);
  if (figure === undefined) throw new AppError('not-found', 'no figure of agents');
  const request = readList(page, {
    ...{ path: STRETCHES_PATH, sorts: ['at'], defaultSort: '-at', filters: ['figure', 'column'] },
  });
  const [found, items] = await Promise.all([
    parts.stretches.list(figure, parts.clock.now(), request),
    parts.names(page.language).items(figure.subject),
  ]);
  const words = parts.itemWords(page);
  const column = `reports.column.${page.query['column'] ?? ''}`;
  const { item = '' } = figure;
  const named = items?.find((one) => one.item === item)?.name ?? words(figure.subject, item);
  page.render('reports/stretches', {
    title: page.t('reports.stretches.title'),
    crumbs: [{ label: page.t('reports.title'), href: '/reports' }],
    styles: ['reports'],
    text: page.t(figure.item === undefined ? 'calls.figure.any' : 'calls.figure.item', {
      ...{ figure: page.hasText(column) ? page.t(column) : '', item: named ?? item },
      from: formatWhen(figure.fromAt, 'datetime', page),
      to: formatWhen(figure.toAt, 'datetime', page),
    }),
    sum: page.t('reports.stretches.sum', { count: found.total, time: formatDuration(found.ms) }),
    rows: found.rows.map((line) => ({
      ...line,
      href: `/live/agents/${String(line.agentId)}`,
      look: AGENT_LOOKS[line.state],
      reason: line.state === 'not-ready' ? words('reason', line.reason) : undefined,
      time: formatDuration(line.ms),
    })),
    list: listView(request, { rows: found.rows, total: found.total }, []),
  });
}
