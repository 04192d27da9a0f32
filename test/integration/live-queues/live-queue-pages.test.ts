import { expect } from 'chai';
import { newCallId, type CallbackId, type CallId } from '../../../src/kernel/ids.js';
import type { DeskCommand, DeskRefusal } from '../../../src/telephony/live.js';
import {
  adasCall,
  inLine,
  MARA,
  PHONE_2002,
  queuesWith,
  REPAIRS,
  THEO,
} from '../../support/live-moments.js';
import { LiveQueueSite } from '../../support/live-queue-site.js';
import type { TestClient } from '../../support/web.js';

const JSON_WANTED = { accept: 'application/json' };
const PARTIAL = { 'hx-request': 'true' };
const MINUTE = 60_000;

describe('live queues', function () {
  this.timeout(60_000);
  let lq: LiveQueueSite;
  let supervisor: TestClient;
  let agent: TestClient;
  let call: CallId;
  let callback: CallId;

  before(async () => {
    lq = await LiveQueueSite.start();
    [supervisor, agent] = await Promise.all([
      lq.site.client('supervisor'),
      lq.site.client('agent'),
    ]);
  });
  after(() => lq.stop());
  beforeEach(async () => {
    lq.commands.length = 0;
    lq.answer = () => ({ ok: true });
    await lq.site.parts.database('audit_entries').del();
    [call, callback] = [newCallId(), newCallId()];
    lq.show({
      queues: queuesWith([
        { ...inLine(call, 4 * MINUTE), priority: 20 },
        {
          ...inLine(callback, MINUTE, 2),
          name: 'Cal Back',
          callbackId: newCallId() as string as CallbackId,
        },
      ]),
      mara: { state: 'available', extension: '2001' },
    });
  });
  afterEach(() => {
    expect(lq.site.errors).to.deep.equal([]);
  });

  const at = (what: string, id: string = call): string =>
    `/live/queues/${String(REPAIRS)}/calls/${id}/${what}`;
  /** Every command with the fields of its form, what it asks of the calls, and its line in the audit log. */
  const all = (): readonly (readonly [string, Record<string, string>, DeskCommand, string])[] => [
    [
      at('priority'),
      { priority: '30' },
      { kind: 'steer-priority', callId: call, priority: 30 },
      'Test supervisor | call.set-priority | Ada Finch | {"priority":[20,30],"outcome":["","done"]}',
    ],
    [
      at('offer'),
      { agent: String(THEO) },
      { kind: 'steer-to-agent', callId: call, agentId: THEO, forMs: 5 * MINUTE },
      'Test supervisor | call.offer-to-agent | Ada Finch | {"agent":["","Theo Lark"],"outcome":["","done"]}',
    ],
    [
      at('move'),
      { queue: '2' },
      { kind: 'steer-to-queue', callId: call, queueId: 2 as never },
      'Test supervisor | call.move-to-queue | Ada Finch | {"queue":["Repairs","Billing"],"outcome":["","done"]}',
    ],
    [
      at('end'),
      {},
      { kind: 'end-call', callId: call },
      'Test supervisor | call.end | Ada Finch | {"outcome":["","done"]}',
    ],
    [
      `/live/agents/${String(MARA)}/state`,
      { state: 'not-ready:lunch', why: 'Fire drill' },
      {
        kind: 'agent-force',
        agentId: MARA,
        to: 'not-ready',
        reason: 'lunch',
        by: 'Test supervisor',
        why: 'Fire drill',
      },
      'Test supervisor | agent.force-state | Mara Quill | {"state":["available","not-ready:lunch"],"reason":["","Fire drill"],"outcome":["","done"]}',
    ],
  ];

  it('gives each command once, with its line in the audit log, to scripts', async () => {
    for (const [path, fields, command, line] of all()) {
      lq.commands.length = 0;
      const answer = await supervisor.post(path, fields, JSON_WANTED);
      expect([answer.status, answer.text], path).to.deep.equal([200, '{"ok":true,"text":""}']);
      expect(lq.commands, path).to.deep.equal([command]);
      expect((await lq.auditLines()).at(-1), path).to.equal(line);
    }
  });

  it('works as plain forms: back to the board, which says what was asked', async () => {
    for (const [path, fields] of all()) {
      const back = path.includes('/agents/') ? { back: '/live/queues/1' } : {};
      const answer = await supervisor.post(path, { ...fields, ...back });
      expect([answer.status, answer.location], path).to.deep.equal([303, '/live/queues/1']);
      const board = await supervisor.get('/live/queues/1');
      expect(board.text, path).to.match(/toast-cb.*(Ada Finch|Mara Quill) (was|is)/);
    }
    const elsewhere = { ...all()[4]?.[1], back: 'https://elsewhere.example/' };
    const answer = await supervisor.post('/live/agents/1/state', elsewhere);
    expect(answer.location).to.equal('/live/agents');
  });

  it('refuses agents, strangers, and forms without the token', async () => {
    const stranger = await lq.site.client();
    for (const [path, fields] of all()) {
      expect((await agent.post(path, fields)).status, path).to.equal(403);
      expect((await supervisor.post(path, { ...fields, _csrf: 'guessed' })).status).to.equal(403);
      await stranger.get('/login');
      expect((await stranger.post(path, fields, JSON_WANTED)).status).to.equal(401);
    }
    for (const path of ['/live/queues', '/live/queues/1', '/live/agents', at('why'), at('edit')])
      expect((await agent.get(path)).status, path).to.equal(403);
    expect(lq.commands).to.deep.equal([]);
    expect(await lq.auditLines()).to.deep.equal([]);
  });

  it('says why the calls refused, where the command was given, in words about the other person', async () => {
    const refusals: readonly (readonly [DeskRefusal, number, string])[] = [
      ['not-in-line', 409, 'This caller is not in line any more.'],
      ['unknown-agent', 409, 'does not know this agent'],
      ['on-a-call', 409, 'The agent is on a call.'],
      ['not-signed-in', 409, 'The agent is signed out.'],
      ['calls-not-running', 503, 'does not answer'],
      ['pbx-offline', 503, 'cannot be reached'],
    ];
    for (const [code, status, words] of refusals) {
      lq.answer = () => ({ ok: false, code, detail: '' });
      for (const [path, fields] of all()) {
        const script = await supervisor.post(path, fields, JSON_WANTED);
        expect(script.status, `${code} ${path}`).to.equal(status);
        expect(script.text).to.contain(words);
        const page = await supervisor.post(path, fields);
        expect([page.status, page.text.includes(words)], path).to.deep.equal([status, true]);
        expect((await lq.auditLines()).at(-1), path).to.contain(`"outcome":["","${code}"]`);
      }
    }
  });

  it('keeps what was typed and says what would be right', async () => {
    for (const priority of ['', 'much', '-1', '101', '7.5']) {
      const answer = await supervisor.post(at('priority'), { priority });
      expect(answer.status, priority).to.equal(422);
      expect(answer.text).to.contain('Must be a whole number from 0 to 100.');
      expect(answer.text).to.contain(
        `name="priority" type="text" inputmode="numeric" value="${priority}"`,
      );
    }
    const state = '/live/agents/1/state';
    const noWhy = await supervisor.post(state, { state: 'available', why: ' ' });
    expect([noWhy.status, noWhy.text.includes('Say why.')]).to.deep.equal([422, true]);
    for (const [path, fields] of [
      [state, { state: 'asleep', why: 'x' }],
      [state, { state: 'not-ready:nonsense', why: 'x' }],
      [at('offer'), { agent: '99' }],
      [at('move'), { queue: String(REPAIRS) }],
      [at('move'), { queue: 'x' }],
    ] as const)
      expect((await supervisor.post(path, fields, JSON_WANTED)).status, path).to.equal(422);
    expect(lq.commands).to.deep.equal([]);
    expect(await lq.auditLines()).to.deep.equal([]);
  });

  it('commands nobody who is not in this line, and ends no callback', async () => {
    const gone = await supervisor.post(at('priority', newCallId()), { priority: '5' }, JSON_WANTED);
    expect([gone.status, gone.text]).to.deep.equal([
      409,
      '{"ok":false,"text":"This caller is not in line any more."}',
    ]);
    const other = `/live/queues/2/calls/${call}/priority`;
    expect((await supervisor.post(other, { priority: '5' }, JSON_WANTED)).status).to.equal(409);
    const end = await supervisor.post(at('end', callback), {}, JSON_WANTED);
    expect([end.status, end.text.includes('nobody is on the line')]).to.deep.equal([409, true]);
    expect((await supervisor.post(at('priority', 'nonsense'), {})).status).to.equal(404);
    expect((await supervisor.post(`/live/queues/9/calls/${call}/move`, {})).status).to.equal(404);
    expect((await supervisor.get('/live/queues/9')).status).to.equal(404);
    expect((await supervisor.get('/live/agents/9/why')).status).to.equal(404);
    expect(lq.commands).to.deep.equal([]);
  });

  it('shows forms as pages and as parts for a dialog', async () => {
    for (const path of [at('edit'), `${at('edit')}?do=offer`, '/live/agents/1/state']) {
      expect((await supervisor.get(path)).text, path).to.contain('<html');
      const part = await supervisor.get(path, PARTIAL);
      expect([part.status, part.text.includes('<html')], path).to.deep.equal([200, false]);
    }
    const offer = await supervisor.get(`${at('edit')}?do=offer`);
    expect(offer.text).to.contain('Theo Lark').and.not.to.contain('Set priority');
    const gone = await supervisor.get(at('edit', newCallId()));
    expect(gone.text).to.contain('not in line any more');
  });

  it('explains a caller, an agent and the next call in words', async () => {
    lq.answer = ({ kind }) => ({
      ok: true,
      explanations:
        kind === 'explain-agent'
          ? [{ queueId: REPAIRS, reasons: ['nobody-waits:0', 'agents-ahead:2'] }]
          : [
              { reasons: ['place:1', 'waited:240'] },
              { agentId: MARA, isOffered: true, reasons: ['longest-idle:52'] },
              { agentId: THEO, reasons: ['is-talking:1'] },
            ],
    });
    await lq.addEvent(call, 1, {
      kind: 'routed',
      queueId: REPAIRS,
      priority: 20,
      reasons: ['rule-vip:Gold customers'],
    });
    const why = await supervisor.get(at('why'));
    for (const words of [
      'place 1 in line',
      'waited 4:00',
      'Mara Quill',
      'longest idle (0:52)',
      'Theo Lark',
      'talking',
      'VIP',
    ])
      expect(why.text).to.contain(words);
    expect((await supervisor.get('/live/agents/1/why')).text).to.contain('2 agents are before');
    expect((await supervisor.get('/live/queues/1/why', PARTIAL)).text).to.contain(
      'would be offered',
    );
    expect(lq.commands.map(({ kind }) => kind)).to.deep.equal([
      'explain-call',
      'explain-agent',
      'preview-offer',
    ]);
    lq.answer = () => ({ ok: false, code: 'not-in-line', detail: '' });
    const gone = await supervisor.get(at('why'));
    expect([gone.status, gone.text.includes('not in line any more')]).to.deep.equal([409, true]);
    expect((await supervisor.get(at('why'), PARTIAL)).status).to.equal(200);
  });

  it('explains to agents why they get no calls, and to nobody else', async () => {
    const { database } = lq.site.parts;
    await database('agents')
      .where({ id: THEO })
      .update({ user_id: await lq.site.addUser('theo', 'agent') });
    lq.answer = () => ({
      ok: true,
      explanations: [{ queueId: REPAIRS, reasons: ['agents-ahead:2'] }],
    });
    const agent = await lq.site.client('theo');
    const why = await agent.get('/workspace/why');
    expect(why.status).to.equal(200);
    expect(why.text).to.contain('2 agents are before').and.contain('Repairs');
    expect(why.text).not.to.contain('href="/live/');
    expect(lq.commands).to.deep.equal([{ kind: 'explain-agent', agentId: THEO }]);
    expect((await agent.get('/live/agents/1/why')).status).to.equal(403);
    expect((await supervisor.get('/workspace/why')).status).to.equal(403);
    await database('agents').where({ id: THEO }).update({ user_id: null });
  });

  it('shows the line, its reasons and the last decisions without scripts', async () => {
    await supervisor.post(at('priority'), { priority: '20' }, JSON_WANTED);
    // One that the calls did not take was set by nobody.
    lq.answer = () => ({ ok: false, code: 'not-in-line', detail: '' });
    const other = await lq.site.client('admin');
    await other.post(at('priority'), { priority: '50' }, JSON_WANTED);
    expect(await lq.auditLines()).to.have.length(2);
    lq.decide({
      at: Date.now(),
      callId: call,
      from: '+442079460123',
      name: 'Ada Finch',
      queueId: REPAIRS,
      agentId: THEO,
      agentName: 'Theo Lark',
      reasons: ['longest-idle:52', 'skipped-talking:Mara Quill'],
    });
    lq.show({
      queues: queuesWith([{ ...inLine(call, 4 * MINUTE), priority: 20 }]).map((queue) => ({
        ...queue,
        decisions: 1,
      })),
    });
    const board = (await supervisor.get('/live/queues/1')).text;
    for (const words of [
      'priority 20',
      'set by Test supervisor',
      'Offered Ada Finch to Theo Lark:',
      'longest idle (0:52)',
    ])
      expect(board).to.contain(words);
    const others = (await supervisor.get('/live/queues/1?agent=99')).text;
    expect(others).not.to.contain('Offered Ada Finch');
    expect((await supervisor.get('/live/queues')).text).to.contain('/live/queues/1');
    expect((await supervisor.get('/live/agents')).text).to.contain('Mara Quill');
  });

  it('shows who forced a state and why, on the board and to the agent', async () => {
    lq.show({
      mara: {
        state: 'not-ready',
        reason: 'lunch',
        forced: { by: 'Test supervisor', why: 'Fire drill' },
      },
    });
    expect((await supervisor.get('/live/agents')).text).to.contain(
      'set by Test supervisor: Fire drill',
    );
  });

  it('rings the supervisor’s phone for a talk, says who hears it, and stops', async () => {
    const path = `/live/agents/${String(MARA)}/monitor`;
    const form = await supervisor.get(path);
    expect(form.text).to.contain('Mara Quill does not talk at this moment.');
    const unknown = await supervisor.post(path, { mode: 'listen', extension: '4711' });
    expect(unknown.status).to.equal(409);
    expect(unknown.text).to.contain('There is no extension 4711').and.to.contain('value="4711"');
    const asked = await supervisor.post(path, { mode: 'whisper', extension: '2002' });
    expect(asked).to.include({ status: 303, location: '/live/agents' });
    const by = 'Test supervisor';
    expect(lq.commands).to.deep.equal([
      { kind: 'monitor', agentId: MARA, extensionId: PHONE_2002, mode: 'whisper', by },
    ]);
    expect((await lq.auditLines()).at(-1)).to.equal(
      'Test supervisor | agent.monitor | Mara Quill | {"mode":["","whisper"],"phone":["","2002"],"outcome":["","done"]}',
    );
    const monitors = [
      {
        ...{ agentId: MARA, extension: '2002', by, mode: 'whisper' as const },
        since: 1,
        isRinging: false,
      },
    ];
    const talk = adasCall({ id: call, stage: 'talk', monitors });
    lq.show({ mara: { state: 'talking', callId: call }, calls: [talk] });
    expect((await supervisor.get('/live/agents')).text).to.contain(
      'Test supervisor whispers, 2002',
    );
    const running = (await supervisor.get(path)).text;
    expect(running)
      .to.match(/value="whisper" checked/)
      .and.to.contain(`${path}/stop`);
    await supervisor.post(`${path}/stop`, { extension: '2002' });
    expect(lq.commands.at(-1)).to.deep.equal({ kind: 'monitor-stop', extensionId: PHONE_2002 });
    expect((await agent.get(path)).status).to.equal(403);
  });

  it('says that nobody is waiting', async () => {
    lq.show({});
    expect((await supervisor.get('/live/queues/1')).text).to.contain('<p>Nobody is waiting.</p>');
  });

  it('says on the overview that callers wait although agents fit', async () => {
    lq.show({
      queues: queuesWith([inLine(call, MINUTE)]).map((queue) =>
        queue.id === REPAIRS ? { ...queue, stalledMs: 4_000 } : queue,
      ),
      mara: { state: 'available' },
    });
    const home = (await supervisor.get('/live')).text;
    expect(home).to.contain('Repairs: callers wait although 1 agent fits.');
    expect((await supervisor.get('/live/queues/1')).text).to.contain(
      'Callers wait although 1 agent fits:',
    );
  });
});
