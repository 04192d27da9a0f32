import { expect } from 'chai';
import { knexAuditLog } from '../../../src/features/audit/index.js';
import { foldMissed } from '../../../src/features/missed-callers/knex-missed-fold.js';
import { KnexReconcilerStore } from '../../../src/features/reconciliation/knex-reconciler-store.js';
import { reconcileNext } from '../../../src/features/reconciliation/reconciler.js';
import { dayNameOf } from '../../../src/kernel/site-day.js';
import { TestBrowser } from '../../support/browser.js';
import { abandonedCall, answeredCall, type CallScript } from '../../support/call-events.js';
import { CallsSite } from '../../support/calls-site.js';
import { problemsOnPages } from '../../support/looks.js';

const HOUR_MS = 3_600_000;

describe('reconciliation, missed callers and recordings in a browser', function () {
  this.timeout(120_000);
  let at: CallsSite;
  let browser: TestBrowser;
  let heard: CallScript;
  let spoilt: string;

  before(async () => {
    at = await CallsSite.start();
    const { database, config } = at.site.parts;
    const began = Date.now() - 30 * HOUR_MS;
    heard = answeredCall({ startedAt: began });
    await at.tell(heard, abandonedCall(began), abandonedCall(began + 60_000, '+442079460199'));
    await at.keep(heard.recordingId);
    while ((await foldMissed(database, { dueMs: HOUR_MS, withShort: true })) > 0);
    await database('queue_visits').where('outcome', 'abandoned').limit(1).delete();
    const store = new KnexReconcilerStore(database, config.timezone, knexAuditLog);
    const clock = { now: () => Date.now(), sleep: () => Promise.resolve() };
    const log = { info: () => undefined, warn: () => undefined };
    spoilt = dayNameOf(began, config.timezone);
    await store.keep({
      ...{ day: spoilt, isWhole: true, startedAt: Date.now(), checkedAt: Date.now() },
      result: await store.recount({ startAt: began - HOUR_MS, endAt: began + HOUR_MS }, Date.now()),
    });
    await reconcileNext({
      ...{ store, clock, log, zone: config.timezone },
      raiseAlarm: () => undefined,
    });
    browser = await TestBrowser.start(at.site);
  });
  after(async () => {
    await browser.stop();
    await at.site.stop();
    expect(at.site.errors).to.deep.equal([]);
  });

  it('leads from the day that does not add up to the lines of the call', async () => {
    const page = await browser.page({ login: 'supervisor' });
    await page.goto('/reports/reconciliation');
    await page
      .locator('tr', { has: page.locator('.chip.alarm') })
      .locator('a.id')
      .click();
    await page.waitForURL(/reconciliation\/\d{4}/);
    await page.locator('a[href$="/events"]').first().click();
    await page.waitForURL(/\/calls\/[0-9A-Z]{26}\/events/);
  });

  it('gives a missed caller to an agent, closes and opens again', async () => {
    const page = await browser.page({ login: 'supervisor' });
    await page.goto('/calls/to-return');
    await page.locator('select[name=owner]').first().selectOption({ label: 'Theo Lark' });
    await page.getByText('The owner is changed.').waitFor();
    await page
      .getByRole('button', { name: /^Close / })
      .first()
      .click();
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByText('Open again.').waitFor();
    expect(await page.locator('table.cb-table tbody tr').count()).to.equal(2);
  });

  it('finds a recording, remarks at the second that is heard, and holds it', async () => {
    const page = await browser.page({ login: 'supervisor' });
    await page.goto('/recordings?q=020+7946+0123');
    await page.locator('table.cb-table a.id').first().click();
    await page.waitForURL(/\/calls\//);
    await page.locator('canvas.wave').press('End');
    await page.locator('form[data-remark] input[name=text]').fill('Says thank you');
    expect(await page.locator('form[data-remark] input[name=at]').inputValue()).to.equal('0:02');
    await page.getByRole('button', { name: 'Add remark' }).click();
    await page.getByText('Says thank you').waitFor();
    await page.locator('.rec-remarks [data-seek-ms]').click();
    await page.locator('.rec-care summary').click();
    await page.locator('input[name=why]').fill('Dispute 4711');
    await page.locator('form[action$="/hold"] button').click();
    await page.getByText('Held by').waitFor();
  });

  it('looks right in both languages, themes and widths, full and empty', async () => {
    const day = `/reports/reconciliation/${spoilt}`;
    const paths = [
      ...['/reports/reconciliation', day, `${day}?queue=1`, '/reports/reconciliation/2026-01-01'],
      ...['/calls/to-return', '/calls/to-return?state=done', '/reports/missed-callers'],
      ...['/recordings', '/recordings?kind=conference', `/calls/${heard.callId}`],
    ];
    expect(await problemsOnPages({ site: at.site, browser }, paths)).to.deep.equal([]);
    expect(browser.complaints).to.deep.equal([]);
  });
});
