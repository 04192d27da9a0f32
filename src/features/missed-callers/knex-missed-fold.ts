import type { Knex } from 'knex';
import type { CallResult, Direction } from '../../kernel/call-event.js';
import type { CallbackId, CallId, ContactId, MissedCallerId, QueueId } from '../../kernel/ids.js';
import { onlyContactWith } from '../follow-ups/index.js';
import {
  meaningOf,
  outsideNumber,
  type EndedCall,
  type Meaning,
  type MissedWhy,
} from './missed-caller.js';
import type { MissedRules } from './missed-setting.js';

interface CallRow {
  readonly id: CallId;
  readonly direction: Direction;
  readonly from_number: string;
  readonly from_name: string;
  readonly to_number: string;
  readonly result: CallResult | null;
  readonly started_at: Date;
  readonly answered_at: Date | null;
  readonly ended_at: Date;
  readonly queue_id: QueueId | null;
  readonly wait_ms: number;
  readonly short_ms: number;
  readonly test: number;
}

interface OpenRow {
  readonly id: MissedCallerId;
  readonly first_missed_at: Date;
  readonly last_missed_at: Date;
}

/** Calls that are worked on in one transaction. */
const AT_ONCE = 100;

/** As the visit of its last queue keeps it. */
const SHORT_MS_SQL = `COALESCE((SELECT v.short_abandon_s * 1000 FROM queue_visits v
  WHERE v.call_id = calls.id ORDER BY v.n DESC LIMIT 1), 0) AS short_ms`;

const toEnded = (row: CallRow): EndedCall => ({
  ...{ id: row.id, direction: row.direction, result: row.result ?? undefined },
  ...{ fromNumber: row.from_number, fromName: row.from_name, toNumber: row.to_number },
  startedAt: row.started_at.getTime(),
  answeredAt: row.answered_at?.getTime(),
  endedAt: row.ended_at.getTime(),
  ...{ queueId: row.queue_id ?? undefined, waitMs: row.wait_ms, test: row.test === 1 },
  shortMs: row.short_ms,
});

/**
 * Works on calls that are over: opens, counts and closes rows of people who did not reach us. Calls may come in any order and
 * more than once. Resolves to how many were taken from the list; a failure leaves it as it was.
 */
export function foldMissed(db: Knex, rules: MissedRules): Promise<number> {
  return db.transaction(
    async (tx) => {
      const listed: readonly { call_id: CallId }[] = await tx('ended_calls')
        .orderBy('call_id')
        .limit(AT_ONCE)
        .forUpdate()
        .skipLocked()
        .select('call_id');
      if (listed.length === 0) return 0;
      const ids = listed.map((row) => row.call_id);
      const rows: readonly CallRow[] = await tx('calls')
        .whereIn('id', ids)
        .orderBy('ended_at')
        .select('*', tx.raw(SHORT_MS_SQL));
      for (const row of rows) await takeCall(tx, toEnded(row), rules);
      for (const one of await lapsedOf(tx, ids)) await takeLapsed(tx, one, rules);
      await tx('ended_calls').whereIn('call_id', ids).delete();
      return ids.length;
    },
    { isolationLevel: 'read committed' },
  );
}

async function takeCall(tx: Knex, call: EndedCall, rules: MissedRules): Promise<void> {
  const meaning = meaningOf(call, rules.withShort);
  if (meaning === 'nothing') return;
  const number = outsideNumber(call);
  const contact = await onlyContactWith(tx, number);
  const open = await openOf(tx, number, contact);
  switch (meaning) {
    case 'missed':
      // A call that is told late may lie before the person was reached.
      await miss(
        tx,
        {
          ...{ key: call.id, callId: call.id, why: call.result, queueId: call.queueId },
          ...{ number, name: call.fromName, at: call.startedAt, endedAt: call.endedAt },
          ...{ contact, later: await laterContact(tx, number, call.startedAt, call.id) },
        },
        open[0],
        rules,
      );
      return;
    case 'try':
      for (const one of open) await tried(tx, call, one);
      return;
    default:
      for (const one of open)
        if ((call.answeredAt ?? 0) >= one.last_missed_at.getTime())
          await close(tx, one.id, call.id, meaning, call.answeredAt ?? call.endedAt);
  }
}

/** The person's open row; a contact that was made meanwhile may have two. */
async function openOf(
  tx: Knex,
  number: string,
  contact: ContactId | undefined,
): Promise<readonly OpenRow[]> {
  const rows: readonly OpenRow[] = await tx('missed_callers')
    .where('state', 'open')
    .where((any) => {
      void any.where({ number });
      if (contact !== undefined) void any.orWhere('contact_id', contact);
    })
    .orderBy('id')
    .forUpdate()
    .select('id', 'first_missed_at', 'last_missed_at');
  return rows;
}

interface LapsedRow {
  readonly call_id: CallId;
  readonly at: Date;
  readonly from_number: string;
  readonly from_name: string;
  readonly started_at: Date;
  readonly body: unknown;
}

/** Callbacks that nobody makes any more, of those who asked in one of these calls. */
const lapsedOf = (tx: Knex, ids: readonly CallId[]): Promise<readonly LapsedRow[]> =>
  tx('call_events as e')
    .join('calls as c', 'c.id', 'e.call_id')
    .where('e.kind', 'callback-closed')
    .whereIn('e.call_id', ids)
    .orderBy('e.at')
    .select<LapsedRow[]>(
      ...['e.call_id', 'e.at', 'e.body', 'c.from_number', 'c.from_name', 'c.started_at'],
    );

/** Missed when the callback lapsed, unless somebody talked with the person since it was asked for. */
async function takeLapsed(tx: Knex, row: LapsedRow, rules: MissedRules): Promise<void> {
  // MariaDB gives JSON as text, MySQL as an object.
  const { callbackId, number, queueId } = (
    typeof row.body === 'string' ? JSON.parse(row.body) : row.body
  ) as { callbackId: CallbackId; number: string; queueId: QueueId };
  if ((await laterContact(tx, number, row.started_at.getTime(), row.call_id)) !== undefined) return;
  const contact = await onlyContactWith(tx, number);
  const [open] = await openOf(tx, number, contact);
  const at = row.at.getTime();
  await miss(
    tx,
    {
      // The call itself may count, too: it may have asked after a talk.
      ...{ key: callbackId, callId: row.call_id, why: 'not-called-back', queueId },
      ...{ number, name: number === row.from_number ? row.from_name : '', at, endedAt: at },
      ...{ contact, later: undefined },
    },
    open,
    rules,
  );
}

interface Miss {
  /** Counts once. */
  readonly key: CallId | CallbackId;
  readonly callId: CallId;
  readonly why: MissedWhy | undefined;
  readonly queueId: QueueId | undefined;
  readonly number: string;
  readonly name: string;
  readonly at: number;
  readonly endedAt: number;
  readonly contact: ContactId | undefined;
  /** A talk with the person that is later already. */
  readonly later: Awaited<ReturnType<typeof laterContact>>;
}

async function miss(tx: Knex, one: Miss, open: OpenRow | undefined, rules: MissedRules) {
  const { number, contact, later } = one;
  const at = new Date(one.at);
  const last = {
    ...{ why: one.why, queue_id: one.queueId ?? null, last_call_id: one.callId },
    last_missed_at: at,
  };
  if (open !== undefined && later === undefined) {
    if (!(await note(tx, open.id, one.key, 'missed', one.endedAt))) return;
    const isLast = at >= open.last_missed_at;
    await tx('missed_callers')
      .where({ id: open.id })
      .update({
        misses: tx.raw('misses + 1'),
        ...(isLast ? last : {}),
        ...(at < open.first_missed_at
          ? { first_missed_at: at, due_at: new Date(at.getTime() + rules.dueMs) }
          : {}),
      });
    return;
  }
  const known = await tx('missed_caller_calls')
    .where('call_id', one.key)
    .first<object | undefined>();
  if (known !== undefined) return;
  const [id] = (await tx('missed_callers').insert({
    ...{ ...last, number, contact_id: contact ?? null, name: one.name.slice(0, 120) },
    ...{ state: 'open', misses: 1, first_missed_at: at },
    due_at: new Date(at.getTime() + rules.dueMs),
    // Whoever is closed at once is never open.
    open_key: later === undefined ? keyOf(number, contact) : null,
  })) as [MissedCallerId];
  await note(tx, id, one.key, 'missed', one.endedAt);
  if (later !== undefined) await close(tx, id, later.id, later.meaning, later.at);
}

const keyOf = (number: string, contact: ContactId | undefined): string =>
  contact === undefined ? number : `c${String(contact)}`;

/** The first talk with this number that began after that, but for the call itself. */
async function laterContact(tx: Knex, number: string, since: number, except: CallId) {
  const first = (direction: Direction, column: 'from_number' | 'to_number') =>
    tx('calls')
      .where({ direction, [column]: number, test: false })
      .where('started_at', '>=', new Date(since))
      .whereNotNull('answered_at')
      .whereNotNull('ended_at')
      .whereNot('id', except)
      .orderBy('answered_at')
      .first<{ id: CallId; answered_at: Date } | undefined>('id', 'answered_at');
  const [called, again] = [
    await first('outbound', 'to_number'),
    await first('inbound', 'from_number'),
  ];
  const found = [
    { row: called, meaning: 'reached' as const },
    { row: again, meaning: 'called-again' as const },
  ]
    .flatMap(({ row, meaning }) =>
      row === undefined ? [] : [{ id: row.id, at: row.answered_at.getTime(), meaning }],
    )
    .sort((a, b) => a.at - b.at);
  return found[0];
}

async function tried(tx: Knex, call: EndedCall, open: OpenRow): Promise<void> {
  if (call.startedAt < open.first_missed_at.getTime()) return;
  if (!(await note(tx, open.id, call.id, 'try', call.endedAt))) return;
  await tx('missed_callers')
    .where({ id: open.id })
    .update({
      tries: tx.raw('tries + 1'),
      last_try_at: tx.raw('GREATEST(COALESCE(last_try_at, ?), ?)', [
        new Date(call.startedAt),
        new Date(call.startedAt),
      ]),
    });
}

async function close(
  tx: Knex,
  id: MissedCallerId,
  callId: CallId,
  state: 'reached' | 'called-again',
  at: number,
): Promise<void> {
  await note(tx, id, callId, state, at);
  const who = await tx('calls as c')
    .join('agents as a', 'a.id', 'c.agent_id')
    .where('c.id', callId)
    .first<{ name: string } | undefined>('a.name');
  await tx('missed_callers')
    .where({ id, state: 'open' })
    .update({
      ...{ state, open_key: null, closed_call_id: callId, closed_at: new Date(at) },
      closed_by: who?.name ?? '',
    });
}

/** False where the call counts already. */
async function note(
  tx: Knex,
  id: MissedCallerId,
  callId: CallId | CallbackId,
  kind: Exclude<Meaning, 'nothing'>,
  at: number,
): Promise<boolean> {
  const known = await tx('missed_caller_calls')
    .where('call_id', callId)
    .first<object | undefined>();
  if (known !== undefined) return false;
  await tx('missed_caller_calls').insert({
    ...{ call_id: callId, missed_caller_id: id, kind, at: new Date(at) },
  });
  return true;
}
