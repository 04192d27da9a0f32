import { expect } from 'chai';
import { parse } from 'csv-parse/sync';
import { KnexLedgerStore } from '../../../src/adapters/ledger/knex-ledger-store.js';
import { newEventId, type AgentId, type TrunkId } from '../../../src/kernel/ids.js';
import { siteDayOf } from '../../../src/kernel/site-day.js';
import { randomSeries } from '../../../src/simulation/random.js';
import { answeredCall } from '../../support/call-events.js';
import { CallsSite, COMPANY } from '../../support/calls-site.js';
import type { TestClient } from '../../support/web.js';

type Cells = Readonly<Record<string, string>>;

const MINUTE_MS = 60_000;
const CALLS = 40;
/** Of the carrier that has a rate; the other one has none. */
const PENCE_PER_MINUTE = 60;
const PRICED_TRUNK = 1;

/** Both agents answer Repairs, Theo alone Billing: Repairs is a team of two, and Theo counts in both. */
const TEAMS: Readonly<Record<string, readonly number[]>> = {
  Repairs: [COMPANY.mara, COMPANY.theo],
  Billing: [COMPANY.theo],
};

interface Recount {
  talks: Set<string>;
  talkMs: number;
  signedInMs: number;
  pence: number;
  priced: number;
  unpriced: Set<string>;
}

describe('the reports of teams and of what agents cost, beside a recount of the ledger', function () {
  this.timeout(180_000);
  let at: CallsSite;
  let supervisor: TestClient;
  /** The midnight with which yesterday began. */
  let midnight: number;

  before(async () => {
    at = await CallsSite.start();
    supervisor = await at.site.client('supervisor');
    const admin = await at.site.client('admin');
    const { timezone } = at.site.parts.config;
    midnight = siteDayOf(siteDayOf(Date.now(), timezone).startAt - 1, timezone).startAt;
    const { database } = at.site.parts;
    await database('queue_members').insert({ queue_id: COMPANY.repairs, agent_id: COMPANY.theo });
    await database('trunks').insert({ id: 2, name: 'Other', settings: '{}', password_sealed: '' });
    const rate = await admin.post('/setup/rates', {
      ...{ name: 'In', trunkId: String(PRICED_TRUNK), direction: 'in', prefix: '' },
      ...{ currency: 'GBP', perMinute: String(PENCE_PER_MINUTE / 100), perCall: '0' },
      ...{ minimumS: '0', incrementS: '60', validFrom: '2020-01-01' },
    });
    expect(rate.status).to.equal(303);
    const random = randomSeries(11, 1);
    const calls = Array.from({ length: CALLS }, () => {
      const trunkId = random() < 0.7 ? PRICED_TRUNK : 2;
      const call = answeredCall({
        startedAt: midnight + Math.floor(random() * 20 * 60) * MINUTE_MS,
        agentId: random() < 0.6 ? COMPANY.mara : COMPANY.theo,
        queueId: random() < 0.5 ? COMPANY.repairs : COMPANY.billing,
        trunkId,
      });
      // The caller's own leg is what the carrier charges for.
      return call.events.map((event) =>
        event.kind === 'leg-started' && event.role === 'caller'
          ? { ...event, trunkId: trunkId as TrunkId }
          : event,
      );
    });
    await new KnexLedgerStore(database).write(
      calls.flat().map((event) => ({ kind: 'call-event', event })),
    );
    const states = [COMPANY.mara, COMPANY.theo].flatMap((agent) =>
      (['available', 'not-ready', 'available', 'signed-out'] as const).map((state, n) => ({
        kind: 'agent-state' as const,
        change: {
          ...{ id: newEventId(), agentId: agent as AgentId, state, reason: '' },
          at: midnight + (n * 100 + agent * 7) * MINUTE_MS,
        },
      })),
    );
    await new KnexLedgerStore(database).write(states);
    await at.sum();
  });
  after(async () => {
    expect(at.site.errors).to.deep.equal([]);
    await at.site.stop();
  });

  interface Told {
    readonly call_id: string;
    readonly kind: string;
    readonly at: Date;
    readonly body: unknown;
  }
  interface Body {
    readonly agentId?: number;
    readonly trunkId?: number;
    readonly talkedMs?: number;
    readonly leg?: string;
    readonly role?: string;
  }

  /** What each agent did, from the events alone. */
  async function recount(): Promise<ReadonlyMap<number, Recount>> {
    const { database } = at.site.parts;
    const events: readonly Told[] = await database('call_events')
      .orderBy(['call_id', 'seq'])
      .select('call_id', 'kind', 'at', 'body');
    const calls = new Map<string, (Body & Pick<Told, 'kind' | 'at'>)[]>();
    for (const { call_id, kind, at: when, body } of events) {
      const said = (typeof body === 'string' ? JSON.parse(body) : body) as Body;
      calls.set(call_id, [...(calls.get(call_id) ?? []), { ...said, kind, at: when }]);
    }
    const found = new Map<number, Recount>();
    const of = (agent: number): Recount => {
      const own = found.get(agent) ?? {
        ...{ talks: new Set<string>(), talkMs: 0, signedInMs: 0, pence: 0, priced: 0 },
        unpriced: new Set<string>(),
      };
      found.set(agent, own);
      return own;
    };
    for (const [id, story] of calls) {
      const agent = story.findLast(({ kind }) => kind === 'connected')?.agentId ?? 0;
      const own = of(agent);
      own.talks.add(id);
      own.talkMs += story.reduce((sum, { talkedMs = 0 }) => sum + talkedMs, 0);
      const leg = story.find(({ kind, role }) => kind === 'leg-started' && role === 'caller')?.leg;
      const atOf = (kind: string): number =>
        story.find((event) => event.kind === kind && event.leg === leg)?.at.getTime() ?? NaN;
      const minutes = Math.ceil((atOf('leg-ended') - atOf('leg-answered')) / MINUTE_MS);
      expect(minutes, 'a caller’s leg that ended').to.be.greaterThan(0);
      if (story.find(({ kind }) => kind === 'call-arrived')?.trunkId === PRICED_TRUNK) {
        own.pence += minutes * PENCE_PER_MINUTE;
        own.priced += 1;
      } else own.unpriced.add(id);
    }
    for (const agent of [COMPANY.mara, COMPANY.theo]) of(agent).signedInMs += 300 * MINUTE_MS;
    return found;
  }

  async function file(slug: string): Promise<ReadonlyMap<string, Cells>> {
    const { text, status } = await supervisor.get(`/reports/${slug}/export.csv?period=yesterday`);
    expect(status).to.equal(200);
    const rows = parse(text, {
      ...{ bom: true, columns: true, relax_column_count: true },
    }) as readonly Cells[];
    return new Map(rows.map((row) => [Object.values(row)[0] ?? '', row]));
  }

  const partsOf = (
    agents: ReadonlyMap<number, Recount>,
    ids: readonly number[],
  ): readonly Recount[] => ids.flatMap((id) => agents.get(id) ?? []);
  const expectedOf = (parts: readonly Recount[]): Cells => {
    const sum = (of: (one: Recount) => number): number =>
      parts.reduce((all, one) => all + of(one), 0);
    const talks = sum((one) => one.talks.size);
    const pence = sum((one) => one.pence);
    const priced = sum((one) => one.priced);
    return {
      'Signed in (s)': String(sum((one) => one.signedInMs) / 1_000),
      Talks: String(talks),
      'Talk, mean (s)': String(Math.round(sum((one) => one.talkMs) / talks / 1_000)),
      'Cost (GBP)': String(pence / 100),
      'Cost per call (GBP)': String(Number((pence / 100 / priced).toFixed(6))),
      'Without rate': String(sum((one) => one.unpriced.size)),
    };
  };

  it('has for each team what its agents did, and for all everybody once', async () => {
    const [teams, agents] = [await file('teams'), await recount()];
    for (const [team, members] of Object.entries(TEAMS))
      expect(teams.get(team), team).to.include(expectedOf(partsOf(agents, members)));
    expect(teams.get('All')).to.include(expectedOf([...agents.values()]));
    expect([...teams.keys()].slice(0, 3)).to.deep.equal(['Billing', 'Repairs', 'All']);
    // The same columns as the report of agents.
    const columns = (row: Cells | undefined) => Object.keys(row ?? {}).slice(1);
    expect(columns(teams.get('All'))).to.deep.equal(columns((await file('agents')).get('All')));
  });

  it('has what each agent’s calls cost, adds up, and says which have no rate', async () => {
    const [rows, agents] = [await file('agents'), await recount()];
    expect(rows.get('Mara Quill')).to.include(expectedOf(partsOf(agents, [COMPANY.mara])));
    expect(rows.get('Theo Lark')).to.include(expectedOf(partsOf(agents, [COMPANY.theo])));
    const trunks = await file('trunks');
    for (const name of ['Cost (GBP)', 'Without rate'])
      expect(rows.get('All')?.[name], name).to.equal(trunks.get('All')?.[name]);
  });

  /** Calls that a cell of a row opens. */
  async function opened(slug: string, figure: string): Promise<ReadonlySet<string>> {
    const { text } = await supervisor.get(`/reports/${slug}?period=yesterday`);
    const href = new RegExp(`href="([^"]*${figure.replaceAll('.', '\\.')}[^"]*)"`).exec(text)?.[1];
    const path = (href ?? '').replaceAll('&amp;', '&').replaceAll('&#x3D;', '=');
    expect(path, figure).to.include('/calls?');
    const found = new Set<string>();
    for (let page = 1; page < 9; page++) {
      const list = await supervisor.get(`${path}&page=${String(page)}`);
      expect(list.status).to.equal(200);
      const before = found.size;
      for (const [, id = ''] of list.text.matchAll(/\/calls\/([0-9A-Z]{26})/g)) found.add(id);
      if (found.size === before) break;
    }
    return found;
  }

  it('opens the calls behind the figures of a team, and of everybody', async () => {
    const agents = await recount();
    for (const [team, id] of [
      ['Repairs', COMPANY.repairs],
      ['Billing', COMPANY.billing],
    ] as const) {
      const members = (TEAMS[team] ?? []).flatMap((agent) => agents.get(agent) ?? []);
      expect(await opened('teams', `talks.team.${String(id)}.talks`), team).to.deep.equal(
        new Set(members.flatMap(({ talks }) => [...talks])),
      );
      expect(await opened('teams', `costs.team.${String(id)}.unpriced`), team).to.deep.equal(
        new Set(members.flatMap(({ unpriced }) => [...unpriced])),
      );
    }
    expect((await opened('teams', 'talks.team.any.talks')).size).to.equal(CALLS);
    expect(await opened('agents', `costs.agent.${String(COMPANY.mara)}.unpriced`)).to.deep.equal(
      agents.get(COMPANY.mara)?.unpriced,
    );
  });

  it('is there in Chinese, and stands in the library', async () => {
    expect((await supervisor.get('/reports')).text).to.include('Teams’ time and calls');
    const { database } = at.site.parts;
    await database('users').where('login', 'supervisor').update({ language: 'zh-CN' });
    const chinese = await at.site.client('supervisor');
    const { text } = await chinese.get('/reports/teams?period=yesterday');
    await database('users').where('login', 'supervisor').update({ language: 'en' });
    expect(text).to.include('团队工时与通话').and.include('团队').and.include('无费率');
  });
});
