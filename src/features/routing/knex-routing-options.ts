import type { Knex } from 'knex';
import type { OptionSources, RoutingOptions, RoutingOptionsStore } from './routing-options.js';

/** DIDs, queues and agents from MariaDB, the rest from the features that have them. */
export class KnexRoutingOptions implements RoutingOptionsStore {
  constructor(
    private readonly db: Knex,
    private readonly sources: OptionSources,
  ) {}

  async read(): Promise<RoutingOptions> {
    const [dids, queues, agents, skills, regions, calendars] = await Promise.all([
      this.#inUse<RoutingOptions['dids'][number]>('dids', ['id', 'number', 'name'], 'number'),
      this.#inUse<RoutingOptions['queues'][number]>('queues', ['id', 'name'], 'name'),
      this.#inUse<RoutingOptions['agents'][number]>('agents', ['id', 'name', 'number'], 'name'),
      this.sources.skills(),
      this.sources.regions(),
      this.sources.calendars(),
    ]);
    return { dids, queues, agents, skills, regions, calendars };
  }

  async #inUse<Row>(table: string, columns: readonly string[], order: string): Promise<Row[]> {
    const rows: unknown = await this.db(table)
      .whereNull('archived_at')
      .orderBy([order, 'id'])
      .select(columns);
    return rows as Row[];
  }
}
