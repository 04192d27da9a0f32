import { CHECKS, type Check } from '../../engines/reconciliation/finding.js';
import {
  formatNumber,
  formatWhen,
  PageRoutes,
  urlWith,
  type PageContext,
} from '../../web/kit/index.js';
import { findingTable, lineTables, type Names } from './reconciliation-tables.js';
import { RECONCILIATION_ACCESS, type ReconciliationService } from './reconciliation-service.js';
import type { CheckedDay } from './reconciliation-store.js';

const PATH = '/reports/reconciliation';

interface Parts {
  readonly service: ReconciliationService;
  readonly names: { read(): Promise<Names> };
}

/** The days that were counted anew, one of them, and asking for a count. */
export function reconciliationPages(parts: Parts): PageRoutes {
  const pages = new PageRoutes();
  pages.get(PATH, RECONCILIATION_ACCESS, (page) => showDays(page, parts));
  pages.get(`${PATH}/:day`, RECONCILIATION_ACCESS, (page) => showDay(page, parts));
  pages.post(`${PATH}/:day/count`, RECONCILIATION_ACCESS, async (page) => {
    const day = page.param('day');
    await parts.service.want(page.actor, day);
    await page.redirect(`${PATH}/${day}`, { message: 'reconciliation.wanted' });
  });
  return pages;
}

async function showDays(page: PageContext, { service }: Parts): Promise<void> {
  const days = await service.days(page.actor);
  page.render('reconciliation/days', {
    title: page.t('reconciliation.title'),
    styles: ['reports'],
    checks: CHECKS.map((check) => ({
      label: page.t(`reconciliation.check.${check}`),
      definition: page.t(`reconciliation.check.${check}.definition`),
    })),
    days: days.map(({ day, checked }) => ({
      ...{ name: dayText(day, page), href: `${PATH}/${day}` },
      ...dayState(checked),
      calls: checked?.checkedAt === undefined ? '' : formatNumber(checked.calls, page.language),
      open: checked?.openCalls ?? 0,
      checkedAt: checked?.checkedAt,
      cells: CHECKS.map((check) => checkView(page, check, checked)),
    })),
  });
}

async function showDay(page: PageContext, { service, names }: Parts): Promise<void> {
  const [story, known] = await Promise.all([
    service.story(page.actor, page.param('day')),
    names.read(),
  ]);
  const { day, checked, span } = story;
  const path = `${PATH}/${day}`;
  page.render('reconciliation/day', {
    title: page.t('reconciliation.of-day', { day: dayText(day, page) }),
    crumbs: [{ label: page.t('reconciliation.title'), href: PATH }],
    styles: ['live', 'reports'],
    path,
    ...dayState(checked),
    checkedText:
      checked?.checkedAt === undefined
        ? ''
        : page.t('reconciliation.counted-at', {
            time: formatWhen(checked.checkedAt, 'full', page),
            seconds: (checked.tookMs / 1_000).toFixed(1),
          }),
    openText:
      checked !== undefined && checked.openCalls > 0
        ? page.t('reconciliation.open-calls', { count: checked.openCalls })
        : '',
    tiles: CHECKS.map((check) => ({
      label: page.t(`reconciliation.check.${check}`),
      definition: page.t(`reconciliation.check.${check}.definition`),
      ...checkView(page, check, checked),
    })),
    findings: findingTable(page, story, known, checked),
    tables: lineTables(page, story, known, {
      intervalsOf: (queue) => urlWith(path, { queue }),
      reportOf: (queue) =>
        urlWith('/reports/queues', { from: day, to: day, compare: 'none', queue }),
      agentsReport: urlWith('/reports/agents', { from: day, to: day }),
    }),
    span,
  });
}

/** What is known of a day, as marks. */
const dayState = (checked: CheckedDay | undefined) => ({
  isChecked: checked?.checkedAt !== undefined,
  isWanted: checked?.isWanted === true,
  isPart: checked?.checkedAt !== undefined && !checked.isWhole,
  differences: checked?.differences ?? 0,
});

function checkView(page: PageContext, check: Check, checked: CheckedDay | undefined) {
  const isChecked = checked?.checkedAt !== undefined;
  const sum = checked?.checks[check];
  return {
    isChecked,
    counted: isChecked ? formatNumber(sum?.counted ?? 0, page.language) : '',
    unit: page.t(`reconciliation.check.${check}.unit`),
    differences: sum?.differences ?? 0,
  };
}

/** Days are dates without a zone. */
const dayText = (day: string, { language }: PageContext): string =>
  new Intl.DateTimeFormat(language, {
    ...{ weekday: 'short', day: 'numeric', month: 'short', year: 'numeric', timeZone: 'UTC' },
  }).format(Date.parse(`${day}T00:00:00Z`));
