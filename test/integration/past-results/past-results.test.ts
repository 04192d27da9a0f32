import { expect } from 'chai';
import { readDirectory } from '../../../src/features/directory/knex-directory.js';
import { KnexPastResults, refreshResults } from '../../../src/features/past-results/index.js';
import {
  newCallId,
  newId,
  type AgentId,
  type CallId,
  type QueueId,
} from '../../../src/kernel/ids.js';
import { ADMIN, agent, queue } from '../../support/setup-drafts.js';
import { startSetupSite, type SetupSite } from '../../support/setup-site.js';

const DAY = 86_400_000;
const NOW = Date.parse('2026-06-30T12:00:00Z');

describe('past results from the ledger', function () {
  this.timeout(60_000);
  let setup: SetupSite;
  let repairs: QueueId;
  let billing: QueueId;
  let amy: AgentId;
  let ben: AgentId;

  before(async () => {
    setup = await startSetupSite();
    repairs = await setup.queues.create(ADMIN, queue('Repairs'));
    billing = await setup.queues.create(ADMIN, queue('Billing'));
    amy = (await setup.agents.createAgent(ADMIN, agent('7001'))).id;
    ben = (await setup.agents.createAgent(ADMIN, agent('7002'))).id;
  });
  after(() => setup.site.stop());

  /** A call into a queue so many days ago; answered where an agent is named. */
  const call = async (
    from: string,
    daysAgo: number,
    into: readonly QueueId[],
    by?: AgentId,
    more: object = {},
  ): Promise<CallId> => {
    const { database } = setup.site.parts;
    const id = newCallId();
    const at = new Date(NOW - daysAgo * DAY);
    await database('calls').insert({
      id,
      started_at: at,
      direction: 'inbound',
      from_number: from,
      to_number: '+442079460100',
      node: 'pbx',
      ...more,
    });
    const event = (kind: string, body: object, seq: number) => ({
      id: newId(),
      call_id: id,
      seq,
      at,
      kind,
      body: JSON.stringify(body),
    });
    const events = into.map((queueId, seq) => event('queue-entered', { queueId }, seq));
    const last = into.at(-1);
    if (by !== undefined)
      events.push(
        event('offer-ended', { queueId: last, agentId: ben, outcome: 'no-answer' }, 20),
        event('offer-ended', { queueId: last, agentId: by, outcome: 'answered' }, 21),
      );
    await database('call_events').insert(events);
    return id;
  };

  it('are of first contacts: who called the same queue again within 7 days was not helped', async () => {
    // Amy: one who called again on the sixth day, one on the eighth, one another queue, one only moved round in one call.
    await call('+441', 20, [repairs], amy);
    await call('+441', 14.5, [repairs], ben);
    await call('+442', 20, [repairs], amy);
    await call('+442', 12, [repairs]);
    await call('+443', 20, [repairs], amy);
    await call('+443', 19, [billing], ben);
    await call('+444', 20, [repairs, billing, repairs], amy);
    // What does not count: too old, not decided yet, withheld, a test, one that went out.
    await call('+445', 40, [repairs], amy);
    await call('+446', 3, [repairs], amy);
    await call('', 20, [repairs], amy);
    await call('+447', 20, [repairs], amy, { test: true });
    await call('+448', 20, [repairs], amy, { direction: 'internal' });
    // Nor does one that had come to the wrong queue.
    const wrong = await call('+449', 20, [repairs, billing], amy);
    await setup.site.parts.database('call_transfers').insert(
      [repairs, billing].map((queue_id, n) => ({
        ...{ call_id: wrong, n, at: new Date(), how: 'blind', via: 'page', queue_id },
        ...{ to_kind: 'queue', to_number: '', to_name: '', talked_ms: 5_000 },
        ...{ is_returned: false, is_misrouted: true, test: false },
      })),
    );
    const store = new KnexPastResults(setup.site.parts.database);
    const samples = [...(await store.firstContacts(NOW))].sort(
      (a, b) => a.queue - b.queue || a.agent - b.agent,
    );
    expect(samples).to.deep.equal([
      { queue: repairs, agent: amy, contacts: 4, worth: 3 },
      { queue: repairs, agent: ben, contacts: 1, worth: 1 },
      { queue: billing, agent: ben, contacts: 1, worth: 1 },
    ]);
  });

  it('are of surveys, too: scores as parts of their scales, a mean for each caller', async () => {
    const { database } = setup.site.parts;
    const [survey] = await database('surveys').insert({
      name: 'How was it',
      timeout_s: 5,
      repeats: 1,
    });
    const [five, ten, choice] = await Promise.all(
      [
        { kind: 'score', scale_from: 1, scale_to: 5 },
        { kind: 'score', scale_from: 0, scale_to: 10 },
        { kind: 'choice', scale_from: 0, scale_to: 0 },
      ].map(async (question, position) => {
        const [id] = await database('survey_questions').insert({
          ...question,
          ...{ survey_id: survey, position, choices: '[]' },
        });
        return id;
      }),
    );
    const run = async (daysAgo: number, values: readonly number[], more = {}): Promise<void> => {
      const id = newId();
      const at = new Date(NOW - daysAgo * DAY);
      await database('survey_runs').insert({
        ...{ id, call_id: newCallId(), survey_id: survey, version: 1, queue_id: repairs },
        ...{ agent_id: amy, from_number: '+441', call_at: at, offered_at: at, outcome: 'done' },
        ...{ answers: values.length, test: false },
        ...more,
      });
      await database('survey_answers').insert(
        values.map((value, n) => ({
          ...{ run_id: id, question_id: [five, ten, choice][n], survey_id: survey },
          ...{ call_at: at, value, answered_at: at },
        })),
      );
    };
    await run(1, [5, 5, 2]);
    await run(2, [1]);
    await run(3, [9]);
    await run(40, [5]);
    await run(1, [5], { test: true });
    await run(1, [5], { agent_id: null });
    const store = new KnexPastResults(database);
    expect(await store.ratings(NOW)).to.deep.equal([
      { queue: repairs, agent: amy, contacts: 2, worth: 0.75 },
    ]);
    await database('survey_runs').delete();
    await database('survey_answers').delete();
  });

  it('are kept, reach the calls, and are told only where they changed', async () => {
    const { database, sealer } = setup.site.parts;
    const told: string[] = [];
    const parts = {
      clock: { now: () => NOW, sleep: () => Promise.resolve() },
      store: new KnexPastResults(database),
      announcer: {
        configurationChanged: (kind: string) => {
          told.push(kind);
          return Promise.resolve();
        },
      },
      log: { warn: () => undefined },
    };
    await refreshResults(parts);
    await refreshResults(parts);
    expect(told).to.deep.equal(['past-results']);
    const { agents } = await readDirectory(database, sealer);
    // The queue's mean is 4 / 5: (3 + 16) / 24 and (1 + 16) / 21.
    expect([...(agents.get(amy)?.results ?? [])]).to.deep.equal([[repairs, 79]]);
    expect([...(agents.get(ben)?.results ?? [])]).to.deep.equal([
      [repairs, 81],
      [billing, 100],
    ]);
  });
});
