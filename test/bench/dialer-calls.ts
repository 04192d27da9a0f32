/**
 * Predictive dialing on real calls, beside what the simulation says of the same: agents' phones (SIPp), and the carrier Asterisk
 * behind which people answer, are busy or let it ring as PERFORMANCE.md 1e says, so many times as fast. What no acceleration can
 * change stays: the two seconds of an answered call, the 15 s that a line rings at least, and how long Asterisk and the phones
 * take. Last line: one JSON object.
 *
 *   npm run bench:dialer-calls -- [--agents 20] [--answer-rate 0.3] [--faster 6] [--minutes 10] [--seed 1]
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { Carrier } from '../../src/demo/carrier.js';
import { loadCarrierSettings } from '../../src/demo/carrier-settings.js';
import type { Party } from '../../src/demo/party.js';
import { SYSTEM_ACTOR } from '../../src/kernel/actor.js';
import type { AgentId, QueueId } from '../../src/kernel/ids.js';
import { DialerSimulation } from '../../src/simulation/dialer/dialer-simulation.js';
import { cordboard } from '../../src/simulation/dialer/policies.js';
import { worldFile } from '../../src/simulation/dialer/world-file.js';
import { makeWorld, type World } from '../../src/simulation/dialer/world.js';
import { randomSeries } from '../../src/simulation/random.js';
import { estimate } from '../../src/simulation/statistics.js';
import { carrierTrunk } from '../support/lab-company.js';
import { attemptsOf, makeCampaign, setState, type AttemptRow } from '../support/outbound-lab.js';
import { platformUp } from '../support/platform.js';
import { makeBenchAgents, makeBenchQueue, type BenchAgent } from './bench-company.js';
import { note, runBench, startPhones, type BenchSite } from './bench-site.js';
import { percentiles } from './figures.js';

const option = (name: string, usual: number): number => {
  const at = process.argv.indexOf(`--${name}`);
  const value = at < 0 ? usual : Number(process.argv[at + 1]);
  if (!Number.isFinite(value) || value <= 0)
    throw new Error(`--${name} needs a number above 0, not "${process.argv[at + 1] ?? ''}"`);
  return value;
};
const AGENTS = option('agents', 20);
const ANSWER_RATE = option('answer-rate', 0.3);
const FASTER = option('faster', 6);
const MINUTES = option('minutes', 10);
const SEED = option('seed', 1);
const FIRST_PHONE = 3401;
const LIMIT = 0.03;
/** As long as the campaign lets it ring; people give up before. */
const RING_MS = 26_000;
const MINUTE_MS = 60_000;
/** How often agents look at their pages. */
const LOOK_MS = 100;
const FORECAST_DAYS = 12;
const NEVER_MS = { min: 7_200_000, max: 7_200_001 };
const NO_USER_RESPONDING = 18;
const USER_BUSY = 17;

/** The world of 1e, so many times as fast. */
function world(connecting = 'constant:0'): World {
  const seconds = (value: number): string => String(value / FASTER);
  const file = worldFile.parse({
    agents: AGENTS,
    answerRate: ANSWER_RATE,
    connecting,
    ring: `uniform:${seconds(5)},${seconds(25)}`,
    failing: `uniform:${seconds(1)},${seconds(4)}`,
    talk: `lognormal:${seconds(120)},1`,
    wrapUp: `lognormal:${seconds(15)},0.5`,
  });
  const made = makeWorld('real calls', file, () => '');
  return { ...made, ringLimitMs: made.ringLimitMs / FASTER, hours: MINUTES / 60 };
}

/** What somebody does whose phone rings: as the simulation has it. */
function makePerson(w: World): (party: Party) => Promise<void> {
  const random = randomSeries(SEED, 1);
  return async (party) => {
    const answers = random() < w.answerRateAt(0);
    const fails = !answers && random() < w.failShare;
    const rings = answers ? w.ring.draw(random) : fails ? w.failing.draw(random) : w.ringLimitMs;
    await party.ring();
    await sleep(rings);
    if (party.progress === 'ended') return;
    if (answers) await party.answer();
    else await party.hangUp(fails ? USER_BUSY : NO_USER_RESPONDING);
  };
}

/** Agents at their pages: end talks and wrap-ups after as long as the world says. */
class Team {
  readonly #random = randomSeries(SEED, 2);
  readonly #seen = new Map<AgentId, number>();
  readonly #orders = new Set<Promise<void>>();
  busyMs = 0;
  presentMs = 0;

  constructor(
    private readonly site: BenchSite,
    private readonly agents: ReadonlySet<AgentId>,
    private readonly w: World,
  ) {}

  async work(untilMs: number): Promise<void> {
    let before = Date.now();
    while (Date.now() < untilMs) {
      await sleep(LOOK_MS);
      const now = Date.now();
      for (const agent of this.site.product.now.agents) {
        if (!this.agents.has(agent.id)) continue;
        this.presentMs += now - before;
        if (agent.state !== 'talking' && agent.state !== 'wrap-up') continue;
        this.busyMs += now - before;
        if (this.#seen.get(agent.id) === agent.since) continue;
        this.#seen.set(agent.id, agent.since);
        const [draw, kind] =
          agent.state === 'talking'
            ? ([this.w.talk, 'agent-hang-up'] as const)
            : ([this.w.wrapUp, 'agent-finish-wrap-up'] as const);
        this.#after(agent.since + draw.draw(this.#random) - now, kind, agent.id);
      }
      before = now;
    }
    await Promise.all(this.#orders);
  }

  #after(ms: number, kind: 'agent-hang-up' | 'agent-finish-wrap-up', agentId: AgentId): void {
    const order = sleep(Math.max(0, ms))
      .then(() => this.site.product.order({ kind, agentId }))
      // Whoever was talked with has hung up meanwhile.
      .catch((error: unknown) => {
        note(String(error));
      })
      .finally(() => this.#orders.delete(order));
    this.#orders.add(order);
  }
}

interface Company {
  readonly queue: QueueId;
  readonly agents: readonly BenchAgent[];
}

const numbers = (): readonly string[] =>
  Array.from(
    { length: Math.ceil((AGENTS * MINUTES * MINUTE_MS * FASTER * 1.5) / (135_000 * ANSWER_RATE)) },
    (_, index) => `+44207${String(9_460_000 + index)}`,
  );

async function measure(site: BenchSite, { queue, agents }: Company): Promise<object> {
  const { product } = site;
  const w = world();
  const people = numbers();
  const carrier = await Carrier.connect(
    loadCarrierSettings({ ...product.platform.settings }).ari,
    (reason) => {
      throw new Error(`the carrier is lost: ${reason}`);
    },
  );
  const person = makePerson(w);
  for (const number of people) carrier.at(number, person);
  // The pages end the talks; the phones never do.
  const phones = await startPhones(site, agents, NEVER_MS);
  try {
    const campaign = await makeCampaign({ product }, 'Bench', {
      ...{ queue, mode: 'predictive', numbers: people },
      settings: { maxLines: 500, ringMs: RING_MS, abandonLimit: LIMIT },
    });
    for (const { agentId } of agents) await product.order({ kind: 'agent-available', agentId });
    note(`${String(people.length)} people, ${String(AGENTS)} agents, ${String(MINUTES)} minutes`);
    const team = new Team(site, new Set(agents.map(({ agentId }) => agentId)), w);
    await setState({ product }, campaign, 'running');
    await team.work(Date.now() + MINUTES * MINUTE_MS);
    const rows = await attemptsOf({ product }, campaign);
    await setState({ product }, campaign, 'stopped');
    for (const { agentId } of agents) await product.order({ kind: 'agent-sign-out', agentId });
    const real = figures(rows, team);
    const half = String((real.answerToAgentMs.p50 ?? 0) / 1_000);
    return {
      ...real,
      forecast: forecast(w),
      // Where it takes each agent's phone as long as it took in half of the calls.
      forecastOfTheseMs: forecast(world(`constant:${half}`)),
    };
  } finally {
    await phones.sipp.stop();
    await carrier.close();
  }
}

function figures(rows: readonly AttemptRow[], team: Team) {
  const answered = rows.filter(({ answered_at }) => answered_at !== null);
  const talks = answered.filter(({ connected_at }) => connected_at !== null);
  const abandoned = rows.filter(({ result }) => result === 'abandoned').length;
  return {
    ...{ bench: 'dialer-calls', agents: AGENTS, answerRate: ANSWER_RATE, faster: FASTER },
    ...{ minutes: MINUTES, dialled: rows.length, answered: answered.length },
    answeredShare: percent(answered.length / Math.max(1, rows.length)),
    utilisation: percent(team.busyMs / Math.max(1, team.presentMs)),
    abandonment: percent(abandoned / Math.max(1, answered.length)),
    answerToAgentMs: percentiles(
      talks.map((row) => Number(row.connected_at) - Number(row.answered_at)),
    ),
  };
}

/** The same on the virtual clock, with other draws. */
function forecast(w: World): object {
  const days = Array.from({ length: FORECAST_DAYS }, (_, index) =>
    new DialerSimulation(w, cordboard({ ringLimitMs: RING_MS }, LIMIT), SEED + index + 1).run(),
  );
  return {
    days: FORECAST_DAYS,
    utilisation: estimate(days.map(({ utilisation }) => utilisation * 100)),
    abandonment: estimate(
      days.map(({ abandoned, answered }) => (100 * abandoned) / Math.max(1, answered)),
    ),
  };
}

const percent = (share: number): number => Math.round(share * 10_000) / 100;

await runBench(async (configuration): Promise<Company> => {
  const carrier = loadCarrierSettings({ ...platformUp('bench').settings });
  await configuration.trunks.createSip(SYSTEM_ACTOR, carrierTrunk(carrier));
  const queue = await makeBenchQueue(configuration, {
    ...{ name: 'Bench', recording: 'never', wrapUpS: 600, wrapUpUntilDone: true },
  });
  const agents = await makeBenchAgents(configuration, queue, AGENTS, FIRST_PHONE);
  return { queue, agents };
}, measure);
