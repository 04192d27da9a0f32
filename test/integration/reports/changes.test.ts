import { expect } from 'chai';
import { siteDayOf } from '../../../src/kernel/site-day.js';
import { answeredCall } from '../../support/call-events.js';
import { CallsSite, COMPANY } from '../../support/calls-site.js';
import type { TestClient } from '../../support/web.js';

const DAY_MS = 86_400_000;

describe('changes of the set-up in reports', function () {
  this.timeout(120_000);
  let at: CallsSite;
  let supervisor: TestClient;
  let administrator: TestClient;
  /** Noon of the day before today. */
  let noon: number;

  before(async () => {
    at = await CallsSite.start();
    [supervisor, administrator] = [
      await at.site.client('supervisor'),
      await at.site.client('admin'),
    ];
    noon = siteDayOf(Date.now(), at.site.parts.config.timezone).startAt - DAY_MS / 2;
    await at.tell(answeredCall({ startedAt: noon }));
    await at.sum();
    const line = (action: string, id: number | string, name: string, more: object = {}) => ({
      ...{ at: new Date(noon), user_name: 'Ada Admin', action, object_kind: action.split('.')[0] },
      ...{ object_id: String(id), object_name: name, address: '127.0.0.1' },
      ...{ changes: JSON.stringify({ serviceLevelS: [20, 30] }) },
      ...more,
    });
    await at.site.parts.database('audit_entries').delete();
    await at.site.parts
      .database('audit_entries')
      .insert([
        line('queue.change', COMPANY.repairs, 'Repairs <b>'),
        line('queue.change', COMPANY.billing, 'Billing desk'),
        line('queue.announce', COMPANY.repairs, 'No change at all'),
        line('calendar.change', 1, 'Office hours'),
        line('trunk.change', 1, 'Line of another report'),
        line('queue.change', COMPANY.repairs, 'Too early', { at: new Date(noon - 9 * DAY_MS) }),
      ]);
  });
  after(() => at.site.stop());
  afterEach(() => {
    expect(at.site.errors).to.deep.equal([]);
  });

  it('lists those of the rows, with what is in force for all, and marks rows and chart', async () => {
    const { text } = await supervisor.get('/reports/queues');
    const list = text.slice(text.indexOf('id="changes"'));
    expect(list).to.include('Repairs &lt;b&gt;').and.include('Billing desk');
    expect(list).to.include('Calendar Office hours');
    for (const other of ['No change at all', 'Line of another report', 'Too early'])
      expect(list).to.not.include(other);
    expect(text.match(/rp-changed">1 change</g)).to.have.length(2);
    expect(text).to.match(/<title>[^<]*3 changes<\/title><line class="rp-mark"/);
    const days = await supervisor.get('/reports/queues?by=day');
    expect(days.text).to.include('rp-changed">3 changes<');
  });

  it('names what is new, without the list of all its fields', async () => {
    const { database } = at.site.parts;
    const entry = {
      ...{
        at: new Date(noon),
        user_name: 'Ada Admin',
        action: 'queue.create',
        object_kind: 'queue',
      },
      ...{ object_id: '77', object_name: 'Brand new', address: '127.0.0.1' },
      changes: JSON.stringify({ strategy: ['', 'ring-all'], serviceLevelS: ['', 20] }),
    };
    const [id] = await database('audit_entries').insert(entry);
    const { text } = await supervisor.get('/reports/queues');
    await database('audit_entries').where({ id }).delete();
    const row = /<tr>(?:(?!<\/tr>)[\s\S])*Brand new[\s\S]*?<\/tr>/.exec(text)?.[0] ?? '';
    const cells = [...row.matchAll(/<td[^>]*>([\s\S]*?)<\/td>/g)].map(([, cell = '']) =>
      cell.replace(/<[^>]*>/g, '').trim(),
    );
    expect(cells.slice(-3)).to.deep.equal(['Created', 'Queue Brand new', '']);
    // What was changed still says what.
    expect(text).to.match(/Billing desk<\/td><td[^>]*>[^<]*[Ss]ervice level/);
  });

  it('narrows to the queue that the report is about', async () => {
    const { text } = await supervisor.get(
      `/reports/queues?queue=${String(COMPANY.billing)}&by=day`,
    );
    const list = text.slice(text.indexOf('id="changes"'));
    expect(list)
      .to.include('Billing desk')
      .and.include('Office hours')
      .and.not.include('Repairs &lt;');
    expect(
      (await supervisor.get('/reports/queues?from=2020-01-01&to=2020-01-02')).text,
    ).to.not.include('id="changes"');
  });

  it('says who it was to those who may read the audit log alone', async () => {
    expect((await supervisor.get('/reports/queues')).text).to.not.include('Ada Admin');
    const { text } = await administrator.get('/reports/queues');
    expect(text)
      .to.include('Ada Admin')
      .and.match(/setup.audit.kind.*queue/);
  });

  it('is there for every report, also where the log has none of its kind', async () => {
    for (const slug of ['agents', 'skills', 'not-ready', 'trunks', 'transfers', 'abandoned-waits'])
      expect((await supervisor.get(`/reports/${slug}`)).status, slug).to.equal(200);
  });
});
