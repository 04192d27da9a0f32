import { expect } from 'chai';
import { newRecordingId, type AgentId, type QueueId } from '../../../src/kernel/ids.js';
import type { LiveAgent } from '../../../src/telephony/live.js';
import type { CallScript } from '../../support/call-events.js';
import { voicemailCall } from '../../support/call-events.js';
import { CallsSite, COMPANY } from '../../support/calls-site.js';
import { emptySnapshot, type TestClient } from '../../support/web.js';

const ACTIONS = [
  ...['heard', 'new', 'remark', 'archive', 'restore'],
  ...['handle', 'reopen', 'keep', 'release', 'call-back'],
] as const;

describe('voicemail pages', function () {
  this.timeout(60_000);
  let at: CallsSite;
  let supervisor: TestClient;
  let mara: TestClient;
  let theo: TestClient;
  let toTheo: CallScript;
  let toRepairs: CallScript;
  let toNobody: CallScript;

  before(async () => {
    at = await CallsSite.start();
    await at.site.parts.directory.refresh();
    supervisor = await at.site.client('supervisor');
    mara = await at.site.client('mara');
    theo = await at.site.client('theo');
  });
  after(() => at.site.stop());
  beforeEach(async () => {
    await at.clear();
    const now = Date.now();
    toTheo = voicemailCall(now - 300_000, COMPANY.phoneOfTheo);
    toRepairs = forQueue(now - 200_000);
    toNobody = voicemailCall(now - 100_000);
    await at.tell(toTheo, toRepairs, toNobody);
  });
  afterEach(() => {
    expect(at.site.errors).to.deep.equal([]);
  });

  function forQueue(startedAt: number): CallScript {
    const call = voicemailCall(startedAt);
    const left = call.events.findIndex((event) => event.kind === 'voicemail-left');
    Object.assign(call.events[left] ?? {}, { queueId: COMPANY.repairs as QueueId });
    return call;
  }
  const list = async (client = supervisor, query = ''): Promise<string> => {
    const answer = await client.get(`/voicemail${query}`);
    expect(answer.status).to.equal(200);
    return answer.text;
  };
  /** Recordings of the messages of a list, in its order, by the form for their remark. */
  const ids = async (client = supervisor, query = ''): Promise<string[]> =>
    [...(await list(client, query)).matchAll(/action="\/voicemail\/(\w+)\/remark"/g)].map(
      ([, id]) => id ?? '',
    );
  const act = (client: TestClient, call: CallScript, action: string, fields = {}) =>
    client.post(`/voicemail/${call.recordingId}/${action}`, fields);
  const row = (call: CallScript): Promise<Record<string, unknown>> =>
    at.site.parts
      .database('voicemails')
      .where('recording_id', call.recordingId)
      .first('*') as Promise<Record<string, unknown>>;

  describe('the list', () => {
    it('shows all messages to supervisors, the newest first, and for whom they are', async () => {
      expect(await ids()).to.deep.equal(
        [toNobody, toRepairs, toTheo].map((call) => call.recordingId),
      );
      const text = await list();
      for (const said of ['Extension 2002', 'Queue Repairs', 'Everyone', '3 new'])
        expect(text).to.contain(said);
    });

    it('shows agents those for their extension and their queues', async () => {
      expect(await ids(theo)).to.deep.equal([toTheo.recordingId]);
      expect(await ids(mara)).to.deep.equal([toRepairs.recordingId]);
      expect(await ids(await at.site.client('agent'))).to.deep.equal([]);
      const text = await list(theo);
      expect(text).to.contain('1 new').and.contain('for your extension and your queues');
    });

    it('asks strangers to sign in', async () => {
      const stranger = await at.site.client();
      expect((await stranger.get('/voicemail')).location).to.contain('/login?back=');
    });

    it('searches numbers, names and remarks, with quotes, SQL and emoji as text', async () => {
      await list();
      await act(supervisor, toTheo, 'remark', { remark: `O'Neil "rang" 100% 😀 <b>` });
      for (const q of [`O'Neil`, '"rang"', '100%', '😀', '<b>'])
        expect(await ids(supervisor, `?q=${encodeURIComponent(q)}`), q).to.deep.equal([
          toTheo.recordingId,
        ]);
      for (const q of [`' OR 1=1 -- `, '%%%%', '\\'])
        expect(await ids(supervisor, `?q=${encodeURIComponent(q)}`), q).to.deep.equal([]);
      expect(await ids(supervisor, '?q=7946')).to.have.length(3);
      expect(await list())
        .to.contain('&lt;b&gt;')
        .and.not.contain('😀 <b>');
    });

    it('masks numbers on the page and in the file, and finds them by the whole number only', async () => {
      const [number = ''] = /\+44\d+/.exec(JSON.stringify(toTheo.events[0])) ?? [];
      const file = async (): Promise<string> => (await theo.get('/voicemail/export.csv')).text;
      expect(await file()).to.contain(number);
      await at.whileMasked(async () => {
        expect(await file())
          .to.contain(`**** ${number.slice(-4)}`)
          .and.not.contain(number);
        expect(await list(theo)).not.to.contain(number.slice(-7));
        expect(await ids(theo, `?q=${encodeURIComponent(number)}`)).to.have.length(1);
        for (const part of [number.slice(0, 6), number.slice(-4), '7946'])
          expect(await ids(theo, `?q=${encodeURIComponent(part)}`), part).to.deep.equal([]);
      });
    });

    it('narrows to new and to heard ones; nonsense narrows nothing', async () => {
      await list();
      await act(supervisor, toTheo, 'heard');
      expect(await ids(supervisor, '?state=heard')).to.deep.equal([toTheo.recordingId]);
      expect(await ids(supervisor, '?state=new')).to.have.length(2);
      expect(await ids(supervisor, '?state=%27%20OR%201&sort=x&page=-1')).to.have.length(3);
    });

    it('says that there is nothing where there is nothing', async () => {
      await at.clear();
      expect(await list())
        .to.contain('No messages.')
        .and.contain('nothing new');
    });
  });

  describe('hearing', () => {
    it('offers the sound when it is stored, and marks the message heard when it is fetched', async () => {
      expect(await list(theo)).to.contain('on its way');
      await at.keep(toTheo.recordingId);
      expect(await list(theo)).to.contain(`src="/recordings/${toTheo.recordingId}/audio"`);
      expect((await row(toTheo))['heard_at']).to.equal(null);
      const sound = await theo.get(`/recordings/${toTheo.recordingId}/audio`);
      expect(sound.status).to.equal(200);
      expect(await row(toTheo)).to.include({ heard_by: await userId('theo') });
      expect(await list(theo))
        .to.contain('nothing new')
        .and.contain('Theo Lark');
    });

    it('keeps who heard it first', async () => {
      await at.keep(toTheo.recordingId);
      await theo.get(`/recordings/${toTheo.recordingId}/audio`);
      const { heard_at: first } = await row(toTheo);
      await supervisor.get(`/recordings/${toTheo.recordingId}/audio`);
      const marked = await row(toTheo);
      expect(marked['heard_by']).to.equal(await userId('theo'));
      expect(marked['heard_at']).to.deep.equal(first);
    });

    it('says that the sound is missing', async () => {
      await at.site.parts.database('recordings').update({ state: 'missing', problem: 'gone' });
      expect(await list()).to.contain('missing');
    });
  });

  const userId = async (login: string): Promise<number> =>
    (await at.site.parts.database('users').where({ login }).first<{ id: number }>('id')).id;

  describe('marking', () => {
    it('marks heard and new again, and goes back to the list it was on', async () => {
      await list(theo);
      const heard = await act(theo, toTheo, 'heard', { back: '/voicemail?state=new&page=2' });
      expect(heard).to.include({ status: 303, location: '/voicemail?state=new&page=2' });
      expect((await row(toTheo))['heard_at']).to.be.instanceOf(Date);
      expect((await act(theo, toTheo, 'new')).status).to.equal(303);
      expect(await row(toTheo)).to.include({ heard_at: null, heard_by: null });
    });

    it('goes back to nowhere else', async () => {
      await list();
      for (const back of [
        'https://elsewhere.example',
        '//elsewhere.example',
        '/voicemail/../calls',
        '/voicemail?x\r\nset-cookie: a=b',
      ]) {
        const { location } = await act(supervisor, toTheo, 'heard', { back });
        expect(location, back).to.equal('/voicemail');
      }
    });

    it('archives, and takes it back by undo; both are noted', async () => {
      await list();
      expect((await act(supervisor, toTheo, 'archive')).location).to.equal('/voicemail');
      const after = await list();
      const undo = `/voicemail/${toTheo.recordingId}/restore`;
      expect(after).to.contain('Message deleted.').and.contain(`action="${undo}"`);
      expect(await ids()).not.to.include(toTheo.recordingId);
      expect(await ids(supervisor, '?archived=only')).to.deep.equal([toTheo.recordingId]);
      expect(await list()).to.contain('2 new');
      expect((await supervisor.post(undo)).status).to.equal(303);
      expect(await list())
        .to.contain('Message restored.')
        .and.contain('3 new');
      const actions = await at.site.parts.database('audit_entries').orderBy('id').pluck('action');
      expect(actions).to.deep.equal(['voicemail.archive', 'voicemail.restore']);
    });

    it('notes what was remarked, old and new, and refuses what is too long', async () => {
      await list();
      await act(supervisor, toTheo, 'remark', { remark: 'call back' });
      await act(supervisor, toTheo, 'remark', { remark: 'done' });
      await act(supervisor, toTheo, 'remark', { remark: 'done' });
      const noted = await at.site.parts.database('audit_entries').orderBy('id').pluck('changes');
      expect(
        noted.map((one: unknown) => (typeof one === 'string' ? JSON.parse(one) : one) as object),
      ).to.deep.equal([{ remark: ['', 'call back'] }, { remark: ['call back', 'done'] }]);
      const refused = await act(supervisor, toTheo, 'remark', { remark: 'x'.repeat(256) });
      expect(refused.status).to.equal(422);
      expect((await row(toTheo))['remark']).to.equal('done');
    });
  });

  describe('dealing with it', () => {
    const signIn = (extension: string): void => {
      const theoNow: LiveAgent = {
        ...{ id: COMPANY.theo as AgentId, name: 'Theo Lark', state: 'available', since: 0 },
        ...{ reason: '', extension, queues: [] },
      };
      at.site.parts.live.publish({ ...emptySnapshot(1), agents: [theoNow] });
    };
    const ownPhone = async (extension_id: number | null): Promise<void> => {
      await at.site.parts.database('agents').where({ id: COMPANY.theo }).update({ extension_id });
      await at.site.parts.directory.refresh();
    };
    afterEach(() => {
      at.site.parts.live.publish(emptySnapshot(2));
    });

    it('calls back from the own extension of an agent who is not signed in', async () => {
      expect(await list(theo)).to.contain(`/voicemail/${toTheo.recordingId}/call-back`);
      await act(theo, toTheo, 'call-back');
      expect(at.commands).to.deep.equal([
        { kind: 'phone-dial', extensionId: COMPANY.phoneOfTheo, number: '+442079460113' },
      ]);
      expect(await row(toTheo)).to.include({ handled_by: await userId('theo') });
    });

    it('calls back from the phone of a signed-in agent, and notes who dealt with it', async () => {
      signIn('2001');
      await list(theo);
      const answer = await act(theo, toTheo, 'call-back');
      expect(answer.status).to.equal(303);
      expect(at.commands).to.deep.equal([
        { kind: 'agent-dial', agentId: COMPANY.theo, number: '+442079460113' },
      ]);
      expect(await row(toTheo)).to.include({ handled_by: await userId('theo') });
      expect(await list(theo)).to.contain('dealt with by Theo Lark');
      expect(await ids(supervisor, '?state=unhandled')).to.have.length(2);
      await act(theo, toTheo, 'reopen');
      expect(await row(toTheo)).to.include({ handled_at: null, handled_by: null });
    });

    it('says why it could not call, and then nobody has dealt with it', async () => {
      await list(theo);
      at.answer = { ok: false, code: 'not-signed-in', detail: '' };
      await act(theo, toTheo, 'call-back');
      expect(await list(theo)).to.contain('Not called back:');
      expect(await row(toTheo)).to.include({ handled_at: null });
    });

    it('offers no call back to those who have no phone', async () => {
      expect(await list()).not.to.contain('call-back');
      expect((await act(supervisor, toTheo, 'call-back')).status).to.equal(403);
      expect(at.commands).to.deep.equal([]);
    });

    it('offers an agent without an own extension to call back only while signed in', async () => {
      await at.site.parts
        .database('queue_members')
        .insert({ queue_id: COMPANY.repairs, agent_id: COMPANY.theo });
      await ownPhone(null);
      try {
        expect(await list(theo))
          .to.contain('/remark')
          .and.not.to.contain('/call-back');
        expect((await act(theo, toRepairs, 'call-back')).status).to.equal(403);
        signIn('2001');
        expect(await list(theo)).to.contain(`/voicemail/${toRepairs.recordingId}/call-back`);
      } finally {
        await ownPhone(COMPANY.phoneOfTheo);
        await at.site.parts
          .database('queue_members')
          .where({ queue_id: COMPANY.repairs, agent_id: COMPANY.theo })
          .del();
      }
    });

    it('keeps a message from retention and lets it go', async () => {
      await list();
      await act(supervisor, toTheo, 'keep');
      expect(await ids(supervisor, '?state=kept')).to.deep.equal([toTheo.recordingId]);
      await act(supervisor, toTheo, 'release');
      expect(await ids(supervisor, '?state=kept')).to.deep.equal([]);
    });

    it('narrows to a box, and exports what is shown', async () => {
      const query = `?box=queue:${String(COMPANY.repairs)}`;
      expect(await ids(supervisor, query)).to.deep.equal([toRepairs.recordingId]);
      expect(await ids(supervisor, '?box=everything')).to.have.length(3);
      await act(supervisor, toRepairs, 'remark', { remark: '=1+1, "quoted"' });
      const lines = (await supervisor.get(`/voicemail/export.csv${query}`)).text
        .trim()
        .split('\r\n');
      expect(lines).to.have.length(2);
      expect(lines[1]).to.contain('Queue Repairs').and.contain(`"'=1+1, ""quoted"""`);
      const ofMara = (await mara.get('/voicemail/export.csv')).text.trim().split('\r\n');
      expect(ofMara).to.have.length(2);
    });
  });

  describe('who hears the box of a team', () => {
    afterEach(async () => {
      await at.site.parts.database('mailbox_listeners').del();
      await at.site.parts.database('mailboxes').del();
    });

    it('its members, unless the box says otherwise, and agents that it names', async () => {
      const { database } = at.site.parts;
      const [box] = await database('mailboxes').insert({ queue_id: COMPANY.repairs });
      expect(await ids(mara)).to.deep.equal([toRepairs.recordingId]);
      await database('mailboxes').update({ members_hear: false });
      expect(await ids(mara)).to.deep.equal([]);
      await database('mailbox_listeners').insert({ mailbox_id: box, agent_id: COMPANY.theo });
      expect(await ids(theo)).to.have.members([toTheo.recordingId, toRepairs.recordingId]);
      await at.keep(toRepairs.recordingId);
      const sound = `/recordings/${toRepairs.recordingId}/audio`;
      expect((await theo.get(sound)).status).to.equal(200);
      expect((await mara.get(sound)).status).to.equal(403);
    });
  });

  describe('who may do it', () => {
    it('lets nobody touch messages for others', async () => {
      await Promise.all([list(mara), list(theo)]);
      for (const action of ACTIONS) {
        const answer = await act(mara, toTheo, action, { remark: 'mine' });
        expect(answer.status, action).to.equal(404);
        expect((await act(theo, toNobody, action, { remark: 'mine' })).status).to.equal(404);
      }
      expect(await row(toTheo)).to.include({ heard_at: null, archived_at: null, remark: '' });
    });

    it('refuses without the CSRF token, and strangers', async () => {
      await list();
      const stranger = await at.site.client();
      await stranger.get('/login');
      for (const action of ACTIONS) {
        const fields = { _csrf: 'guessed', remark: 'x' };
        expect((await act(supervisor, toTheo, action, fields)).status, action).to.equal(403);
        expect((await act(stranger, toTheo, action)).status, action).to.equal(401);
      }
      expect(await row(toTheo)).to.include({ heard_at: null, archived_at: null, remark: '' });
    });

    it('has no message for what is no id', async () => {
      await list();
      for (const id of [newRecordingId(), '1', '..%2f..%2fetc', '%00', '%27%20OR%201%3D1'])
        for (const action of ACTIONS) {
          const answer = await supervisor.post(`/voicemail/${id}/${action}`, { remark: '' });
          expect(answer.status, `${id} ${action}`).to.equal(404);
        }
    });
  });
});
