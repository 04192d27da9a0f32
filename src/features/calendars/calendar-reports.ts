import type { Knex } from 'knex';
import { flowDefinitionSchema, type FlowDefinition } from '../../engines/ivr/flow.js';
import { readCalendarColumns } from '../../engines/routing/calendar-schema.js';
import type { Calendar } from '../../engines/routing/calendar.js';
import type { CalendarId, FlowId, QueueId } from '../../kernel/ids.js';
import type { Target } from '../../telephony/directory.js';
import { publishedFlows, readOverflowFor, readTarget } from '../configuration/index.js';

/** A published IVR flow that asks a calendar for its opening hours. */
export interface AskingFlow {
  readonly id: FlowId;
  readonly name: string;
  readonly definition: FlowDefinition;
  /** DIDs whose callers enter it. */
  readonly dids: readonly { readonly id: number; readonly number: string; readonly name: string }[];
}

/** A queue that is open by a calendar. */
export interface CalendarQueue {
  readonly id: QueueId;
  readonly name: string;
  /** Where callers go while it is closed. */
  readonly overflow: Target;
  /** Those still in line at closing go there too; else they are served. */
  readonly clearsAtClosing: boolean;
}

/** What the preview reads from other tables. */
export interface CalendarReports {
  /** Flows whose published version has a step with opening hours by this calendar, by name. */
  flowsAsking(id: CalendarId): Promise<readonly AskingFlow[]>;
  /** Queues in use that are open by this calendar, by name. */
  queuesOf(id: CalendarId): Promise<readonly CalendarQueue[]>;
  /** Every calendar: a flow may ask several. */
  calendars(): Promise<ReadonlyMap<CalendarId, Calendar>>;
}

/** True where a step of the flow asks the calendar. */
export const asks = (definition: FlowDefinition, id: CalendarId): boolean =>
  Object.values(definition.steps).some((step) => step.kind === 'hours' && step.calendar === id);

/** The reports on MariaDB. */
export class KnexCalendarReports implements CalendarReports {
  constructor(private readonly db: Knex) {}

  async flowsAsking(id: CalendarId): Promise<readonly AskingFlow[]> {
    const rows = await publishedFlows(this.db).orderBy('ivr_flows.name');
    const flows = rows
      .map((row) => ({ ...row, definition: readDefinition(row.definition) }))
      .filter((flow) => asks(flow.definition, id));
    if (flows.length === 0) return [];
    const dids = await this.db('dids')
      .whereNull('archived_at')
      .orderBy('number')
      .select<{ id: number; number: string; name: string; target: unknown }[]>(
        'id',
        'number',
        'name',
        'target',
      );
    const led = dids.map(({ target, ...did }) => ({ did, target: readTarget(target) }));
    return flows.map((flow) => ({
      ...flow,
      dids: led
        .filter(({ target }) => target.kind === 'flow' && target.id === flow.id)
        .map(({ did }) => did),
    }));
  }

  async queuesOf(id: CalendarId): Promise<readonly CalendarQueue[]> {
    const rows = await this.db('queues')
      .where({ calendar_id: id })
      .whereNull('archived_at')
      .orderBy('name')
      .select<
        {
          id: QueueId;
          name: string;
          overflow: unknown;
          overflow_for: unknown;
          clear_at_closing: number;
        }[]
      >('id', 'name', 'overflow', 'overflow_for', 'clear_at_closing');
    return rows.map((row) => ({
      id: row.id,
      name: row.name,
      overflow: readOverflowFor(row.overflow_for).closed ?? readTarget(row.overflow),
      clearsAtClosing: row.clear_at_closing === 1,
    }));
  }

  async calendars(): Promise<ReadonlyMap<CalendarId, Calendar>> {
    const rows = await this.db('calendars').select<
      { id: CalendarId; zone: string; weekly: unknown; exceptions: unknown }[]
    >('id', 'zone', 'weekly', 'exceptions');
    return new Map(rows.map((row) => [row.id, { zone: row.zone, ...readCalendarColumns(row) }]));
  }
}

const readDefinition = (column: unknown): FlowDefinition =>
  flowDefinitionSchema.parse(typeof column === 'string' ? JSON.parse(column) : column);
