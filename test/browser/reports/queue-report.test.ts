import { expect } from 'chai';
import { TestBrowser } from '../../support/browser.js';
import { abandonedCall, answeredCall } from '../../support/call-events.js';
import { CallsSite } from '../../support/calls-site.js';
import { problemsOnPages } from '../../support/looks.js';

const PATH = '/reports/queues';
const DAY_MS = 86_400_000;

describe('the report of queues in a browser', function () {
  this.timeout(90_000);
  let at: CallsSite;
  let browser: TestBrowser;

  before(async () => {
    at = await CallsSite.start();
    const now = Date.now();
    await at.tell(
      ...[1, 2, 3].map((days) => answeredCall({ startedAt: now - days * DAY_MS })),
      abandonedCall(now - DAY_MS),
    );
    await at.site.parts.database('audit_entries').insert({
      ...{ at: new Date(now - DAY_MS), user_name: 'Ada Admin', action: 'queue.change' },
      ...{ object_kind: 'queue', object_id: '1', object_name: 'Repairs', address: '127.0.0.1' },
      changes: JSON.stringify({ serviceLevelS: [20, 30] }),
    });
    await at.site.parts.database('call_rates').insert({
      ...{ name: 'Carrier to the capital', direction: 'out', prefix: '+4420', currency: 'GBP' },
      ...{ per_minute: 12_500, per_call: 0, minimum_s: 30, increment_s: 1 },
      ...{ valid_from: '2020-01-01', valid_at: new Date('2020-01-01') },
    });
    await at.sum();
    browser = await TestBrowser.start(at.site);
  });
  after(async () => {
    await browser.stop();
    expect(at.site.errors).to.deep.equal([]);
    await at.site.stop();
  });

  it('looks right where the set-up has rates, times of queues and an access log', async () => {
    const paths = [
      ...['/setup/rates', '/setup/rates/new', '/setup/rates/1'],
      ...['/setup/recording-retention', '/recordings/access'],
    ];
    const found = await problemsOnPages({ site: at.site, browser }, paths);
    expect(found).to.deep.equal([]);
    expect(browser.complaints).to.deep.equal([]);
  });

  it('chooses rows and period without a button, and opens the calls behind a figure', async () => {
    const page = await browser.page({ login: 'supervisor' });
    await page.goto(PATH);
    await page.selectOption('select[name=by]', 'day');
    await page.waitForURL(/by=day/);
    await page.selectOption('select[name=period]', 'last-30d');
    await page.waitForURL(/period=last-30d/);
    expect(await page.locator('table.rp-figures tbody tr').count()).to.equal(30);
    await page.locator('table.rp-figures tfoot a').first().click();
    await page.waitForURL(/\/calls\?figure=/);
    expect(await page.locator('table.cb-table tbody tr').count()).to.equal(4);
    await page.getByText('Show all calls').click();
    await page.waitForURL((url) => !url.search.includes('figure'));
  });

  it('looks right in both languages, themes and widths, full and empty', async () => {
    const paths = [
      ...[PATH, `${PATH}?by=hour&heat=service-level`, `${PATH}?from=2020-01-01&to=2020-01-02`],
      ...['/reports/builder', '/reports/own?about=queue&columns=offered.replied&by=day'],
      ...[
        '/reports',
        '/reports/agents',
        '/reports/teams',
        '/reports/trunks',
        '/reports/saved',
        '/reports/saved/new?report=dids',
      ],
    ];
    expect(await problemsOnPages({ site: at.site, browser }, paths)).to.deep.equal([]);
    expect(browser.complaints).to.deep.equal([]);
  });
});
