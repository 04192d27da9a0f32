import { expect } from 'chai';
import { access } from 'node:fs/promises';
import { recordingFolder } from '../../../src/adapters/files/recording-folder.js';
import { knexAuditLog } from '../../../src/features/audit/index.js';
import { KnexExpiredRecordings } from '../../../src/features/recordings/knex-expired-recordings.js';
import { deleteExpired } from '../../../src/features/recordings/retention.js';
import { answeredCall, type CallScript } from '../../support/call-events.js';
import { CallsSite, COMPANY } from '../../support/calls-site.js';
import type { TestClient } from '../../support/web.js';

const PATH = '/recordings';
const DAY_MS = 86_400_000;

describe('finding, remarking, holding and deleting recordings', function () {
  this.timeout(120_000);
  let at: CallsSite;
  let supervisor: TestClient;
  let call: CallScript;

  before(async () => {
    at = await CallsSite.start();
    supervisor = await at.site.client('supervisor');
  });
  after(() => at.site.stop());
  beforeEach(async () => {
    await at.clear();
    await at.site.parts.database('recording_remarks').delete();
    call = answeredCall({ startedAt: Date.now() - 40 * DAY_MS, from: '+442079460123' });
    await at.tell(call);
    await at.keep(call.recordingId);
    await at.site.parts.database('recordings').update({ on_node: false });
    await supervisor.get('/recordings');
  });
  afterEach(() => {
    expect(at.site.errors).to.deep.equal([]);
  });

  const audit = async (): Promise<readonly string[]> => {
    const rows = await at.site.parts
      .database('audit_entries')
      .where('object_kind', 'recording')
      .orderBy('id')
      .select<{ action: string }[]>('action');
    return rows.map(({ action }) => action);
  };
  const expire = (
    callDays: number,
    queueDays: Readonly<Record<string, number>> = {},
  ): Promise<number> => {
    const { database } = at.site.parts;
    return deleteExpired({
      recordings: new KnexExpiredRecordings(database, knexAuditLog),
      times: () => Promise.resolve({ callDays, conferenceDays: 0, commentDays: 0, queueDays }),
      removeFile: (path) => recordingFolder(at.folder).remove(path),
      clock: { now: () => Date.now(), sleep: () => Promise.resolve() },
      log: { info: () => undefined, warn: () => undefined },
    });
  };
  const find = async (query: string): Promise<boolean> => {
    const page = await supervisor.get(`${PATH}?${query}`);
    expect(page.status, query).to.equal(200);
    return page.text.includes(call.callId);
  };

  it('finds by agent, queue, number, date, length, disposition, kind and words of a remark', async () => {
    const remark = { at: '0:01', text: 'Promises a refund “=1+1” 📞' };
    expect((await supervisor.post(`${PATH}/${call.recordingId}/remarks`, remark)).status).to.equal(
      303,
    );
    await at.site.parts
      .database('dispositions')
      .insert({ id: 5, name_en: 'Refund', name_zh: '退款' });
    await at.site.parts.database('call_dispositions').insert({
      ...{
        call_id: call.callId,
        agent_id: COMPANY.mara,
        disposition_id: 5,
        note: '',
        at: new Date(),
      },
    });
    for (const [query, isFound] of [
      ['', true],
      [`agent=${String(COMPANY.mara)}`, true],
      ['agent=3', false],
      ['queue=1', true],
      ['queue=2', false],
      ['q=020+7946+0123', true],
      ['q=refund', true],
      ['q=%25', false],
      [`q=${call.callId}`, true],
      ['longer=1', true],
      ['longer=10', false],
      ['shorter=1', false],
      ['kind=conference', false],
      ['disposition=5', true],
      ['disposition=6', false],
      ['only=remarks', true],
      ['only=held', false],
      ['from=2020-01-01&to=2020-12-31', false],
      ['from=2026-02-30&agent=x&longer=-1&only=nonsense', true],
    ] as const)
      expect(await find(query), query).to.equal(isFound);
    const page = await supervisor.get(`/calls/${call.callId}`);
    expect(page.text).to.include('Promises a refund').and.include('0:01');
    await at.site.parts.database('call_dispositions').delete();
    await at.site.parts.database('dispositions').delete();
  });

  it('takes remarks back, and says what is wrong with one', async () => {
    const path = `${PATH}/${call.recordingId}/remarks`;
    await supervisor.post(path, { at: '99:00', text: 'At the very end' });
    const rows = await at.site.parts
      .database('recording_remarks')
      .select<{ id: number; at_ms: number }[]>();
    expect(rows[0]?.at_ms).to.be.within(1_900, 2_100);
    for (const [fields, status] of [
      [{ at: 'soon', text: 'x' }, 422],
      [{ at: '1', text: '' }, 422],
      [{ at: '1', text: 'x'.repeat(501) }, 422],
    ] as const)
      expect((await supervisor.post(path, fields)).status).to.equal(status);
    const id = String(rows[0]?.id);
    expect((await supervisor.post(`${path}/${id}/remove`)).status).to.equal(303);
    expect((await supervisor.post(`${path}/${id}/remove`)).status).to.equal(404);
    expect(await audit()).to.deep.equal(['recording.remark', 'recording.remark-removed']);
    const mara = await at.site.client('mara');
    await mara.get('/calls');
    expect((await mara.post(path, { at: '1', text: 'x' })).status).to.equal(403);
    expect((await mara.get(PATH)).status).to.equal(403);
  });

  it('deletes in time, with a line in the audit log, and keeps the call', async () => {
    const file = `${at.folder}/${String((await row())['path'])}`;
    expect(await expire(0)).to.equal(0);
    expect(await expire(41)).to.equal(0);
    expect(await expire(39)).to.equal(1);
    expect(await expire(39)).to.equal(0);
    expect(await row()).to.include({ state: 'missing', problem: 'expired', path: '', peaks: null });
    const isThere = await access(file).then(
      () => true,
      () => false,
    );
    expect(isThere).to.equal(false);
    expect(await audit()).to.deep.equal(['recording.expire']);
    const page = await supervisor.get(`/calls/${call.callId}`);
    expect(page.text).to.include('deleted after the time');
    expect((await supervisor.get(PATH)).text).to.include('Deleted in time');
  });

  it('keeps calls of a queue as long as the queue says, longer or shorter than others', async () => {
    const repairs = String(COMPANY.repairs);
    expect(await expire(1, { [repairs]: 0 })).to.equal(0);
    expect(await expire(1, { [repairs]: 41 })).to.equal(0);
    expect(await expire(1, { [String(COMPANY.billing)]: 0 })).to.equal(1);
  });

  it('deletes calls of a queue sooner, where all others are kept for ever', async () => {
    const repairs = String(COMPANY.repairs);
    expect(await expire(0, { [repairs]: 41, [String(COMPANY.billing)]: 1 })).to.equal(0);
    expect(await expire(0, { [repairs]: 39 })).to.equal(1);
  });

  it('takes the days of queues on a page, and says what is no number of days', async () => {
    const admin = await at.site.client('admin');
    const path = '/setup/recording-retention';
    const form = { callDays: '90', conferenceDays: '0', commentDays: '0', version: '1' };
    const wrong = await admin.post(path, { ...form, 'queue-1': 'soon', 'queue-2': '30' });
    expect(wrong.status).to.equal(422);
    expect(wrong.text).to.include('between 0 and 3650').and.include('value="soon"');
    expect((await admin.post(path, { ...form, 'queue-1': '', 'queue-2': '30' })).status).to.equal(
      303,
    );
    const page = await admin.get(path);
    expect(page.text)
      .to.match(/name="queue-2" value="30"/)
      .and.match(/name="queue-1" value=""/);
  });

  it('shows who heard and downloaded what, for those who may read the audit log', async () => {
    expect((await supervisor.get(`${PATH}/${call.recordingId}/audio`)).status).to.equal(200);
    const download = await supervisor.get(`${PATH}/${call.recordingId}/audio?download=1`);
    expect(download.status).to.equal(200);
    const admin = await at.site.client('admin');
    const lines = async (query = ''): Promise<number> => {
      const page = await admin.get(`${PATH}/access${query}`);
      expect(page.status, query).to.equal(200);
      return page.text.split(`href="/calls/${call.callId}"`).length - 1;
    };
    expect(await lines()).to.equal(2);
    expect(await lines('?purpose=download')).to.equal(1);
    expect(await lines('?from=2020-01-01&to=2020-01-02')).to.equal(0);
    expect(await lines(`?q=${call.callId}`)).to.equal(2);
    expect(await lines('?q=nobody')).to.equal(0);
    expect((await supervisor.get(`${PATH}/access`)).status).to.equal(403);
  });

  it('holds against deletion until it is released', async () => {
    const path = `${PATH}/${call.recordingId}`;
    expect((await supervisor.post(`${path}/hold`, { why: '' })).status).to.equal(422);
    expect((await supervisor.post(`${path}/hold`, { why: 'Dispute 4711' })).status).to.equal(303);
    expect((await supervisor.post(`${path}/hold`, { why: 'again' })).status).to.equal(409);
    expect(await find('only=held')).to.equal(true);
    expect(await expire(1)).to.equal(0);
    expect((await supervisor.get(`/calls/${call.callId}`)).text).to.include('Dispute 4711');
    expect((await supervisor.post(`${path}/release`)).status).to.equal(303);
    expect(await expire(1)).to.equal(1);
    expect(await audit()).to.deep.equal([
      'recording.hold',
      'recording.release',
      'recording.expire',
    ]);
    expect((await supervisor.post(`${path}/hold`, { why: 'too late' })).status).to.equal(409);
  });

  const row = async (): Promise<Record<string, unknown>> =>
    (await at.site.parts.database('recordings').where('id', call.recordingId).first()) as Record<
      string,
      unknown
    >;
});
