import type { FlowTest } from '../../../engines/ivr/testing/flow-test.js';
import { requirePermission, type Actor } from '../../../kernel/actor.js';
import { AppError } from '../../../kernel/errors.js';
import type { FlowId } from '../../../kernel/ids.js';
import type { FlowInWork } from '../flow-service.js';
import type { FlowReports } from '../flow-reports.js';
import type { KnexFlowTestStore, StoredFlowTest } from '../knex-flow-test-store.js';
import { runTests, type TestRun } from './run-tests.js';

/** Tests of one flow at most: they all run before each publishing. */
const MAX_TESTS = 200;

/** Managing the tests of flows. They run on the draft, and before it is published. */
export class FlowTestService {
  constructor(
    private readonly store: KnexFlowTestStore,
    private readonly reports: FlowReports,
    private readonly zone: string,
  ) {}

  /** Every test of the flow, run on its steps as they would be published. */
  async runAll(actor: Actor, open: FlowInWork): Promise<readonly TestRun[]> {
    requirePermission(actor, 'flows.edit');
    return this.#run(await this.store.list(open.flow.id), open);
  }

  /** One test with its result; throws `not-found`. */
  async run(actor: Actor, open: FlowInWork, id: number): Promise<TestRun> {
    const [run] = await this.#run([await this.get(actor, open.flow.id, id)], open);
    if (run === undefined) throw new Error(`test ${String(id)} did not run`);
    return run;
  }

  async get(actor: Actor, flow: FlowId, id: number): Promise<StoredFlowTest> {
    requirePermission(actor, 'flows.edit');
    const found = await this.store.find(flow, id);
    if (found === undefined)
      throw new AppError('not-found', `flow ${String(flow)} has no test ${String(id)}`);
    return found;
  }

  async create(actor: Actor, flow: FlowId, test: FlowTest): Promise<number> {
    requirePermission(actor, 'flows.edit');
    const tests = await this.store.list(flow);
    if (tests.length >= MAX_TESTS)
      throw new AppError('invalid-fields', 'too many tests', [
        { field: 'name', message: 'flow.test.too-many', params: { max: MAX_TESTS } },
      ]);
    return this.store.insert(flow, test);
  }

  async change(
    actor: Actor,
    flow: FlowId,
    id: number,
    { version, test }: Omit<StoredFlowTest, 'id'>,
  ): Promise<void> {
    await this.get(actor, flow, id);
    await this.store.replace(flow, id, version, test);
  }

  async delete(actor: Actor, flow: FlowId, id: number): Promise<void> {
    requirePermission(actor, 'flows.edit');
    await this.store.delete(flow, id);
  }

  #run(tests: readonly StoredFlowTest[], open: FlowInWork): Promise<readonly TestRun[]> {
    const { definition, choices, flow } = open;
    const { reports, zone } = this;
    return runTests(tests, { id: flow.id, definition, choices, reports, zone });
  }
}
