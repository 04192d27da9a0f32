import { expect } from 'chai';
import { foldMissed } from '../../../src/features/missed-callers/knex-missed-fold.js';
import { KnexLedgerStore } from '../../../src/adapters/ledger/knex-ledger-store.js';
import type { CallEvent } from '../../../src/kernel/call-event.js';
import {
  derivedId,
  newChannelId,
  newId,
  type AgentId,
  type CallbackId,
  type EventId,
  type QueueId,
} from '../../../src/kernel/ids.js';
import { abandonedCall, answeredCall, CallScript } from '../../support/call-events.js';
import { keepCallback } from '../../support/callbacks-site.js';
import { CallsSite, COMPANY } from '../../support/calls-site.js';
import type { TestClient } from '../../support/web.js';

const PATH = '/calls/to-return';
const ADA = '+442079460164';
const BEN = '+442079460177';
const MINUTE_MS = 60_000;

describe('people who did not reach us', function () {
  this.timeout(120_000);
  let at: CallsSite;
  let supervisor: TestClient;
  let mara: TestClient;
  let began: number;

  before(async () => {
    at = await CallsSite.start();
    supervisor = await at.site.client('supervisor');
    mara = await at.site.client('mara');
  });
  after(() => at.site.stop());
  beforeEach(async () => {
    await at.clear();
    began = Date.now() - 60 * MINUTE_MS;
  });
  afterEach(() => {
    expect(at.site.errors).to.deep.equal([]);
  });

  const db = () => at.site.parts.database;
  const fold = async (withShort = true): Promise<void> => {
    while ((await foldMissed(db(), { dueMs: 30 * MINUTE_MS, withShort })) > 0);
  };
  const tell = async (...calls: readonly CallScript[]): Promise<void> => {
    await at.tell(...calls);
    await fold();
  };
  const rows = (): Promise<readonly Record<string, unknown>[]> =>
    db()('missed_callers').orderBy('id');
  const minutes = (n: number): number => began + n * MINUTE_MS;

  /** Mara calls somebody outside. */
  function outbound(startedAt: number, to: string, isAnswered: boolean): CallScript {
    const call = new CallScript(startedAt);
    const leg = newChannelId('outside');
    const agentId = COMPANY.mara as AgentId;
    call
      .happens(0, {
        ...{ kind: 'call-arrived', direction: 'outbound', from: '2001', fromName: 'Mara Quill' },
        ...{ to, node: 'pbx-1' },
      })
      .happens(0, {
        kind: 'leg-started',
        leg: call.caller,
        role: 'caller',
        number: '2001',
        agentId,
      })
      .happens(10, { kind: 'leg-started', leg, role: 'outside', number: to });
    if (isAnswered)
      call
        .happens(5_000, { kind: 'leg-answered', leg })
        .happens(0, { kind: 'connected', leg })
        .happens(30_000, { kind: 'disconnected', talkedMs: 30_000 });
    const result = isAnswered ? 'answered' : 'no-answer';
    return call.happens(0, {
      ...{ kind: 'call-ended', result, endedBy: 'caller', cause: 16, reason: '' },
    });
  }

  describe('a callback that nobody made', () => {
    const asked = (startedAt: number, number = ADA): CallScript =>
      new CallScript(startedAt)
        .happens(0, {
          ...{ kind: 'call-arrived', direction: 'inbound', from: ADA, fromName: 'Ada Finch' },
          ...{ to: '+442079460110', node: 'pbx-1' },
        })
        .happens(10_000, {
          ...{ kind: 'callback-asked', callbackId: newId() as CallbackId },
          ...{ queueId: COMPANY.billing as QueueId, number },
        })
        .happens(1_000, {
          ...{ kind: 'call-ended', result: 'callback', endedBy: 'system', cause: 16 },
          reason: 'callback-asked',
        });
    /** What the process of the calls tells of it, `n` minutes after the beginning. */
    const lapsed = (call: CallScript, n: number, number = ADA): CallEvent => {
      const [id] = call.events.flatMap((event) =>
        event.kind === 'callback-asked' ? [event.callbackId] : [],
      );
      if (id === undefined) throw new Error('nothing was asked for');
      return {
        ...{ kind: 'callback-closed', callbackId: id, queueId: COMPANY.billing as QueueId },
        ...{ number, why: 'expired', id: derivedId(minutes(0), `${id}/closed`) as EventId },
        ...{ callId: call.callId, seq: 1_000_000, at: minutes(n) },
      };
    };
    const close = async (event: CallEvent): Promise<void> => {
      await new KnexLedgerStore(db()).write([{ kind: 'call-event', event }]);
      await fold();
    };

    it('makes a missed caller of whoever asked for it, once', async () => {
      const call = asked(minutes(0));
      await tell(call);
      expect(await rows()).to.deep.equal([]);
      const closing = lapsed(call, 40);
      if (closing.kind !== 'callback-closed') throw new Error('no closing');
      await keepCallback(
        at,
        { id: closing.callbackId, callId: call.callId, queueId: closing.queueId },
        { state: 'expired' },
      );
      await close(closing);
      await close(closing);
      await tell(call);
      const [row, ...more] = await rows();
      expect(more).to.deep.equal([]);
      expect(row).to.include({
        ...{ number: ADA, name: 'Ada Finch', state: 'open', why: 'not-called-back', misses: 1 },
        ...{ queue_id: COMPANY.billing, last_call_id: call.callId },
      });
      expect(row?.['first_missed_at']).to.deep.equal(new Date(minutes(40)));
      expect(row?.['due_at']).to.deep.equal(new Date(minutes(70)));
      expect((await supervisor.get(PATH)).text).to.include('Not called back');
      const story = (await supervisor.get(`/calls/${call.callId}`)).text;
      expect(story).to.include('the callback became too old in Billing');
      await tell(outbound(minutes(50), ADA, true));
      expect((await rows())[0]).to.include({ state: 'reached' });
    });

    it('counts at the number that was to be called, beside other misses of the person', async () => {
      await tell(abandonedCall(minutes(1), BEN));
      const call = asked(minutes(2), BEN);
      await tell(call);
      await close(lapsed(call, 40, BEN));
      const [row, ...more] = await rows();
      expect(more).to.deep.equal([]);
      expect(row).to.include({ number: BEN, misses: 2, why: 'not-called-back' });
    });

    it('is nothing where somebody talked with the person meanwhile', async () => {
      const call = asked(minutes(0));
      await tell(call, outbound(minutes(5), ADA, true));
      await close(lapsed(call, 40));
      expect(await rows()).to.deep.equal([]);
    });
  });

  it('keeps one row for a person, whatever the order and however often calls are told', async () => {
    const calls = [abandonedCall(minutes(10), ADA), abandonedCall(minutes(0), ADA)];
    await tell(...calls);
    await tell(...calls);
    await tell(abandonedCall(minutes(5), BEN));
    const [ada, ben, ...more] = await rows();
    expect(more).to.deep.equal([]);
    expect(ada).to.include({
      number: ADA,
      state: 'open',
      misses: 2,
      why: 'abandoned',
      queue_id: 1,
    });
    expect(ada?.['first_missed_at']).to.deep.equal(new Date(minutes(0)));
    expect(ada?.['due_at']).to.deep.equal(new Date(minutes(30)));
    expect(ben).to.include({ number: BEN, misses: 1 });
  });

  it('closes by itself when the person was reached, or called again and was answered', async () => {
    await tell(abandonedCall(minutes(0), ADA), abandonedCall(minutes(1), BEN));
    await tell(outbound(minutes(5), ADA, false));
    expect((await rows())[0]).to.include({ state: 'open', tries: 1 });
    const talk = outbound(minutes(6), ADA, true);
    await tell(talk, answeredCall({ startedAt: minutes(8), from: BEN, agentId: COMPANY.mara }));
    const [ada, ben] = await rows();
    expect(ada).to.include({
      state: 'reached',
      closed_call_id: talk.callId,
      closed_by: 'Mara Quill',
    });
    expect(ben).to.include({ state: 'called-again' });
    await tell(abandonedCall(minutes(20), ADA));
    expect((await rows()).map((row) => row['state'])).to.deep.equal([
      'reached',
      'called-again',
      'open',
    ]);
  });

  it('closes at once what is told after the talk that followed it, and no later miss', async () => {
    await tell(outbound(minutes(10), ADA, true));
    await tell(abandonedCall(minutes(0), ADA));
    expect((await rows())[0]).to.include({ state: 'reached' });
    await tell(abandonedCall(minutes(20), BEN));
    await tell(outbound(minutes(2), BEN, true));
    expect((await rows())[1]).to.include({ state: 'open', tries: 0 });
  });

  it('knows a person by the contact, also from another number', async () => {
    await db()('contacts').insert({ id: 77, name: 'Ada Finch' });
    for (const [position, number] of [ADA, BEN].entries())
      await db()('contact_numbers').insert({ contact_id: 77, position, number });
    await tell(abandonedCall(minutes(0), ADA), abandonedCall(minutes(1), BEN));
    expect(await rows()).to.have.lengthOf(1);
    await tell(outbound(minutes(5), BEN, true));
    expect((await rows())[0]).to.include({ state: 'reached', misses: 2, contact_id: 77 });
    await db()('contact_numbers').delete();
    await db()('contacts').delete();
  });

  it('counts nobody twice while two processes work, and forgets nobody', async () => {
    const numbers = Array.from(
      { length: 30 },
      (_, n) => `+4420794602${String(n).padStart(2, '0')}`,
    );
    await at.tell(
      ...numbers.flatMap((number) => [
        abandonedCall(minutes(0), number),
        abandonedCall(minutes(1), number),
      ]),
    );
    // A collision of two on one person is tried again, as the job does.
    const work = () => fold().catch(() => fold());
    await Promise.all([work(), work(), work()]);
    await fold();
    const found = await rows();
    expect(found.map((row) => row['number']).sort()).to.deep.equal(numbers);
    expect(found.every((row) => row['misses'] === 2)).to.equal(true);
    expect(await db()('ended_calls')).to.deep.equal([]);
  });

  it('rings the agent’s own phone, makes the caller the agent’s, and says what was refused', async () => {
    await tell(abandonedCall(minutes(0), ADA));
    const id = String((await rows())[0]?.['id']);
    const shown = await mara.get(PATH);
    expect(shown.text).to.include('Call back').and.include('Repairs');
    expect((await mara.post(`${PATH}/${id}/call`)).status).to.equal(303);
    expect(at.commands).to.deep.equal([{ kind: 'agent-dial', agentId: COMPANY.mara, number: ADA }]);
    expect((await rows())[0]).to.include({ owner_agent_id: COMPANY.mara });
    at.answer = { ok: false, code: 'on-a-call', detail: '' };
    expect((await mara.post(`${PATH}/${id}/call`)).status).to.equal(409);
    const theo = await at.site.client('theo');
    expect((await theo.get(PATH)).text).to.not.include(ADA.slice(-4));
    expect((await theo.post(`${PATH}/${id}/take`)).status).to.equal(404);
  });

  it('is given, closed by hand, opened again and noted, each with a line of the audit log', async () => {
    await tell(abandonedCall(minutes(0), ADA));
    const id = String((await rows())[0]?.['id']);
    await supervisor.get(PATH);
    for (const [action, fields] of [
      ['give', { owner: String(COMPANY.theo) }],
      ['note', { note: '=1+1 wants a “quote” 📞' }],
      ['close', {}],
      ['reopen', {}],
    ] as const)
      expect((await supervisor.post(`${PATH}/${id}/${action}`, fields)).status, action).to.equal(
        303,
      );
    expect((await rows())[0]).to.include({ state: 'open', owner_agent_id: COMPANY.theo });
    const lines = await db()('audit_entries').where('object_kind', 'missed-caller').orderBy('id');
    expect(lines.map((line: { action: string }) => line.action)).to.deep.equal(
      ['give', 'note', 'close', 'reopen'].map((action) => `missed-caller.${action}`),
    );
    expect((await supervisor.post(`${PATH}/${id}/give`, { owner: '999' })).status).to.equal(404);
    expect(
      (await supervisor.post(`${PATH}/${id}/note`, { note: 'x'.repeat(501) })).status,
    ).to.equal(422);
    expect((await supervisor.post(`${PATH}/${id}/reopen`)).status).to.equal(409);
  });

  it('reports how many were lost, how many were reached, and after what time', async () => {
    await tell(
      abandonedCall(minutes(0), ADA),
      abandonedCall(minutes(0), BEN),
      abandonedCall(minutes(0), '+442079460188'),
      outbound(minutes(10), ADA, true),
      answeredCall({ startedAt: minutes(38), from: BEN }),
    );
    const page = await supervisor.get('/reports/missed-callers?period=last-7d');
    const words = page.text.replace(/<[^>]*>/g, ' ').replace(/\s+/g, ' ');
    expect(words).to.include('Repairs 3 1 1 0 1 1 24:59').and.include('66.7%');
    expect((await mara.get('/reports/missed-callers')).status).to.equal(403);
  });
});
