/**
 * A campaign on real calls: so many agents' phones (SIPp), and the carrier Asterisk that answers, is busy, rings out or refuses by
 * the last two digits of each number. The campaign's results are compared with the carrier's own count, number by number. Last
 * line: one JSON object.
 *
 *   npm run bench:campaign -- --agents 20 [--mode predictive] [--leads 300]
 */
import { Carrier } from '../../src/demo/carrier.js';
import { loadCarrierSettings } from '../../src/demo/carrier-settings.js';
import { SYSTEM_ACTOR } from '../../src/kernel/actor.js';
import type { QueueId } from '../../src/kernel/ids.js';
import { carrierTrunk } from '../support/lab-company.js';
import { attemptsOf, makeCampaign, setState, type AttemptRow } from '../support/outbound-lab.js';
import { platformUp } from '../support/platform.js';
import { until } from '../support/until.js';
import { makeBenchAgents, makeBenchQueue, type BenchAgent } from './bench-company.js';
import { note, runBench, startPhones, type BenchSite } from './bench-site.js';
import { percentiles } from './figures.js';

const option = (name: string, usual: string): string => {
  const at = process.argv.indexOf(`--${name}`);
  return at < 0 ? usual : (process.argv[at + 1] ?? usual);
};
const AGENTS = Number(option('agents', '20'));
const MODE = option('mode', 'progressive');
const LEADS = Number(option('leads', String(AGENTS * 12)));
const FIRST_PHONE = 3401;
/** By the last two digits (asterisk/carrier/README.md): what it is to a campaign, and of a hundred numbers how many. */
const MIX = {
  '00': { result: 'human', share: 40 },
  '01': { result: 'busy', share: 15 },
  '02': { result: 'no-answer', share: 15 },
  '03': { result: 'congestion', share: 5 },
  '04': { result: 'invalid', share: 15 },
  '08': { result: 'rejected', share: 5 },
  '10': { result: 'busy', share: 5 },
} as const;
/** Every lead has its result by then. */
const END_LIMIT_MS = 600_000;

interface Company {
  readonly queue: QueueId;
  readonly agents: readonly BenchAgent[];
}

/** So many numbers by the mix, in an order that does not change. */
function numbers(): readonly string[] {
  const ends = Object.entries(MIX).flatMap(([end, { share }]) =>
    Array.from({ length: Math.round((share * LEADS) / 100) }, () => end),
  );
  // Every seventh, round and round: behaviours are mixed as on a list.
  const mixed = ends.map((_, index) => ends[(index * 7 + Math.floor(index / 7)) % ends.length]);
  return mixed.map((end = '00', index) => `+4420${String(794_600 + index)}${end}`);
}

async function measure(site: BenchSite, { queue, agents }: Company): Promise<object> {
  const { product } = site;
  const called = new Map<string, number>();
  const carrier = await Carrier.connect(
    loadCarrierSettings({ ...product.platform.settings }).ari,
    (reason) => {
      throw new Error(`the carrier is lost: ${reason}`);
    },
  );
  carrier.ari.listen((event) => {
    const [kind, number = ''] = event.type === 'StasisStart' ? event.args : [];
    if (kind === 'pbx') called.set(number, (called.get(number) ?? 0) + 1);
  });
  const phones = await startPhones(site, agents);
  try {
    const campaign = await makeCampaign({ product }, 'Bench', {
      ...{ queue, mode: MODE, numbers: numbers() },
      settings: { maxLines: 200 },
    });
    for (const { agentId } of agents) await product.order({ kind: 'agent-available', agentId });
    note(`${String(LEADS)} people, ${String(AGENTS)} agents, ${MODE}`);
    const startedAt = Date.now();
    await setState({ product }, campaign, 'running');
    const rows = await until('every result', END_LIMIT_MS, async () => {
      const all = await attemptsOf({ product }, campaign);
      const ended = all.filter(({ result }) => result !== '');
      return ended.length >= numbers().length ? all : undefined;
    });
    const seconds = (Date.now() - startedAt) / 1_000;
    await product.isIdle(20_000);
    return figures(rows, called, seconds);
  } finally {
    await phones.sipp.stop();
    await carrier.close();
  }
}

function figures(
  rows: readonly AttemptRow[],
  called: ReadonlyMap<string, number>,
  seconds: number,
): object {
  const expected = (number: string): string => MIX[number.slice(-2) as keyof typeof MIX].result;
  // A person who found no agent was answered by the carrier all the same, and is counted apart.
  const said = (result: string): string => (result === 'abandoned' ? 'human' : result);
  const wrong = rows.filter(({ number, result }) => said(result) !== expected(number));
  for (const { number, result } of wrong.slice(0, 10))
    note(`${number}: ${result} instead of ${expected(number)}`);
  const dials = new Map<string, number>();
  for (const { number } of rows) dials.set(number, (dials.get(number) ?? 0) + 1);
  const miscounted = [...new Set([...dials.keys(), ...called.keys()])].filter(
    (number) => dials.get(number) !== called.get(number),
  );
  const talks = rows.filter(({ connected_at }) => connected_at !== null);
  const talked = talks.reduce(
    (sum, row) => sum + Number(row.ended_at) - Number(row.connected_at),
    0,
  );
  const results: Record<string, number> = {};
  for (const { result } of rows) results[result] = (results[result] ?? 0) + 1;
  return {
    ...{ bench: 'campaign', mode: MODE, agents: AGENTS, leads: rows.length },
    seconds: Math.round(seconds),
    results,
    wrongResults: wrong.length,
    numbersThatDifferFromTheCarriers: miscounted.length,
    abandoned: results['abandoned'] ?? 0,
    answerToAgentMs: percentiles(
      talks.map((row) => Number(row.connected_at) - Number(row.answered_at)),
    ),
    agentsTalkingShare: Math.round((talked / (AGENTS * seconds * 1_000)) * 1_000) / 1_000,
  };
}

await runBench(async (configuration): Promise<Company> => {
  const carrier = loadCarrierSettings({ ...platformUp('bench').settings });
  await configuration.trunks.createSip(SYSTEM_ACTOR, carrierTrunk(carrier));
  const queue = await makeBenchQueue(configuration, { name: 'Bench', recording: 'never' });
  const agents = await makeBenchAgents(configuration, queue, AGENTS, FIRST_PHONE);
  return { queue, agents };
}, measure);
