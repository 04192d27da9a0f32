import type { Knex } from 'knex';
import type { AgentId, AttemptId, CallId, ContactId, UserId } from '../../kernel/ids.js';
import type { PastAttempt, PreviewRecord, Remark } from './preview-record.js';

/** The newest of them: more is on the contact's page. */
const ATTEMPTS_SHOWN = 5;
const REMARKS_SHOWN = 5;

export interface NewPromise {
  readonly attempt: AttemptId;
  /** Who shall call; absent: anybody of the campaign's queue. */
  readonly agent: AgentId | undefined;
  readonly user: UserId | undefined;
  readonly at: Date;
  readonly note: string;
}

interface AttemptRow {
  readonly id: AttemptId;
  readonly contact_id: ContactId;
  readonly number: string;
  readonly name: string;
  readonly company: string;
  readonly time_zone: string;
  readonly fields: unknown;
  readonly campaign_name: string;
}

interface PastRow {
  readonly at: Date;
  readonly number: string;
  readonly result: string;
  readonly note: string;
  readonly campaign_name: string;
  readonly agent_name: string | null;
}

/** What agents see of those whom they call, from MariaDB. */
export class KnexPreviewRecords {
  constructor(private readonly db: Knex) {}

  /** Of whom an attempt is, or the call that it became; undefined where it is none of a campaign. */
  async find(
    asked: { readonly attempt: AttemptId } | { readonly call: CallId },
  ): Promise<PreviewRecord | undefined> {
    const row = await this.db('attempts as a')
      .join('contacts as c', 'c.id', 'a.contact_id')
      .join('campaigns as p', 'p.id', 'a.campaign_id')
      .where('attempt' in asked ? { 'a.id': asked.attempt } : { 'a.call_id': asked.call })
      .first<AttemptRow | undefined>(
        ...['a.id', 'a.contact_id', 'a.number', 'p.name as campaign_name'],
        ...['c.name', 'c.company', 'c.time_zone', 'c.fields'],
      );
    if (row === undefined) return undefined;
    const [numbers, attempts, remarks, reachedAt] = await Promise.all([
      this.#numbers(row.contact_id),
      this.#attempts(row.contact_id, row.id),
      this.#remarks(row.contact_id),
      this.#lastReached(row.contact_id),
    ]);
    return {
      contact: row.contact_id,
      campaignName: row.campaign_name,
      number: row.number,
      timeZone: row.time_zone,
      ...{ name: row.name, company: row.company, fields: fieldsOf(row.fields) },
      ...{ numbers, attempts, remarks, reachedAt },
    };
  }

  /** Promises whom an attempt is about a call, instead of calling now. False where there is no such attempt. */
  async promise({ attempt, agent, user, at, note }: NewPromise): Promise<boolean> {
    const row: { contact_id: ContactId; campaign_id: number; number: string } | undefined =
      await this.db('attempts')
        .where({ id: attempt, kind: 'dial' })
        .first('contact_id', 'campaign_id', 'number');
    if (row === undefined) return false;
    await this.db('follow_ups').insert({
      ...{ kind: 'callback', source: 'agent', due_at: at, note, user_id: user ?? null },
      ...{ contact_id: row.contact_id, campaign_id: row.campaign_id, number: row.number },
      agent_id: agent ?? null,
    });
    return true;
  }

  /**
   * The number that an agent dials for a contact without seeing it: the first that somebody has. `stranger`: the agent has nothing
   * to do with this contact; `refused`: nobody calls it.
   */
  async numberFor(
    contact: ContactId,
    agent: AgentId,
  ): Promise<{ readonly number: string } | 'stranger' | 'no-number' | 'refused'> {
    if (!(await this.#isOwn(contact, agent))) return 'stranger';
    const row: { number: string } | undefined = await this.db('contact_numbers')
      .where({ contact_id: contact })
      .whereNull('dead_at')
      .orderBy('position')
      .first('number');
    if (row === undefined) return 'no-number';
    const refused: unknown = await this.db('do_not_call')
      .where({ number: row.number, campaign_id: 0 })
      .first('id');
    return refused === undefined ? { number: row.number } : 'refused';
  }

  /** Whom the agent looks after, has called, or has promised something. */
  async #isOwn(contact: ContactId, agent: AgentId): Promise<boolean> {
    const own = { contact_id: contact, agent_id: agent };
    const found: unknown[] = await Promise.all([
      this.db('contacts').where({ id: contact, owner_agent_id: agent }).first('id'),
      this.db('attempts').where(own).first('id'),
      this.db('follow_ups').where(own).first('id'),
    ]);
    return found.some((row) => row !== undefined);
  }

  async #numbers(contact: ContactId): Promise<PreviewRecord['numbers']> {
    const rows: { number: string; kind: string; dead_at: Date | null }[] = await this.db(
      'contact_numbers',
    )
      .where({ contact_id: contact })
      .orderBy('position')
      .select('number', 'kind', 'dead_at');
    return rows.map((row) => ({
      number: row.number,
      kind: row.kind,
      isDead: row.dead_at !== null,
    }));
  }

  async #attempts(contact: ContactId, except: AttemptId): Promise<readonly PastAttempt[]> {
    const rows = await this.db('attempts as a')
      .join('campaigns as p', 'p.id', 'a.campaign_id')
      .leftJoin('agents as g', 'g.id', 'a.agent_id')
      .where({ 'a.contact_id': contact, 'a.kind': 'dial' })
      .whereNotIn('a.result', ['', 'failed'])
      .whereNot('a.id', except)
      .orderBy('a.at', 'desc')
      .limit(ATTEMPTS_SHOWN)
      .select<PastRow[]>(
        'a.at',
        'a.number',
        'a.result',
        'a.note',
        'p.name as campaign_name',
        'g.name as agent_name',
      );
    return rows.map((row) => ({
      ...{ at: row.at, number: row.number, result: row.result, note: row.note },
      ...{ campaignName: row.campaign_name, agentName: row.agent_name ?? '' },
    }));
  }

  async #remarks(contact: ContactId): Promise<readonly Remark[]> {
    const rows: { at: Date; text: string; author: string | null }[] = await this.db(
      'contact_remarks as r',
    )
      .leftJoin('users as u', 'u.id', 'r.user_id')
      .where({ 'r.contact_id': contact })
      .orderBy('r.at', 'desc')
      .limit(REMARKS_SHOWN)
      .select('r.at', 'r.text', 'u.name as author');
    return rows.map(({ at, text, author }) => ({ at, text, author: author ?? '' }));
  }

  async #lastReached(contact: ContactId): Promise<Date | undefined> {
    const row: { at: Date } | undefined = await this.db('attempts')
      .where({ contact_id: contact, result: 'human' })
      .orderBy('at', 'desc')
      .first('at');
    return row?.at;
  }
}

/** MariaDB gives JSON as text, MySQL as an object. Own fields are texts, whatever they were imported as. */
function fieldsOf(stored: unknown): Readonly<Record<string, string>> {
  const fields = (typeof stored === 'string' ? JSON.parse(stored) : stored) as Readonly<
    Record<string, string | number | boolean | null>
  >;
  return Object.fromEntries(
    Object.entries(fields).flatMap(([key, value]) =>
      value === null || value === '' ? [] : [[key, String(value)]],
    ),
  );
}
