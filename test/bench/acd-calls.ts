/**
 * From "agent ready" to the INVITE at that agent's phone, with about 100 callers in line and 10 more a second: on an instance
 * of its own, with SIPp as the callers and as the phones, which note when they are called. Last line: one JSON object.
 *
 *   npm run bench:acd-calls -- --short
 */
import { loadavg } from 'node:os';
import type { Configuration } from '../../src/demo/configuration.js';
import { Sipp } from '../support/sipp.js';
import { until } from '../support/until.js';
import {
  makeBenchAgents,
  makeBenchDid,
  makeBenchQueue,
  makeBenchTrunk,
  type BenchAgent,
} from './bench-company.js';
import { note, runBench, startPhones, type BenchSite } from './bench-site.js';
import { percentiles } from './figures.js';
import { openClickers, Watch, type Clicker } from './page-agents.js';
import { readPhoneLog, toInviteMs, type PhoneLog, type Ready } from './ready-times.js';

/** Callers that are in line before the first agent is ready, and for how long more come meanwhile. */
const isShort = process.argv.includes('--short');
const PLAN = { callsPerSecond: 10, inLine: 95, seconds: isShort ? 20 : 60 };
const CALLS = PLAN.inLine + PLAN.callsPerSecond * PLAN.seconds;
/** After the last call was started, so long until every one must be over. */
const END_LIMIT_MS = 60_000;
const WRAP_UP_MS = 1_000;

/**
 * Three queues by how their agents become ready, and agents enough to take a third of the callers each: ring and talk take 3.2 s on
 * average. All three lines together hold the callers.
 */
const LINES = {
  'call-end': { did: '+442079460151', agents: 11, firstPhone: 3101, draft: {} },
  'wrap-up': {
    did: '+442079460152',
    agents: 14,
    firstPhone: 3201,
    draft: { wrapUpS: WRAP_UP_MS / 1000 },
  },
  page: { did: '+442079460153', agents: 13, firstPhone: 3301, draft: { wrapUpUntilDone: true } },
} as const;
type LineKind = keyof typeof LINES;
const KINDS = Object.keys(LINES) as readonly LineKind[];
const DIDS = KINDS.map((kind) => LINES[kind].did);

type Company = Readonly<Record<LineKind, readonly BenchAgent[]>>;

async function makeCompany(configuration: Configuration, port: number): Promise<Company> {
  await makeBenchTrunk(configuration, port);
  const company: Partial<Record<LineKind, readonly BenchAgent[]>> = {};
  for (const kind of KINDS) {
    const { did, agents, firstPhone, draft } = LINES[kind];
    const queue = await makeBenchQueue(configuration, { name: kind, ...draft });
    await makeBenchDid(configuration, did, { kind: 'queue', id: queue });
    company[kind] = await makeBenchAgents(configuration, queue, agents, firstPhone);
  }
  return company as Company;
}

/** Agents begin one after the other, as people do, not in one instant. */
async function begin(site: BenchSite, company: Company, clickers: readonly Clicker[]) {
  const waiting = [...company['call-end'], ...company['wrap-up']];
  const clicking = [...clickers];
  while (waiting.length + clicking.length > 0) {
    clicking.shift()?.press('available', 0);
    for (const { agentId } of waiting.splice(0, 2))
      await site.product.order({ kind: 'agent-available', agentId });
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
}

async function measure(site: BenchSite, company: Company): Promise<object> {
  const { product, callerPort, pbx } = site;
  const clickers = await openClickers(site, company.page);
  const phones = await startPhones(
    site,
    KINDS.flatMap((kind) => [...company[kind]]),
  );
  const watch = new Watch(site, clickers);
  try {
    const callers = await Sipp.start({
      scenario: 'caller',
      port: callerPort,
      remote: pbx,
      calls: CALLS,
      callsPerSecond: PLAN.callsPerSecond,
      fields: callerFields(),
      more: ['-l', String(CALLS)],
    });
    await until('callers in line', 30_000, () => waitingNow(site) >= PLAN.inLine);
    note(`${String(waitingNow(site))} in line, ${String(PLAN.callsPerSecond)} more a second`);
    const from = Date.now();
    await begin(site, company, clickers);
    watch.restart();
    const last = from + PLAN.seconds * 1000;
    await new Promise((resolve) => setTimeout(resolve, last - Date.now()));
    const { lines } = watch;
    const { allGood, errors } = await callers.ended();
    if (!allGood) note(errors);
    await product.isIdle(END_LIMIT_MS);
    const log = await readPhoneLog(phones.logFile);
    const readies = await readiesBetween(site, company, { from, last }, clickers, log);
    return await figures(site, { readies, log, lines, from, last });
  } finally {
    watch.stop();
    await phones.sipp.stop();
  }
}

const waitingNow = ({ product }: BenchSite): number =>
  product.now.queues.reduce((total, queue) => total + queue.waiting.length, 0);

/** Callers in turn to each of the queues. Nobody listens at the media port: sound goes there all the same. */
const callerFields = (): readonly (readonly string[])[] =>
  Array.from({ length: CALLS }, (_, index) => [
    `0207946${String(1000 + index)}`,
    '',
    '9',
    DIDS[index % DIDS.length] ?? '',
  ]);

interface Span {
  readonly from: number;
  readonly last: number;
}

/** When agents became ready while the line was full. */
async function readiesBetween(
  { product }: BenchSite,
  company: Company,
  { from, last }: Span,
  clickers: readonly Clicker[],
  log: PhoneLog,
): Promise<readonly Ready[]> {
  const ended = new Set(company['call-end'].map(({ number }) => number));
  const phoneOf = new Map(company['wrap-up'].map(({ agentId, number }) => [agentId, number]));
  const rows = await product
    .database('agent_state_changes')
    .where('state', 'wrap-up')
    .whereIn('agent_id', [...phoneOf.keys()])
    .select<{ agent_id: BenchAgent['agentId']; at: Date }[]>('agent_id', 'at');
  const readies: readonly Ready[] = [
    ...log.hungUp
      .filter(({ phone }) => ended.has(phone))
      .map((one) => ({ kind: 'call-end' as const, ...one })),
    ...rows.map((row) => ({
      kind: 'wrap-up' as const,
      phone: phoneOf.get(row.agent_id) ?? '',
      at: row.at.getTime() + WRAP_UP_MS,
    })),
    ...clickers.flatMap(({ agent, pressedAt }) =>
      pressedAt.map((at) => ({ kind: 'page' as const, phone: agent.number, at })),
    ),
  ];
  return readies.filter(({ at }) => at >= from && at < last);
}

interface Measured extends Span {
  readonly readies: readonly Ready[];
  readonly log: PhoneLog;
  readonly lines: Watch['lines'];
}

async function figures(
  { product }: BenchSite,
  { readies, log, lines, from, last }: Measured,
): Promise<object> {
  const rows = await until('every call in the ledger', END_LIMIT_MS, async () => {
    const found = await product
      .database('calls')
      .whereNotNull('ended_at')
      .select<{ result: string; started_at: Date }[]>('result', 'started_at');
    return found.length >= CALLS ? found : undefined;
  });
  const times = readies.map((ready) => ({ kind: ready.kind, ms: toInviteMs(ready, log) }));
  const of = (kind?: LineKind): object => {
    const ms = times.flatMap((time) =>
      time.ms === undefined || (kind !== undefined && time.kind !== kind) ? [] : [time.ms],
    );
    return { ...percentiles(ms), count: ms.length };
  };
  const arrived = rows.filter(({ started_at: at }) => at.getTime() >= from && at.getTime() < last);
  const served = [...log.called.values()].flat().filter((at) => at >= from && at < last);
  const perSecond = (count: number): number => Math.round((count * 10_000) / (last - from)) / 10;
  return {
    bench: 'acd-calls',
    short: isShort,
    calls: CALLS,
    failed:
      rows.filter(({ result }) => result !== 'answered').length +
      times.filter(({ ms }) => ms === undefined).length,
    callsPerSecond: perSecond(arrived.length),
    offersPerSecond: perSecond(served.length),
    waiting: lines,
    readyToInviteMs: of(),
    offerToInviteMs: await offerToInvite(product, log, { from, last }),
    afterCallEnd: of('call-end'),
    afterWrapUp: of('wrap-up'),
    fromPage: of('page'),
    load: loadavg()[0],
  };
}

/** The part that is Asterisk's and the way to it: from the program's decision to the INVITE. */
async function offerToInvite(
  product: BenchSite['product'],
  log: PhoneLog,
  { from, last }: Span,
): Promise<object> {
  const rows = await product
    .database('agent_state_changes as c')
    .join('agents as a', 'a.id', 'c.agent_id')
    .where('c.state', 'ringing')
    .whereBetween('c.at', [new Date(from), new Date(last)])
    .select<{ number: string; at: Date }[]>('a.number', 'c.at');
  const ms = rows.flatMap(({ number, at }) => {
    return toInviteMs({ phone: number, at: at.getTime() }, log) ?? [];
  });
  return { ...percentiles(ms), count: ms.length };
}

await runBench(makeCompany, measure);
