import { ERROR_FLOOR_MS, ERROR_SHARE } from '../../engines/acd/wait-estimate.js';
import { MISROUTED_MS } from '../../engines/reporting/fold-visits.js';
import { costs } from './costs.js';
import { REACHED_SQL } from './reached.js';
import { count, most, sum, type ReportSource } from './source.js';

/** A caller who came back within so many days is a repeat. */
const REPEAT_DAYS = 7;

const QUEUE_AND_AGENT = {
  queue: { item: 'r.queue_id' },
  agent: { item: 'r.agent_id' },
} as const;

/** Time between two instants in ms; none where one is missing, or clocks were set back in between. */
const lasted = (from: string, to: string): string =>
  `GREATEST(0, COALESCE(TIMESTAMPDIFF(MICROSECOND, ${from}, ${to}) DIV 1000, 0))`;

/** Whoever leaves earlier is left out of rates. The visit keeps what its queue had then, as it does with the target. */
const SHORT = '(v.wait_ms < v.short_abandon_s * 1000)';

/** Whoever was answered, and whose wait had been estimated; by how much the estimate was wrong, and whether by little enough. */
const ESTIMATED = "(v.outcome = 'answered' AND v.expected_ms IS NOT NULL)";
const ESTIMATE_ERROR = 'ABS(CAST(v.wait_ms AS SIGNED) - CAST(v.expected_ms AS SIGNED))';
const ESTIMATE_LIMIT = `GREATEST(${String(ERROR_FLOOR_MS)}, v.expected_ms * ${String(ERROR_SHARE)})`;

/** Callers in queues, each visit once. */
const visits = {
  name: 'visits',
  table: 'sums_visits',
  begins: ['queue_visits', 'entered_at'],
  from: () => 'queue_visits v',
  where: "v.test = 0 AND v.direction = 'inbound'",
  at: 'v.entered_at',
  callId: 'v.call_id',
  marked: ['calls'],
  subjects: {
    queue: { item: 'v.queue_id' },
    // By the second at which a band of waits begins.
    wait: {
      item: 'CASE WHEN v.wait_ms < 5000 THEN 0 WHEN v.wait_ms < 10000 THEN 5 WHEN v.wait_ms < 20000 THEN 10 WHEN v.wait_ms < 30000 THEN 20 WHEN v.wait_ms < 60000 THEN 30 WHEN v.wait_ms < 120000 THEN 60 WHEN v.wait_ms < 300000 THEN 120 WHEN v.wait_ms < 600000 THEN 300 ELSE 600 END',
    },
  },
  measures: {
    offered: count('TRUE'),
    answered: count("v.outcome = 'answered'"),
    abandoned: count("v.outcome = 'abandoned'"),
    short: count(`v.outcome = 'abandoned' AND ${SHORT}`),
    overflowed: count("v.outcome = 'overflowed'"),
    callback: count("v.outcome = 'callback'"),
    closed: count("v.outcome = 'closed'"),
    waiting: count('v.left_at IS NULL'),
    unknown: count('v.left_at IS NOT NULL AND v.outcome IS NULL'),
    inTime: count("v.outcome = 'answered' AND v.wait_ms <= v.service_level_s * 1000"),
    answeredWaitMs: sum("IF(v.outcome = 'answered', v.wait_ms, 0)"),
    abandonedWaitMs: sum(`IF(v.outcome = 'abandoned' AND NOT ${SHORT}, v.wait_ms, 0)`),
    longestWaitMs: most('v.wait_ms'),
    estimated: count(ESTIMATED),
    estimateErrorMs: sum(`IF(${ESTIMATED}, ${ESTIMATE_ERROR}, 0)`),
    estimateWithin: count(`${ESTIMATED} AND ${ESTIMATE_ERROR} <= ${ESTIMATE_LIMIT}`),
  },
  bases: {
    lost: {
      sql: `(v.outcome = 'abandoned' AND NOT ${SHORT})`,
      rows: (of) => of('abandoned') - of('short'),
    },
    rated: {
      sql: `(v.outcome = 'answered' OR (v.outcome = 'abandoned' AND NOT ${SHORT}))`,
      rows: (of) => of('answered') + of('abandoned') - of('short'),
    },
    other: {
      sql: "(v.left_at IS NOT NULL AND NOT (v.outcome <=> 'answered' OR v.outcome <=> 'abandoned'))",
      rows: (of) => of('offered') - of('answered') - of('abandoned') - of('waiting'),
    },
    notShort: {
      sql: `NOT (v.outcome <=> 'abandoned' AND ${SHORT})`,
      rows: (of) => of('offered') - of('short'),
    },
  },
} as const satisfies ReportSource;

/** Talks of agents, in the moment in which they began. */
const talks = {
  name: 'talks',
  table: 'sums_talks',
  begins: ['call_talks', 'started_at'],
  from: () => 'call_talks k JOIN calls c ON c.id = k.call_id',
  where: "k.test = 0 AND k.kind = 'talk' AND k.agent_id IS NOT NULL",
  at: 'k.started_at',
  callId: 'k.call_id',
  marked: ['calls'],
  subjects: {
    queue: { item: 'k.queue_id', where: "c.direction = 'inbound'" },
    agent: { item: 'k.agent_id' },
  },
  measures: { talks: count('TRUE'), talkMs: sum('k.talk_ms'), holdMs: sum('k.hold_ms') },
} as const satisfies ReportSource;

/** Work behind talks of queues, in the moment in which it began; what goes on does not count yet. The queue is that of the talk,
 * which is known when its call has ended. */
const wrapUps = {
  name: 'wrapUps',
  table: 'sums_wrap_ups',
  begins: ['agent_spans', 'started_at'],
  from: (within) =>
    `(SELECT s.started_at, s.ended_at, s.call_id,
        (SELECT k.queue_id FROM call_talks k WHERE k.call_id = s.call_id
           AND k.agent_id = s.agent_id AND k.kind = 'talk' AND k.test = 0
         ORDER BY k.n DESC LIMIT 1) AS queue_id
      FROM agent_spans s
      WHERE s.state = 'wrap-up' AND s.ended_at IS NOT NULL AND ${within('s.started_at')}) w
     JOIN calls c ON c.id = w.call_id`,
  where: "c.direction = 'inbound'",
  at: 'w.started_at',
  callId: 'w.call_id',
  marked: ['agents', 'calls'],
  subjects: { queue: { item: 'w.queue_id' } },
  measures: {
    wrapUps: count('TRUE'),
    wrapUpMs: sum(lasted('w.started_at', 'w.ended_at')),
  },
} as const satisfies ReportSource;

/** Calls, in the moment in which they began. */
const calls = {
  name: 'calls',
  table: 'sums_calls',
  begins: ['calls', 'started_at'],
  from: () => 'calls c',
  where: 'c.test = 0',
  at: 'c.started_at',
  callId: 'c.id',
  marked: ['calls'],
  subjects: {
    direction: { item: 'c.direction' },
    did: { item: 'c.did_id' },
    trunk: { item: 'c.trunk_id' },
  },
  measures: {
    calls: count('TRUE'),
    inbound: count("c.direction = 'inbound'"),
    outbound: count("c.direction = 'outbound'"),
    connected: count('c.answered_at IS NOT NULL'),
    connectedOut: count("c.direction = 'outbound' AND c.answered_at IS NOT NULL"),
    failed: count("c.result IN ('failed', 'refused')"),
    talkMs: sum('c.talk_ms'),
    recordedMs: sum('c.recorded_ms'),
    reachedQueue: count(REACHED_SQL.queue),
    reachedContained: count(REACHED_SQL.contained),
    reachedLeft: count(REACHED_SQL.left),
    reachedPerson: count(REACHED_SQL.person),
    reachedVoicemail: count(REACHED_SQL.voicemail),
    reachedElsewhere: count(REACHED_SQL.elsewhere),
    reachedOpen: count(REACHED_SQL.open),
  },
  bases: { talked: { sql: 'c.talk_ms > 0' }, recorded: { sql: 'c.recorded_ms > 0' } },
} as const satisfies ReportSource;

/**
 * Another call of the same person to the same queue, before or after `c`. The index is named: as long as the server's statistics
 * come from an empty table, as on a first day, it took that of the queue and read every call for every call.
 */
const other = (when: string): string =>
  `EXISTS (SELECT 1 FROM calls o FORCE INDEX (calls_from_number_started_at_index) WHERE o.from_number = c.from_number AND o.direction = 'inbound'
     AND ${when} AND o.queue_id = c.queue_id AND o.test = 0)`;

/** Callers who came to the same queue before, and who came again. */
const repeats = {
  name: 'repeats',
  table: 'sums_repeats',
  begins: ['calls', 'started_at'],
  from: () => 'calls c',
  where:
    "c.test = 0 AND c.direction = 'inbound' AND c.queue_id IS NOT NULL AND c.from_number <> ''",
  at: 'c.started_at',
  callId: 'c.id',
  marked: ['calls'],
  settlesForDays: REPEAT_DAYS + 1,
  subjects: { queue: { item: 'c.queue_id' } },
  measures: {
    known: count('TRUE'),
    repeated: count(
      other(
        `o.started_at < c.started_at AND o.started_at >= c.started_at - INTERVAL ${String(REPEAT_DAYS)} DAY`,
      ),
    ),
    answeredFirst: count("c.result = 'answered'"),
    cameAgain: count(
      `c.result = 'answered' AND ${other(
        `o.started_at > c.started_at AND o.started_at <= c.started_at + INTERVAL ${String(REPEAT_DAYS)} DAY`,
      )}`,
    ),
  },
} as const satisfies ReportSource;

const transfers = {
  name: 'transfers',
  table: 'sums_transfers',
  begins: ['call_transfers', 'at'],
  from: () => 'call_transfers f',
  where: 'f.test = 0',
  at: 'f.at',
  callId: 'f.call_id',
  marked: ['calls'],
  subjects: {
    agent: { item: 'f.agent_id' },
    queue: { item: 'f.queue_id' },
    target: { item: 'f.to_kind' },
  },
  measures: {
    transfers: count('TRUE'),
    blind: count("f.how = 'blind'"),
    consulted: count("f.how <> 'blind'"),
    returned: count('f.is_returned = 1'),
    misrouted: count('f.is_misrouted = 1'),
    talkedMs: sum('f.talked_ms'),
  },
} as const satisfies ReportSource;

/** A caller in a flow once, whatever the number of steps; as the flow's own figures count. */
const flows = {
  name: 'flows',
  table: 'sums_flows',
  begins: ['flow_visits', 'call_at'],
  from: (within) =>
    `(SELECT flow_id, call_id, MIN(call_at) AS at,
        MAX(outcome = 'handed') AS handed, MAX(outcome = 'dropped') AS dropped,
        MAX(outcome = 'ended' AND step_kind IN ('hangup', 'sub-flow')) AS contained,
        MAX(outcome = 'failed') AS failed,
        MAX(COALESCE(moved_after_ms <= ${String(MISROUTED_MS)}, 0)) AS misrouted,
        SUM(IF(step_kind = 'sub-flow', 0, ms)) AS ms
      FROM flow_visits WHERE test = 0 AND ${within('call_at')} GROUP BY flow_id, call_id) w`,
  where: 'TRUE',
  at: 'w.at',
  callId: 'w.call_id',
  marked: ['calls'],
  subjects: { flow: { item: 'w.flow_id' } },
  measures: {
    entered: count('TRUE'),
    handed: count('w.handed'),
    dropped: count('w.dropped AND NOT w.handed'),
    contained: count('w.contained AND NOT w.handed AND NOT w.dropped'),
    failed: count('w.failed AND NOT w.handed AND NOT w.dropped AND NOT w.contained'),
    passed: count('NOT w.failed AND NOT w.handed AND NOT w.dropped AND NOT w.contained'),
    misrouted: count('w.misrouted'),
    flowMs: sum('w.ms'),
  },
} as const satisfies ReportSource;

/** Dials of campaigns. */
const attempts = {
  name: 'attempts',
  table: 'sums_attempts',
  begins: ['attempts', 'at'],
  from: () => 'attempts t',
  where: "t.kind = 'dial' AND t.result <> 'skipped'",
  at: 't.at',
  callId: 't.call_id',
  marked: ['attempts'],
  subjects: {
    campaign: { item: 't.campaign_id' },
    result: { item: "NULLIF(t.result, '')" },
  },
  measures: {
    dials: count('TRUE'),
    answered: count('t.answered_at IS NOT NULL'),
    human: count("t.result = 'human'"),
    abandoned: count("t.result = 'abandoned'"),
    machine: count("t.result IN ('machine', 'fax')"),
    noAnswer: count("t.result = 'no-answer'"),
    busy: count("t.result = 'busy'"),
    invalid: count("t.result = 'invalid'"),
    failed: count("t.result IN ('congestion', 'failed', 'rejected')"),
    connectedMs: sum(lasted('t.connected_at', 't.ended_at')),
  },
  bases: {
    metPeople: {
      sql: "t.result IN ('human', 'abandoned')",
      rows: (of) => of('human') + of('abandoned'),
    },
  },
} as const satisfies ReportSource;

/** What agents said of their calls. */
const dispositions = {
  name: 'dispositions',
  table: 'sums_dispositions',
  begins: ['call_dispositions', 'at'],
  from: () => 'call_dispositions d JOIN calls c ON c.id = d.call_id',
  where: 'c.test = 0 AND d.disposition_id IS NOT NULL',
  at: 'd.at',
  callId: 'd.call_id',
  marked: ['dispositions'],
  subjects: { disposition: { item: 'd.disposition_id' }, agent: { item: 'd.agent_id' } },
  measures: {
    said: count('TRUE'),
    saidInbound: count("c.direction = 'inbound'"),
    talkMs: sum('c.talk_ms'),
  },
} as const satisfies ReportSource;

const surveys = {
  name: 'surveys',
  table: 'sums_surveys',
  begins: ['survey_runs', 'call_at'],
  from: () => 'survey_runs r',
  where: 'r.test = 0',
  at: 'r.call_at',
  callId: 'r.call_id',
  marked: ['calls'],
  subjects: { survey: { item: 'r.survey_id' }, ...QUEUE_AND_AGENT },
  measures: {
    asked: count('TRUE'),
    begun: count('r.begun_at IS NOT NULL'),
    replied: count('r.answers > 0'),
    completed: count("r.outcome = 'completed'"),
  },
} as const satisfies ReportSource;

/** A score as a part of its scale, in thousandths. */
const SCORE = 'ROUND((a.value - u.scale_from) / (u.scale_to - u.scale_from) * 1000)';

/** Scores of surveys, each as a part of its scale. */
const scores = {
  name: 'scores',
  table: 'sums_scores',
  begins: ['survey_answers', 'call_at'],
  from: () =>
    'survey_answers a JOIN survey_runs r ON r.id = a.run_id JOIN survey_questions u ON u.id = a.question_id',
  where:
    "r.test = 0 AND u.kind = 'score' AND u.scale_to > u.scale_from AND a.value BETWEEN u.scale_from AND u.scale_to",
  at: 'a.call_at',
  callId: 'r.call_id',
  marked: ['calls'],
  subjects: { survey: { item: 'r.survey_id' }, ...QUEUE_AND_AGENT },
  measures: {
    scores: count('TRUE'),
    scoreSum: sum(SCORE),
    scoreSquares: sum(`${SCORE} * ${SCORE}`),
  },
} as const satisfies ReportSource;

const callbacks = {
  name: 'callbacks',
  table: 'sums_callbacks',
  begins: ['callbacks', 'asked_at'],
  from: () => 'callbacks b',
  where: 'TRUE',
  at: 'b.asked_at',
  callId: 'b.call_id',
  marked: ['callbacks'],
  subjects: { queue: { item: 'b.queue_id' }, agent: { item: 'b.agent_id' } },
  measures: {
    promised: count('TRUE'),
    done: count("b.state = 'done'"),
    returned: count("b.state = 'returned'"),
    failed: count("b.state = 'failed'"),
    cancelled: count("b.state = 'cancelled'"),
    lapsed: count("b.state IN ('expired', 'queue-gone')"),
    open: count("b.state IN ('waiting', 'calling')"),
    tries: sum('b.attempts'),
    untilDoneMs: sum(`IF(b.state = 'done', ${lasted('b.asked_at', 'b.closed_at')}, 0)`),
  },
} as const satisfies ReportSource;

const state = (name: string) => sum(`IF(s.state = '${name}', s.ms, 0)`);
const KNOWN =
  "('available', 'preview', 'ringing', 'talking', 'wrap-up', 'not-ready', 'phone-lost')";

/**
 * Stretches of agents' states, cut to the time asked for: sums are of whole days. A stretch that goes on, and what was signed
 * out, is not among them.
 */
const agents = {
  name: 'agents',
  table: 'sums_agents',
  begins: ['agent_spans', 'started_at'],
  from: (within) =>
    `(SELECT agent_id, state, next_state, reason, started_at >= :from AS begun,
        TIMESTAMPDIFF(MICROSECOND, GREATEST(started_at, :from), LEAST(ended_at, :to)) DIV 1000 AS ms
      FROM (
        SELECT * FROM agent_spans WHERE ${within('started_at')} AND ended_at IS NOT NULL
        UNION ALL
        SELECT b.* FROM (SELECT agent_id, MAX(started_at) AS started_at FROM agent_spans
          WHERE started_at < :from GROUP BY agent_id) l
        JOIN agent_spans b ON b.agent_id = l.agent_id AND b.started_at = l.started_at
        WHERE b.ended_at > :from
      ) x WHERE state <> 'signed-out') s`,
  where: 'TRUE',
  marked: ['agents'],
  subjects: {
    agent: { item: 's.agent_id' },
    reason: { item: "IF(s.reason = '', '-', LEFT(s.reason, 40))", where: "s.state = 'not-ready'" },
  },
  measures: {
    availableMs: state('available'),
    previewMs: state('preview'),
    ringingMs: state('ringing'),
    talkingMs: state('talking'),
    wrapUpMs: state('wrap-up'),
    notReadyMs: state('not-ready'),
    phoneLostMs: state('phone-lost'),
    otherMs: sum(`IF(s.state IN ${KNOWN}, 0, s.ms)`),
    offers: count("s.state = 'ringing' AND s.begun"),
    missed: count("s.state = 'ringing' AND s.begun AND s.next_state NOT IN ('talking', 'preview')"),
    wrapUps: count("s.state = 'wrap-up' AND s.begun"),
    pauses: count("s.state = 'not-ready' AND s.begun"),
  },
} as const satisfies ReportSource;

export const SOURCES = {
  ...{ visits, talks, wrapUps, calls, repeats, transfers, flows, attempts, dispositions, surveys },
  ...{ scores, callbacks, agents, costs },
} as const satisfies Readonly<Record<string, ReportSource>>;

export type SourceName = keyof typeof SOURCES;

export const ALL_SOURCES: readonly ReportSource[] = Object.values(SOURCES);
