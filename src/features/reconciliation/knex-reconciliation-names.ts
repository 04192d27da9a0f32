import type { Knex } from 'knex';

/** Names of queues and agents by id; archived ones too. */
export class KnexReconciliationNames {
  constructor(private readonly db: Knex) {}

  async read(): Promise<{
    readonly queues: ReadonlyMap<number, string>;
    readonly agents: ReadonlyMap<number, string>;
  }> {
    const [queues, agents] = await Promise.all(
      (['queues', 'agents'] as const).map(async (table) => {
        const rows: readonly { id: number; name: string }[] = await this.db(table).select(
          ...['id', 'name'],
        );
        return new Map(rows.map(({ id, name }) => [id, name]));
      }),
    );
    return { queues: queues ?? new Map(), agents: agents ?? new Map() };
  }
}
