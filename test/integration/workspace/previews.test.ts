import { expect } from 'chai';
import type { AttemptId } from '../../../src/kernel/ids.js';
import { MARA, THEO } from '../../support/live-moments.js';
import { addGrace, GRACE, GRACES, looking } from '../../support/preview-site.js';
import { until } from '../../support/until.js';
import type { TestClient } from '../../support/web.js';
import { WorkspaceSite } from '../../support/workspace-site.js';

const JSON_WANTED = { accept: 'application/json' };

describe("records on the agent's page", function () {
  this.timeout(30_000);
  let ws: WorkspaceSite;
  let mara: TestClient;
  let attempt: AttemptId;

  before(async () => {
    ws = await WorkspaceSite.start();
    mara = await ws.site.client('mara');
    attempt = await addGrace(ws);
  });
  after(() => ws.stop());
  beforeEach(async () => {
    ws.commands.length = 0;
    await ws.site.parts.database('follow_ups').del();
    await ws.site.parts.database('do_not_call').del();
  });

  async function show(moment: Parameters<WorkspaceSite['show']>[0]): Promise<void> {
    const before = ws.site.parts.live.current?.seq ?? 0;
    ws.show(moment);
    await until('the snapshot', 5_000, () => (ws.site.parts.live.current?.seq ?? 0) > before);
  }
  async function command(
    name: string,
    fields: Readonly<Record<string, string>>,
    client = mara,
  ): Promise<{ readonly status: number; readonly ok: boolean; readonly text: string }> {
    const answer = await client.post(`/workspace/commands/${name}`, fields, JSON_WANTED);
    return { status: answer.status, ...(JSON.parse(answer.text) as { ok: boolean; text: string }) };
  }

  it('are seen by whoever has them before them, and by nobody else', async () => {
    await show(looking(attempt));
    const own = await mara.get('/workspace');
    for (const text of ['Hall &amp; Sons', 'Gold, ends in May', 'Asks for Mr Hall after lunch.'])
      expect(own.text).to.contain(text);
    const theo = await (await ws.site.client('theo')).get('/workspace');
    expect(theo.text).not.to.contain('Hall &amp; Sons');
    expect(theo.text).not.to.contain('Grace Hall');
  });

  it('never have the number in the page where the role may not see it', async () => {
    const { database } = ws.site.parts;
    const stored = JSON.stringify({ version: 1, value: { isMasked: true } });
    await database('settings')
      .insert({ name: 'number-privacy', value: stored })
      .onConflict('name')
      .merge();
    await ws.site.parts.directory.refresh();
    await show(looking(attempt));
    try {
      const page = await mara.get('/workspace');
      const panels = await mara.get('/workspace/panels');
      for (const { text } of [page, panels]) {
        expect(text).to.contain('Grace Hall');
        for (const form of ['7946 0701', '79460701', '7946 0702', '79460702'])
          expect(text).not.to.contain(form);
        expect(text).to.contain('(020) **** 0701');
      }
      expect(await command('preview-call', { attempt })).to.include({ ok: true });
      expect(ws.commands.at(-1)).to.deep.equal({ kind: 'preview-call', agentId: MARA, attempt });
    } finally {
      await database('settings').where({ name: 'number-privacy' }).del();
      await ws.site.parts.directory.refresh();
    }
  });

  it('are dialled by contact where the agent has to do with them', async () => {
    await show({ mara: { extension: '2001', state: 'available' } });
    expect(await command('dial', { contact: String(GRACE), number: '' })).to.include({ ok: true });
    expect(ws.commands.at(-1)).to.deep.equal({ kind: 'agent-dial', agentId: MARA, number: GRACES });
    const strange = await command('dial', { contact: '999', number: '' });
    expect(strange).to.include({ status: 409 });
    expect(strange.text).to.contain('cannot be called from here');
    await ws.site.parts.database('do_not_call').insert({
      ...{ number: GRACES, campaign_id: 0, source: 'page' },
    });
    const refused = await command('dial', { contact: String(GRACE), number: '' });
    expect(refused.text).to.contain('do-not-call list');
    expect(ws.commands).to.have.length(1);
  });

  it('take only reasons of the list', async () => {
    await show(looking(attempt));
    const { status } = await mara.post(
      '/workspace/commands/preview-skip',
      { attempt, reason: 'because' },
      JSON_WANTED,
    );
    expect(status).to.equal(422);
    expect(ws.commands).to.deep.equal([]);
  });

  it('are scheduled for oneself or for anybody; a time that is none, past or too far is said', async () => {
    await show(looking(attempt));
    for (const [at, text] of [
      ['', 'Give a date and a time'],
      ['2026-13-40T10:00', 'Give a date and a time'],
      ['2020-01-01T10:00', 'has passed'],
      ['2099-01-01T10:00', 'more than a year ahead'],
    ] as const)
      expect((await command('preview-schedule', { attempt, at })).text).to.contain(text);
    const at = new Date(Date.now() + 86_400_000).toISOString().slice(0, 16);
    expect(await command('preview-schedule', { attempt, at, note: ' later ' })).to.include({
      ok: true,
    });
    expect(ws.commands.at(-1)).to.include({ kind: 'preview-skip', reason: 'scheduled' });
    const [row] = (await ws.site.parts.database('follow_ups').select('*')) as object[];
    expect(row).to.include({
      ...{ kind: 'callback', contact_id: GRACE, number: GRACES, note: 'later' },
      ...{ agent_id: null, source: 'agent', state: 'open' },
    });
  });

  it('are not scheduled by somebody before whom they are not', async () => {
    await show(looking(attempt));
    const theo = await ws.site.client('theo');
    const at = new Date(Date.now() + 86_400_000).toISOString().slice(0, 16);
    const answer = await command('preview-schedule', { attempt, at }, theo);
    expect(answer.text).to.contain('not before you any more');
    expect(await ws.site.parts.database('follow_ups').select('id')).to.deep.equal([]);
    expect(THEO).to.equal(2);
  });
});
