import { expect } from 'chai';
import { KnexSavedReports } from '../../../src/features/reports/saved/knex-saved-reports.js';
import { nextMailAt } from '../../../src/features/reports/saved/saved-report.js';
import { startReportMail } from '../../../src/features/reports/index.js';
import { Scope } from '../../../src/kernel/scope.js';
import { loadMessages } from '../../../src/web/i18n.js';
import { answeredCall } from '../../support/call-events.js';
import { CallsSite } from '../../support/calls-site.js';
import { until } from '../../support/until.js';
import type { TestClient } from '../../support/web.js';

const ZONE = 'Europe/London';
const HOUR_MS = 3_600_000;

describe('kept reports', function () {
  this.timeout(120_000);
  let at: CallsSite;
  let supervisor: TestClient;
  let administrator: TestClient;

  before(async () => {
    at = await CallsSite.start();
    supervisor = await at.site.client('supervisor');
    administrator = await at.site.client('admin');
    await at.tell(answeredCall({ startedAt: Date.now() - 26 * HOUR_MS }));
    await at.sum();
  });
  after(async () => {
    expect(at.site.errors).to.deep.equal([]);
    await at.site.stop();
  });

  const draft = {
    ...{ report: 'queues', asked: 'period=last-7d&by=queue', name: 'Queues of the week' },
    ...{ mailWhen: 'daily', mailHour: '7', mailTo: 'ada@example.org, finch@example.org' },
    format: 'xlsx',
  };

  it('are kept, shared, changed by who kept them, and removed', async () => {
    await supervisor.get('/reports/saved/new?report=queues&asked=period%3Dlast-7d%26by%3Dqueue');
    const added = await supervisor.post('/reports/saved', draft);
    expect(added.status).to.equal(303);
    const list = await supervisor.get('/reports/saved');
    expect(list.text).to.include('Queues of the week').and.include('ada@example.org');
    const id = /\/reports\/saved\/(\d+)"/.exec(list.text)?.[1] ?? '';
    expect((await administrator.get('/reports/saved')).text).not.to.include('Queues of the week');
    await supervisor.get(`/reports/saved/${id}`);
    await supervisor.post(`/reports/saved/${id}`, { ...draft, shared: 'on' });
    expect((await administrator.get('/reports/saved')).text).to.include('Queues of the week');
    expect((await administrator.get(`/reports/saved/${id}`)).status).to.equal(404);
    await supervisor.get(`/reports/saved/${id}`);
    await supervisor.post(`/reports/saved/${id}/remove`);
    expect((await supervisor.get('/reports/saved')).text).not.to.include('Queues of the week');
  });

  it('say what is wrong beside the field', async () => {
    await supervisor.get('/reports/saved/new?report=queues');
    for (const [change, words] of [
      [{ mailTo: 'nobody' }, 'nobody is no mail address.'],
      [{ mailTo: '' }, 'needed'],
      [{ mailHour: '24' }, '23'],
      [{ name: '' }, 'needed'],
    ] as const) {
      const answer = await supervisor.post('/reports/saved', { ...draft, ...change });
      expect(answer.status).to.equal(422);
      expect(answer.text.toLowerCase()).to.include(words);
    }
    expect((await supervisor.get('/reports/saved/new?report=none')).status).to.equal(404);
  });

  it('are mailed once when their time has come, with the table as a file', async () => {
    const { database, clock, log, directory } = at.site.parts;
    await supervisor.get('/reports/saved/new?report=queues');
    await supervisor.post('/reports/saved', draft);
    await supervisor.post('/reports/saved', { ...draft, report: 'dids', format: 'csv' });
    await database('saved_reports').update({ next_mail_at: new Date(Date.now() - 1_000) });
    const jobs = Scope.run('jobs', async (server) => {
      for (let n = 0; n < 2; n += 1)
        startReportMail(server, {
          ...{ database, clock, log, directory, zone: ZONE, country: 'GB' },
          texts: loadMessages(() => undefined),
          publicUrl: 'https://calls.example.org',
        });
      await until('mails', 20_000, async () => {
        const due = await new KnexSavedReports(database).due(Date.now(), 10);
        return due.length === 0;
      });
      server.cancel('over');
    });
    await jobs.catch(() => undefined);
    const mails: readonly { recipient: string; subject: string; body: string }[] = await database(
      'mails',
    )
      .orderBy('id')
      .select('recipient', 'subject', 'body');
    expect(mails).to.have.length(4);
    expect(mails[0]).to.include({ recipient: 'ada@example.org' });
    expect(mails[0]?.subject).to.include('Queues of the week');
    expect(mails[0]?.body).to.include('https://calls.example.org/reports/queues?period=last-7d');
    const files: readonly { name: string; content: Buffer }[] = await database(
      'mail_attachments',
    ).select('name', 'content');
    expect(files.map(({ name }) => name.replace(/-\d.*\./, '.')).sort()).to.deep.equal([
      ...['dids.csv', 'dids.csv', 'queues.xlsx', 'queues.xlsx'],
    ]);
    const csv = files.find(({ name }) => name.endsWith('.csv'))?.content.toString() ?? '';
    expect(csv).to.include('DID,Entered').and.include('Repairs line,1,');
  });

  it('are mailed by the clock of the site, also when clocks change', () => {
    const saturday = Date.UTC(2026, 9, 24, 10);
    const next = (mailWhen: 'daily' | 'weekdays' | 'weekly' | 'monthly' | 'never'): unknown => {
      const moment = nextMailAt({ mailWhen, mailHour: 7 }, saturday, ZONE);
      return moment === undefined ? undefined : new Date(moment).toISOString();
    };
    expect(next('daily')).to.equal('2026-10-25T07:00:00.000Z');
    expect(next('weekdays')).to.equal('2026-10-26T07:00:00.000Z');
    expect(next('weekly')).to.equal('2026-10-26T07:00:00.000Z');
    expect(next('monthly')).to.equal('2026-11-01T07:00:00.000Z');
    expect(next('never')).to.equal(undefined);
    const before = Date.UTC(2026, 9, 24, 5, 30);
    expect(nextMailAt({ mailWhen: 'daily', mailHour: 7 }, before, ZONE)).to.equal(
      Date.UTC(2026, 9, 24, 6),
    );
  });
});
