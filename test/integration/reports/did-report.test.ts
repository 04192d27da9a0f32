import { expect } from 'chai';
import { newCallId } from '../../../src/kernel/ids.js';
import { siteDayOf } from '../../../src/kernel/site-day.js';
import { CallsSite, COMPANY } from '../../support/calls-site.js';
import type { TestClient } from '../../support/web.js';

const PATH = '/reports/dids';
const DAY_MS = 86_400_000;

describe('the report of DIDs', function () {
  this.timeout(120_000);
  let at: CallsSite;
  let supervisor: TestClient;
  /** Noon of today and of the day before, by the clock of the site. */
  let noon: number;
  let zone: string;
  const [main, shop] = [71, 72] as const;

  before(async () => {
    at = await CallsSite.start();
    supervisor = await at.site.client('supervisor');
    zone = at.site.parts.config.timezone;
    noon = siteDayOf(Date.now(), zone).startAt - DAY_MS / 2;
    const target = JSON.stringify({ kind: 'hangup' });
    await at.site.parts.database('dids').insert([
      { id: main, number: '+442079460170', name: 'Main', target },
      { id: shop, number: '+442079460171', name: 'Shop', target },
    ]);
  });
  after(() => at.site.stop());
  beforeEach(() => at.clear());
  afterEach(() => {
    expect(at.site.errors).to.deep.equal([]);
  });

  const call = (did: number | null, startedAt: number, more: object = {}) => ({
    ...{ id: newCallId(), started_at: new Date(startedAt), ended_at: new Date(startedAt + 60_000) },
    ...{ direction: 'inbound', from_number: '+442079460123', to_number: '+442079460110' },
    ...{ node: 'pbx', did_id: did, result: 'contained', ended_by: 'system' },
    ...more,
  });
  const queued = { queue_id: COMPANY.repairs, result: 'answered', ended_by: 'caller' };
  const add = async (...rows: readonly object[]): Promise<void> => {
    await at.site.parts.database('calls').insert(rows);
    await at.sum();
  };
  /** One call of each kind to the main number yesterday; more elsewhere that must not be mixed in. */
  const oneOfEach = (): Promise<void> =>
    add(
      call(main, noon),
      call(main, noon, { ended_by: 'caller' }),
      call(main, noon, queued),
      call(main, noon, { ...queued, result: 'voicemail' }),
      call(main, noon, { result: 'no-answer' }),
      call(main, noon, { result: 'voicemail' }),
      call(main, noon, { result: 'closed' }),
      call(main, noon, { result: null, ended_at: null, ended_by: null }),
      call(main, noon, { test: true }),
      call(null, noon),
      call(main, noon - DAY_MS, queued),
      call(shop, noon),
      call(shop, noon, queued),
    );
  const dayName = (instant: number): string =>
    new Intl.DateTimeFormat('sv-SE', { timeZone: zone }).format(instant);
  const rowsOf = (html: string): readonly string[] =>
    [
      ...(/<table class="cb-table rp-figures"[^]*?<\/table>/.exec(html)?.[0] ?? '').matchAll(
        /<tr>([^]*?)<\/tr>/g,
      ),
    ].map(([, row = '']) =>
      row
        .replaceAll(/<[^>]+>/g, ' ')
        .replaceAll(/\s+/g, ' ')
        .trim(),
    );
  const read = async (query: Record<string, string>): Promise<string> => {
    const answer = await supervisor.get(`${PATH}?${new URLSearchParams(query).toString()}`);
    expect(answer.status).to.equal(200);
    return answer.text;
  };

  it('count each call once, by how far it came', async () => {
    await oneOfEach();
    const yesterday = dayName(noon);
    const text = await read({ from: yesterday, to: yesterday });
    expect(rowsOf(text).slice(1)).to.deep.equal([
      '(020) 7946 0170 Main 8 1 1 2 1 1 1 1 12.5% – – 0',
      '(020) 7946 0171 Shop 2 1 0 1 0 0 0 0 50.0% – – 0',
      'All 10 2 1 3 1 1 1 1 20.0% – – 0',
    ]);
    expect(text.replaceAll(/<[^>]+>/g, '')).to.contain(
      'Entered 10 = Contained 2 + Hung up in the flow 1 + To queue 3',
    );
  });

  it('open exactly the calls that they count', async () => {
    await oneOfEach();
    const yesterday = dayName(noon);
    for (const by of ['did', 'day', 'hour']) {
      const html = await read({ from: yesterday, to: yesterday, by });
      const links = [...html.matchAll(/href="(\/calls\?[^"]*)">([\d,]+)<\/a>/g)];
      expect(links.length, by).to.be.above(8);
      for (const [, href = '', count = ''] of links.filter(([, href = '']) =>
        href.includes('figure='),
      )) {
        const path = href.replaceAll('&amp;', '&').replaceAll('&#x3D;', '=');
        const list = await supervisor.get(path);
        const found = [...list.text.matchAll(/class="id" href="\/calls\/(\w+)"/g)];
        expect(found, path).to.have.length(Number(count));
      }
    }
  });
});
