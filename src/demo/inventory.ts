import { SYSTEM_ACTOR, type Actor } from '../kernel/actor.js';
import type { ListResult } from '../kernel/list.js';
import type { RowQuery } from '../features/configuration/index.js';

/** Enough for every row of a demonstration. */
const ALL = 10_000;

interface Listing<Row, Sort extends string> {
  list(actor: Actor, query: RowQuery<Sort>): Promise<ListResult<Row>>;
}

/** What is set up already, by its own word (name, number, login), archived things too. */
export class Inventory<Id extends number> {
  private constructor(private readonly ids: Map<string, Id>) {}

  static async of<Row extends { readonly id: number }, Sort extends string>(
    service: Listing<Row, Sort>,
    sortBy: Sort,
    wordOf: (row: Row) => string,
  ): Promise<Inventory<Row['id']>> {
    const ids = new Map<string, Row['id']>();
    for (const archived of [false, true]) {
      const query = { search: '', sortBy, descending: false, offset: 0, limit: ALL };
      const { rows } = await service.list(SYSTEM_ACTOR, { ...query, archived, filters: {} });
      for (const row of rows) ids.set(wordOf(row), row.id);
    }
    return new Inventory(ids);
  }

  has(word: string): boolean {
    return this.ids.has(word);
  }

  id(word: string): Id | undefined {
    return this.ids.get(word);
  }

  /** Its id; where it is not there, it is made. */
  async idOr(word: string, make: () => Promise<Id>): Promise<Id> {
    return this.ids.get(word) ?? (await make());
  }
}
