import { expect } from 'chai';
import { newCallId, newId, type CallId } from '../../../src/kernel/ids.js';
import { siteDayOf } from '../../../src/kernel/site-day.js';
import { adasCall, MARA, REPAIRS, THEO } from '../../support/live-moments.js';
import { LiveQueueSite } from '../../support/live-queue-site.js';
import type { TestClient } from '../../support/web.js';

const PARTIAL = { 'hx-request': 'true' };
const ZONE = 'Europe/London';
const DAY = '/live/agents/1';
const SECOND = 1_000;

describe('an agent’s day on its page', function () {
  this.timeout(60_000);
  let lq: LiveQueueSite;
  let supervisor: TestClient;
  /** Yesterday at 09:00 by the site's clock: a whole day that stands still. */
  let nine: number;
  let yesterday: string;
  const calls: CallId[] = [];

  before(async () => {
    lq = await LiveQueueSite.start();
    supervisor = await lq.site.client('supervisor');
    const { startAt } = siteDayOf(Date.now(), ZONE);
    const day = siteDayOf(startAt - 1, ZONE);
    nine = day.startAt + 9 * 3_600_000;
    yesterday = new Intl.DateTimeFormat('sv-SE', { timeZone: ZONE }).format(nine);
    await addDay();
    await addSkills();
  });
  after(() => lq.stop());
  beforeEach(() => {
    lq.show({});
    lq.answer = () => ({ ok: true });
  });
  afterEach(() => {
    expect(lq.site.errors).to.deep.equal([]);
  });

  const mark = async (
    seconds: number,
    state: string,
    more: { reason?: string; call_id?: string; note?: string } = {},
    agent: number = MARA,
  ): Promise<void> => {
    const at = new Date(nine + seconds * SECOND);
    await lq.site.parts
      .database('agent_state_changes')
      .insert({ id: newId(), agent_id: agent, at, state, reason: '', ...more });
  };
  const addCall = async (seconds: number, name: string, result: string): Promise<CallId> => {
    const id = newCallId();
    const at = new Date(nine + seconds * SECOND);
    await lq.site.parts.database('calls').insert({
      ...{ id, started_at: at, ended_at: at, direction: 'inbound', from_number: '+442079460123' },
      ...{ from_name: name, to_number: '+448005550110', node: 'pbx', result, queue_id: REPAIRS },
    });
    calls.push(id);
    return id;
  };
  const offerEnded = async (call: CallId, seconds: number, outcome: string, rangMs: number) => {
    await lq.addEvent(
      call,
      5,
      {
        ...{ kind: 'offer-ended', queueId: REPAIRS, agentId: MARA, agentName: 'Mara Quill' },
        ...{ outcome: outcome as 'answered', rangMs },
      },
      new Date(nine + seconds * SECOND),
    );
  };

  /** Signed in from 09:00:00 to 10:00:00: 5 min not ready, then calls, a lunch that is too long, and a forced state. */
  const addDay = async (): Promise<void> => {
    const [ada, ben, cal] = [
      await addCall(400, 'Ada Finch', 'answered'),
      await addCall(700, 'Ben Weir', 'abandoned'),
      await addCall(900, 'Cal Stone', 'answered'),
    ];
    await mark(-10, 'signed-out');
    await mark(0, 'not-ready', { reason: 'signed-in' });
    await mark(300, 'available');
    await mark(400, 'ringing', { call_id: ada });
    await mark(406, 'talking', { call_id: ada });
    await mark(466, 'wrap-up');
    await mark(496, 'available');
    await mark(700, 'ringing', { call_id: ben });
    await mark(715, 'available');
    await mark(900, 'ringing', { call_id: cal });
    await mark(904, 'available');
    await mark(1_000, 'not-ready', { reason: 'lunch' });
    await mark(3_000, 'not-ready', { reason: 'forced', note: 'Ines Holm: Fire drill' });
    await mark(3_600, 'signed-out');
    await offerEnded(ada, 406, 'answered', 6_000);
    await offerEnded(ben, 715, 'no-answer', 15_000);
    await offerEnded(cal, 904, 'declined', 4_000);
    await lq.site.parts.database('call_legs').insert({
      ...{ id: 'leg-1', call_id: cal, role: 'agent', number: '2001', agent_id: MARA },
      ...{ started_at: new Date(nine + 900 * SECOND), cause: 21, tech_cause: 603 },
    });
  };
  const addSkills = async (): Promise<void> => {
    const { database, directory } = lq.site.parts;
    const [skill] = await database('skills').insert({ name: 'Heat pumps', kind: 'skill' });
    await database('agent_skills').insert({ agent_id: MARA, skill_id: skill, level: 85 });
    await database('agent_results').insert({
      ...{ queue_id: REPAIRS, agent_id: MARA, result: 83, contacts: 34, worth: 29 },
      computed_at: new Date(),
    });
    await directory.refresh();
  };
  const textOf = (html: string): string =>
    html
      .replaceAll(/<svg[^]*?<\/svg>/g, ' ')
      .replaceAll(/<[^>]+>/g, ' ')
      .replaceAll(/\s+/g, ' ');
  const read = async (path: string): Promise<string> => textOf((await supervisor.get(path)).text);

  it('adds the states up to the log-in time, with no difference', async () => {
    const text = await read(`${DAY}?day=${yesterday}`);
    expect(text).to.contain('Log-in time').and.to.contain('1:00:00 difference 0:00');
    expect(text).to.contain('Sum of the states 1:00:00 Log-in time 1:00:00 difference 0:00');
    // 100 + 204 + 185 + 96 s of being available.
    expect(text).to.contain('Available 4 9:45 16.3%');
    expect(text).to.contain('Lunch 1 33:20 55.6%').and.to.contain('Talking 1 1:00 1.7%');
    expect(text).to.contain('Ringing 3 0:25').and.to.contain('Wrap-up 1 0:30');
  });

  it('tells calls, offers with their results and reasons, limits and forced states', async () => {
    const text = await read(`${DAY}?day=${yesterday}`);
    expect(text).to.contain('Calls handled').and.to.contain('AHT 1:30');
    expect(text).to.contain('Answered 1 · Missed 1 · Rejected 1');
    expect(text).to.contain('Lunch: 33:20 of 30:00, begun at 09:16');
    expect(text).to.contain('Ines Holm: Fire drill');
    expect(text).to.match(/09:15:00 Cal Stone Repairs 0:04 Rejected call rejected \(Q\.850 21\)/);
    expect(text).to.contain('SIP 603 declined');
    const { text: html } = await supervisor.get(`${DAY}?day=${yesterday}`);
    expect(html).to.contain(`href="/calls/${calls[0] ?? ''}"`);
    expect(html).to.contain(`${DAY}/offers?day&#x3D;${yesterday}&amp;result&#x3D;missed`);
  });

  it('lists everything on pages of its own, and offers by their result', async () => {
    const timeline = await read(`${DAY}/timeline?day=${yesterday}`);
    expect(timeline).to.contain('10:00:00 Signed out –').and.to.contain('1–14 of 14');
    const handled = await read(`${DAY}/calls?day=${yesterday}`);
    expect(handled).to.match(/09:06:46 \S* ?Ada Finch Repairs 1:00 0:30 Answered/);
    const missed = await read(`${DAY}/offers?day=${yesterday}&result=missed`);
    expect(missed).to.contain('Ben Weir').and.not.to.contain('Cal Stone');
    const none = await read(`${DAY}/offers?day=${yesterday}&result=gone`);
    expect(none).to.contain('No');
    const paged = await read(`${DAY}/timeline?day=${yesterday}&size=25&page=2`);
    expect(paged).to.contain('of 14');
  });

  it('tells skills, queues and first contacts', async () => {
    const text = await read(DAY);
    expect(text).to.contain('Heat pumps 85');
    expect(text).to.contain('Repairs 85.3% of 34 83');
    expect(text).to.contain('Billing – –');
  });

  it('goes on today with what happens now, before the ledger has it', async () => {
    const { startAt } = siteDayOf(Date.now(), ZONE);
    const since = Math.max(startAt, Date.now() - 5_000);
    const call = adasCall();
    lq.show({
      calls: [call],
      theo: { state: 'talking', since, callId: call.id, extension: '2002', queues: [REPAIRS] },
    });
    const page = await supervisor.get(`/live/agents/${String(THEO)}`);
    const text = textOf(page.text);
    expect(text).to.contain('Phone 2002 is registered').and.to.contain('Ada Finch');
    expect(text).to.contain('Talking 1 ');
    expect(page.text).to.match(/data-since="\d+"/);
    const part = await supervisor.get(`/live/agents/${String(THEO)}`, PARTIAL);
    expect(part.text).to.contain('day-kpis').and.not.to.contain('<html');
    lq.show({ theo: { state: 'phone-lost', since, extension: '2002' }, extensions: [] });
    expect(await read(`/live/agents/${String(THEO)}`)).to.contain('Phone 2002 is not registered');
  });

  it('is empty for who was not there, and refuses who may not look', async () => {
    expect(await read(`/live/agents/${String(THEO)}?day=${yesterday}`)).to.contain(
      'Not signed in on this day.',
    );
    // No such day, or one to come: today.
    for (const day of ['2026-02-30', 'soon', '9999-01-01'])
      expect((await supervisor.get(`${DAY}?day=${day}`)).status, day).to.equal(200);
    expect((await supervisor.get('/live/agents/99')).status).to.equal(404);
    const agent = await lq.site.client('agent');
    for (const path of [DAY, `${DAY}/timeline`, `${DAY}/calls`, `${DAY}/offers`])
      expect((await agent.get(path)).status, path).to.equal(403);
  });

  it('is led to from the lists of agents, the decisions and the explanations', async () => {
    lq.show({ mara: { state: 'available' } });
    lq.answer = () => ({ ok: true, explanations: [{ agentId: MARA, reasons: ['place:1'] }] });
    for (const path of ['/live/agents', '/live/queues/1', '/live/queues/1/why'])
      expect((await supervisor.get(path)).text, path).to.contain(`href="${DAY}"`);
    const forced = await supervisor.post(`${DAY}/state`, {
      ...{ state: 'available', why: 'Back', back: DAY },
    });
    expect(forced.location).to.equal(DAY);
  });
});
