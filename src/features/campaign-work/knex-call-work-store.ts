import type { Knex } from 'knex';
import type { ScriptRun } from '../../engines/script/run.js';
import type {
  AgentId,
  AttemptId,
  CallId,
  CampaignId,
  ContactId,
  DispositionId,
  QueueId,
  ScriptId,
  UserId,
} from '../../kernel/ids.js';
import { inTransaction } from '../configuration/index.js';
import { onlyContactWith } from '../follow-ups/index.js';
import { readPages } from '../scripts/index.js';
import type { CallAttempt, ContactRecord, DayResults, MachineTruth } from './call-work.js';
import type { CallWorkStore, KeptRun, RunOf } from './call-work-store.js';
import { readRecord } from './knex-contact-record.js';

/** What agents read and write of calls of campaigns, in MariaDB. */
export class KnexCallWorkStore implements CallWorkStore {
  constructor(private readonly db: Knex) {}

  async attemptOf(callId: CallId): Promise<CallAttempt | undefined> {
    const row = await this.db('attempts as t')
      .join('campaigns as p', 'p.id', 't.campaign_id')
      .where({ 't.call_id': callId, 't.kind': 'dial' })
      .orderBy('t.at', 'desc')
      .first<CallAttempt | undefined>({
        id: 't.id',
        campaignId: 't.campaign_id',
        campaignName: 'p.name',
        leadId: 't.lead_id',
        contactId: 't.contact_id',
        number: 't.number',
        verdict: 't.machine_verdict',
        truth: 't.machine_truth',
      });
    return row && { ...row };
  }

  contact(id: ContactId, callId: CallId): Promise<ContactRecord | undefined> {
    return readRecord(this.db, id, callId);
  }

  contactWith(number: string): Promise<ContactId | undefined> {
    return onlyContactWith(this.db, number);
  }

  async scriptFor(campaign: CampaignId | undefined, queue: QueueId | undefined) {
    const own =
      campaign === undefined
        ? undefined
        : await this.db('campaigns')
            .where({ id: campaign })
            .first<{ id: string | null } | undefined>(
              this.db.raw("JSON_VALUE(settings, '$.scriptId') as id"),
            );
    const chosen = Number(own?.id ?? 0) || (await this.#ofQueue(queue));
    if (chosen === undefined) return undefined;
    const row = await this.db('scripts')
      .where({ id: chosen })
      .whereNull('archived_at')
      .first<{ id: ScriptId; version: number; pages: unknown } | undefined>(
        'id',
        'version',
        'pages',
      );
    return row && { id: row.id, version: row.version, script: { pages: readPages(row.pages) } };
  }

  async run(callId: CallId, agentId: AgentId): Promise<KeptRun | undefined> {
    const row = await this.db('script_runs')
      .where({ call_id: callId, agent_id: agentId })
      .first<RunRow | undefined>('*');
    if (row === undefined) return undefined;
    const answers = await this.db('script_answers')
      .where({ run_id: row.id })
      .select<{ question: string; value: string }[]>('question', 'value');
    return {
      scriptId: row.script_id,
      script: { pages: readPages(row.pages) },
      run: {
        trail: readTrail(row.trail),
        answers: Object.fromEntries(answers.map(({ question, value }) => [question, value])),
        ...(row.is_over === 1
          ? { end: row.disposition_id === null ? {} : { disposition: row.disposition_id } }
          : {}),
      },
    };
  }

  async saveRun(of: RunOf, { scriptId, script, run }: KeptRun, at: Date): Promise<void> {
    await inTransaction(this.db, async (tx) => {
      const state = {
        trail: JSON.stringify(run.trail),
        is_over: run.end !== undefined,
        disposition_id: run.end?.disposition ?? null,
        changed_at: at,
      };
      await tx('script_runs')
        .insert({
          ...{ call_id: of.callId, agent_id: of.agentId, script_id: scriptId },
          pages: JSON.stringify(script.pages),
          contact_id: of.contactId ?? null,
          campaign_id: of.campaignId ?? null,
          attempt_id: of.attemptId ?? null,
          ...{ begun_at: at, ...state },
        })
        .onConflict(['call_id', 'agent_id'])
        .merge(state);
      const row = await tx('script_runs')
        .where({ call_id: of.callId, agent_id: of.agentId })
        .forUpdate()
        .first<{ id: number }>('id');
      await saveAnswers(tx, row.id, run.answers, at);
    });
  }

  async saveFields(contact: ContactId, fields: Readonly<Record<string, string>>): Promise<boolean> {
    const entries = Object.entries(fields);
    if (entries.length === 0) return true;
    const places = entries.map(() => '?, ?').join(', ');
    const changed = await this.db('contacts')
      .where({ id: contact })
      .update({
        fields: this.db.raw(
          `JSON_SET(fields, ${places})`,
          entries.flatMap(([key, value]) => [`$."${key}"`, value]),
        ),
        version: this.db.raw('version + 1'),
        updated_at: this.db.fn.now(3),
      });
    return changed === 1;
  }

  async saveTruth(attempt: AttemptId, truth: MachineTruth | ''): Promise<void> {
    await this.db('attempts').where({ id: attempt }).update({ machine_truth: truth });
  }

  async doNotCall(
    numbers: readonly string[],
    entry: Parameters<CallWorkStore['doNotCall']>[1],
  ): Promise<void> {
    if (numbers.length === 0) return;
    await this.db('do_not_call')
      .insert(
        numbers.map((number) => ({
          ...{ number, campaign_id: entry.campaignId ?? 0, source: 'agent' },
          ...{ call_id: entry.callId, user_id: entry.userId ?? null, at: entry.at },
        })),
      )
      // Whoever said so before stands.
      .onConflict(['number', 'campaign_id'])
      .ignore();
  }

  callAgain(callId: CallId): Promise<number> {
    return this.db('do_not_call').where({ call_id: callId, source: 'agent' }).delete();
  }

  async dayResults(agentId: AgentId, userId: UserId | undefined, since: Date): Promise<DayResults> {
    const [rows, booked] = await Promise.all([
      this.db('attempts as t')
        .leftJoin('call_dispositions as d', (on) => {
          void on.on('d.call_id', 't.call_id').andOn('d.agent_id', 't.agent_id');
        })
        .where({ 't.agent_id': agentId, 't.kind': 'dial' })
        .where('t.at', '>=', since)
        .whereNotNull('t.connected_at')
        .groupBy('d.disposition_id')
        .orderBy('calls', 'desc')
        .select({ dispositionId: 'd.disposition_id', calls: this.db.raw('COUNT(*)') }) as Promise<
        { dispositionId: DispositionId | null; calls: number | string }[]
      >,
      userId === undefined
        ? undefined
        : this.db('follow_ups')
            .where({ user_id: userId })
            .where('created_at', '>=', since)
            .whereNot('state', 'cancelled')
            .count<{ n: number | string }>({ n: '*' })
            .first(),
    ]);
    const results = rows.map(({ dispositionId, calls }) => ({
      dispositionId: dispositionId ?? undefined,
      calls: Number(calls),
    }));
    return {
      results,
      calls: results.reduce((sum, one) => sum + one.calls, 0),
      booked: Number((booked as { n: number | string } | undefined)?.n ?? 0),
    };
  }

  async #ofQueue(queue: QueueId | undefined): Promise<number | undefined> {
    if (queue === undefined) return undefined;
    const row = await this.db('queues')
      .where({ id: queue })
      .first<{ script_id: ScriptId | null } | undefined>('script_id');
    return row?.script_id ?? undefined;
  }
}

interface RunRow {
  readonly id: number;
  readonly script_id: ScriptId;
  readonly pages: unknown;
  readonly trail: unknown;
  readonly is_over: number;
  readonly disposition_id: DispositionId | null;
}

const readTrail = (column: unknown): ScriptRun['trail'] =>
  (typeof column === 'string' ? JSON.parse(column) : column) as string[];

/** Answers as they are now; when one was given stays while it is the same. */
async function saveAnswers(
  tx: Knex,
  run: number,
  answers: ScriptRun['answers'],
  at: Date,
): Promise<void> {
  const had = await tx('script_answers')
    .where({ run_id: run })
    .select<{ question: string; value: string }[]>('question', 'value');
  const before = new Map(had.map(({ question, value }) => [question, value]));
  const gone = [...before.keys()].filter((question) => !Object.hasOwn(answers, question));
  if (gone.length > 0)
    await tx('script_answers').where({ run_id: run }).whereIn('question', gone).delete();
  const changed = Object.entries(answers).filter(([key, value]) => before.get(key) !== value);
  if (changed.length > 0)
    await tx('script_answers')
      .insert(changed.map(([question, value]) => ({ run_id: run, question, value, at })))
      .onConflict(['run_id', 'question'])
      .merge();
}
