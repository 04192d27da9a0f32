import { expect } from 'chai';
import { KnexCallbackStore } from '../../../src/features/callbacks/index.js';
import { callbackOf } from '../../support/callbacks-site.js';
import type { DeskAnswer, DeskRefusal } from '../../../src/telephony/live.js';
import {
  ADA,
  adasCall,
  inLine,
  MARA,
  PHONE_2001,
  PHONE_2002,
  queuesWith,
  REPAIRS,
  THEO,
} from '../../support/live-moments.js';
import { until } from '../../support/until.js';
import type { TestClient } from '../../support/web.js';
import { WorkspaceSite } from '../../support/workspace-site.js';

const MINUTE = 60_000;
const SEAT = { extension: '2001' } as const;
const COMMANDS =
  'sign-in sign-out available not-ready finish hang-up dial redial call-back pick-up'.split(' ');
const JSON_WANTED = { accept: 'application/json' };

interface CommandAnswer {
  readonly status: number;
  readonly ok: boolean;
  readonly text: string;
}

describe("the agent's page", function () {
  this.timeout(30_000);
  let ws: WorkspaceSite;
  let mara: TestClient;

  before(async () => {
    ws = await WorkspaceSite.start();
    mara = await ws.site.client('mara');
  });
  after(() => ws.stop());
  beforeEach(async () => {
    ws.commands.length = 0;
    ws.answer = () => ({ ok: true });
    await ws.site.parts.database('calls').del();
    await ws.site.parts.database('call_talks').del();
    await ws.site.parts.database('call_events').del();
    await ws.site.parts.database('users').where('login', 'mara').update({ language: 'en' });
  });

  /** Waits until the web app has heard of it. */
  async function show(moment: Parameters<WorkspaceSite['show']>[0]): Promise<void> {
    const before = ws.site.parts.live.current?.seq ?? 0;
    ws.show(moment);
    await until('the snapshot', 5_000, () => (ws.site.parts.live.current?.seq ?? 0) > before);
  }

  async function command(
    name: string,
    fields: Readonly<Record<string, string>> = {},
    client: TestClient = mara,
  ): Promise<CommandAnswer> {
    const answer = await client.post(`/workspace/commands/${name}`, fields, JSON_WANTED);
    return { status: answer.status, ...(JSON.parse(answer.text) as { ok: boolean; text: string }) };
  }

  describe('who may open it', () => {
    it('sends strangers to the sign-in page', async () => {
      const answer = await (await ws.site.client()).get('/workspace');
      expect(answer.location).to.equal('/login?back=%2Fworkspace');
    });

    it('tells users who are no agents what to do, and hides the menu entry from them', async () => {
      const supervisor = await (await ws.site.client('supervisor')).get('/workspace');
      expect(supervisor.status).to.equal(200);
      expect(supervisor.text).to.contain('An administrator can make you one');
      expect(supervisor.text).not.to.contain('<a class="cb-nav" href="/workspace"');
      const admin = await (await ws.site.client('admin')).get('/workspace');
      expect(admin.text).to.contain('href="/setup/agents"');
    });

    it('lands agents on it', async () => {
      expect((await mara.get('/')).location).to.equal('/workspace');
    });

    it('refuses commands and panels to users who are no agents', async () => {
      const supervisor = await ws.site.client('supervisor');
      for (const name of COMMANDS) {
        const answer = await supervisor.post(`/workspace/commands/${name}`, { extension: '2001' });
        expect(answer.status, name).to.equal(403);
      }
      expect((await supervisor.get('/workspace/panels')).status).to.equal(403);
      expect(ws.commands).to.deep.equal([]);
    });

    it('refuses commands without the CSRF token, and from other sites', async () => {
      for (const name of COMMANDS) {
        const path = `/workspace/commands/${name}`;
        expect((await mara.post(path, { _csrf: 'guessed' })).status, name).to.equal(403);
        const foreign = await mara.post(path, {}, { origin: 'https://elsewhere.example' });
        expect(foreign.status, name).to.equal(403);
      }
      expect(ws.commands).to.deep.equal([]);
    });
  });

  describe('commands', () => {
    it('command nobody but the agent, whatever is sent', async () => {
      await show({ mara: { ...SEAT, state: 'talking' } });
      for (const name of ['available', 'finish', 'hang-up', 'sign-out'])
        expect(await command(name, { agentId: String(THEO), agent: '2' })).to.include({ ok: true });
      expect(ws.commands).to.deep.equal([
        { kind: 'agent-available', agentId: MARA },
        { kind: 'agent-finish-wrap-up', agentId: MARA },
        { kind: 'agent-hang-up', agentId: MARA },
        { kind: 'agent-sign-out', agentId: MARA },
      ]);
    });

    it('signs in at the typed phone', async () => {
      expect(await command('sign-in', { extension: ' 2002 ' })).to.include({ ok: true });
      expect(ws.commands).to.deep.equal([
        { kind: 'agent-sign-in', agentId: MARA, extensionId: PHONE_2002 },
      ]);
    });

    it('says that there is no such phone', async () => {
      const answer = await command('sign-in', { extension: '4711' });
      expect(answer).to.include({ status: 409, ok: false });
      expect(answer.text).to.contain('no extension 4711');
      expect(ws.commands).to.deep.equal([]);
    });

    it('takes the reasons that the page offers and no others', async () => {
      expect(await command('not-ready', { reason: 'lunch' })).to.include({ ok: true });
      expect(ws.commands).to.deep.equal([
        { kind: 'agent-not-ready', agentId: MARA, reason: 'lunch' },
      ]);
      const answer = await mara.post('/workspace/commands/not-ready', { reason: 'missed-calls' });
      expect(answer.status).to.equal(422);
      expect(ws.commands).to.have.length(1);
    });

    it('dials what people type', async () => {
      await show({ mara: { ...SEAT, state: 'available' } });
      for (const number of ['2002', '(020) 7946-0123', '+44 20 7946 0123', '999'])
        expect(await command('dial', { number }), number).to.include({ ok: true });
      expect(ws.commands.map((one) => (one.kind === 'agent-dial' ? one.number : ''))).to.deep.equal(
        ['2002', '02079460123', '+442079460123', '999'],
      );
    });

    it('presses keys of the own phone', async () => {
      await show({ mara: { ...SEAT, state: 'available' } });
      const extensionId = PHONE_2001;
      expect(await command('redial')).to.include({ ok: true });
      expect(await command('call-back')).to.include({ ok: true });
      expect(await command('pick-up', { extension: '2002' })).to.include({ ok: true });
      expect(ws.commands).to.deep.equal([
        { kind: 'phone-redial', extensionId },
        { kind: 'busy-callback', extensionId, number: '' },
        { kind: 'phone-pick-up', extensionId, at: '2002' },
      ]);
      await show({ mara: { extension: '', state: 'signed-out' } });
      expect((await command('redial')).text).to.contain('You are signed out');
    });

    it('says what is no number, and keeps markup harmless', async () => {
      for (const number of ['', 'abc', '12x', '<b>1</b>', '*11', '1'.repeat(60)]) {
        const answer = await command('dial', { number });
        expect(answer.text, number).to.contain('no number that can be dialed');
      }
      const page = await mara.post('/workspace/commands/dial', { number: '<img src=x>' });
      expect(page.status).to.equal(409);
      expect(page.text).not.to.contain('<img src=x>');
      expect(ws.commands).to.deep.equal([]);
    });

    it('says at once what the extension may not dial; emergency numbers pass', async () => {
      await show({ theo: { extension: '2002', state: 'available' } });
      const theo = await ws.site.client('theo');
      const outside = await command('dial', { number: '020 7946 0123' }, theo);
      expect(outside.text).to.contain('may not dial 020 7946 0123');
      expect(ws.commands).to.deep.equal([]);
      expect(await command('dial', { number: '999' }, theo)).to.include({ ok: true });
    });

    const REFUSALS: Readonly<Record<DeskRefusal, readonly [detail: string, words: string]>> = {
      'unknown-agent': ['', 'does not know you as an agent'],
      'recording-forbidden': ['', 'may not be recorded'],
      'recording-always': ['', 'has to be recorded'],
      'recording-on': ['', 'being recorded already'],
      'recording-off': ['', 'not being recorded'],
      'recording-paused': ['', 'paused already'],
      'recording-not-paused': ['', 'not paused'],
      'no-outside-phone': ['', 'no phone outside'],
      'not-from-outside': ['999', 'Dial 999 from the phone'],
      'unknown-extension': ['2009', 'no extension 2009'],
      'extension-taken': ['Theo Lark', 'Theo Lark is signed in at this phone'],
      'already-signed-in': ['', 'signed in at another phone'],
      'other-pbx-away': ['3005', 'does not answer, so 3005 cannot be called'],
      'phone-not-registered': ['2001', 'Phone 2001 is not registered'],
      'not-signed-in': ['', 'You are signed out'],
      'on-a-call': ['', 'You are on a call'],
      'no-call': ['', 'no such call any more'],
      'consult-under-way': ['', 'asking somebody already'],
      'no-consult': ['', 'Nobody is being consulted'],
      'not-answered-yet': ['', 'still rings'],
      'held-by-phone': ['', 'phone’s hold key'],
      'in-conference': ['', 'not possible in a conference'],
      'not-your-call': ['', 'Somebody else has this call'],
      'transfer-to-self': ['2001', '2001 is your own phone'],
      'nothing-rings': ['2003', 'Nothing rings at 2003'],
      'nothing-dialled': ['', 'dialed nothing yet'],
      'no-extension-dialled': ['', 'is no extension'],
      'code-off': ['', 'switched off for the whole site'],
      'transfer-to-caller': ['2003', '2003 is who you are talking with'],
      'unknown-flow': ['', 'IVR flow is not there'],
      'outside-cap': ['020 7946 0999', 'used up what it may call outside'],
      'queue-full': ['Repairs', 'Repairs takes no more callers'],
      'queue-closed': ['Repairs', 'Repairs is closed'],
      'queue-empty': ['Repairs', 'Nobody is signed in at Repairs'],
      'no-free-slot': ['', 'All slots for parked calls are taken'],
      'slot-taken': ['7003', 'Somebody waits at 7003'],
      'no-free-line': ['020', 'No trunk has a free line for 020'],
      'nobody-to-ask': ['', 'who can be consulted'],
      'in-the-call-already': ['2003', '2003 is in this call already'],
      'unknown-queue': ['', 'not there any more'],
      'unknown-prompt': ['', 'prompt is not there any more'],
      'already-member': ['', 'is a member of this queue already'],
      'nobody-on-the-line': ['', 'Nobody is on the line'],
      'time-has-passed': ['', 'time has passed already'],
      'not-in-line': ['', 'not in line any more'],
      'callback-not-open': ['', 'being tried, or over'],
      'no-preview': ['', 'not before you any more'],
      'preview-dialled': ['', 'being called already'],
      'not-kept': ['', 'could not be saved'],
      'unknown-contact': ['', 'cannot be called from here'],
      'do-not-call': ['', 'on the do-not-call list'],
      'bad-time': ['', 'Give a date and a time'],
      'too-far-ahead': ['', 'more than a year ahead'],
      'code-needed': ['', 'Choose a wrap-up code'],
      'bad-number': ['12x', '“12x” is no number'],
      'not-permitted': ['020', 'may not dial 020'],
      'do-not-disturb': ['2001', 'on do not disturb'],
      'phone-of-the-agent': ['2001', '2001 is the phone of this agent'],
      'phone-has-a-call': ['2009', 'Phone 2009 has a call'],
      'agent-does-not-talk': ['', 'does not talk with anybody'],
      'not-allowed-now': ['', 'not possible at this moment'],
      'pbx-offline': ['', 'telephone server cannot be reached'],
      'room-full': ['', 'room is full'],
      'room-locked': ['', 'room is locked'],
      'room-empty': ['', 'Nobody is in this room'],
      'not-in-room': ['', 'has left the room already'],
      'room-not-recorded': ['', 'never recorded'],
      'room-always-recorded': ['', 'always recorded'],
      'in-the-room-already': ['2003', '2003 is in the room already'],
      'calls-not-running': ['', 'does not answer'],
    };
    for (const [code, [detail, words]] of Object.entries(REFUSALS))
      it(`says ${code} in words`, async () => {
        ws.answer = (): DeskAnswer => ({ ok: false, code: code as DeskRefusal, detail });
        const answer = await command('available');
        expect(answer.ok).to.equal(false);
        expect(answer.text).to.contain(words);
        expect(answer.status).to.equal(
          code === 'pbx-offline' || code === 'calls-not-running' ? 503 : 409,
        );
        await ws.site.parts.database('users').where('login', 'mara').update({ language: 'zh-CN' });
        expect((await command('available')).text).to.match(/\p{Script=Han}/u);
      });

    it('shows a refusal on the page for browsers without scripts, and keeps what was typed', async () => {
      await show({});
      ws.answer = () => ({ ok: false, code: 'extension-taken', detail: 'Theo Lark' });
      const refused = await mara.post('/workspace/commands/sign-in', { extension: '2002' });
      expect(refused.status).to.equal(409);
      expect(refused.text).to.contain('Theo Lark is signed in at this phone');
      expect(refused.text).to.match(/name="extension" value="2002"/);
      ws.answer = () => ({ ok: true });
      const done = await mara.post('/workspace/commands/sign-in', { extension: '2001' });
      expect(done).to.include({ status: 303, location: '/workspace' });
    });

    it('says that the calls do not answer when their process is away', async () => {
      ws.closeDesk();
      await until('nobody listens', 5_000, async () => {
        const answer = await command('available');
        return answer.status === 503 && answer.text.includes('does not answer');
      });
      ws.openDesk();
      await until('somebody listens', 5_000, async () => (await command('available')).ok);
    });
  });

  describe('what it shows', () => {
    it('presets the own phone for signing in', async () => {
      await show({});
      const { text } = await mara.get('/workspace');
      expect(text).to.match(/name="extension" value="2001"/);
      expect(text).to.contain('<option value="2002">Theo Lark</option>');
      expect(text).to.contain('Your phone 2001 is registered.');
    });

    it('shows a ringing call without any script, and is the same after loading again', async () => {
      const call = adasCall();
      await show({
        mara: { ...SEAT, state: 'ringing', callId: call.id },
        calls: [call],
        queues: queuesWith([inLine(call.id, 106_000)]),
      });
      for (const page of [await mara.get('/workspace'), await mara.get('/workspace')]) {
        expect(page.text).to.match(/data-live="who">Ada Finch</);
        expect(page.text).to.match(/data-live="via">Repairs line 0800 555 0110</);
        expect(page.text).to.contain('Lift the handset of 2001');
      }
    });

    it('escapes what callers call themselves', async () => {
      const name = '<script>alert(1)</script>';
      const call = adasCall({ fromName: name, path: ['<i>2</i>'] });
      await ws.addCall({ startedMsAgo: MINUTE, name, agentId: MARA, talkMs: 1_000 });
      await show({ mara: { ...SEAT, state: 'ringing', callId: call.id }, calls: [call] });
      const { text } = await mara.get('/workspace');
      expect(text).to.contain('&lt;script&gt;alert(1)&lt;/script&gt;');
      expect(text).not.to.contain(name);
      expect(text).not.to.contain('<i>2</i>');
    });

    it('counts today: own connected calls that have ended since midnight, without tests', async () => {
      const { database } = ws.site.parts;
      // At the site's midnight the day may be seconds old: the calls lie at the same moment, now.
      await ws.addCall({ startedMsAgo: 0, agentId: MARA, talkMs: 100_000 });
      await ws.addCall({ startedMsAgo: 0, agentId: MARA, talkMs: 200_000 });
      await ws.addCall({ startedMsAgo: 0, agentId: MARA, talkMs: 0, result: 'no-answer' });
      await ws.addCall({ startedMsAgo: 0, agentId: MARA, talkMs: 5_000, result: null });
      await ws.addCall({ startedMsAgo: 0, agentId: THEO, talkMs: 999_000 });
      await ws.addCall({ startedMsAgo: 48 * 60 * MINUTE, agentId: MARA, talkMs: 999_000 });
      const test = await ws.addCall({ startedMsAgo: 0, agentId: MARA, talkMs: 999_000 });
      await database('calls').where('id', test).update({ test: true });
      await database('call_talks').where('call_id', test).update({ test: true });
      const { text } = await mara.get('/workspace/panels');
      expect(text).to.match(/<b class="num">2<\/b> calls/);
      expect(text).to.match(/average talk<\/span> <b class="num">2:30</);
      const [, href = ''] = /id="ws-today" href="([^"]+)"/.exec(text) ?? [];
      const address = href.replaceAll('&amp;', '&').replaceAll('&#x3D;', '=');
      const asked = new URL(address, 'http://site').searchParams;
      expect(Object.fromEntries(asked)).to.deep.equal({
        period: 'today',
        result: 'answered',
        agent: '1',
      });
    });

    it("shows earlier calls of the caller's number with all agents, and opens only the own ones", async () => {
      const call = adasCall({ stage: 'talk', connectedAt: Date.now(), agentId: MARA });
      await ws.addCall({ id: call.id, startedMsAgo: 2 * MINUTE, agentId: MARA, result: null });
      const theirs = await ws.addCall({
        startedMsAgo: 3_000 * MINUTE,
        agentId: THEO,
        talkMs: 372_000,
      });
      const own = await ws.addCall({ startedMsAgo: 4_000 * MINUTE, agentId: MARA, talkMs: 60_000 });
      await ws.addCall({ startedMsAgo: 5_000 * MINUTE, result: 'abandoned' });
      await ws.addCall({
        startedMsAgo: 100 * MINUTE,
        from: '+442079460999',
        agentId: THEO,
        name: 'Bo',
      });
      await show({ mara: { ...SEAT, state: 'talking', callId: call.id }, calls: [call] });
      const { text } = await mara.get('/workspace/panels');
      const caller = text.slice(
        text.indexOf('id="ws-caller-card"'),
        text.indexOf('id="ws-own-card"'),
      );
      expect(caller).to.contain('Theo Lark').and.contain('talked 6:12').and.contain('Abandoned');
      expect(caller).to.contain(`href="/calls/${own}"`);
      expect(caller).not.to.contain(theirs).and.not.contain('Bo').and.not.contain(call.id);
    });

    it('masks numbers where the site says so, and calls again without them', async () => {
      const { database, directory } = ws.site.parts;
      const isMasked = async (value: boolean): Promise<void> => {
        const stored = JSON.stringify({ version: 1, value: { isMasked: value } });
        await database('settings')
          .insert({ name: 'number-privacy', value: stored })
          .onConflict('name')
          .merge();
        await directory.refresh();
      };
      const call = adasCall({ stage: 'talk', connectedAt: Date.now(), agentId: MARA });
      await ws.addCall({ id: call.id, startedMsAgo: 2 * MINUTE, agentId: MARA, result: null });
      const own = await ws.addCall({
        startedMsAgo: 4_000 * MINUTE,
        agentId: MARA,
        talkMs: 60_000,
        name: '',
      });
      await show({ mara: { ...SEAT, state: 'talking', callId: call.id }, calls: [call] });
      await isMasked(true);
      try {
        for (const path of ['/workspace', '/workspace/panels', `/calls/${own}`]) {
          const { text } = await mara.get(path);
          expect(text, path).not.to.contain('7946 0123').and.not.contain('79460123');
        }
        expect((await mara.get('/workspace/panels')).text).to.contain('(020) **** 0123');
        await show({ mara: { ...SEAT, state: 'available' } });
        expect(await command('dial', { number: '(020) **** 0123', call: own })).to.include({
          ok: true,
        });
        expect(ws.commands.at(-1)).to.include({ kind: 'agent-dial', number: ADA });
        expect(await command('dial', { number: '020', call: 'somebody else' })).to.include({
          ok: false,
        });
      } finally {
        await isMasked(false);
      }
      expect((await mara.get('/workspace/panels')).text).to.contain('(020) 7946 0123');
    });

    it('tells how the call came to the agent, from the ledger', async () => {
      const call = adasCall({ stage: 'talk', connectedAt: Date.now(), agentId: MARA });
      const queue = { queueId: REPAIRS, name: 'Repairs' };
      await ws.addEvent(call.id, 1, { kind: 'queue-entered', ...queue, place: 3, priority: 0 });
      const offered = { kind: 'offered', queueId: REPAIRS } as const;
      await ws.addEvent(call.id, 2, {
        ...offered,
        agentId: THEO,
        agentName: 'Theo Lark',
        reasons: ['longest-idle:999', 'agents-fitting:2'],
      });
      await ws.addEvent(call.id, 3, {
        ...offered,
        agentId: MARA,
        agentName: 'Mara Quill',
        reasons: ['longest-idle:52', 'agents-fitting:3', 'skipped-missed-this-call:Theo Lark'],
      });
      const left = { outcome: 'answered', reason: 'answered', waitedMs: 106_000 } as const;
      await ws.addEvent(call.id, 4, { kind: 'queue-left', queueId: REPAIRS, ...left });
      await show({ mara: { ...SEAT, state: 'talking', callId: call.id }, calls: [call] });
      const { text } = await mara.get('/workspace/panels');
      expect(text).to.contain('1:46').and.contain('place 3 on entry');
      expect(text).to.contain('Longest idle: 0:52').and.contain('2 other agents were free');
      expect(text).to.contain('Theo Lark: has just missed this call');
    });

    it('shows a callback as one, while the phone rings and in the talk', async () => {
      const asked = adasCall();
      const callback = callbackOf({
        callId: asked.id,
        queueId: REPAIRS,
        number: ADA,
        enteredAt: Date.now() - 400_000,
      });
      await new KnexCallbackStore(ws.site.parts.database).add(callback);
      const queue = { queueId: REPAIRS, name: 'Repairs' };
      await ws.addEvent(asked.id, 1, { kind: 'queue-entered', ...queue, place: 2, priority: 0 });
      const call = adasCall({ direction: 'outbound', from: '2001', to: ADA, stage: 'talk' });
      const offered = {
        ...{ ...inLine(call.id, 400_000), callbackId: callback.id, offeredTo: [MARA] },
        context: [{ name: 'need', label: '', value: 'Dishwasher repair' }],
      };
      const ringing = { ...SEAT, state: 'ringing', callId: call.id } as const;
      await show({ mara: ringing, queues: queuesWith([offered]) });
      const first = (await mara.get('/workspace')).text;
      expect(first).to.contain('Callback · Repairs').and.contain('Ada Finch');
      expect(first).to.contain('What is known of this call').and.contain('Dishwasher repair');
      expect(first).to.match(
        /Callback · asked at \d\d:\d\d, kept place 2, waited 6:4\d in all, queue/,
      );
      const { id: callbackId } = callback;
      const tried = { callbackId, queueId: REPAIRS, attempt: 2, waitedMs: 500_000 };
      await ws.addEvent(call.id, 1, { kind: 'callback-tried', ...tried });
      const talking = { ...SEAT, state: 'talking', callId: call.id } as const;
      await show({ mara: talking, calls: [{ ...call, connectedAt: Date.now() }] });
      const second = (await mara.get('/workspace/panels')).text;
      expect(second).to.contain('kept place 2, waited 8:20 in all').and.contain('Try 2');
      await ws.site.parts.database('callbacks').del();
    });

    it('keeps the caller in sight during wrap-up, also after loading again', async () => {
      await ws.addCall({ startedMsAgo: 2 * MINUTE, agentId: MARA, talkMs: 60_000 });
      await show({ mara: { ...SEAT, state: 'wrap-up', until: Date.now() + MINUTE } });
      const { text } = await mara.get('/workspace');
      expect(text).to.match(/id="ws-wrapped"><div class="who cut">Ada Finch</);
      expect(text).to.contain('Earlier calls with this number');
    });

    it('tells whether the end of a call has reached the database', async () => {
      const id = await ws.addCall({ startedMsAgo: MINUTE, agentId: MARA, result: null });
      const asked = `/workspace/panels?after=${id}`;
      expect((await mara.get(asked)).text).to.contain('data-pending="true"');
      await ws.site.parts.database('calls').where({ id }).update({ ended_at: new Date() });
      expect((await mara.get(asked)).text).to.contain('data-pending="false"');
      const odd = await mara.get(`/workspace/panels?after=${encodeURIComponent("' or 1=1 --")}`);
      expect(odd.text).to.contain('data-pending="false"');
    });

    it('tells nothing of earlier calls where the number is withheld', async () => {
      await ws.addCall({ startedMsAgo: 100 * MINUTE, from: '', name: '', agentId: THEO });
      const call = adasCall({ from: '', fromName: '' });
      await show({ mara: { ...SEAT, state: 'ringing', callId: call.id }, calls: [call] });
      const { text } = await mara.get('/workspace/panels');
      expect(text).to.contain('number is withheld').and.not.contain('Theo Lark');
    });

    it('counts the calls of a number today', async () => {
      const call = adasCall();
      await ws.addCall({ id: call.id, startedMsAgo: 0, result: null });
      await ws.addCall({ startedMsAgo: 0, result: 'abandoned' });
      await show({ mara: { ...SEAT, state: 'ringing', callId: call.id }, calls: [call] });
      expect((await mara.get('/workspace/panels')).text).to.contain('Called 2 times today');
      expect(call.from).to.equal(ADA);
    });

    it("lets an agent sit at a colleague's phone; the own one is only preset", async () => {
      await show({});
      const theo = await ws.site.client('theo');
      expect((await theo.get('/workspace')).text).to.match(/name="extension" value="2002"/);
      await command('sign-in', { extension: '2001' }, theo);
      expect(ws.commands).to.deep.equal([
        { kind: 'agent-sign-in', agentId: THEO, extensionId: PHONE_2001 },
      ]);
    });
  });
});
