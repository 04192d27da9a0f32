import type { Knex } from 'knex';
import { flowTestSchema, type FlowTest } from '../../engines/ivr/testing/flow-test.js';
import { AppError } from '../../kernel/errors.js';
import type { FlowId } from '../../kernel/ids.js';

/** A test as it is stored. `version` counts its saves. */
export interface StoredFlowTest {
  readonly id: number;
  readonly version: number;
  readonly test: FlowTest;
}

/** Tests of flows on MariaDB, on a connection or within a transaction. */
export class KnexFlowTestStore {
  constructor(private readonly db: Knex) {}

  /** In the order in which they were written. */
  async list(flow: FlowId): Promise<readonly StoredFlowTest[]> {
    const rows = await this.db('flow_tests').where({ flow_id: flow }).orderBy('id').select<Row[]>();
    return rows.map(read);
  }

  async find(flow: FlowId, id: number): Promise<StoredFlowTest | undefined> {
    const row = await this.db('flow_tests').where({ flow_id: flow, id }).first<Row | undefined>();
    return row && read(row);
  }

  async insert(flow: FlowId, test: FlowTest): Promise<number> {
    const [id] = (await this.db('flow_tests').insert({
      flow_id: flow,
      definition: JSON.stringify(test),
    })) as [number];
    return id;
  }

  /** Throws `conflict` unless `version` is the stored one. */
  async replace(flow: FlowId, id: number, version: number, test: FlowTest): Promise<void> {
    const count = await this.db('flow_tests')
      .where({ flow_id: flow, id, version })
      .update({
        definition: JSON.stringify(test),
        version: version + 1,
        updated_at: this.db.fn.now(3),
      });
    if (count === 0) throw new AppError('conflict', `test ${String(id)} was changed meanwhile`);
  }

  async delete(flow: FlowId, id: number): Promise<void> {
    await this.db('flow_tests').where({ flow_id: flow, id }).delete();
  }
}

interface Row {
  readonly id: number;
  readonly version: number;
  readonly definition: unknown;
}

const read = ({ id, version, definition }: Row): StoredFlowTest => ({
  ...{ id, version },
  test: flowTestSchema.parse(typeof definition === 'string' ? JSON.parse(definition) : definition),
});
