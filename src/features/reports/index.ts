import { workbookWriter } from '../../adapters/tables/workbook-writer.js';
import type { Database } from '../../adapters/mysql/database.js';
import type { Language } from '../../kernel/call-event.js';
import type { Clock } from '../../kernel/clock.js';
import type { Scope } from '../../kernel/scope.js';
import type { Directory } from '../../telephony/directory.js';
import { PageRoutes, type FeatureModule } from '../../web/kit/index.js';
import { reasonName } from '../not-ready-reasons/index.js';
import { KnexFigures, KnexSums } from '../report-sums/index.js';
import { addBuilderPages } from './builder-pages.js';
import { KnexAgentTime } from './knex-agent-time.js';
import { KnexConfigurationChanges } from './knex-configuration-changes.js';
import { KnexReportNames } from './knex-report-names.js';
import { KnexStretches } from './knex-stretches.js';
import { addReportPages, REPORT_ACCESS } from './report-pages.js';
import type { ItemWords, ReportWords } from './report-table.js';
import { KnexSavedReports } from './saved/knex-saved-reports.js';
import { mailReports, type ReportMailerParts } from './saved/report-mailer.js';
import { addSavedReportPages } from './saved/saved-pages.js';
import { addStretchPages } from './stretch-pages.js';

export { KnexAgentTime } from './knex-agent-time.js';
export { readPeriod } from './report-period.js';

/** What reports are read from and written with. */
const readingFrom = (database: Database, zone: string) => {
  const figures = new KnexFigures(database);
  const agentTime = new KnexAgentTime(database);
  const sums = new KnexSums(database, zone);
  return {
    sources: (language: Language) => ({
      ...{ figures, agentTime },
      names: new KnexReportNames(database, language),
    }),
    freshAt: () => sums.freshAt(),
    workbook: workbookWriter,
  };
};

/** Mails kept reports, for the role `jobs`. */
export function startReportMail(
  server: Scope,
  {
    database,
    directory,
    ...parts
  }: Pick<ReportMailerParts, 'texts' | 'clock' | 'log' | 'zone' | 'country' | 'publicUrl'> & {
    readonly database: Database;
    readonly directory: Directory;
  },
): void {
  mailReports(server, {
    ...{ ...parts, ...readingFrom(database, parts.zone) },
    reports: new KnexSavedReports(database),
    itemWords: reasonWords(directory),
  });
}

/** Not-ready reasons as the company named them. */
const reasonWords =
  (directory: Directory) =>
  (words: ReportWords): ItemWords =>
  (subject, item) =>
    subject === 'reason'
      ? reasonName(words, directory.current.notReadyReasons, item === '-' ? '' : item)
      : undefined;

/** Standard reports over any time: what became of callers, what agents did, what lines and flows carried. */
export function makeReportsFeature({
  database,
  clock,
  directory,
  zone,
}: {
  readonly database: Database;
  readonly clock: Clock;
  readonly directory: Directory;
  readonly zone: string;
}): FeatureModule {
  const pages = new PageRoutes();
  addSavedReportPages(pages, { store: new KnexSavedReports(database), clock });
  addBuilderPages(pages);
  addStretchPages(pages, {
    stretches: new KnexStretches(database),
    names: (language) => new KnexReportNames(database, language),
    clock,
    itemWords: reasonWords(directory),
  });
  addReportPages(pages, {
    ...readingFrom(database, zone),
    changes: new KnexConfigurationChanges(database),
    clock,
    itemWords: reasonWords(directory),
  });
  return {
    name: 'reports',
    pages,
    menu: [
      {
        ...{ group: 'reports', access: REPORT_ACCESS, order: 5 },
        ...{ label: 'reports.menu', icon: 'chart-bar', href: '/reports' },
      },
      {
        ...{ group: 'reports', access: REPORT_ACCESS, order: 10 },
        ...{ label: 'reports.queues.title', icon: 'users-group', href: '/reports/queues' },
      },
      {
        ...{ group: 'reports', access: REPORT_ACCESS, order: 15 },
        ...{ label: 'reports.agents.title', icon: 'headset', href: '/reports/agents' },
      },
    ],
  };
}
