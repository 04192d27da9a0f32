import { expect } from 'chai';
import { newCallId } from '../../../src/kernel/ids.js';
import { siteDayOf } from '../../../src/kernel/site-day.js';
import { CallsSite, COMPANY } from '../../support/calls-site.js';
import type { TestClient } from '../../support/web.js';

const PATH = '/reports/queues';
const DAY_MS = 86_400_000;

interface Visit {
  readonly queue?: number;
  readonly outcome?: string | null;
  readonly waitMs?: number;
  readonly expectedMs?: number;
  readonly at?: number;
  readonly test?: boolean;
}

describe('the report of queues', function () {
  this.timeout(120_000);
  let at: CallsSite;
  let supervisor: TestClient;
  /** Noon of yesterday by the clock of the site. */
  let noon: number;

  before(async () => {
    at = await CallsSite.start();
    supervisor = await at.site.client('supervisor');
    noon = siteDayOf(Date.now(), at.site.parts.config.timezone).startAt - DAY_MS / 2;
  });
  after(() => at.site.stop());
  beforeEach(() => at.clear());
  afterEach(() => {
    expect(at.site.errors).to.deep.equal([]);
  });

  /** A call with these visits, one after the other. */
  async function call(...visits: readonly Visit[]): Promise<string> {
    const { database } = at.site.parts;
    const id = newCallId();
    const started = new Date(visits[0]?.at ?? noon);
    await database('calls').insert({
      ...{ id, started_at: started, ended_at: started, direction: 'inbound', node: 'pbx' },
      ...{ from_number: '+442079460123', to_number: '+442079460110', result: 'answered' },
      test: visits[0]?.test ?? false,
    });
    for (const [n, visit] of visits.entries()) {
      const { queue = COMPANY.repairs, outcome = 'answered', waitMs = 10_000 } = visit;
      const enteredAt = visit.at ?? noon;
      await database('queue_visits').insert({
        ...{ call_id: id, n, queue_id: queue, direction: 'inbound', outcome, reason: '' },
        entered_at: new Date(enteredAt),
        left_at: outcome === null ? null : new Date(enteredAt + waitMs),
        ...{ wait_ms: waitMs, test: visit.test ?? false },
        expected_ms: visit.expectedMs ?? null,
      });
    }
    return id;
  }

  /** Cells of the table's rows, without marks and spaces. */
  async function rows(query = ''): Promise<readonly (readonly string[])[]> {
    await at.sum();
    const page = await supervisor.get(`${PATH}?period=yesterday${query}`);
    expect(page.status).to.equal(200);
    const table = /<table class="cb-table rp-figures"[\s\S]*?<\/table>/.exec(page.text)?.[0] ?? '';
    return [...table.matchAll(/<tr>([\s\S]*?)<\/tr>/g)]
      .slice(1)
      .map(([, row = '']) =>
        [...row.matchAll(/<t[dh][^>]*>([\s\S]*?)<\/t[dh]>/g)].map(([, cell = '']) =>
          cell.replace(/<[^>]*>/g, '').trim(),
        ),
      );
  }

  it('counts visits: one that overflowed in both queues, and adds up', async () => {
    await call({ outcome: 'overflowed', waitMs: 60_000 }, { queue: COMPANY.billing });
    await call({ outcome: 'abandoned', waitMs: 30_000 });
    await call({ outcome: 'abandoned', waitMs: 2_000 });
    await call({ outcome: 'callback' });
    await call({ outcome: 'closed', waitMs: 0 });
    await call({ waitMs: 70_000 });
    await call({ test: true });
    await call({ at: noon - 2 * DAY_MS });
    const [repairs, billing, total] = await rows();
    expect(repairs).to.deep.equal([
      ...['Repairs', '6', '1', '16.7%', '2', '1', '20.0%', '1', '1', '1'],
      ...['0.0%', '1:10', '0:30', '1:10', '–', '–', '–', '–', '0', '–', '–'],
    ]);
    expect(billing?.slice(0, 4)).to.deep.equal(['Billing', '1', '1', '100.0%']);
    expect(total?.slice(0, 4)).to.deep.equal(['All', '7', '2', '28.6%']);
    const page = await supervisor.get(`${PATH}?period=yesterday`);
    const sum = page.text.replace(/<[^>]*>/g, ' ').replace(/\s+/g, ' ');
    expect(sum).to.include(
      'Offered 7 = Answered 2 + Abandoned 2 + Overflowed 1 + Callback 1 + Closed 1 adds up',
    );
  });

  it('says how wrong estimates were, the same on the page and in the file', async () => {
    await call({ waitMs: 30_000, expectedMs: 60_000 });
    await call({ waitMs: 400_000, expectedMs: 300_000 });
    const wrong = await call({ waitMs: 170_000, expectedMs: 60_000 });
    await call({ waitMs: 70_000 });
    await call({ outcome: 'abandoned', waitMs: 30_000, expectedMs: 600_000 });
    const [repairs] = await rows();
    // 30, 100 and 110 s: the second is less than half of what was expected.
    expect(repairs?.slice(-3)).to.deep.equal(['3', '1:20', '66.7%']);
    const file = await supervisor.get(`${PATH}/export.csv?period=yesterday`);
    const [head = '', first = ''] = file.text.split('\r\n');
    expect(head).to.match(/,Estimates,Error of estimates \(s\),Estimates within the band[^,]*$/);
    expect(first).to.match(/,3,80,[^,]+$/);
    const page = await supervisor.get(`${PATH}?period=yesterday`);
    expect(page.text).to.include('Answered calls of which the wait had been estimated');
    const list = await supervisor.get(linkTo(page.text, `${String(COMPANY.repairs)}\\.estimated`));
    expect(list.text).to.include(wrong).and.include('3 calls');
  });

  it('says where the ledger has no outcome, and opens those calls', async () => {
    const lost = await call({ outcome: null });
    await at.site.parts.database('queue_visits').update({ left_at: new Date(noon + 1) });
    await call({});
    await at.sum();
    const page = await supervisor.get(`${PATH}?period=yesterday`);
    expect(page.text).to.include('1 are missing');
    const calls = await supervisor.get(linkTo(page.text, 'any\\.unknown'));
    expect(calls.text).to.include(lost).and.include('1 call');
  });

  it('opens exactly the calls behind each count', async () => {
    const overflowed = await call({ outcome: 'overflowed' }, { queue: COMPANY.billing });
    const abandoned = await call({ outcome: 'abandoned', waitMs: 9_000 });
    await call({});
    await at.sum();
    const page = await supervisor.get(`${PATH}?period=yesterday`);
    const opened = async (part: string): Promise<readonly string[]> => {
      const list = await supervisor.get(linkTo(page.text, part));
      return [...list.text.matchAll(/<a class="id" href="\/calls\/([0-9A-Z]{26})"/g)].map(
        ([, id = '']) => id,
      );
    };
    expect(await opened(`${String(COMPANY.repairs)}\\.overflowed`)).to.deep.equal([overflowed]);
    expect(await opened(`${String(COMPANY.repairs)}\\.abandoned`)).to.deep.equal([abandoned]);
    expect(await opened(`${String(COMPANY.billing)}\\.offered`)).to.deep.equal([overflowed]);
    expect(await opened('any\\.offered')).to.have.length(3);
  });

  it('goes by hours, and compares with the time before', async () => {
    await call({ at: noon });
    await call({ at: noon + 3_600_000, outcome: 'abandoned', waitMs: 9_000 });
    await call({ at: noon - DAY_MS });
    const hours = await rows('&by=hour');
    expect(hours).to.have.length.within(24, 26);
    expect(hours.filter(([, offered]) => offered === '1')).to.have.length(2);
    const page = await supervisor.get(`${PATH}?period=yesterday`);
    expect(page.text).to.include('before: 1');
    const alone = await supervisor.get(`${PATH}?period=yesterday&compare=none`);
    expect(alone.text).not.to.include('before: 1');
  });

  it('gives a file with the same figures', async () => {
    await call({ waitMs: 12_400 });
    await at.sum();
    const file = await supervisor.get(`${PATH}/export.csv?period=yesterday`);
    const [head, first] = file.text.split('\r\n');
    expect(head).to.include('Queue,Offered,Answered,Answer rate');
    expect(head).to.include('Average wait (s)');
    expect(first).to.include('Repairs,1,1,1,0,0,0,0,0,0,');
    expect(first).to.include(',12,');
  });

  it('takes any period and nonsense, and is for those who may read calls', async () => {
    for (const query of [
      ...['from=2016-01-01&to=2026-01-01&by=quarter', 'from=2026-10-25&to=2026-10-25&by=hour'],
      ...['period=nonsense&by=nonsense&queue=nonsense', 'from=2026-99-99', 'queue=999999&by=year'],
    ])
      expect((await supervisor.get(`${PATH}?${query}`)).status, query).to.equal(200);
    const agent = await at.site.client('agent');
    expect((await agent.get(PATH)).status).to.equal(403);
  });
});

/** The list of calls to which a figure leads. */
function linkTo(html: string, visit: string): string {
  const text = html.replaceAll('&#x3D;', '=').replaceAll('&amp;', '&');
  const href = new RegExp(`href="(/calls\\?figure=visits\\.queue\\.${visit}[^"]*)"`).exec(
    text,
  )?.[1];
  if (href === undefined) throw new Error(`no figure leads to ${visit}`);
  return href;
}
