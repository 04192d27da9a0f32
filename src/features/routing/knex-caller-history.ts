import type { Knex } from 'knex';
import { DAY_MS, MAX_HISTORY_DAYS, type CallerPast } from '../../engines/routing/rule.js';
import type { AgentId, CallId } from '../../kernel/ids.js';
import type { CallerHistory } from '../../telephony/caller-history.js';

/** Of a number that calls more often, older calls are forgotten: no condition counts further. */
const CALLS_REMEMBERED = 100;
/** Calls to a number, from us, that are looked through for the agent who talked. */
const OWN_CALLS_REMEMBERED = 20;

interface PastRow {
  readonly id: CallId;
  readonly started_at: Date;
  readonly agent_id: AgentId | null;
  readonly talk_ms: number;
}

/** Reads the past of a number from the folded calls, by two covering indexes; no call itself is read. */
export class KnexCallerHistory implements CallerHistory {
  constructor(
    private readonly db: Knex,
    private readonly now: () => number,
  ) {}

  async recall(number: string, current?: CallId): Promise<CallerPast> {
    if (number === '') return { calledAt: [] };
    const [calls, ownCalls] = await Promise.all([
      this.#rows('from_number', 'inbound', number, CALLS_REMEMBERED + 1),
      this.#rows('to_number', 'outbound', number, OWN_CALLS_REMEMBERED),
    ]);
    const earlier = calls.filter((row) => row.id !== current).slice(0, CALLS_REMEMBERED);
    const [last] = [...earlier, ...ownCalls]
      .flatMap((row) =>
        row.agent_id !== null && row.talk_ms > 0
          ? [{ agent: row.agent_id, at: row.started_at.getTime() }]
          : [],
      )
      .sort((a, b) => b.at - a.at);
    return {
      calledAt: earlier.map((row) => row.started_at.getTime()),
      ...(last === undefined ? {} : { lastAgent: last }),
    };
  }

  #rows(
    column: 'from_number' | 'to_number',
    direction: 'inbound' | 'outbound',
    number: string,
    limit: number,
  ): Promise<PastRow[]> {
    const since = new Date(this.now() - MAX_HISTORY_DAYS * DAY_MS);
    return this.db('calls')
      .where({ [column]: number, direction })
      .andWhere('started_at', '>=', since)
      .orderBy('started_at', 'desc')
      .limit(limit)
      .select<PastRow[]>('id', 'started_at', 'agent_id', 'talk_ms');
  }
}
