import { expect } from 'chai';
import { KnexCallbackStore } from '../../../src/features/callbacks/index.js';
import { newCallId, type AgentId, type CallbackId, type QueueId } from '../../../src/kernel/ids.js';
import type { Callback } from '../../../src/telephony/callbacks.js';
import { keepCallback, playCallbacks } from '../../support/callbacks-site.js';
import { CallScript } from '../../support/call-events.js';
import { CallsSite, COMPANY } from '../../support/calls-site.js';
import { inLine, queuesWith } from '../../support/live-moments.js';
import { quietMoment } from '../../support/setup-site.js';
import type { TestClient } from '../../support/web.js';

const HOUR_MS = 3_600_000;
const ACTIONS = ['cancel', 'hurry', 'reopen', 'note'] as const;

describe('callback pages', function () {
  this.timeout(60_000);
  let at: CallsSite;
  let supervisor: TestClient;
  let mara: TestClient;
  let theo: TestClient;
  let ofRepairs: Callback;
  let ofBilling: Callback;

  before(async () => {
    at = await CallsSite.start();
    supervisor = await at.site.client('supervisor');
    mara = await at.site.client('mara');
    theo = await at.site.client('theo');
  });
  after(() => at.site.stop());
  beforeEach(async () => {
    await at.clear();
    playCallbacks(at);
    ofRepairs = await keepCallback(at, { enteredAt: Date.now() - 10 * 60_000 });
    ofBilling = await keepCallback(
      at,
      { queueId: COMPANY.billing as QueueId, number: '+442079460777', name: 'Lin "Wu" <b>' },
      { attempts: 1, notBefore: Date.now() + HOUR_MS, lastOutcome: 'busy', agentId: 3 as AgentId },
    );
  });
  afterEach(() => {
    expect(at.site.errors).to.deep.equal([]);
  });

  const list = async (client = supervisor, query = ''): Promise<string> => {
    const answer = await client.get(`/callbacks${query}`);
    expect(answer.status).to.equal(200);
    return answer.text;
  };
  const ids = async (client = supervisor, query = ''): Promise<string[]> =>
    [...(await list(client, query)).matchAll(/action="\/callbacks\/(\w+)\/note"/g)].map(
      ([, id]) => id ?? '',
    );
  const act = (client: TestClient, id: CallbackId, action: string, fields = {}) =>
    client.post(`/callbacks/${id}/${action}`, fields);
  const stateOf = async ({ id }: Callback): Promise<string> => {
    const rows = await at.site.parts.database('callbacks').where({ id }).pluck('state');
    return String(rows[0]);
  };
  const audit = (): Promise<string[]> =>
    at.site.parts.database('audit_entries').orderBy('id').pluck('action') as Promise<string[]>;

  describe('the list', () => {
    it('shows open ones, the longest wait first, with tries and the next one', async () => {
      expect(await ids()).to.deep.equal([ofRepairs.id, ofBilling.id]);
      const text = await list();
      for (const said of ['Ada Finch', 'Repairs', '0 of 3', '1 of 3', 'Busy', 'Next try', 'Theo'])
        expect(text, said).to.contain(said);
      expect(text).to.contain('&lt;b&gt;').and.not.contain('Wu" <b>');
      expect(text).to.contain('/calls?q&#x3D;%2B442079460999');
    });

    it('shows agents those of their queues, and nothing to who has none', async () => {
      expect(await ids(mara)).to.deep.equal([ofRepairs.id]);
      expect(await ids(theo)).to.deep.equal([ofBilling.id]);
      expect(await ids(await at.site.client('agent'))).to.deep.equal([]);
      expect(await list(theo)).to.contain('of your own queues');
    });

    it('asks strangers to sign in', async () => {
      const stranger = await at.site.client();
      expect((await stranger.get('/callbacks')).location).to.contain('/login?back=');
      expect((await stranger.get('/callbacks/export.csv')).location).to.contain('/login?back=');
    });

    it('narrows by state, queue, day and number; nonsense narrows nothing', async () => {
      const done = await keepCallback(
        at,
        { number: '+442079460555' },
        { state: 'done', attempts: 1 },
      );
      expect(await ids(supervisor, '?state=done')).to.deep.equal([done.id]);
      expect(await ids(supervisor, '?state=all')).to.have.length(3);
      expect(await ids(supervisor, '?state=calling')).to.deep.equal([]);
      expect(await ids(supervisor, `?queue=${String(COMPANY.billing)}`)).to.deep.equal([
        ofBilling.id,
      ]);
      expect(await ids(supervisor, '?from=2001-01-01&to=2001-01-02')).to.deep.equal([]);
      expect(
        await ids(supervisor, '?period=today&state=%27OR&queue=x&sort=zz&page=-3'),
      ).to.have.length(2);
      for (const q of ['020 7946 0777', '(020) 79460777', 'Wu"', '+442079460777'])
        expect(await ids(supervisor, `?q=${encodeURIComponent(q)}`), q).to.deep.equal([
          ofBilling.id,
        ]);
      expect(await ids(supervisor, `?q=${encodeURIComponent(`' OR 1=1 -- %`)}`)).to.deep.equal([]);
    });

    it('counts those overdue, in the menu too; a later try is not overdue', async () => {
      expect(await list()).to.contain('None overdue');
      const old = await keepCallback(at, {
        number: '+442079460123',
        askedAt: Date.now() - HOUR_MS,
      });
      await at.site.parts
        .database('callbacks')
        .where({ id: ofBilling.id })
        .update({ asked_at: new Date(Date.now() - HOUR_MS) });
      expect(await ids(supervisor, '?state=overdue')).to.deep.equal([old.id]);
      expect(await list()).to.contain('1 overdue');
      expect(await list(theo)).to.contain('None overdue');
    });

    it('says when a closed queue opens; who waits for that is not overdue', async () => {
      const held = await keepCallback(
        at,
        { number: '+442079460124', askedAt: Date.now() - 20 * HOUR_MS },
        { heldUntil: Date.now() + HOUR_MS },
      );
      expect(await list())
        .to.contain('Queue opens')
        .and.contain('None overdue');
      expect(await ids(supervisor, '?state=overdue')).to.deep.equal([]);
      const released = { heldUntil: Date.now() - HOUR_MS };
      await new KnexCallbackStore(at.site.parts.database).update(held.id, released);
      expect(await ids(supervisor, '?state=overdue')).to.deep.equal([held.id]);
    });

    it('finds those that nobody makes any more, by why', async () => {
      const old = await keepCallback(at, { number: '+442079460125' }, { state: 'expired' });
      const gone = await keepCallback(at, { number: '+442079460126' }, { state: 'queue-gone' });
      expect(await ids(supervisor, '?state=expired')).to.deep.equal([old.id]);
      expect(await ids(supervisor, '?state=queue-gone')).to.deep.equal([gone.id]);
      expect(await list(supervisor, '?state=all'))
        .to.contain('Expired')
        .and.contain('Queue archived');
      const csv = (await supervisor.get('/callbacks/export.csv?state=all')).text;
      expect(csv).to.contain(',Expired,').and.contain(',Queue archived,');
    });

    it('shows the place of now', async () => {
      const waiting = { ...inLine(newCallId(), 60_000, 4), callbackId: ofRepairs.id };
      at.site.parts.live.publish(quietMoment({ queues: queuesWith([waiting]) }));
      expect(await list()).to.contain('Place 4');
    });

    it('says that there is nothing where there is nothing, in Chinese too', async () => {
      await at.site.parts.database('callbacks').del();
      expect(await list()).to.contain('Nobody waits to be called back.');
    });
  });

  describe('cancelling', () => {
    it('asks the calls, says so, and can be taken back', async () => {
      expect((await act(mara, ofRepairs.id, 'cancel')).location).to.equal('/callbacks');
      expect(at.commands).to.deep.equal([{ kind: 'callback-cancel', callbackId: ofRepairs.id }]);
      expect(await list(mara)).to.contain(`/callbacks/${ofRepairs.id}/reopen`);
      expect(await stateOf(ofRepairs)).to.equal('cancelled');
      await act(mara, ofRepairs.id, 'reopen');
      expect(await stateOf(ofRepairs)).to.equal('waiting');
      expect(await audit()).to.deep.equal(['callback.cancel', 'callback.reopen']);
    });

    it('is not taken back when the number has another one', async () => {
      await act(mara, ofRepairs.id, 'cancel');
      await keepCallback(at, { number: ofRepairs.number });
      const answer = await act(mara, ofRepairs.id, 'reopen');
      expect(answer.status).to.equal(409);
      expect(answer.text).to.contain('role="alert"').and.contain('being tried, or over');
      expect(await stateOf(ofRepairs)).to.equal('cancelled');
    });
  });

  it('hurries the next try', async () => {
    await act(supervisor, ofBilling.id, 'hurry');
    expect(at.commands).to.deep.equal([{ kind: 'callback-hurry', callbackId: ofBilling.id }]);
    expect(await list()).to.not.contain('Next try');
    expect(await audit()).to.deep.equal(['callback.hurry']);
  });

  it('says what the calls refuse, in place, and writes no audit line', async () => {
    at.onCommand = undefined;
    at.answer = { ok: false, code: 'callback-not-open', detail: '' };
    const refused = await act(supervisor, ofRepairs.id, 'cancel');
    expect(refused.status).to.equal(409);
    expect(refused.text).to.contain('role="alert"');
    at.answer = { ok: false, code: 'calls-not-running', detail: '' };
    const away = await act(supervisor, ofRepairs.id, 'hurry');
    expect(away.status).to.equal(503);
    expect(away.text).to.contain('does not answer');
    expect(await audit()).to.deep.equal([]);
  });

  it('keeps a note, and refuses one that is too long', async () => {
    await act(theo, ofBilling.id, 'note', { note: `O'Neil 😀 <i>`, back: '/callbacks?state=all' });
    expect(await list()).to.contain('O&#x27;Neil 😀 &lt;i&gt;');
    expect(await audit()).to.deep.equal(['callback.note']);
    expect((await act(theo, ofBilling.id, 'note', { note: 'x'.repeat(501) })).status).to.equal(422);
    const back = await act(theo, ofBilling.id, 'note', {
      note: 'y',
      back: 'https://evil.example/',
    });
    expect(back.location).to.equal('/callbacks');
  });

  for (const action of ACTIONS)
    it(`${action}: not for other queues, strangers, or what is no callback`, async () => {
      const fields = { note: 'x' };
      expect((await act(theo, ofRepairs.id, action, fields)).status).to.equal(404);
      for (const id of ['0', `' OR 1`, 'ZZZZZZZZZZZZZZZZZZZZZZZZZZ'])
        expect(
          (await act(supervisor, encodeURIComponent(id) as CallbackId, action, fields)).status,
          id,
        ).to.equal(404);
      expect(at.commands).to.deep.equal([]);
      expect(await stateOf(ofRepairs)).to.equal('waiting');
    });

  it('exports what is listed, with cells that are no formulas, and an audit line', async () => {
    await keepCallback(
      at,
      { number: '+442079460001', name: '=HYPERLINK("x")' },
      { state: 'failed' },
    );
    const answer = await supervisor.get('/callbacks/export.csv?state=all');
    expect(answer.status).to.equal(200);
    expect(answer.text).to.contain('Callback id,Asked,Number').and.contain(`"'=HYPERLINK(""x"")"`);
    expect(answer.text.trim().split('\r\n')).to.have.length(4);
    expect((await mara.get('/callbacks/export.csv')).text).to.not.contain('79460777');
    expect(await audit()).to.deep.equal(['callbacks.export', 'callbacks.export']);
  });

  describe('the page of a call', () => {
    let asked: CallScript;
    let tried: CallScript;

    beforeEach(async () => {
      const now = Date.now();
      asked = new CallScript(now - 20 * 60_000);
      tried = new CallScript(now - 60_000);
      const queueId = COMPANY.repairs as QueueId;
      const number = '+442079460321';
      const { id: callbackId } = await keepCallback(
        at,
        { number, callId: asked.callId, askedAt: now - 15 * 60_000 },
        { state: 'done', attempts: 1, lastOutcome: 'answered', lastCallId: tried.callId },
      );
      const arrived = { kind: 'call-arrived', node: 'pbx-1', fromName: '' } as const;
      asked
        .happens(0, { ...arrived, direction: 'inbound', from: number, to: '+448005550110' })
        .happens(100, { kind: 'callback-asked', callbackId, queueId, number });
      tried
        .happens(0, { ...arrived, direction: 'outbound', from: '2001', to: number })
        .happens(100, { kind: 'callback-tried', callbackId, queueId, attempt: 1, waitedMs: 9 });
      await at.tell(asked, tried);
    });

    it('of the asking leads to the tries, that of a try to the asking', async () => {
      const first = (await supervisor.get(`/calls/${asked.callId}`)).text;
      expect(first).to.contain('Asked for in this call').and.contain(`/calls/${tried.callId}"`);
      const second = (await supervisor.get(`/calls/${tried.callId}`)).text;
      expect(second).to.contain('this call').and.contain(`/calls/${asked.callId}"`);
    });
  });
});
