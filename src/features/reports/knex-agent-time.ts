import type { Knex } from 'knex';
import type { TimeSpan } from '../../engines/reporting/time-spans.js';
import { QUARTER_MS, type FoundFigures, type Numbers } from '../report-sums/index.js';
import type { AgentTime } from './read-report.js';

interface SpanRow {
  readonly agent_id: number;
  readonly started_at: Date;
  readonly ended_at: Date | null;
  readonly state: string;
}

/** The measure of a state that goes on. */
const MEASURES: Readonly<Record<string, string>> = {
  available: 'availableMs',
  preview: 'previewMs',
  ringing: 'ringingMs',
  talking: 'talkingMs',
  'wrap-up': 'wrapUpMs',
  'not-ready': 'notReadyMs',
  'phone-lost': 'phoneLostMs',
};
/** What has begun with it. */
const BEGUN: Readonly<Record<string, string>> = {
  ringing: 'offers',
  'wrap-up': 'wrapUps',
  'not-ready': 'pauses',
};

/** Agents who signed in (`n` above 0) or out at some instants of an agent or a quarter of an hour; `sumMs` is of these instants. */
interface Steps {
  readonly place: number;
  readonly n: number;
  readonly sumMs: number;
}

/**
 * What sums of agents' time leave out: stretches that go on, up to now, and for how long agents were signed in. That is counted
 * from the other side, the time since an agent's first mark less what was signed out, so that a gap between the states shows.
 */
export class KnexAgentTime implements AgentTime {
  constructor(private readonly db: Knex) {}

  async read(
    { spans, by, item }: Parameters<AgentTime['read']>[0],
    now: number,
  ): Promise<FoundFigures> {
    const startAt = spans[0]?.startAt ?? 0;
    const whole = { startAt, endAt: Math.max(startAt, Math.min(spans.at(-1)?.endAt ?? 0, now)) };
    const agent = item === undefined ? undefined : Number(item);
    const [first, last, before, ...signedOut] = await Promise.all([
      this.#first(whole, agent),
      this.#last(undefined, agent),
      this.#last(startAt, agent),
      ...(by === 'span'
        ? (['started_at', 'ended_at'] as const).map((edge) =>
            this.#signedOut(`TIMESTAMPDIFF(MINUTE, ${BASE}, ${edge}) DIV 15`, [edge], whole, agent),
          )
        : [
            this.#signedOut(
              by === 'item' ? 'agent_id' : '0',
              ['started_at', 'ended_at'],
              whole,
              agent,
            ),
          ]),
    ]);
    const found = new Map<string, Record<string, number>>();
    const add = (key: string, measure: string, value: number): void => {
      const own = found.get(key) ?? {};
      own[measure] = (own[measure] ?? 0) + value;
      found.set(key, own);
    };
    const keyOf = (id: number, span: number): string =>
      by === 'item' ? String(id) : by === 'span' ? String(span) : '0';
    const placeOf = (id: number, at: number): number =>
      by === 'item' ? id : by === 'span' ? quarterOf(at) : 0;
    const steps = signedOut.flat();
    const step = (id: number, at: number, n: 1 | -1): void => {
      const inside = Math.max(0, at - startAt);
      steps.push({ place: placeOf(id, startAt + inside), n, sumMs: n * inside });
    };
    for (const { agent_id, started_at } of first) step(agent_id, started_at.getTime(), 1);
    for (const { agent_id, started_at, ended_at, state } of before) {
      if (state !== 'signed-out') continue;
      step(agent_id, started_at.getTime(), -1);
      if (ended_at !== null && ended_at.getTime() < whole.endAt)
        step(agent_id, ended_at.getTime(), 1);
    }
    if (by === 'span')
      for (const [n, ms] of signedInBySpan(spans, whole, steps)) add(String(n), 'signedInMs', ms);
    else
      for (const { place, n, sumMs } of steps)
        add(String(place), 'signedInMs', n * (whole.endAt - startAt) - sumMs);
    for (const { agent_id, started_at, ended_at, state } of last) {
      if (ended_at !== null || state === 'signed-out') continue;
      const [from, begun] = [started_at.getTime(), BEGUN[state]];
      for (let n = firstTouched(spans, from); n < spans.length; n += 1) {
        const span = spans[n];
        if (span === undefined || span.startAt >= now) break;
        const key = keyOf(agent_id, n);
        const ms = Math.min(span.endAt, now) - Math.max(span.startAt, from);
        if (ms <= 0) continue;
        add(key, MEASURES[state] ?? 'otherMs', ms);
        if (begun !== undefined && from >= span.startAt) add(key, begun, 1);
      }
    }
    return new Map<string, Numbers>(
      [...found].filter(([, { signedInMs = 0 }]) => signedInMs !== 0),
    );
  }

  /** The first mark of each agent who was there before the end. */
  async #first(
    { endAt }: TimeSpan,
    agent: number | undefined,
  ): Promise<readonly Pick<SpanRow, 'agent_id' | 'started_at'>[]> {
    const rows = this.db('agent_spans').groupBy('agent_id').select('agent_id');
    if (agent !== undefined) void rows.where('agent_id', agent);
    const marks: readonly Pick<SpanRow, 'agent_id' | 'started_at'>[] = await rows.min({
      started_at: 'started_at',
    });
    return marks.filter(({ started_at }) => started_at.getTime() < endAt);
  }

  /** Each agent's last stretch that began before an instant. */
  async #last(before: number | undefined, agent: number | undefined): Promise<readonly SpanRow[]> {
    const last = this.db('agent_spans').groupBy('agent_id').select('agent_id');
    if (agent !== undefined) void last.where('agent_id', agent);
    if (before !== undefined) void last.where('started_at', '<', new Date(before));
    // A list of pairs would take the server longer to plan than to read.
    const rows: readonly SpanRow[] = await this.db
      .from(last.max({ at: 'started_at' }).as('l'))
      .join('agent_spans as s', (join) => {
        join.on('s.agent_id', 'l.agent_id').andOn('s.started_at', 'l.at');
      })
      .select('s.agent_id', 's.started_at', 's.ended_at', 's.state');
    return rows;
  }

  /**
   * How often agents signed out and in again within a time, in stretches that began within it. Added up by the server: there is a
   * stretch a night for each agent.
   */
  async #signedOut(
    place: string,
    edges: readonly ('started_at' | 'ended_at')[],
    { startAt, endAt }: TimeSpan,
    agent: number | undefined,
  ): Promise<readonly Steps[]> {
    const [from, to] = [new Date(startAt), new Date(endAt)];
    const rows = this.db('agent_spans')
      .where('state', 'signed-out')
      .where('started_at', '>=', from)
      .where('started_at', '<', to);
    if (agent !== undefined) void rows.where('agent_id', agent);
    if (!edges.includes('started_at')) void rows.where('ended_at', '<', to);
    void rows.groupBy('place').select({ place: this.db.raw(place) });
    const n = { started_at: '-1', ended_at: 'COALESCE(ended_at < :to, 0)' };
    const sums = (of: (edge: 'started_at' | 'ended_at') => string) =>
      this.db.raw(`SUM(${edges.map(of).join(' + ')})`, { from, to });
    const found: readonly Readonly<Record<keyof Steps, string | number>>[] = await rows.select({
      n: sums((edge) => n[edge]),
      sumMs: sums(
        (edge) => `COALESCE(${n[edge]} * (TIMESTAMPDIFF(MICROSECOND, :from, ${edge}) DIV 1000), 0)`,
      ),
    });
    return found.map((row) => ({
      ...{ place: Number(row.place), n: Number(row.n), sumMs: Number(row.sumMs) },
    }));
  }
}

const BASE = "TIMESTAMP'1970-01-01 00:00:00'";
const quarterOf = (at: number): number => Math.floor(at / QUARTER_MS);

/** Signed-in time of all agents in each span up to the end; spans begin with a quarter. `sumMs` counts from the first one. */
function signedInBySpan(
  spans: readonly TimeSpan[],
  { startAt, endAt }: TimeSpan,
  steps: readonly Steps[],
): ReadonlyMap<number, number> {
  const inOrder = steps.toSorted((a, b) => a.place - b.place);
  const found = new Map<number, number>();
  let [at, count] = [0, 0];
  for (const [n, span] of spans.entries()) {
    const to = Math.min(span.endAt, endAt);
    if (to <= span.startAt) break;
    let ms = count * (to - span.startAt);
    for (; at < inOrder.length; at += 1) {
      const step = inOrder[at];
      if (step === undefined || step.place >= quarterOf(span.endAt)) break;
      ms += step.n * (to - startAt) - step.sumMs;
      count += step.n;
    }
    found.set(n, ms);
  }
  return found;
}

/** The first span that ends after an instant. */
function firstTouched(spans: readonly TimeSpan[], at: number): number {
  let [low, high] = [0, spans.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((spans[middle]?.endAt ?? 0) > at) high = middle;
    else low = middle + 1;
  }
  return low;
}
