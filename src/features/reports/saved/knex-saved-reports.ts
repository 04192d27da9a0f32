import type { Knex } from 'knex';
import type { Language } from '../../../kernel/call-event.js';
import type { UserId } from '../../../kernel/ids.js';
import { KnexMailQueue, type NewMail } from '../../mail/index.js';
import type { DueReports } from './report-mailer.js';
import type {
  NewSavedReport,
  SavedReport,
  SavedReportDraft,
  SavedReportId,
  SavedReportStore,
} from './saved-report.js';

interface Row {
  readonly id: SavedReportId;
  readonly user_id: UserId;
  readonly user_name: string;
  readonly name: string;
  readonly slug: string;
  readonly query: string;
  readonly shared: number;
  readonly mail_to: string;
  readonly mail_when: SavedReportDraft['mailWhen'];
  readonly mail_hour: number;
  readonly format: SavedReportDraft['format'];
  readonly language: Language;
  readonly next_mail_at: Date | null;
  readonly last_mailed_at: Date | null;
}

const reportOf = (row: Row): SavedReport => ({
  ...{ id: row.id, userId: row.user_id, userName: row.user_name, name: row.name },
  ...{ slug: row.slug, query: row.query, shared: row.shared === 1, mailTo: row.mail_to },
  ...{ mailWhen: row.mail_when, mailHour: row.mail_hour, format: row.format },
  language: row.language,
  nextMailAt: row.next_mail_at?.getTime(),
  lastMailedAt: row.last_mailed_at?.getTime(),
});

const columnsOf = (
  report: SavedReportDraft & Pick<SavedReport, 'language' | 'nextMailAt'>,
): object => ({
  ...{ name: report.name, shared: report.shared, mail_to: report.mailTo, format: report.format },
  ...{ mail_when: report.mailWhen, mail_hour: report.mailHour, language: report.language },
  next_mail_at: report.nextMailAt === undefined ? null : new Date(report.nextMailAt),
});

/** Kept reports in MariaDB, and those whose time to be mailed has come. */
export class KnexSavedReports implements SavedReportStore, DueReports {
  constructor(private readonly db: Knex) {}

  async list(user: UserId): Promise<readonly SavedReport[]> {
    const rows: readonly Row[] = await this.#rows()
      .where((own) => {
        void own.where('s.user_id', user).orWhere('s.shared', true);
      })
      .orderBy(['s.name', 's.id']);
    return rows.map(reportOf);
  }

  async find(id: SavedReportId): Promise<SavedReport | undefined> {
    const [row]: readonly Row[] = await this.#rows().where('s.id', id);
    return row && reportOf(row);
  }

  async add(report: NewSavedReport): Promise<SavedReportId> {
    const { slug, query, userId } = report;
    const [id] = await this.db('saved_reports').insert({
      ...{ slug, query, user_id: userId },
      ...columnsOf(report),
    });
    return id as SavedReportId;
  }

  async change(
    id: SavedReportId,
    change: Parameters<SavedReportStore['change']>[1],
  ): Promise<void> {
    await this.db('saved_reports').where({ id }).update(columnsOf(change));
  }

  async remove(id: SavedReportId): Promise<void> {
    await this.db('saved_reports').where({ id }).delete();
  }

  async due(now: number, limit: number): Promise<readonly SavedReport[]> {
    const rows: readonly Row[] = await this.#rows()
      .where('s.next_mail_at', '<=', new Date(now))
      .orderBy(['s.next_mail_at', 's.id'])
      .limit(limit);
    return rows.map(reportOf);
  }

  async mailed(
    { id, nextMailAt: dueAt }: SavedReport,
    next: number | undefined,
    now: number,
    mails: readonly NewMail[],
  ): Promise<void> {
    await this.db.transaction(async (tx) => {
      const taken = await tx('saved_reports')
        .where({ id, next_mail_at: dueAt === undefined ? null : new Date(dueAt) })
        .update({
          next_mail_at: next === undefined ? null : new Date(next),
          last_mailed_at: new Date(now),
        });
      if (taken === 1) await new KnexMailQueue(tx).add(new Date(now), mails);
    });
  }

  #rows() {
    return this.db('saved_reports as s')
      .join('users as u', 'u.id', 's.user_id')
      .select<Row[]>('s.*', 'u.name as user_name');
  }
}
