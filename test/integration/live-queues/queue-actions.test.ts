import { expect } from 'chai';
import { newCallId, type PromptId } from '../../../src/kernel/ids.js';
import { nextClockTime } from '../../../src/features/live-queues/actions/until.js';
import type { DeskAnswer, DeskCommand, LiveQueue } from '../../../src/telephony/live.js';
import type { QueueChange } from '../../../src/telephony/queue-changes.js';
import { BILLING, inLine, MARA, queuesWith, REPAIRS, THEO } from '../../support/live-moments.js';
import { LiveQueueSite } from '../../support/live-queue-site.js';
import type { TestClient } from '../../support/web.js';

const JSON_WANTED = { accept: 'application/json' };
const PARTIAL = { 'hx-request': 'true' };
const ACTIONS = '/live/queues/1/actions';
const MINUTE = 60_000;

describe('actions of a queue', function () {
  this.timeout(60_000);
  let lq: LiveQueueSite;
  let supervisor: TestClient;
  let prompt: number;

  before(async () => {
    lq = await LiveQueueSite.start();
    supervisor = await lq.site.client('supervisor');
    const { database, directory } = lq.site.parts;
    [prompt = 0] = await database('prompts').insert({ name: 'Delay' });
    await database('prompt_files').insert({
      ...{ prompt_id: prompt, language: 'en', source: 'upload', text: '' },
      ...{ hash: 'a'.repeat(64), duration_ms: 1_000 },
    });
    // Theo is no member of Repairs.
    await database('queue_members').where({ queue_id: REPAIRS, agent_id: THEO }).del();
    await directory.refresh();
  });
  after(() => lq.stop());
  beforeEach(async () => {
    lq.commands.length = 0;
    lq.answer = () => ({ ok: true });
    await lq.site.parts.database('audit_entries').del();
    show();
  });
  afterEach(() => {
    expect(lq.site.errors).to.deep.equal([]);
  });

  const show = (changes: readonly QueueChange[] = [], more: Partial<LiveQueue> = {}): void => {
    lq.show({
      queues: queuesWith([inLine(newCallId(), MINUTE)]).map((queue) =>
        queue.id === REPAIRS ? { ...queue, changes, ...more } : queue,
      ),
    });
  };
  const audit = async (): Promise<readonly string[]> => {
    const rows = await lq.site.parts
      .database('audit_entries')
      .where('object_kind', 'queue')
      .orderBy('id')
      .select<{ action: string; object_name: string; changes: unknown }[]>(
        'action',
        'object_name',
        'changes',
      );
    return rows.map((row) => `${row.action} ${row.object_name} ${JSON.stringify(row.changes)}`);
  };
  const give = async (action: string, fields: Record<string, string>) => {
    const { status, text } = await supervisor.post(`${ACTIONS}/${action}`, fields, JSON_WANTED);
    return { status, ...(JSON.parse(text) as { readonly ok: boolean; readonly text: string }) };
  };
  const helping = { kind: 'queue-change', queueId: REPAIRS, by: 'Test supervisor', why: '' };

  it('are given once, with a line in the audit log', async () => {
    const cases: readonly (readonly [string, Record<string, string>, unknown, string])[] = [
      [
        'opening',
        { to: 'closed', until: '', why: 'Fire drill' },
        { ...helping, why: 'Fire drill', change: { kind: 'opening', isOpen: false } },
        'queue.close-by-hand Repairs {"reason":["","Fire drill"],"until":["",""],"outcome":["","done"]}',
      ],
      [
        'opening',
        { to: 'open', until: '', why: 'Late shift' },
        { ...helping, why: 'Late shift', change: { kind: 'opening', isOpen: true } },
        'queue.open-by-hand Repairs {"reason":["","Late shift"],"until":["",""],"outcome":["","done"]}',
      ],
      [
        'max-wait',
        { maxWait: '5:00', until: '' },
        { ...helping, change: { kind: 'max-wait', maxWaitMs: 300_000 } },
        'queue.change-max-wait Repairs {"maxWaitS":[600,300],"until":["",""],"outcome":["","done"]}',
      ],
      [
        'announce',
        { prompt: String(prompt) },
        { kind: 'queue-announce', queueId: REPAIRS, promptId: prompt as PromptId },
        'queue.announce Repairs {"prompt":["","Delay"],"outcome":["","done"]}',
      ],
      [
        'send-on',
        { why: 'Storm' },
        { kind: 'queue-send-on', queueId: REPAIRS },
        'queue.send-on Repairs {"reason":["","Storm"],"outcome":["","done"]}',
      ],
    ];
    for (const [action, fields, command, line] of cases) {
      lq.commands.length = 0;
      expect(await give(action, fields), action).to.include({ status: 200, ok: true });
      expect(lq.commands, action).to.deep.equal([command]);
      expect((await audit()).at(-1), action).to.equal(line);
    }
  });

  it('end at a time of day of the site, or after some minutes', async () => {
    const before = Date.now();
    await give('opening', { to: 'closed', until: '17:30', why: 'Inventory' });
    const [closing] = lq.commands as readonly Extract<DeskCommand, { kind: 'queue-change' }>[];
    expect(closing?.until).to.equal(nextClockTime('17:30', before, 'Europe/London'));
    await give('helper', { agent: String(THEO), minutes: '60' });
    const helper = lq.commands.at(-1) as Extract<DeskCommand, { kind: 'queue-change' }>;
    expect(helper.change).to.deep.equal({ kind: 'helper', agentId: THEO });
    expect((helper.until ?? 0) - before).to.be.within(60 * MINUTE, 61 * MINUTE);
  });

  it('tell how many callers were reached', async () => {
    lq.answer = (): DeskAnswer => ({ ok: true, callers: 3 });
    expect((await give('announce', { prompt: String(prompt) })).text).to.equal(
      'Played to 3 callers.',
    );
    expect((await audit()).at(-1)).to.contain('"callers":["",3]');
    expect((await give('send-on', { why: 'Storm' })).text).to.equal('3 callers go on.');
  });

  it('say beside the field what is wrong, and give no command', async () => {
    const wrong: readonly (readonly [string, Record<string, string>, string])[] = [
      ['opening', { to: 'closed', until: '25:00', why: 'x' }, 'Must be a time of day'],
      ['opening', { to: 'closed', until: '', why: ' ' }, 'Say why.'],
      ['opening', { to: 'closed', until: '', why: 'x'.repeat(201) }, 'At most 200 characters.'],
      ['max-wait', { maxWait: 'soon', until: '' }, 'between 10 s and 24 hours'],
      ['max-wait', { maxWait: '5', until: '' }, 'between 10 s and 24 hours'],
      ['max-wait', { maxWait: '100:00:00', until: '' }, 'between 10 s and 24 hours'],
      ['helper', { agent: '99', minutes: '60' }, 'Choose one of the list'],
      ['helper', { agent: String(THEO), minutes: '61' }, 'Choose one of the list'],
      ['announce', { prompt: '99' }, 'Choose one of the list'],
      ['send-on', { why: '' }, 'Say why.'],
    ];
    for (const [action, fields, words] of wrong) {
      const answer = await give(action, fields);
      expect(answer.status, action).to.equal(422);
      const page = await supervisor.post(`${ACTIONS}/${action}`, fields);
      expect(page.status).to.equal(422);
      expect(page.text, JSON.stringify(fields)).to.match(
        new RegExp(`class="lq-said" id="p-\\w+">[^]*?${words}`),
      );
    }
    expect(lq.commands).to.deep.equal([]);
    const kept = await supervisor.post(`${ACTIONS}/max-wait`, { maxWait: 'soon', until: '17:30' });
    expect(kept.text).to.contain('value="soon"').and.to.contain('value="17:30"');
  });

  it('say what the calls refused', async () => {
    lq.answer = (): DeskAnswer => ({ ok: false, code: 'nobody-on-the-line', detail: '' });
    expect(await give('announce', { prompt: String(prompt) })).to.deep.include({
      status: 409,
      text: 'Nobody is on the line in this queue at this moment.',
    });
    expect((await audit()).at(-1)).to.contain('"outcome":["","nobody-on-the-line"]');
  });

  it('name in their dialogs whom they concern and where callers go', async () => {
    const opening = await supervisor.get(`${ACTIONS}/opening`, PARTIAL);
    expect(opening.text).to.contain('Repairs is open now.');
    expect(opening.text).to.contain('The caller in line is still served.');
    await lq.site.parts.database('queues').where('id', REPAIRS).update({ clear_at_closing: true });
    await lq.site.parts.directory.refresh();
    const clears = await supervisor.get(`${ACTIONS}/opening`, PARTIAL);
    expect(clears.text).to.contain('The caller in line goes there, too, at once.');
    const helper = await supervisor.get(`${ACTIONS}/helper`, PARTIAL);
    expect(helper.text).to.contain('Theo Lark').and.not.to.contain('Mara Quill');
    const sendOn = await supervisor.get(`${ACTIONS}/send-on`);
    expect(sendOn.text).to.contain('The caller on the line goes here at once');
    expect((await supervisor.get(`${ACTIONS}/else`)).status).to.equal(404);
    expect((await supervisor.get('/live/queues/99/actions/opening')).status).to.equal(404);
  });

  it('stand on the board until they are undone', async () => {
    const by = { queueId: REPAIRS, at: Date.now(), by: 'Ines Holm' };
    const until = Date.now() + 2 * 24 * 60 * MINUTE;
    show(
      [
        { ...by, kind: 'opening', isOpen: false, why: 'Fire drill' },
        { ...by, kind: 'max-wait', maxWaitMs: 300_000, why: '', until },
        { ...by, kind: 'helper', agentId: MARA, why: '' },
      ],
      { isOpen: false },
    );
    const board = await supervisor.get('/live/queues/1');
    for (const words of [
      'Closed by hand',
      'until it is undone',
      'Ines Holm: Fire drill',
      'Callers wait 5:00 at most',
      'Mara Quill takes calls of this queue',
    ])
      expect(board.text.replaceAll(/<[^>]*>/g, ''), words).to.contain(words);
    expect((await supervisor.get('/live/queues')).text).to.contain('Closed by hand');
    const undo = await supervisor.post('/live/queues/1/undo', { key: '1-opening' });
    expect([undo.status, undo.location]).to.deep.equal([303, '/live/queues/1']);
    expect(lq.commands).to.deep.equal([{ kind: 'queue-undo', queueId: REPAIRS, key: '1-opening' }]);
    expect((await audit()).at(-1)).to.contain('{"change":["closed",""],"outcome":["","done"]}');
    // Gone already: done, without a command.
    await supervisor.post('/live/queues/1/undo', { key: `${String(BILLING)}-opening` });
    expect(lq.commands).to.have.length(1);
    lq.answer = (): DeskAnswer => ({ ok: false, code: 'calls-not-running', detail: '' });
    const refused = await supervisor.post('/live/queues/1/undo', { key: '1-max-wait' });
    expect(refused.status).to.equal(503);
    expect(refused.text).to.contain('does not answer');
  });

  it('are for supervisors', async () => {
    const agent = await lq.site.client('agent');
    for (const action of ['opening', 'max-wait', 'helper', 'announce', 'send-on']) {
      expect((await agent.get(`${ACTIONS}/${action}`)).status, action).to.equal(403);
      expect((await agent.post(`${ACTIONS}/${action}`, {})).status, action).to.equal(403);
    }
    expect((await agent.post('/live/queues/1/undo', { key: '1-opening' })).status).to.equal(403);
    expect(lq.commands).to.deep.equal([]);
  });
});
