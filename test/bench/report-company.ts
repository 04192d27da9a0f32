import { randomSeries, type Random } from '../../src/simulation/random.js';

const QUARTER_MS = 900_000;
const DAY_MS = 86_400_000;

/** How many of everything a site with so many calls a month has. */
export const COMPANY = {
  days: 30,
  queues: 40,
  agents: 1_200,
  dids: 120,
  trunks: 6,
  flows: 12,
  campaigns: 10,
  dispositions: 60,
  surveys: 3,
} as const;

/** How numbers begin that are called; the company's rates know the first three. */
export const PREFIXES = ['44', '4479', '1', '86'] as const;

/** Calls of a quarter of an hour, as a part of the busiest: two humps in a working day, little at night and on Sundays. */
function weight(at: number): number {
  const hour = (at % DAY_MS) / 3_600_000;
  const weekday = (Math.floor(at / DAY_MS) + 3) % 7;
  const hump = (middle: number, width: number): number =>
    Math.exp(-(((hour - middle) / width) ** 2));
  return (
    (0.04 + hump(10.5, 2.2) + 0.8 * hump(15, 2)) * (weekday === 6 ? 0.25 : weekday === 5 ? 0.5 : 1)
  );
}

type Value = string | number | null;
export type Rows = (readonly Value[])[];
/** Rows by table. */
export type Tables = Readonly<Record<keyof typeof COLUMNS, Rows>>;

/** Columns that are written; all others have their defaults. */
export const COLUMNS = {
  calls:
    'id started_at answered_at ended_at direction from_number to_number result ended_by reason node trunk_id did_id queue_id agent_id wait_ms talk_ms recorded_ms',
  queue_visits:
    'call_id n queue_id direction entered_at left_at outcome reason wait_ms agent_id test',
  call_legs: 'id call_id role number name agent_id trunk_id started_at answered_at ended_at',
  call_talks:
    'call_id n leg_id agent_id queue_id kind started_at ended_at talk_ms hold_ms ending test',
  agent_spans: 'agent_id started_at ended_at state next_state reason call_id',
  flow_visits:
    'call_id n flow_id version step step_kind label call_at entered_at ms outcome exit_name test',
  call_transfers:
    'call_id n at how via agent_id queue_id to_kind to_id to_number to_name talked_ms is_returned is_misrouted test',
  attempts:
    'id kind campaign_id lead_id contact_id number at mode rule_set reasons call_id trunk_id answered_at connected_at ended_at result',
  call_dispositions: 'call_id agent_id disposition_id note at',
  survey_runs:
    'id call_id survey_id version queue_id agent_id from_number call_at offered_at begun_at outcome answers test',
  survey_answers: 'run_id question_id survey_id call_at value answered_at',
  callbacks:
    'id queue_id call_id number name priority entered_at asked_at requirements language state attempts closed_at',
} as const;

export const emptyTables = (): Tables => ({
  ...{ calls: [], queue_visits: [], call_talks: [], agent_spans: [], flow_visits: [] },
  ...{ call_transfers: [], attempts: [], call_dispositions: [], survey_runs: [] },
  ...{ survey_answers: [], callbacks: [], call_legs: [] },
});

const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
/** An id as the product makes it, with a number instead of chance behind the time. */
function idAt(at: number, n: number): string {
  let text = '';
  for (let rest = at, i = 0; i < 10; i += 1, rest = Math.floor(rest / 32))
    text = (ALPHABET[rest % 32] ?? '0') + text;
  return text + n.toString(36).toUpperCase().padStart(16, '0');
}

const TWO = Array.from({ length: 100 }, (_, n) => String(n).padStart(2, '0'));
const days = new Map<number, string>();
const dayText = (day: number): string => {
  const known =
    days.get(day) ?? new Date(day * DAY_MS).toISOString().slice(0, 11).replace('T', ' ');
  days.set(day, known);
  return known;
};

/** An instant as the database reads it. `toISOString` would take most of the time of this program. */
function time(at: number): string {
  const day = Math.floor(at / DAY_MS);
  const ms = at - day * DAY_MS;
  const seconds = Math.floor(ms / 1_000);
  const [hour, minute, second] = [
    Math.floor(seconds / 3_600),
    Math.floor(seconds / 60) % 60,
    seconds % 60,
  ];
  return `${dayText(day)}${TWO[hour] ?? ''}:${TWO[minute] ?? ''}:${TWO[second] ?? ''}.${String(1_000 + (ms % 1_000)).slice(1)}`;
}

/** Who is there: agents take calls one after the other, with work behind each, and breaks. */
class Floor {
  readonly #freeAt = new Array<number>(COMPANY.agents).fill(0);
  readonly #day = new Array<number>(COMPANY.agents).fill(-1);
  #next = 0;

  constructor(private readonly random: Random) {}

  /** The agent who answers at `at`; undefined where nobody is free. */
  take(at: number, talkMs: number, callId: string, spans: Rows): number | undefined {
    for (let tried = 0; tried < 40; tried += 1) {
      const agent = this.#next;
      this.#next = (this.#next + 1) % COMPANY.agents;
      const freeAt = this.#freeAt[agent] ?? 0;
      if (freeAt > at - 6_000) continue;
      this.#work(agent + 1, { at, freeAt, talkMs, callId }, spans);
      return agent + 1;
    }
    return undefined;
  }

  #work(
    agent: number,
    { at, freeAt, talkMs, callId }: { at: number; freeAt: number; talkMs: number; callId: string },
    spans: Rows,
  ): void {
    const day = Math.floor(at / DAY_MS);
    const add = (from: number, to: number, state: string, next: string, reason = ''): void => {
      spans.push([
        agent,
        time(from),
        time(to),
        state,
        next,
        reason,
        state === 'available' ? null : callId,
      ]);
    };
    const ringAt = at - 5_000;
    if (this.#day[agent - 1] !== day) {
      const inAt = Math.max(freeAt, ringAt - 600_000);
      if (freeAt > 0 && inAt > freeAt) add(freeAt, inAt, 'signed-out', 'not-ready');
      const readyAt = this.random() < 0.2 ? Math.min(ringAt, inAt + 300_000) : inAt;
      if (inAt < readyAt) add(inAt, readyAt, 'not-ready', 'available', 'training');
      if (readyAt < ringAt) add(readyAt, ringAt, 'available', 'ringing');
      this.#day[agent - 1] = day;
    } else if (this.random() < 0.05 && ringAt - freeAt > 400_000) {
      add(
        freeAt,
        freeAt + 300_000,
        'not-ready',
        'available',
        ['break', 'lunch', 'training'][Math.floor(this.random() * 3)],
      );
      add(freeAt + 300_000, ringAt, 'available', 'ringing');
    } else add(freeAt, ringAt, 'available', 'ringing');
    add(ringAt, at, 'ringing', 'talking');
    add(at, at + talkMs, 'talking', 'wrap-up');
    add(at + talkMs, at + talkMs + 20_000, 'wrap-up', 'available');
    this.#freeAt[agent - 1] = at + talkMs + 20_000;
  }
}

/** Writes calls of a month before `endAt`, a quarter of an hour after the other, until there are about so many. */
export function* companyCalls(calls: number, endAt: number): Generator<Tables> {
  const random = randomSeries(1, 1);
  const floor = new Floor(randomSeries(1, 2));
  const beginAt = endAt - COMPANY.days * DAY_MS;
  const quarters = Array.from(
    { length: (endAt - beginAt) / QUARTER_MS },
    (_, n) => beginAt + n * QUARTER_MS,
  );
  const whole = quarters.reduce((sum, at) => sum + weight(at), 0);
  let [n, owed] = [0, 0];
  for (const quarter of quarters) {
    owed += (weight(quarter) / whole) * calls;
    const count = Math.floor(owed);
    owed -= count;
    const tables = emptyTables();
    for (let i = 0; i < count; i += 1) {
      const at = quarter + Math.floor((i / count) * QUARTER_MS);
      n += 1;
      oneCall(tables, { id: idAt(at, n), at, n }, random, floor);
    }
    yield tables;
  }
}

interface Made {
  readonly id: string;
  readonly at: number;
  readonly n: number;
}

const pick = (random: Random, many: number): number => 1 + Math.floor(random() ** 1.5 * many);

function oneCall(t: Tables, call: Made, random: Random, floor: Floor): void {
  const kind = random();
  if (kind < 0.32) queueCall(t, call, random, floor);
  else if (kind < 0.52) flowCall(t, call, random);
  else if (kind < 0.62) campaignCall(t, call, random);
  else plainCall(t, call, random);
}

interface CallColumns {
  readonly direction: string;
  readonly result: string;
  readonly answeredMs?: number;
  readonly ms: number;
  readonly queue?: number;
  readonly agent?: number | undefined;
  readonly waitMs?: number;
  readonly talkMs?: number;
}

function callRow(t: Tables, { id, at, n }: Made, random: Random, columns: CallColumns): string {
  const from = `+4420${String(10_000_000 + Math.floor(random() * 3_000_000))}`;
  const isIn = columns.direction === 'inbound';
  const { answeredMs, talkMs = 0 } = columns;
  const trunk = pick(random, COMPANY.trunks);
  const answeredAt = answeredMs === undefined ? null : time(at + answeredMs);
  const endedAt = time(at + columns.ms);
  const outside = isIn ? from : `+${PREFIXES[n % PREFIXES.length] ?? ''}${String(n)}`;
  t.call_legs.push([
    ...[`${id}-o`, id, isIn ? 'caller' : 'outside', outside, '', null, trunk],
    // The carrier's leg of a call to us is answered at once, by the flow.
    ...[time(at), isIn ? time(at) : answeredAt, endedAt],
  ]);
  if (columns.agent !== undefined)
    t.call_legs.push([
      ...[`${id}-a`, id, 'agent', '2000', '', columns.agent, null],
      ...[answeredAt, answeredAt, endedAt],
    ]);
  t.calls.push([
    id,
    time(at),
    answeredAt,
    endedAt,
    columns.direction,
    from,
    `+4480055${String(pick(random, COMPANY.dids)).padStart(5, '0')}`,
    columns.result,
    random() < 0.6 ? 'caller' : 'callee',
    '',
    'pbx',
    trunk,
    isIn ? pick(random, COMPANY.dids) : null,
    columns.queue ?? null,
    columns.agent ?? null,
    columns.waitMs ?? 0,
    talkMs,
    talkMs,
  ]);
  return from;
}

function queueCall(t: Tables, call: Made, random: Random, floor: Floor): void {
  const { id, at } = call;
  const queue = pick(random, COMPANY.queues);
  const waitMs = Math.floor(2_000 + 40_000 * -Math.log(random() + 1e-9) * random());
  const talkMs = Math.floor(20_000 + 200_000 * -Math.log(random() + 1e-9));
  const isOverflow = random() < 0.05;
  const enteredAt = at + 12_000;
  const answerAt = enteredAt + waitMs;
  const agent = random() < 0.8 ? floor.take(answerAt, talkMs, id, t.agent_spans) : undefined;
  const last = isOverflow ? (queue % COMPANY.queues) + 1 : queue;
  const outcome = agent === undefined ? (random() < 0.1 ? 'callback' : 'abandoned') : 'answered';
  const visit = (
    n: number,
    of: number,
    from: number,
    ms: number,
    what: string,
    who: Value,
  ): void => {
    t.queue_visits.push([id, n, of, 'inbound', time(from), time(from + ms), what, '', ms, who, 0]);
  };
  if (isOverflow) visit(0, queue, enteredAt - 10_000, 10_000, 'overflowed', null);
  visit(isOverflow ? 1 : 0, last, enteredAt, waitMs, outcome, agent ?? null);
  const from = callRow(t, call, random, {
    ...{ direction: 'inbound', result: outcome, queue: last, agent, waitMs },
    ms: 12_000 + waitMs + (agent === undefined ? 0 : talkMs),
    ...(agent === undefined ? {} : { answeredMs: 12_000 + waitMs, talkMs }),
  });
  if (outcome === 'callback')
    t.callbacks.push([
      ...[id, last, id, from, '', 0, time(enteredAt), time(answerAt), '[]', 'en'],
      ...[random() < 0.8 ? 'done' : 'failed', 1, time(answerAt + 600_000)],
    ]);
  if (agent === undefined) return;
  const end = time(answerAt + talkMs);
  t.call_talks.push([
    ...[id, 0, `${id}-a`, agent, last, 'talk', time(answerAt), end, talkMs],
    ...[random() < 0.2 ? Math.floor(talkMs / 10) : 0, 'ended', 0],
  ]);
  if (random() < 0.06)
    t.call_transfers.push([
      ...[id, 0, end, random() < 0.5 ? 'blind' : 'consult', 'page', agent, last, 'queue'],
      ...[pick(random, COMPANY.queues), '', '', talkMs, 0, talkMs < 60_000 ? 1 : 0, 0],
    ]);
  if (random() < 0.35)
    t.call_dispositions.push([id, agent, pick(random, COMPANY.dispositions), '', end]);
  if (random() < 0.1)
    survey(t, { id, at, agent, queue: last, from, endAt: answerAt + talkMs }, random);
}

function survey(
  t: Tables,
  call: { id: string; at: number; agent: number; queue: number; from: string; endAt: number },
  random: Random,
): void {
  const answers = random() < 0.4 ? 1 : 0;
  const which = pick(random, COMPANY.surveys);
  t.survey_runs.push([
    ...[call.id, call.id, which, 1, call.queue, call.agent, call.from, time(call.at)],
    ...[time(call.endAt), answers === 1 ? time(call.endAt) : null],
    ...[answers === 1 ? 'completed' : 'no-answer', answers, 0],
  ]);
  if (answers === 1)
    t.survey_answers.push([
      ...[call.id, which, which, time(call.at), 1 + Math.floor(random() * 5), time(call.endAt)],
    ]);
}

function flowCall(t: Tables, call: Made, random: Random): void {
  const { id, at } = call;
  const ms = Math.floor(10_000 + random() * 90_000);
  const isContained = random() < 0.7;
  callRow(t, call, random, { direction: 'inbound', result: 'contained', ms });
  t.flow_visits.push([
    ...[id, 0, pick(random, COMPANY.flows), 1, 'hangup-1', 'hangup', 'End', time(at), time(at), ms],
    ...[isContained ? 'ended' : 'dropped', '', 0],
  ]);
}

function campaignCall(t: Tables, call: Made, random: Random): void {
  const { id, at, n } = call;
  const isAnswered = random() < 0.35;
  const talkMs = isAnswered ? Math.floor(random() * 120_000) : 0;
  callRow(t, call, random, {
    ...{ direction: 'outbound', result: isAnswered ? 'answered' : 'no-answer' },
    ms: 20_000 + talkMs,
    ...(isAnswered ? { answeredMs: 20_000, talkMs } : {}),
  });
  t.attempts.push([
    ...[
      id,
      'dial',
      pick(random, COMPANY.campaigns),
      n,
      n,
      `+4479${String(n).padStart(9, '0')}`,
      time(at),
    ],
    ...['predictive', 'gb', '[]', id, pick(random, COMPANY.trunks)],
    ...[isAnswered ? time(at + 20_000) : null, isAnswered ? time(at + 21_000) : null],
    ...[
      time(at + 20_000 + talkMs),
      isAnswered ? (random() < 0.97 ? 'human' : 'abandoned') : 'no-answer',
    ],
  ]);
}

/** From one phone to another, without queue or flow. */
function plainCall(t: Tables, call: Made, random: Random): void {
  const isAnswered = random() < 0.7;
  const talkMs = isAnswered ? Math.floor(random() * 180_000) : 0;
  callRow(t, call, random, {
    direction: random() < 0.5 ? 'outbound' : 'inbound',
    result: isAnswered ? 'answered' : 'no-answer',
    ms: 10_000 + talkMs,
    ...(isAnswered ? { answeredMs: 10_000, talkMs } : {}),
  });
}
