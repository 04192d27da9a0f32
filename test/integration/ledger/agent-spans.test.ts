import { expect } from 'chai';
import fc from 'fast-check';
import { KnexLedgerStore } from '../../../src/adapters/ledger/knex-ledger-store.js';
import type { Database } from '../../../src/adapters/mysql/database.js';
import type { AgentStateChange } from '../../../src/kernel/agent-state-change.js';
import { newEventId, type AgentId } from '../../../src/kernel/ids.js';
import { PrivateMariadb } from '../../support/private-mariadb.js';

const MIGRATION = '../../../migrations/20261126184000-create-agent-spans.mjs';
const START = Date.UTC(2026, 10, 24, 8);

describe('how long agents were in which state, in the database', function () {
  this.timeout(60_000);
  let mariadb: PrivateMariadb;
  let database: Database;
  before(async () => {
    mariadb = await PrivateMariadb.start();
    database = mariadb.open();
  });
  after(async () => {
    await database.destroy();
    await mariadb.remove();
  });
  const read = (): Promise<readonly Record<string, unknown>[]> =>
    database('agent_spans').orderBy(['agent_id', 'started_at']).select('*');

  const step = fc.record({
    agentId: fc.integer({ min: 1, max: 2 }),
    afterMs: fc.constantFrom(0, 1, 1_000, 60_000),
    state: fc.constantFrom('available', 'ringing', 'talking', 'wrap-up', 'not-ready', 'signed-out'),
  });

  it('is the same however changes come: in any order, in any parts, twice, or from an earlier release', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { minLength: 1, maxLength: 12 }),
        fc.array(fc.nat(11), { maxLength: 6 }),
        async (steps, late) => {
          for (const table of ['agent_state_changes', 'agent_spans'])
            await database(table).delete();
          let at = START;
          const changes = steps.map(({ agentId, afterMs, state }): AgentStateChange => {
            at += afterMs;
            return { id: newEventId(), agentId: agentId as AgentId, at, state, reason: '' };
          });
          const store = new KnexLedgerStore(database);
          const write = (some: readonly AgentStateChange[]) =>
            store.write(some.map((change) => ({ kind: 'agent-state', change })));
          const isLate = (_: unknown, n: number): boolean => late.includes(n);
          await write(changes.filter((change, n) => !isLate(change, n)));
          for (const change of changes.filter(isLate).reverse()) await write([change]);
          const spans = await read();
          await write(changes);
          expect(await read(), 'twice').to.deep.equal(spans);
          for (const [n, span] of spans.entries()) {
            const next = spans[n + 1];
            const end = next?.['agent_id'] === span['agent_id'] ? next?.['started_at'] : null;
            expect(span['ended_at'], 'no gap').to.deep.equal(end);
          }
          // What came next, also where it lasted no time.
          const { nexts } = changes.toReversed().reduce(
            ({ states, nexts: found }, { agentId, state }) => ({
              states: new Map(states).set(agentId, state),
              nexts: [
                `${String(agentId)} ${state} ${String(states.get(agentId) ?? null)}`,
                ...found,
              ],
            }),
            { states: new Map<AgentId, string>(), nexts: [] as readonly string[] },
          );
          for (const { agent_id, state, next_state } of spans)
            expect(nexts).to.include(`${String(agent_id)} ${String(state)} ${String(next_state)}`);
          const { up } = (await import(MIGRATION)) as { up: (knex: Database) => Promise<void> };
          await database('agent_spans').delete();
          await up(database);
          expect(await read(), 'made again').to.deep.equal(spans);
        },
      ),
      { numRuns: 25 },
    );
  });
});
