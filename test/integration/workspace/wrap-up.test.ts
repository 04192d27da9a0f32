import { expect } from 'chai';
import { systemClock } from '../../../src/adapters/clock/system-clock.js';
import { makePhoneDispositions } from '../../../src/features/workspace/index.js';
import type { CallId } from '../../../src/kernel/ids.js';
import { adasCall, MARA, type Moment } from '../../support/live-moments.js';
import { until } from '../../support/until.js';
import type { TestClient } from '../../support/web.js';
import { WorkspaceSite } from '../../support/workspace-site.js';

const SEAT = { extension: '2001' } as const;
const JSON_WANTED = { accept: 'application/json' };

describe('wrapping a call up', function () {
  this.timeout(60_000);
  let ws: WorkspaceSite;
  let mara: TestClient;

  before(async () => {
    ws = await WorkspaceSite.start();
    const { database } = ws.site.parts;
    await database('dispositions').insert([
      { id: 1, name_en: 'Delivery', name_zh: '配送', position: 10 },
      { id: 2, parent_id: 1, name_en: 'Late', name_zh: '延迟', position: 10 },
      { id: 3, name_en: 'Refund', name_zh: '退款', position: 20, all_queues: false },
    ]);
    await database('disposition_queues').insert({ disposition_id: 3, queue_id: 2 });
    await ws.refreshDirectory();
    mara = await ws.site.client('mara');
    await mara.get('/workspace');
  });
  after(() => ws.stop());
  beforeEach(() => {
    ws.commands.length = 0;
  });

  async function show(moment: Moment): Promise<void> {
    const before = ws.site.parts.live.current?.seq ?? 0;
    ws.show(moment);
    await until('the snapshot', 5_000, () => (ws.site.parts.live.current?.seq ?? 0) > before);
  }
  const talking = (id: CallId): Moment => ({
    mara: { ...SEAT, state: 'talking', callId: id },
    calls: [adasCall({ id, stage: 'talk', connectedAt: Date.now() })],
  });
  const save = (call: string, disposition: string, note: string) =>
    mara.post('/workspace/wrap-up', { call, disposition, note }, JSON_WANTED);
  const said = (call: string) =>
    ws.site.parts
      .database('call_dispositions')
      .where('call_id', call)
      .first<{ disposition_id: number | null; note: string; agent_id: number } | undefined>();

  it('offers the codes of the call’s queue', async () => {
    await show(talking(adasCall().id));
    const { text } = await mara.get('/workspace/wrap-up');
    expect(text).to.contain('Delivery › Late');
    expect(text).not.to.contain('Refund');
  });

  it('keeps a note alone, then a code, and tells the calls once', async () => {
    const { id } = adasCall();
    await show(talking(id));
    expect((await save(id, '', 'Wants a morning slot')).status).to.equal(200);
    expect(await said(id)).to.include({ disposition_id: null, note: 'Wants a morning slot' });
    expect(ws.commands).to.deep.equal([]);
    await save(id, '2', 'Wants a morning slot');
    await save(id, '2', 'Wants a morning slot, or noon');
    expect(await said(id)).to.include({ disposition_id: 2, agent_id: MARA });
    expect(ws.commands).to.deep.equal([{ kind: 'agent-code-chosen', agentId: MARA, callId: id }]);
    expect((await mara.get('/workspace/wrap-up')).text).to.contain('or noon');
  });

  it('goes on in wrap-up and for five seconds after, then no more', async () => {
    const { id } = adasCall();
    await show(talking(id));
    await show({
      mara: { ...SEAT, state: 'wrap-up', since: Date.now(), until: Date.now() + 9_000 },
    });
    expect((await save(id, '2', 'a')).status).to.equal(200);
    await show({ mara: { ...SEAT, state: 'available', since: Date.now() } });
    expect((await save(id, '2', 'b')).status).to.equal(200);
    await show({ mara: { ...SEAT, state: 'available', since: Date.now() - 6_000 } });
    const late = await save(id, '2', 'c');
    expect(late.status).to.equal(409);
    expect(late.text).to.contain('is over');
    expect(await said(id)).to.include({ note: 'b' });
  });

  it('shows what the agent chose on the phone, and keeps the note', async () => {
    const { database } = ws.site.parts;
    await database('dispositions').where({ id: 2 }).update({ phone_key: '21' });
    await ws.refreshDirectory();
    const { id } = adasCall();
    await show(talking(id));
    await save(id, '', 'Ring at noon');
    const told: unknown[] = [];
    const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined };
    const byPhone = makePhoneDispositions({
      ...{ database, clock: systemClock, log: quiet, onChange: () => undefined },
      directory: ws.directory,
      roster: {
        state: () => ({ state: 'talking', since: 0 }),
        lastTalk: () => ({ callId: id, queueId: undefined }),
      },
      results: { chosen: (chosen) => Promise.resolve(void told.push(chosen.dispositionId)) },
      tellCalls: (coded) => Promise.resolve(void told.push(coded)),
    });
    expect((await byPhone.choose(MARA, '22')).kind).to.equal('unknown-key');
    expect((await byPhone.choose(MARA, '21')).kind).to.equal('chosen');
    expect(told).to.deep.equal([2, { agentId: MARA, callId: id }]);
    expect(await said(id)).to.include({ disposition_id: 2, agent_id: MARA, note: 'Ring at noon' });
    expect(byPhone.of(MARA)).to.deep.equal({ phoneCode: { callId: id, dispositionId: 2 } });
    const { text } = await mara.get('/workspace/wrap-up');
    expect(text)
      .to.match(/value="2"[^>]* checked/)
      .and.to.contain('Ring at noon');
  });

  it('refuses groups, codes of other queues, other calls, and users who are no agents', async () => {
    const { id } = adasCall();
    await show(talking(id));
    for (const code of ['1', '3', '99', '2 OR 1=1'])
      expect((await save(id, code, '')).status, code).to.equal(422);
    expect((await save(adasCall().id, '2', '')).status).to.equal(409);
    expect(await said(id)).to.equal(undefined);
    const supervisor = await ws.site.client('supervisor');
    const answer = await supervisor.post('/workspace/wrap-up', { call: id });
    expect(answer.status).to.equal(403);
  });

  it('says how long reasons were used today, and takes only those that can be chosen', async () => {
    const { database } = ws.site.parts;
    await database('not_ready_reasons').where('code', 'meeting').update({ active: false });
    await ws.refreshDirectory();
    await show({ mara: { ...SEAT, state: 'available' } });
    const { text } = await mara.get('/workspace');
    expect(text).to.contain('0 of 60 min today');
    expect(text).not.to.contain('value="meeting"');
    const answer = await mara.post(
      '/workspace/commands/not-ready',
      { reason: 'meeting' },
      JSON_WANTED,
    );
    expect(answer.status).to.equal(422);
    await mara.post('/workspace/commands/not-ready', { reason: 'lunch' }, JSON_WANTED);
    expect(ws.commands).to.deep.equal([
      { kind: 'agent-not-ready', agentId: MARA, reason: 'lunch' },
    ]);
  });

  it('broke nothing', () => {
    expect(ws.site.errors).to.deep.equal([]);
  });
});
