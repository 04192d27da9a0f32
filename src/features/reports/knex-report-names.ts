import type { Knex } from 'knex';
import { groupsOf } from '../report-sums/index.js';
import type { ReportItem } from './report-definition.js';
import type { ReportNames } from './read-report.js';

interface NamedRow {
  readonly id: number;
  readonly name: string;
  readonly archived_at: Date | null;
}

/** Tables of subjects, and what their rows are called. */
const TABLES: Readonly<Record<string, readonly [table: string, name: string]>> = {
  queue: ['queues', 'name'],
  agent: ['agents', 'name'],
  skill: ['skills', 'name'],
  // A team is the members of a queue.
  team: ['queues', 'name'],
  did: ['dids', "TRIM(CONCAT(number, ' ', name))"],
  trunk: ['trunks', 'name'],
  flow: ['ivr_flows', 'name'],
  campaign: ['campaigns', 'name'],
  survey: ['surveys', 'name'],
};

/** Names of queues, agents and all the others, archived ones too, by name. */
export class KnexReportNames implements ReportNames {
  /** `language` chooses the names of dispositions. */
  constructor(
    private readonly db: Knex,
    private readonly language: string,
  ) {}

  async items(subject: string): Promise<readonly ReportItem[] | undefined> {
    const name = this.language === 'en' ? 'name_en' : 'name_zh';
    const [table, sql] =
      subject === 'disposition' ? ['dispositions', name] : (TABLES[subject] ?? []);
    if (table === undefined || sql === undefined) return undefined;
    const rows = (await this.db(table)
      .select('id', 'archived_at', { name: this.db.raw(sql) })
      .orderBy('name')) as readonly NamedRow[];
    return rows.map((row) => ({
      ...{ item: String(row.id), name: row.name, isArchived: row.archived_at !== null },
    }));
  }

  async currency(): Promise<string | undefined> {
    const row = await this.db('call_rates')
      .whereNull('archived_at')
      .first<{ currency: string } | undefined>('currency');
    return row?.currency;
  }

  async groups(subject: string): Promise<ReadonlyMap<string, readonly string[]>> {
    const groups = new Map<string, string[]>();
    const kept = groupsOf(subject);
    if (kept === undefined) return groups;
    const rows: readonly { item: number; group: number }[] = await this.db(kept.table).select({
      ...{ item: kept.item, group: kept.group },
    });
    for (const { item, group } of rows) {
      const own = groups.get(String(item));
      if (own === undefined) groups.set(String(item), [String(group)]);
      else own.push(String(group));
    }
    return groups;
  }
}
