import { expect } from 'chai';
import { newCallId, newRecordingId } from '../../../src/kernel/ids.js';
import {
  abandonedCall,
  answeredCall,
  roomCall,
  transferredCall,
  voicemailCall,
} from '../../support/call-events.js';
import { CallsSite, COMPANY } from '../../support/calls-site.js';
import { emptySnapshot, type TestClient } from '../../support/web.js';

const TABS = ['', '/legs', '/events', '/peaks'] as const;

describe('the page of a call', function () {
  this.timeout(60_000);
  let at: CallsSite;
  let supervisor: TestClient;
  let mara: TestClient;
  let theo: TestClient;

  before(async () => {
    at = await CallsSite.start();
    supervisor = await at.site.client('supervisor');
    mara = await at.site.client('mara');
    theo = await at.site.client('theo');
  });
  after(() => at.site.stop());
  beforeEach(() => at.clear());
  afterEach(() => {
    // That the telephone server is away is noted as an error, with a number to find it by.
    const unexpected = at.site.errors.filter((line) => !line.includes('"code":"pbx-unavailable"'));
    expect(unexpected).to.deep.equal([]);
  });

  /** What a page says, without markup. */
  const wordsOf = (text: string): string =>
    text
      .replace(/<[^>]*>/g, ' ')
      .replace(/&(#39|#x27|apos);/g, "'")
      .replace(/\s+/g, ' ');
  const read = async (path: string, client = supervisor): Promise<string> => {
    const answer = await client.get(path);
    expect(answer.status, path).to.equal(200);
    return wordsOf(answer.text);
  };

  describe('of somebody in a conference room', () => {
    it('has the recording of the room, like those of all others who were in it', async () => {
      const recordingId = newRecordingId();
      const early = roomCall(recordingId, { agentId: COMPANY.mara, staysMs: 4_000, isLast: false });
      const last = roomCall(recordingId, { staysMs: 9_000, isLast: true });
      await at.tell(early);
      const path = `/calls/${early.callId}`;
      expect(await read(path)).to.contain('the conference is still being recorded');
      await at.tell(last);
      await at.keep(recordingId, 3);
      for (const { callId } of [early, last])
        expect(await read(`/calls/${callId}`)).to.contain('Recording of the conference');
      expect(await read(path)).to.contain('0:04 of this call are in the recording');
      // Mara was in it, Theo was not.
      const audio = `/recordings/${recordingId}/audio`;
      expect((await mara.get(audio)).status).to.equal(200);
      expect((await theo.get(audio)).status).to.equal(403);
      expect((await supervisor.get(audio)).status).to.equal(200);
      const rows = await at.site.parts
        .database('calls')
        .whereIn('id', [early.callId, last.callId])
        .orderBy('recorded_ms')
        .select<{ recorded_ms: number }[]>('recorded_ms');
      expect(rows.map((row) => row.recorded_ms)).to.deep.equal([4_000, 9_000]);
    });
  });

  describe('what it tells', () => {
    it('tells the call from the first moment to the last, in its order', async () => {
      const call = answeredCall();
      await at.tell(call);
      const words = await read(`/calls/${call.callId}`);
      let position = 0;
      for (const said of [
        'Call from Ada Finch (020) 7946 0123',
        'IVR flow Main menu, version 13',
        'Pressed 9, which leads nowhere',
        'Pressed 2',
        'Entered Repairs, place 5',
        'Offered to Nia Corbin',
        'Nia Corbin declined after 0:12',
        'Offered to Mara Quill',
        'Nia Corbin: has just missed this call',
        'Mara Quill answered after 0:06',
        'Left Repairs after 1:46: answered',
        'Talking with Mara Quill',
        'Mara Quill put the call on hold',
        'Mara Quill came back',
        'Ended by the caller: Answered',
      ]) {
        const found = words.indexOf(said, position);
        expect(found, `${said} in ${words}`).to.be.at.least(0);
        position = found;
      }
    });

    it('tells of a consult and a transfer, and who had the call in turn', async () => {
      const call = transferredCall();
      await at.tell(call);
      const words = await read(`/calls/${call.callId}`);
      let position = 0;
      for (const said of [
        'Who had it Mara Quill 1:32 (transferred) → Theo Lark 1:15',
        'Mara Quill asks Theo Lark while the caller waits',
        'Theo Lark is being asked',
        'Mara Quill transferred the call to Theo Lark 2002',
        'after a consult',
        'Theo Lark took the call over',
        'Mara Quill left the talk',
        'Talking with Theo Lark',
      ]) {
        const found = words.indexOf(said, position);
        expect(found, `${said} in ${words}`).to.be.at.least(0);
        position = found;
      }
      expect(await read('/calls')).to.contain('Mara Quill → Theo Lark');
      for (const agent of [mara, theo])
        expect((await agent.get(`/calls/${call.callId}`)).status).to.equal(200);
      const found = await read(`/calls?agent=${String(COMPANY.mara)}`);
      expect(found, 'also a call of hers that went on').to.contain('Mara Quill → Theo Lark');
      await at.site.parts
        .database('users')
        .where('login', 'supervisor')
        .update({ language: 'zh-CN' });
      expect(await read(`/calls/${call.callId}`)).to.contain('咨询后转接');
      await at.site.parts.database('users').where('login', 'supervisor').update({ language: 'en' });
    });

    it('shows the facts: who, which queue, how long, in the zone of the site', async () => {
      const call = answeredCall({ startedAt: Date.UTC(2026, 6, 1, 10, 35, 41) });
      await at.tell(call);
      const words = await read(`/calls/${call.callId}`);
      for (const said of [
        'From (020) 7946 0123',
        'Called 0800 555 0110',
        'Queue Repairs',
        'Agent Mara Quill',
        'Waited 1:46',
        'Talked 4:27',
        'On hold 0:38',
        'Ended by the caller',
        'Trunk Carrier A',
        'DID Repairs line',
        'Answered 11:37:35',
        call.callId,
      ])
        expect(words).to.contain(said);
    });

    it('shows the legs and the lines of the ledger', async () => {
      const call = answeredCall();
      await at.tell(call);
      const legs = await read(`/calls/${call.callId}/legs`);
      for (const said of ['Caller', 'Nia Corbin', 'Mara Quill']) expect(legs).to.contain(said);
      const events = await supervisor.get(`/calls/${call.callId}/events`);
      expect(events.text.match(/<pre title="/g)).to.have.length(call.events.length);
    });

    it('says why there is no recording', async () => {
      const quiet = answeredCall({ recorded: false });
      const gone = abandonedCall();
      await at.tell(quiet, gone);
      expect(await read(`/calls/${quiet.callId}`)).to.contain('Not recorded:');
      expect(await read(`/calls/${gone.callId}`)).to.contain('nobody talked with the caller');
    });

    it('is written in the language of the reader', async () => {
      const call = answeredCall();
      await at.tell(call);
      const { database } = at.site.parts;
      await database('users').where('login', 'supervisor').update({ language: 'zh-CN' });
      const words = TABS.slice(0, 3).map((tab) => read(`/calls/${call.callId}${tab}`));
      for (const said of await Promise.all(words)) {
        expect(said).to.match(/\p{Script=Han}/u);
        expect(said).not.to.match(/\b(calls|player|reason|decision)\.[a-z]/);
      }
      await database('users').where('login', 'supervisor').update({ language: 'en' });
    });

    it('keeps markup and emoji in names what they are: text', async () => {
      const call = answeredCall({ fromName: `<script>alert("1")</script> 😀 O'Neil` });
      await at.tell(call);
      for (const tab of TABS.slice(0, 3)) {
        const { text } = await supervisor.get(`/calls/${call.callId}${tab}`);
        expect(text).to.contain('&lt;script&gt;').and.contain('😀');
        expect(text).not.to.contain('<script>alert');
      }
    });
  });

  describe('who may open it', () => {
    it('lets agents open calls in which they talked, and no others, in every part', async () => {
      const call = answeredCall();
      await at.tell(call);
      for (const tab of TABS) {
        const path = `/calls/${call.callId}${tab}`;
        expect((await mara.get(path)).status, path).to.equal(200);
        expect((await theo.get(path)).status, path).to.equal(403);
        const stranger = await at.site.client();
        expect((await stranger.get(path)).location, path).to.contain('/login?back=');
      }
      const nobody = await at.site.client('agent');
      expect((await nobody.get(`/calls/${call.callId}`)).status).to.equal(403);
    });

    it('does not tell agents which calls there are', async () => {
      const there = abandonedCall();
      await at.tell(there);
      const [one, other] = await Promise.all(
        [there.callId, newCallId()].map((id) => theo.get(`/calls/${id}`)),
      );
      expect(one?.status).to.equal(403);
      expect(other?.status).to.equal(403);
    });

    it('says not found for what is no call', async () => {
      await at.tell(answeredCall());
      for (const id of [
        newCallId(),
        newCallId().toLowerCase(),
        '1',
        `' OR 1=1 -- `,
        '../../etc/passwd',
        '😀',
        'x'.repeat(3_000),
      ])
        for (const tab of TABS) {
          const path = `/calls/${encodeURIComponent(id)}${tab}`;
          expect((await supervisor.get(path)).status, path.slice(0, 80)).to.equal(404);
        }
    });
  });

  describe('the recording in it', () => {
    it('offers a player to those who may hear, and the points of the waveform', async () => {
      const call = answeredCall();
      await at.tell(call);
      expect(await read(`/calls/${call.callId}`)).to.contain('on its way');
      await at.keep(call.recordingId);
      for (const client of [supervisor, mara]) {
        const { text } = await client.get(`/calls/${call.callId}`);
        expect(text).to.contain(`src="/recordings/${call.recordingId}/audio"`);
        const answer = await client.get(`/calls/${call.callId}/peaks`);
        expect(answer.headers.get('cache-control')).to.equal('private, no-store');
        const peaks = JSON.parse(answer.text) as Record<string, number[][]>;
        expect(Object.keys(peaks)).to.deep.equal([call.recordingId]);
        expect(peaks[call.recordingId]).to.have.length(2);
      }
    });

    it('checks the file against its hash when asked', async () => {
      const call = answeredCall();
      await at.tell(call);
      await at.keep(call.recordingId);
      const path = `/calls/${call.callId}?check=${call.recordingId}`;
      expect(await read(path)).to.contain('Hash verified');
      await at.site.parts.database('recordings').update({ sha256: '0'.repeat(64) });
      expect(await read(path)).to.contain('not the one that was stored');
      expect(await read(`/calls/${call.callId}?check=../../etc/passwd`)).not.to.contain(
        'verified:',
      );
    });

    it('names who heard it to supervisors only', async () => {
      const call = answeredCall();
      await at.tell(call);
      await at.keep(call.recordingId);
      await mara.get(`/recordings/${call.recordingId}/audio`);
      expect(await read(`/calls/${call.callId}`)).to.contain('Heard by Mara Quill listened');
      expect(await read(`/calls/${call.callId}`, mara)).not.to.contain('Heard by');
    });
  });

  describe('ending a call', () => {
    const openCall = async () => {
      const call = answeredCall({ startedAt: Date.now() - 200_000 });
      call.events.splice(20);
      await at.tell(call);
      const live = {
        ...{ id: call.callId, direction: 'inbound', from: '1', fromName: '', to: '2' },
        ...{ stage: 'talk', path: [], language: 'en', recording: true, agentId: COMPANY.mara },
        ...{ startedAt: Date.now(), stageSince: Date.now() },
      };
      at.site.parts.live.publish({ ...emptySnapshot(1), calls: [live as never] });
      return call.callId;
    };

    it('is for supervisors; it asks the process that runs the calls and is noted', async () => {
      const id = await openCall();
      await supervisor.get(`/calls/${id}`);
      const answer = await supervisor.post(`/calls/${id}/end`);
      expect([answer.status, answer.location]).to.deep.equal([303, `/calls/${id}`]);
      expect(at.commands).to.deep.equal([{ kind: 'end-call', callId: id }]);
      const noted = await at.site.parts.database('audit_entries').where({ action: 'call.end' });
      expect(noted).to.have.length(1);
      await mara.get(`/calls/${id}`);
      expect((await mara.post(`/calls/${id}/end`)).status).to.equal(403);
      expect((await supervisor.post(`/calls/${id}/end`, { _csrf: 'guessed' })).status).to.equal(
        403,
      );
      expect(at.commands).to.have.length(1);
    });

    it('says that the telephone server is away, and that the call was over already', async () => {
      const id = await openCall();
      await supervisor.get(`/calls/${id}`);
      at.answer = { ok: false, code: 'pbx-offline', detail: '' };
      expect((await supervisor.post(`/calls/${id}/end`)).status).to.equal(503);
      at.answer = { ok: false, code: 'no-call', detail: '' };
      expect((await supervisor.post(`/calls/${id}/end`)).status).to.equal(303);
      expect(await read(`/calls/${id}`)).to.contain('had ended already');
    });
  });

  it('shows a message that was left as its recording', async () => {
    const call = voicemailCall(undefined, COMPANY.phoneOfTheo);
    await at.tell(call);
    await at.keep(call.recordingId);
    const { text } = await supervisor.get(`/calls/${call.callId}`);
    expect(wordsOf(text)).to.contain('Left a message of 0:21').and.contain('Message');
    expect(text).to.contain('data-lanes="1"');
  });
});
