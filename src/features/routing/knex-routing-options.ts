import type { Knex } from 'knex';
import { fromJson } from '../contacts/index.js';
import type { OptionSources, RoutingOptions, RoutingOptionsStore } from './routing-options.js';

/** DIDs, queues, agents, lists and fields of contacts from MariaDB, the rest from the features that have them. */
export class KnexRoutingOptions implements RoutingOptionsStore {
  constructor(
    private readonly db: Knex,
    private readonly sources: OptionSources,
  ) {}

  async read(): Promise<RoutingOptions> {
    const [dids, queues, agents, skills, regions, calendars, lists, fields] = await Promise.all([
      this.#inUse<RoutingOptions['dids'][number]>('dids', ['id', 'number', 'name'], 'number'),
      this.#inUse<RoutingOptions['queues'][number]>('queues', ['id', 'name'], 'name'),
      this.#inUse<RoutingOptions['agents'][number]>('agents', ['id', 'name', 'number'], 'name'),
      this.sources.skills(),
      this.sources.regions(),
      this.sources.calendars(),
      this.#inUse<RoutingOptions['contactLists'][number]>('contact_lists', ['id', 'name'], 'name'),
      this.#inUse<RoutingOptions['contactFields'][number] & { readonly choices: unknown }>(
        'contact_fields',
        ['id', 'name', 'kind', 'choices'],
        'name',
      ),
    ]);
    return {
      ...{ dids, queues, agents, skills, regions, calendars },
      contactLists: lists,
      contactFields: fields.map((field) => ({
        ...field,
        choices: fromJson<readonly string[]>(field.choices),
      })),
    };
  }

  async #inUse<Row>(table: string, columns: readonly string[], order: string): Promise<Row[]> {
    const rows: unknown = await this.db(table)
      .whereNull('archived_at')
      .orderBy([order, 'id'])
      .select(columns);
    return rows as Row[];
  }
}
