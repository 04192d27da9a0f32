import { expect } from 'chai';
import { parse } from 'csv-parse/sync';
import { newCallId } from '../../../src/kernel/ids.js';
import { siteDayOf } from '../../../src/kernel/site-day.js';
import { CallsSite } from '../../support/calls-site.js';
import type { TestClient } from '../../support/web.js';

const DAY_MS = 86_400_000;

describe('costs of calls', function () {
  this.timeout(180_000);
  let at: CallsSite;
  let admin: TestClient;
  let supervisor: TestClient;
  /** Noon of the day before today. */
  let noon: number;
  let [carrier, other] = [0, 0];

  const rate = (more: Readonly<Record<string, string>>) =>
    admin.post('/setup/rates', {
      ...{ name: 'Rate', trunkId: '', direction: 'out', prefix: '', currency: 'GBP' },
      ...{ perMinute: '0.06', perCall: '0', minimumS: '0', incrementS: '1' },
      ...{ validFrom: '2020-01-01' },
      ...more,
    });

  /** A call out with one answered leg over a trunk. */
  async function call(
    trunk: number,
    number: string,
    seconds: number,
    more: { readonly startedAt?: number; readonly didId?: number; readonly isIn?: boolean } = {},
  ): Promise<string> {
    const { startedAt = noon, didId = null, isIn = false } = more;
    const id = newCallId();
    const times = { started_at: new Date(startedAt), ended_at: new Date(startedAt + 600_000) };
    await at.site.parts.database('calls').insert({
      ...{ id, ...times, direction: isIn ? 'inbound' : 'outbound', from_number: number },
      ...{ to_number: number, node: 'pbx', trunk_id: trunk, did_id: didId, result: 'answered' },
    });
    await at.site.parts.database('call_legs').insert({
      ...{ id: `${id}-leg`, call_id: id, role: isIn ? 'caller' : 'callee', number },
      ...{ trunk_id: trunk, started_at: new Date(startedAt) },
      answered_at: new Date(startedAt + 5_000),
      ended_at: new Date(startedAt + 5_000 + seconds * 1_000),
    });
    return id;
  }

  const csv = async (
    slug: string,
  ): Promise<ReadonlyMap<string, Readonly<Record<string, string>>>> => {
    const { text } = await supervisor.get(`/reports/${slug}/export.csv?period=yesterday`);
    const rows = parse(text, {
      bom: true,
      columns: true,
      relax_column_count: true,
    }) as readonly Readonly<Record<string, string>>[];
    return new Map(rows.map((row) => [Object.values(row)[0] ?? '', row]));
  };

  before(async () => {
    at = await CallsSite.start();
    admin = await at.site.client('admin');
    supervisor = await at.site.client('supervisor');
    noon = siteDayOf(Date.now(), at.site.parts.config.timezone).startAt - DAY_MS / 2;
    const add = async (name: string): Promise<number> => {
      const [id] = await at.site.parts
        .database('trunks')
        .insert({ name, settings: '{}', password_sealed: '' });
      return Number(id);
    };
    [carrier, other] = [await add('carrier'), await add('other')];
  });
  after(() => at.site.stop());
  beforeEach(async () => {
    await at.clear();
    await at.site.parts.database('call_legs').delete();
    await at.site.parts.database('call_rates').delete();
  });
  afterEach(() => {
    expect(at.site.errors).to.deep.equal([]);
  });

  it('are per call and per minute, in steps, at least so long; the best rate that fits counts', async () => {
    await rate({ name: 'All', perMinute: '0.60', incrementS: '60' });
    await rate({ name: 'Abroad', prefix: '+49', perMinute: '1.20', perCall: '0,05' });
    await rate({ name: 'Own', trunkId: String(other), perMinute: '0.06', minimumS: '30' });
    await rate({ name: 'Old', prefix: '+49', perMinute: '9', validFrom: '2019-01-01' });
    await rate({ name: 'Future', prefix: '+49', perMinute: '9', validFrom: '2999-01-01' });
    await call(carrier, '+442079460123', 61);
    await call(carrier, '+4930123456', 30);
    await call(other, '+4930123456', 10);
    await at.sum();
    const trunks = await csv('trunks');
    expect(trunks.get('carrier')).to.include({ 'Cost (GBP)': '1.85', 'Without rate': '0' });
    expect(trunks.get('other')).to.include({ 'Cost (GBP)': '0.03', 'Cost per call (GBP)': '0.03' });
    expect(trunks.get('All')).to.include({ 'Cost (GBP)': '1.88' });
    const page = await supervisor.get('/reports/trunks?period=yesterday');
    expect(page.text).to.include('£1.85').and.include('£0.0300');
  });

  it('say which calls have no rate, and open them, instead of 0', async () => {
    await rate({ direction: 'in', perMinute: '0.60' });
    await at.site.parts.database('dids').insert({
      ...{ id: 91, number: '+442079460191', name: 'Free line', target: '{"kind":"hangup"}' },
    });
    await call(carrier, '+442079460123', 60);
    await call(other, '+442079460123', 60, { didId: 91, isIn: true });
    await at.sum();
    const trunks = await csv('trunks');
    expect(trunks.get('carrier')).to.include({ 'Cost (GBP)': '', 'Without rate': '1' });
    expect(trunks.get('other')).to.include({ 'Cost (GBP)': '0.6', 'Without rate': '0' });
    const dids = await supervisor.get('/reports/dids?period=yesterday');
    expect(dids.text).to.include('£0.60');
    const page = await supervisor.get('/reports/trunks?period=yesterday');
    const href = /href="([^"]*costs\.trunk[^"]*)"/.exec(page.text)?.[1] ?? '';
    const calls = await supervisor.get(href.replaceAll('&amp;', '&').replaceAll('&#x3D;', '='));
    expect(calls.status).to.equal(200);
    expect(new Set(calls.text.match(/\/calls\/[0-9A-Z]{26}/g)).size).to.equal(1);
  });

  it('belong to the campaign that dialled', async () => {
    await rate({ perCall: '0.10', perMinute: '0' });
    const id = await call(carrier, '+442079460123', 60);
    const { database } = at.site.parts;
    await database.raw('SET FOREIGN_KEY_CHECKS = 0');
    await database('attempts').insert({
      ...{ id: newCallId(), kind: 'dial', campaign_id: 7, lead_id: 1, contact_id: 1, call_id: id },
      ...{ number: '+442079460123', at: new Date(noon), mode: 'power', rule_set: '' },
      ...{ reasons: '[]', result: 'human', answered_at: new Date(noon) },
    });
    await at.sum();
    expect((await csv('campaigns')).get('#7')).to.include({ 'Cost (GBP)': '0.1', Dials: '1' });
  });

  it('change with a rate by themselves, and with nothing else', async () => {
    await call(carrier, '+442079460123', 60);
    await at.sum();
    await rate({ perMinute: '0.5' });
    const marks = await at.site.parts.database('report_marks').pluck('marked');
    expect(marks).to.deep.equal(['rates']);
  });

  it('are kept in one currency, and refuse what is none', async () => {
    expect((await rate({ name: 'First' })).status).to.equal(303);
    const second = await rate({ currency: 'EUR' });
    expect(second.status).to.equal(422);
    expect(second.text).to.include('is in GBP');
    const wrong = await rate({
      ...{ perMinute: '-1', perCall: '1e3', prefix: '12', currency: 'pounds' },
      ...{ validFrom: '2026-02-30', incrementS: '0' },
    });
    expect(wrong.status).to.equal(422);
    for (const text of ['0.0125', 'such as +44', 'capital letters', '2026-11-24'])
      expect(wrong.text).to.include(text);
    expect((await supervisor.get('/setup/rates')).status).to.equal(403);
    const list = await admin.get('/setup/rates');
    expect(list.text).to.include('First').and.include('0.06 GBP');
  });
});
