import type { Knex } from 'knex';
import type { AgentState } from '../../telephony/live.js';
import type { AgentId, CallId } from '../../kernel/ids.js';
import { ownItem, SOURCES, type FigureFilter } from '../report-sums/index.js';
import type { StretchFigure } from './stretch-figure.js';

/** A stretch of an agent's time with the part of it that counts. */
export interface StretchLine {
  readonly agentId: AgentId;
  readonly agentName: string;
  readonly state: AgentState;
  readonly reason: string;
  readonly startedAt: Date;
  /** undefined while it goes on. */
  readonly endedAt: Date | undefined;
  readonly ms: number;
  readonly callId: CallId | undefined;
}

interface Row {
  readonly agent_id: AgentId;
  readonly agent_name: string | null;
  readonly state: AgentState;
  readonly reason: string;
  readonly started_at: Date;
  readonly ended_at: Date | null;
  readonly ms: number | string;
  readonly call_id: CallId | null;
}

/** Those that began in the time, and those in which each agent was when it began; as sums of agents' time have them. */
const STRETCHES = `(SELECT x.*, started_at >= :from AS begun,
    TIMESTAMPDIFF(MICROSECOND, GREATEST(started_at, :from), LEAST(COALESCE(ended_at, :now), :to)) DIV 1000 AS ms
  FROM (
    SELECT * FROM agent_spans WHERE started_at >= :from AND started_at < :to
    UNION ALL
    SELECT b.* FROM (SELECT agent_id, MAX(started_at) AS started_at FROM agent_spans
      WHERE started_at < :from GROUP BY agent_id) l
    JOIN agent_spans b ON b.agent_id = l.agent_id AND b.started_at = l.started_at
    WHERE COALESCE(b.ended_at, :now) > :from
  ) x) s`;

/** What figures of agents' time are added up of, in MariaDB. */
export class KnexStretches {
  constructor(private readonly db: Knex) {}

  /** A page of them, the newest first; how many there are, and their time together in ms. */
  async list(
    figure: FigureFilter & StretchFigure,
    now: number,
    { limit, offset }: { readonly limit: number; readonly offset: number },
  ) {
    const where = `FROM ${STRETCHES} WHERE ${conditionOf(figure)}`;
    const bindings = {
      ...{ from: new Date(figure.fromAt), to: new Date(figure.toAt), now: new Date(now) },
      ...{ item: figure.item ?? '', limit, offset },
      ...Object.fromEntries(figure.states.map((state, n) => [`state${String(n)}`, state])),
    };
    const [[rows], [sums]] = await Promise.all([
      this.db.raw<readonly [readonly Row[], unknown]>(
        `SELECT w.*, a.name AS agent_name
         FROM (SELECT s.* ${where} ORDER BY s.started_at DESC, s.agent_id LIMIT :limit OFFSET :offset) w
         LEFT JOIN agents a ON a.id = w.agent_id ORDER BY w.started_at DESC, w.agent_id`,
        bindings,
      ),
      this.db.raw<
        readonly [readonly { n: number | string; ms: number | string | null }[], unknown]
      >(`SELECT COUNT(*) AS n, SUM(s.ms) AS ms ${where}`, bindings),
    ]);
    const [whole] = sums;
    return { rows: rows.map(toLine), total: Number(whole?.n ?? 0), ms: Number(whole?.ms ?? 0) };
  }
}

const toLine = (row: Row): StretchLine => ({
  ...{ agentId: row.agent_id, agentName: row.agent_name ?? '' },
  ...{ state: row.state, reason: row.reason, startedAt: row.started_at, ms: Number(row.ms) },
  endedAt: row.ended_at ?? undefined,
  callId: row.call_id ?? undefined,
});

function conditionOf({
  subject: by,
  item,
  states,
  isBegun,
  isMissed,
}: FigureFilter & StretchFigure) {
  const { agent, reason } = SOURCES.agents.subjects;
  const isByReason = by === 'reason';
  return [
    `s.state IN (${states.map((_, n) => `:state${String(n)}`).join(', ')})`,
    ...(isBegun === true ? ['s.begun'] : []),
    ...(isMissed === true ? ["s.next_state NOT IN ('talking', 'preview')"] : []),
    // A reason counts when its stretch is over.
    ...(isByReason ? [reason.where, 's.ended_at IS NOT NULL'] : []),
    ...(item === undefined ? [] : [`${isByReason ? reason.item : agent.item} ${ownItem(by)}`]),
  ].join(' AND ');
}
