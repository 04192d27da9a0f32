import { expect } from 'chai';
import { KnexLedgerStore } from '../../../src/adapters/ledger/knex-ledger-store.js';
import { newEventId, type AgentId } from '../../../src/kernel/ids.js';
import { siteDayOf } from '../../../src/kernel/site-day.js';
import { answeredCall } from '../../support/call-events.js';
import { CallsSite, COMPANY } from '../../support/calls-site.js';
import type { TestClient } from '../../support/web.js';

const PATH = '/reports/agents';
const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;

describe('the report of agents', function () {
  this.timeout(120_000);
  let at: CallsSite;
  let supervisor: TestClient;
  /** The midnight with which yesterday began. */
  let midnight: number;

  before(async () => {
    at = await CallsSite.start();
    supervisor = await at.site.client('supervisor');
    const { timezone } = at.site.parts.config;
    midnight = siteDayOf(siteDayOf(Date.now(), timezone).startAt - 1, timezone).startAt;
  });
  after(() => at.site.stop());
  beforeEach(() => at.clear());
  afterEach(() => {
    expect(at.site.errors).to.deep.equal([]);
  });

  /** Mara's states, each at so many minutes behind midnight. */
  const states = (...marks: readonly (readonly [number, string, string?])[]): Promise<unknown> =>
    new KnexLedgerStore(at.site.parts.database).write(
      marks.map(([minute, state, reason = '']) => ({
        kind: 'agent-state',
        change: {
          ...{ id: newEventId(), agentId: COMPANY.mara as AgentId, state, reason },
          at: midnight + minute * MINUTE_MS,
        },
      })),
    );

  async function rows(query = ''): Promise<ReadonlyMap<string, Readonly<Record<string, string>>>> {
    await at.sum();
    const page = await supervisor.get(`${PATH}?period=yesterday${query}`);
    expect(page.status).to.equal(200);
    const table = /<table class="cb-table rp-figures"[\s\S]*?<\/table>/.exec(page.text)?.[0] ?? '';
    return new Map(
      [...table.matchAll(/<tr>([\s\S]*?)<\/tr>/g)].slice(1).map(([, row = '']) => {
        const cells = [...row.matchAll(/<t[dh]([^>]*)>([\s\S]*?)<\/t[dh]>/g)].map(
          ([, attributes = '', cell = '']) => [
            /data-label="([^"]*)"/.exec(attributes)?.[1] ?? '',
            cell.replace(/<[^>]*>/g, '').trim(),
          ],
        );
        return [cells[0]?.[1] ?? '', Object.fromEntries(cells) as Record<string, string>];
      }),
    );
  }

  it('cuts stretches at the ends of the time, and the states add up to signed-in time', async () => {
    await states(
      ...([
        [-60, 'not-ready', 'signed-in'],
        [60, 'available'],
        [120, 'ringing'],
        [121, 'talking'],
        [141, 'wrap-up'],
        [151, 'available'],
        [181, 'ringing'],
        [182, 'available'],
        [240, 'not-ready', 'lunch'],
        [300, 'signed-out'],
        [1_380, 'not-ready', 'signed-in'],
        [1_500, 'signed-out'],
      ] as const),
    );
    await at.tell(answeredCall({ startedAt: midnight + HOUR_MS, agentId: COMPANY.mara }));
    const mara = (await rows()).get('Mara Quill');
    expect(mara).to.include({
      ...{ 'Signed in': '6:00:00', Available: '2:28:00', Ringing: '2:00', Talking: '20:00' },
      ...{ 'Wrap-up': '10:00', 'Not ready': '3:00:00', Offers: '2', Missed: '1', Talks: '1' },
      ...{ Utilisation: '8.3%', Occupancy: '17.8%' },
    });
    const page = await supervisor.get(`${PATH}?period=yesterday`);
    const words = page.text.replace(/<[^>]*>/g, ' ').replace(/\s+/g, ' ');
    expect(words).to.include('Signed in 6:00:00 = Available 2:28:00').and.include('adds up');
    expect(words).to.include('Not ready by reason').and.include('1:00:00 1');
  });

  it('goes by days, and says where time is missing', async () => {
    await states([600, 'available'], [660, 'signed-out'], [2_040, 'available']);
    const from = new Date(midnight + 12 * HOUR_MS).toISOString().slice(0, 10);
    const days = await rows(`&from=${from}&by=day`);
    expect([...days.values()].map((day) => day['Signed in'])).to.include('1:00:00');
    await at.site.parts.database('agent_spans').where('state', 'available').delete();
    await at.site.parts.database('agent_spans').insert({
      ...{ agent_id: COMPANY.mara, started_at: new Date(midnight), state: 'available', reason: '' },
      ended_at: new Date(midnight + MINUTE_MS),
    });
    await at.sum();
    const page = await supervisor.get(`${PATH}?period=yesterday`);
    expect(page.text).to.include('are missing');
  });

  it('gives a file with the same figures, and is for those who may read calls', async () => {
    await states([600, 'available'], [660, 'signed-out']);
    await at.sum();
    const file = await supervisor.get(`${PATH}/export.csv?period=yesterday`);
    expect(file.text).to.include('Agent,Signed in (s),Available (s)');
    expect(file.text).to.include('Mara Quill,3600,3600,0,');
    const agent = await at.site.client('agent');
    expect((await agent.get(PATH)).status).to.equal(403);
    for (const query of ['period=nonsense&agent=x', 'from=2016-01-01&to=2026-01-01&by=day'])
      expect((await supervisor.get(`${PATH}?${query}`)).status, query).to.equal(200);
  });
});
