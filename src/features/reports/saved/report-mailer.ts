import type { Clock } from '../../../kernel/clock.js';
import type { Language } from '../../../kernel/call-event.js';
import type { Scope } from '../../../kernel/scope.js';
import type { CallLog } from '../../../telephony/calls/services.js';
import { csvLine, formatWhen, type Messages } from '../../../web/kit/index.js';
import type { NewMail } from '../../mail/index.js';
import { askReport } from '../ask-report.js';
import { reportOf } from '../own-report.js';
import { readReport, type ReportSources } from '../read-report.js';
import {
  exportLines,
  exportTable,
  untilText,
  type ExportTable,
  type ItemWords,
  type ReportWords,
} from '../report-table.js';
import type { WorkbookWriter } from '../workbook.js';
import { addressesIn, nextMailAt, type SavedReport } from './saved-report.js';

const LOOK_MS = 20_000;
const AT_ONCE = 20;
const BYTE_ORDER_MARK = '\ufeff';
const TYPES = {
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  csv: 'text/csv',
} as const;

/** Kept reports whose time to be mailed has come. */
export interface DueReports {
  due(now: number, limit: number): Promise<readonly SavedReport[]>;
  /** Notes the next time and keeps the mails with that note: both or neither. Nothing where another one did it already. */
  mailed(
    report: SavedReport,
    next: number | undefined,
    now: number,
    mails: readonly NewMail[],
  ): Promise<void>;
}

export interface ReportMailerParts {
  readonly reports: DueReports;
  readonly sources: (language: Language) => ReportSources;
  readonly freshAt: () => Promise<number | undefined>;
  readonly workbook: WorkbookWriter;
  readonly itemWords: (words: ReportWords) => ItemWords;
  readonly texts: Messages;
  readonly clock: Clock;
  readonly log: Pick<CallLog, 'warn'>;
  readonly zone: string;
  readonly country: string;
  readonly publicUrl: string | undefined;
}

/** Mails reports when their time has come, until the scope ends. */
export function mailReports(server: Scope, parts: ReportMailerParts): void {
  server.fork('mail of reports', async (scope) => {
    for (;;) {
      try {
        await mailDueReports(parts);
      } catch (error) {
        if (scope.cancelled) return;
        parts.log.warn({ err: error }, 'reports could not be mailed; trying again');
      }
      await parts.clock.sleep(LOOK_MS, scope.signal);
    }
  });
}

/** Mails what is due; of how many reports. Times that were missed while nothing ran are one mail. */
export async function mailDueReports(parts: ReportMailerParts): Promise<number> {
  const now = parts.clock.now();
  const due = await parts.reports.due(now, AT_ONCE);
  for (const report of due)
    await parts.reports.mailed(
      report,
      nextMailAt(report, now, parts.zone),
      now,
      await mailsOf(parts, report, now),
    );
  return due.length;
}

async function mailsOf(
  parts: ReportMailerParts,
  report: SavedReport,
  now: number,
): Promise<readonly NewMail[]> {
  const { language, slug, format, name } = report;
  const query = Object.fromEntries(new URLSearchParams(report.query));
  const definition = reportOf(slug, query);
  if (definition === undefined) return [];
  const words = {
    t: (key: string, params = {}) => parts.texts.translate(language, key, params),
    hasText: (key: string) => parts.texts.has(key),
    ...{ language, zone: parts.zone, country: parts.country },
  };
  const sources = parts.sources(language);
  const { asked } = await askReport({ query, zone: parts.zone }, definition, sources.names, now);
  const [read, freshAt] = await Promise.all([
    readReport(sources, definition, asked, { pictures: false, before: undefined }),
    parts.freshAt(),
  ]);
  const until = untilText(words, definition, freshAt);
  const table = exportTable(words, definition, asked, { ...read, until }, parts.itemWords(words));
  const span = {
    from: formatWhen(asked.span.startAt, 'date', words),
    to: formatWhen(asked.span.endAt - 1, 'date', words),
  };
  const link =
    parts.publicUrl === undefined ? '' : `\n\n${parts.publicUrl}/reports/${slug}?${report.query}`;
  const attachment = {
    name: `${slug}-${new Date(now).toISOString().slice(0, 10)}.${format}`,
    type: TYPES[format],
    content:
      format === 'csv' ? csvOf(table) : await parts.workbook.write({ title: name, ...table }),
  };
  return addressesIn(report.mailTo).map((recipient) => ({
    recipient,
    subject: words.t('reports.saved.mail.subject', { name, ...span }),
    text: `${words.t('reports.saved.mail.text', { name, ...span, who: report.userName })}${link}\n\n${table.notes.join('\n')}\n`,
    attachments: [attachment],
  }));
}

const csvOf = (table: ExportTable): Buffer =>
  Buffer.from(BYTE_ORDER_MARK + [table.head, ...exportLines(table)].map(csvLine).join(''));
