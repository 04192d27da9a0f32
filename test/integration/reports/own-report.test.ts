import { expect } from 'chai';
import { siteDayOf } from '../../../src/kernel/site-day.js';
import { columnsFor, OWN_SUBJECTS, ownReport } from '../../../src/features/reports/own-report.js';
import { abandonedCall, answeredCall } from '../../support/call-events.js';
import { CallsSite } from '../../support/calls-site.js';
import type { TestClient } from '../../support/web.js';

const OWN = '/reports/own?about=queue&columns=offered.transfers.replied';

describe('reports that people build', function () {
  this.timeout(120_000);
  let at: CallsSite;
  let supervisor: TestClient;

  before(async () => {
    at = await CallsSite.start();
    supervisor = await at.site.client('supervisor');
    const noon = siteDayOf(Date.now(), at.site.parts.config.timezone).startAt - 43_200_000;
    await at.tell(answeredCall({ startedAt: noon }), abandonedCall(noon));
    await at.sum();
  });
  after(() => at.site.stop());
  afterEach(() => {
    expect(at.site.errors).to.deep.equal([]);
  });

  it('put columns of several reports beside each other, with the same figures', async () => {
    const own = await supervisor.get(OWN);
    expect(own.status).to.equal(200);
    for (const name of ['Offered', 'Transfers', 'Repairs']) expect(own.text).to.include(name);
    const file = await supervisor.get(OWN.replace('/own', '/own/export.csv'));
    expect(file.text).to.include('Repairs,2,0,0');
    expect((await supervisor.get(OWN.replace('/own', '/own/export.xlsx'))).status).to.equal(200);
    expect((await supervisor.get(`${OWN}&by=hour`)).text).to.include('12:00');
  });

  it('keep what they are when period and rows are chosen, and are kept with it', async () => {
    const { text } = await supervisor.get(`${OWN}&by=day`);
    expect(text).to.match(/name="columns" value="offered.transfers.replied"/);
    const saved = await supervisor.post('/reports/saved', {
      ...{ report: 'own', asked: 'about=queue&columns=offered.replied&by=day', name: 'Mine' },
      ...{ shared: 'on', mailWhen: 'never', mailHour: '7', mailTo: '', format: 'csv' },
    });
    expect(saved.status).to.equal(303);
    const list = await supervisor.get('/reports/saved');
    expect(list.text)
      .to.include('Mine')
      .and.match(/reports.own.about.+columns/);
    const empty = await supervisor.post('/reports/saved', { report: 'own', asked: 'columns=x' });
    expect(empty.status).to.equal(404);
  });

  it('leave out rows that have less than asked for', async () => {
    const all = await supervisor.get(`${OWN}&by=day`);
    const only = await supervisor.get(`${OWN}&by=day&where=offered&least=2`);
    const rows = (text: string): number => text.match(/<td data-label="Day"/g)?.length ?? 0;
    expect(rows(all.text)).to.equal(7);
    expect(rows(only.text)).to.equal(1);
    expect(only.text).to.include('Only rows with Offered of at least 2');
  });

  it('are chosen on a page that says what is missing', async () => {
    const builder = await supervisor.get('/reports/builder?about=agent');
    expect(builder.text).to.include('Signed in').and.not.include('value="offered"');
    const built = await supervisor.post('/reports/builder', {
      ...{ about: 'queue', columns: ['offered', 'answered'], where: 'offered', least: '1' },
    });
    expect(built.status).to.equal(303);
    expect(built.headers.get('location')).to.include('columns=offered.answered');
    const none = await supervisor.post('/reports/builder', { about: 'queue' });
    expect(none.status).to.equal(422);
    expect(none.text).to.include('at least one column');
    expect((await supervisor.get('/reports/own?columns=nonsense')).status).to.equal(303);
    const agent = await at.site.client('agent');
    expect((await agent.get(OWN)).status).to.equal(403);
  });

  it('can be read for every subject with every column', async () => {
    for (const subject of OWN_SUBJECTS) {
      const columns = columnsFor(subject).flatMap((group) => group.columns.map(({ key }) => key));
      expect(columns, subject.key).to.not.deep.equal([]);
      for (let n = 0; n < columns.length; n += 20) {
        const query = { about: subject.key, columns: columns.slice(n, n + 20).join('.') };
        expect(ownReport(query)?.columns.length, subject.key).to.be.above(0);
        const page = await supervisor.get(`/reports/own?${new URLSearchParams(query).toString()}`);
        expect(page.status, `${subject.key} ${query.columns}`).to.equal(200);
      }
    }
  });
});
