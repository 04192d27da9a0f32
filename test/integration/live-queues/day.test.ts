import { expect } from 'chai';
import { newCallId, newId, type CallId } from '../../../src/kernel/ids.js';
import { inLine, MARA, queuesWith, REPAIRS, THEO } from '../../support/live-moments.js';
import { LiveQueueSite } from '../../support/live-queue-site.js';
import type { TestClient } from '../../support/web.js';

const BOARD = `/live/queues/${String(REPAIRS)}`;

describe('the day of live queues', function () {
  this.timeout(60_000);
  let lq: LiveQueueSite;
  let supervisor: TestClient;

  before(async () => {
    lq = await LiveQueueSite.start();
    supervisor = await lq.site.client('supervisor');
  });
  after(() => lq.stop());
  beforeEach(() => {
    lq.commands.length = 0;
    lq.answer = () => ({ ok: true });
  });
  afterEach(() => {
    expect(lq.site.errors).to.deep.equal([]);
  });

  /** A call of the last minutes that is over, with the part of its agent. */
  async function addCall(
    changes: {
      agent_id?: number;
      talk_ms?: number;
      test?: boolean;
      ended_at?: null;
      result?: null;
    } = {},
  ): Promise<CallId> {
    const id = newCallId();
    const { agent_id, talk_ms, test = false } = changes;
    if (agent_id !== undefined && talk_ms !== undefined)
      await lq.site.parts.database('call_talks').insert({
        ...{ call_id: id, n: 0, leg_id: `${id}-agent`, agent_id, queue_id: REPAIRS },
        ...{ kind: 'talk', started_at: new Date(), ended_at: new Date(), talk_ms, hold_ms: 0 },
        ...{ ending: 'over', test },
      });
    await lq.site.parts.database('calls').insert({
      ...{ id, started_at: new Date(), answered_at: new Date(), ended_at: new Date() },
      ...{ direction: 'inbound', from_number: '+442079460123', from_name: 'Ada Finch' },
      ...{ to_number: '+448005550110', result: 'answered', node: 'pbx-1', queue_id: REPAIRS },
      ...changes,
    });
    return id;
  }

  const state = (agent_id: number, at: number, name: string, call_id?: CallId) =>
    lq.site.parts
      .database('agent_state_changes')
      .insert({ id: newId(), agent_id, at: new Date(at), state: name, call_id: call_id ?? null });

  it('adds talk and wrap-up of ended calls up, by queue and by agent', async () => {
    const first = await addCall({ agent_id: MARA, talk_ms: 240_000 });
    const second = await addCall({ agent_id: MARA, talk_ms: 60_000 });
    await addCall({ agent_id: THEO, talk_ms: 120_000 });
    await addCall({ agent_id: THEO, talk_ms: 999_000, test: true });
    await addCall({ agent_id: THEO, ended_at: null, result: null });
    const at = Date.now();
    // A wrap-up that was extended, one that is over, and one that lasts.
    await state(MARA, at, 'talking', first);
    await state(MARA, at + 1_000, 'wrap-up');
    await state(MARA, at + 11_000, 'wrap-up');
    await state(MARA, at + 21_000, 'available');
    await state(MARA, at + 30_000, 'talking', second);
    await state(MARA, at + 40_000, 'wrap-up');
    lq.show({});
    const agents = (await supervisor.get('/live/agents')).text;
    const aht = (agent: number): string | undefined =>
      new RegExp(`data-live="agent:${String(agent)}\\.aht"[^>]*>([^<]*)<`).exec(agents)?.[1];
    // (240 + 60 + 20) / 2, and 120 / 1
    expect([aht(MARA), aht(THEO)]).to.deep.equal(['2:40', '2:00']);
    const board = (await supervisor.get(BOARD)).text;
    // (240 + 60 + 20 + 120) / 3
    expect(/data-live="kpi\.aht"[^>]*>([^<]*)</.exec(board)?.[1]).to.equal('2:26');
  });

  it('lists all decisions of today from the ledger, page by page, and those about one agent', async () => {
    const call = await addCall();
    const offered = { kind: 'offered', queueId: REPAIRS } as const;
    for (let seq = 0; seq < 60; seq += 1)
      await lq.addEvent(call, seq, {
        ...{ ...offered, agentId: THEO, agentName: 'Theo Lark' },
        reasons: seq === 7 ? ['idle:52', 'skipped-declined:Mara Quill'] : ['idle:52'],
      });
    await lq.addEvent(call, 60, {
      ...{ kind: 'queue-waiting', queueId: REPAIRS },
      reasons: ['nobody-free'],
    });
    const yesterday = new Date(Date.now() - 48 * 3_600_000);
    const old = { ...offered, agentId: MARA, agentName: 'Mara Quill', reasons: [] };
    await lq.addEvent(call, 61, old, yesterday);
    const rows = async (query: string): Promise<number> =>
      ((await supervisor.get(`${BOARD}/decisions${query}`)).text.match(/<li data-row=/g) ?? [])
        .length;
    expect(await rows('')).to.equal(50);
    expect(await rows('?page=2')).to.equal(11);
    expect(await rows(`?agent=${String(MARA)}`)).to.equal(1);
    expect(await rows(`?agent=${String(THEO)}`)).to.equal(50);
    const page = (await supervisor.get(`${BOARD}/decisions?agent=${String(MARA)}`)).text;
    expect(page).to.include('Ada Finch').and.include(`/calls/${call}`);
    expect((await supervisor.get(BOARD)).text).to.include(`href="${BOARD}/decisions"`);
  });

  it('counts a long line whole, leads to all of it, and steers somebody far back', async () => {
    const back = newCallId();
    const waiting = { ...inLine(back, 60_000, 777), name: 'Far Back' };
    lq.answer = (command) =>
      command.kind === 'read-line'
        ? { ok: true, line: { waiting: [waiting], waitingCount: 1_000 } }
        : { ok: true };
    const queues = queuesWith([inLine(newCallId(), 90_000)]);
    lq.show({
      queues: queues.map((one) => (one.id === REPAIRS ? { ...one, waitingCount: 1_000 } : one)),
    });
    const board = (await supervisor.get(BOARD)).text;
    expect(board).to.match(/data-live="kpi\.line"[^>]*>1,?000</);
    expect(board).to.include('and 999 more').and.include(`href="${BOARD}/line"`);
    const line = (await supervisor.get(`${BOARD}/line?page=16`)).text;
    expect(line).to.include('Far Back').and.include('777').and.include('1,000');
    expect(lq.commands.at(-1)).to.deep.equal({
      ...{ kind: 'read-line', queueId: REPAIRS, fromPlace: 751, limit: 50 },
    });
    const dialog = await supervisor.get(`${BOARD}/calls/${back}/edit?do=priority`, {
      'hx-request': 'true',
    });
    expect(dialog.text)
      .to.include('Far Back')
      .and.match(/<a href="[^"]+\/edit\?do[^"]+priority">Open as page</);
    const answer = await supervisor.post(`${BOARD}/calls/${back}/priority`, { priority: '40' });
    expect(answer.status).to.equal(303);
    expect(lq.commands.at(-1)).to.deep.equal({
      kind: 'steer-priority',
      callId: back,
      priority: 40,
    });
  });

  it('groups agents by state and by queue', async () => {
    lq.show({ mara: { state: 'talking' }, theo: { state: 'available', queues: [] } });
    const shown = async (group: string): Promise<readonly string[]> => {
      const { text } = await supervisor.get(`/live/agents?group=${group}`);
      const bodies = text.matchAll(/<tbody data-live-list="group:([^"]+)"[^>]*?( hidden)?>/g);
      return [...bodies].flatMap(([, key = '', hidden]) => (hidden === undefined ? [key] : []));
    };
    expect(await shown('state')).to.deep.equal(['state-talking', 'state-available']);
    expect(await shown('queue')).to.deep.equal(['queue-2', 'queue-1', 'queue-none']);
    expect(await shown('nothing-like-it')).to.deep.equal([]);
  });
});
