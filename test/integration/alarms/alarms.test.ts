import { expect } from 'chai';
import { WebhookQueue } from '../../../src/adapters/redis/webhook-queue.js';
import { keeperOf, makeAlarmsFeature } from '../../../src/features/alarms/index.js';
import { makeAuditFeature } from '../../../src/features/audit/index.js';
import type { QueueId, TrunkId } from '../../../src/kernel/ids.js';
import type { LiveSnapshot } from '../../../src/telephony/live.js';
import type { LiveTrunk } from '../../../src/telephony/live-trunk.js';
import { loadMessages } from '../../../src/web/i18n.js';
import { liveQueue } from '../../support/live-line.js';
import { emptySnapshot, TestSite, type TestClient } from '../../support/web.js';

const START = Date.parse('2026-11-27T10:00:00Z');
const trunk = (online: boolean): LiveTrunk => ({
  ...{ id: 1 as TrunkId, name: 'Carrier A', online, channels: 0, maxChannels: 30 },
});

describe('alarms', function () {
  this.timeout(60_000);
  let site: TestSite;
  let client: TestClient;
  let now = START;
  let snapshot: LiveSnapshot | undefined;
  let keeper: ReturnType<typeof keeperOf>;

  /** A keeper as a process has it that starts now. */
  const restart = (): void => {
    const { database, redis, log, config } = site.parts;
    keeper = keeperOf({
      ...{ database, redis, log, zone: 'Europe/London', country: 'GB', varDir: config.varDir },
      live: {
        get current() {
          return snapshot;
        },
        get receivedAt() {
          return snapshot === undefined ? 0 : now;
        },
      },
      clock: { now: () => now, sleep: () => Promise.resolve() },
      texts: loadMessages((key) => {
        throw new Error(key);
      }),
      publicUrl: 'https://calls.example.test',
    });
  };
  /** Looks each second for so long. */
  const looks = async (seconds: number): Promise<void> => {
    for (let at = 0; at < seconds; at += 1) {
      now += 1_000;
      await keeper.look();
    }
  };
  const rows = (): Promise<readonly Record<string, unknown>[]> =>
    site.parts.database('alarms').orderBy('id');
  const mails = (): Promise<readonly { subject: string; recipient: string }[]> =>
    site.parts.database('mails').orderBy('id').select('subject', 'recipient');
  const setRule = (kind: string, changes: object): Promise<unknown> =>
    site.parts.database('alarm_rules').where({ kind }).update(changes);

  before(async () => {
    site = await TestSite.start((parts) => [
      ...makeAlarmsFeature({ ...parts, logger: parts.log }),
      makeAuditFeature(parts.database),
    ]);
    client = await site.client('supervisor');
  });
  after(() => site.stop());
  beforeEach(async () => {
    const { database, redis } = site.parts;
    for (const table of ['alarm_webhooks', 'alarms', 'mail_attachments', 'mails', 'calls'])
      await database(table).del();
    await redis.flushdb();
    client = await site.client('supervisor');
    await setRule('disk', { enabled: false });
    await setRule('trunk-down', {
      ...{ hold_s: 3, mails: 'night@example.test', webhook: 'https://chat.example.test/in' },
      ...{ quiet_from: 0, quiet_to: 0 },
    });
    now = START;
    snapshot = { ...emptySnapshot(1), at: now, trunks: [trunk(true)] };
    restart();
  });
  afterEach(() => {
    expect(site.errors.filter((line) => !line.includes('an alarm began'))).to.deep.equal([]);
  });

  it('begin after their time, are mailed and sent to the webhook once, and again when over', async () => {
    await looks(2);
    snapshot = { ...emptySnapshot(2), trunks: [trunk(false)] };
    await looks(3);
    expect(await rows()).to.have.length(0);
    await looks(2);
    const [row] = await rows();
    expect(row).to.include({ kind: 'trunk-down', subject: 'trunk:1', subject_name: 'Carrier A' });
    expect(row?.['ended_at']).to.equal(null);
    expect(await mails()).to.deep.equal([
      { subject: 'Critical: Trunk down: Carrier A', recipient: 'night@example.test' },
    ]);
    const webhooks = new WebhookQueue(site.parts.redis);
    const [sent] = await webhooks.take(now, 10);
    expect(JSON.parse(sent?.body ?? '')).to.include({
      ...{ event: 'alarm.began', kind: 'trunk-down', subjectName: 'Carrier A', endedAt: null },
    });
    await looks(30);
    expect(await mails()).to.have.length(1);
    snapshot = { ...emptySnapshot(3), trunks: [trunk(true)] };
    await looks(12);
    expect((await rows())[0]?.['ended_at']).to.be.instanceOf(Date);
    expect((await mails()).map(({ subject }) => subject)).to.deep.equal([
      ...['Critical: Trunk down: Carrier A', 'Over: Trunk down: Carrier A'],
    ]);
    expect(await webhooks.waiting()).to.equal(2);
  });

  it('tell of a carrier that answers and refuses every call as of one that does not answer', async () => {
    await looks(2);
    snapshot = { ...emptySnapshot(2), trunks: [{ ...trunk(true), isRefusing: true }] };
    await looks(5);
    expect((await mails()).map(({ subject }) => subject)).to.deep.equal([
      'Critical: Trunk down: Carrier A',
    ]);
  });

  it('are neither lost nor repeated by a restart, nor by two processes that look at the same', async () => {
    snapshot = { ...emptySnapshot(2), trunks: [trunk(false)] };
    await looks(5);
    const first = keeper;
    restart();
    await looks(10);
    await first.look();
    expect(await rows()).to.have.length(1);
    expect(await mails()).to.have.length(1);
    // It ended while nobody looked: the next process sees it.
    snapshot = { ...emptySnapshot(3), trunks: [trunk(true)] };
    restart();
    await looks(12);
    expect((await rows())[0]?.['ended_at']).to.be.instanceOf(Date);
    expect(await mails()).to.have.length(2);
  });

  it('a process that ends between the alarm and its mail tells it at the next start', async () => {
    snapshot = { ...emptySnapshot(2), trunks: [trunk(false)] };
    await looks(5);
    await site.parts.database('alarm_webhooks').del();
    await site.parts.database('mails').del();
    await site.parts.database('alarms').update({ told_at: null });
    restart();
    await looks(1);
    expect(await mails()).to.have.length(1);
  });

  it('in quiet hours stand on the page, and are told after them if they last', async () => {
    await setRule('trunk-down', { quiet_from: 9 * 60, quiet_to: 10 * 60 + 1 });
    snapshot = { ...emptySnapshot(2), trunks: [trunk(false)] };
    await looks(10);
    expect(await rows()).to.have.length(1);
    expect(await mails()).to.have.length(0);
    expect((await client.get('/live/alarms')).text).to.contain('Carrier A');
    now = START + 60_000;
    await looks(1);
    expect(await mails()).to.have.length(1);
  });

  it('say only that the telephone system is away while it is: lines and phones are not known then', async () => {
    snapshot = { ...emptySnapshot(2), pbxOnline: false, trunks: [trunk(false)] };
    await looks(20);
    expect((await rows()).map((row) => row['kind'])).to.deep.equal(['pbx-away']);
    snapshot = undefined;
    await looks(20);
    expect(await rows()).to.have.length(1);
    snapshot = { ...emptySnapshot(3), trunks: [trunk(true)] };
    await looks(12);
    expect((await rows())[0]?.['ended_at']).to.be.instanceOf(Date);
  });

  it('tell of a telephone system that runs and does not answer by SIP, until it does', async () => {
    const says = (sip: object): Promise<unknown> =>
      site.parts.redis.set('cb:health:calls', JSON.stringify({ at: now, sip }));
    const away = async () => (await rows()).filter(({ kind }) => kind === 'pbx-away');
    await says({ isAnswering: true });
    await looks(15);
    expect(await away()).to.have.length(0);
    await says({ isAnswering: false });
    // A picture from a system like that says nothing of lines.
    snapshot = { ...emptySnapshot(2), trunks: [trunk(false)] };
    await looks(15);
    expect(await rows()).to.have.length(1);
    expect((await away())[0]).to.include({ subject: 'all', ended_at: null });
    snapshot = { ...emptySnapshot(3), trunks: [trunk(true)] };
    await says({ isAnswering: true });
    await looks(15);
    expect((await away())[0]?.['ended_at']).to.be.instanceOf(Date);
    expect(await rows()).to.have.length(1);
  });

  it('stand for a day that does not add up until it was counted again and does', async () => {
    const { database } = site.parts;
    await database('reconciliation_days').insert({
      ...{ day: '2026-11-24', is_whole: true, differences: 3, checks: '{}' },
      checked_at: new Date(START),
    });
    await looks(30);
    const [row] = await rows();
    expect(row).to.include({ kind: 'figures', subject: 'day:2026-11-24', ended_at: null });
    expect((await client.get('/live/alarms')).text).to.contain(
      '/reports/reconciliation/2026-11-24',
    );
    await database('reconciliation_days').update({ differences: 0 });
    await looks(60);
    expect(await rows()).to.have.length(1);
    expect((await rows())[0]?.['ended_at']).to.be.instanceOf(Date);
    await database('reconciliation_days').del();
  });

  it('are told of waits, stalls, lost phones and a talk without sound, each by its own threshold', async () => {
    const phones = (registered: number) =>
      Array.from({ length: 10 }, (_, at) => ({
        id: (at + 1) as LiveSnapshot['extensions'][number]['id'],
        number: String(2_000 + at),
        registered: at < registered,
      }));
    snapshot = { ...emptySnapshot(2), extensions: phones(10) };
    await looks(2);
    snapshot = {
      ...emptySnapshot(3),
      extensions: phones(4),
      queues: [
        {
          ...liveQueue(3 as QueueId, 'Repairs'),
          ...{ waitingCount: 1, longestSince: now - 400_000, stalledMs: 4_000 },
        },
      ],
    };
    await looks(40);
    expect(new Set((await rows()).map((row) => row['kind']))).to.deep.equal(
      new Set(['phones-lost', 'waiting', 'stall']),
    );
  });

  it('tell of people whom nobody called back in time, by queue, until somebody deals with them', async () => {
    const { database } = site.parts;
    await database('queues').insert({ id: 71, name: 'Repairs', overflow: '{}' });
    const missed = (number: string, queueId: number | null, overdueMs: number) => ({
      ...{ number, name: '', queue_id: queueId, state: 'open', open_key: number },
      ...{ why: 'abandoned', last_call_id: `c${number}`, misses: 1, tries: 0 },
      ...{ first_missed_at: new Date(now - 7_200_000), last_missed_at: new Date(now - 7_200_000) },
      due_at: new Date(now - overdueMs),
    });
    await database('missed_callers').insert([
      missed('+442079460700', 71, 1_200_000),
      missed('+442079460701', 71, 60_000),
      missed('+442079460702', null, 1_000_000),
      missed('+442079460703', null, -60_000),
    ]);
    await setRule('callers-overdue', { queues: JSON.stringify([71]) });
    await looks(12);
    // By queue, and only of those that the rule names.
    expect(
      (await rows()).map(({ kind, subject, subject_name }) => [kind, subject, subject_name]),
    ).to.deep.equal([['callers-overdue', 'overdue:71', 'Repairs']]);
    const { text } = await client.get('/live/alarms');
    expect(text.replaceAll('&#x3D;', '=')).to.contain(
      '/calls/to-return?state=overdue&amp;queue=71',
    );
    await setRule('callers-overdue', { queues: '[]' });
    await looks(12);
    expect((await rows()).map(({ subject }) => subject)).to.deep.equal([
      ...['overdue:71', 'overdue:none'],
    ]);
    await database('missed_callers').update({ state: 'done', open_key: null });
    await looks(25);
    expect((await rows()).every(({ ended_at }) => ended_at !== null)).to.equal(true);
    await database('missed_callers').del();
    await database('queues').where('id', 71).del();
  });

  it('count calls that failed in the last quarter of an hour, from ten calls on', async () => {
    const call = (at: number, result: string) => ({
      id: `01JALARM${String(at).padStart(18, '0')}`,
      started_at: new Date(now - 60_000),
      ended_at: new Date(now - 30_000),
      ...{ result, direction: 'outbound', from_number: '2001', to_number: '+442079460100' },
      node: 'pbx-1',
    });
    await site.parts
      .database('calls')
      .insert(Array.from({ length: 12 }, (_, at) => call(at, at < 4 ? 'failed' : 'answered')));
    await looks(1);
    const [row] = await rows();
    expect(row).to.include({ kind: 'error-rate' });
    expect(Math.round(Number(row?.['value']))).to.equal(33);
  });

  it('are acknowledged once, with a remark, in the audit log, and marked in the head of pages', async () => {
    snapshot = { ...emptySnapshot(2), trunks: [trunk(false)] };
    await looks(5);
    const [row] = await rows();
    const path = `/live/alarms/${String(row?.['id'])}`;
    expect((await client.get(path)).text).to.contain('1 alarm is open');
    expect((await client.post(`${path}/acknowledge`, { note: 'x'.repeat(501) })).status).to.equal(
      422,
    );
    await client.get(path);
    expect((await client.post(`${path}/acknowledge`, { note: 'Called them' })).status).to.equal(
      303,
    );
    await client.get(path);
    await client.post(`${path}/acknowledge`, { note: 'Again' });
    const [after] = await rows();
    expect(after).to.include({ acknowledged_by: 'Test supervisor', note: 'Called them' });
    const audit = await site.parts.database('audit_entries').where({ action: 'alarm.acknowledge' });
    expect(audit).to.have.length(1);
    const agent = await site.client('agent');
    expect((await agent.get('/live/alarms')).status).to.equal(403);
    expect((await agent.get('/me')).text).to.not.contain('cb-alarms');
  });

  it('have rules whose form says which field is wrong and what would be right', async () => {
    const admin = await site.client('admin');
    await admin.get('/setup/alarm-rules/new');
    const answer = await admin.post('/setup/alarm-rules', {
      ...{ name: 'Disk', kind: 'disk', level: 'warning', threshold: '140', holdS: '1:00:01' },
      ...{ mails: 'nobody', webhook: 'ftp://x', quietFrom: '25', quietTo: '6' },
    });
    expect(answer.status).to.equal(422);
    for (const text of [...['is no mail address', 'Write a time of day', 'between 0 and 3600']])
      expect(answer.text).to.contain(text);
    expect(
      (
        await admin.post('/setup/alarm-rules', {
          ...{ name: 'Disk 2', kind: 'disk', level: 'critical', enabled: 'on', threshold: '95' },
          ...{ holdS: '60', mails: 'a@example.test b@example.test', quietFrom: '22', quietTo: '6' },
        })
      ).status,
    ).to.equal(303);
    const supervisor = await site.client('supervisor');
    expect((await supervisor.get('/setup/alarm-rules')).status).to.equal(403);
  });
});
