import type { Knex } from 'knex';
import { readCalendarColumns } from '../../engines/routing/calendar-schema.js';
import type { CalendarId } from '../../kernel/ids.js';
import type { AuditLog } from '../audit/audit.js';
import { KnexUsageReports, KnexVersionedStore, type TableMapping } from '../configuration/index.js';
import type { CalendarOption, CalendarStore } from './calendar-store.js';
import type { CalendarDraft, CalendarSort, StoredCalendar } from './calendar.js';

interface CalendarRow {
  readonly id: CalendarId;
  readonly version: number;
  readonly archived_at: Date | null;
  readonly updated_at: Date;
  readonly name: string;
  readonly zone: string;
  readonly weekly: unknown;
  readonly exceptions: unknown;
}

const MAPPING: TableMapping<CalendarId, CalendarDraft, StoredCalendar, CalendarSort> = {
  table: 'calendars',
  searched: ['name', 'zone'],
  sorts: { name: 'name', zone: 'zone', updated: 'updated_at' },
  uniques: { name: 'name' },
  columns: (draft) => ({
    name: draft.name,
    zone: draft.zone,
    weekly: JSON.stringify(draft.weekly),
    exceptions: JSON.stringify(draft.exceptions),
  }),
  read: (_db, rows) =>
    Promise.resolve(
      (rows as readonly CalendarRow[]).map((row) => ({
        id: row.id,
        version: row.version,
        archivedAt: row.archived_at ?? undefined,
        updatedAt: row.updated_at,
        name: row.name,
        zone: row.zone,
        ...readCalendarColumns(row),
      })),
    ),
  uses: (db, id) => new KnexUsageReports(db).ofCalendar(id),
};

/** Calendars in MariaDB. */
export class KnexCalendarStore
  extends KnexVersionedStore<CalendarId, CalendarDraft, StoredCalendar, CalendarSort>
  implements CalendarStore
{
  constructor(db: Knex, auditLog: (db: Knex) => AuditLog) {
    super(db, MAPPING, auditLog);
  }

  async options(): Promise<readonly CalendarOption[]> {
    return this.db('calendars')
      .whereNull('archived_at')
      .orderBy('name')
      .select<CalendarOption[]>('id', 'name');
  }
}
