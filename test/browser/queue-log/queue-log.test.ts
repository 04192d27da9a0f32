import { expect } from 'chai';
import type { Page } from 'playwright-core';
import { ledgerEventWriter } from '../../../src/adapters/ledger/index.js';
import { startQueueLogJobs } from '../../../src/features/queue-log/index.js';
import { Scope } from '../../../src/kernel/scope.js';
import { TestBrowser } from '../../support/browser.js';
import { CallsSite } from '../../support/calls-site.js';
import { problemsInEveryLook } from '../../support/looks.js';
import { linesOf, LOG_START_S } from '../../support/queue-logs.js';

const PATH = '/setup/migrate';

/** Ten calls of a queue that has the name of ours, and two of one that has not; one line is broken. */
const LOG = [
  ...Array.from({ length: 12 }, (_, n) =>
    linesOf(`${String(LOG_START_S + n * 100)}.${String(n)}`, LOG_START_S + n * 100, [
      {
        queue: n < 10 ? 'repairs' : 'Front desk of the old house, second floor, west wing',
        ...{ waits: 10, missed: 1, talks: 60 },
        end: n % 4 === 3 ? 'ABANDON' : 'COMPLETECALLER',
        agent: n % 2 === 0 ? 'PJSIP/2001' : 'Local/4711@from-queue/n',
      },
    ]).map(({ text }) => text),
  ).flat(),
  'broken',
].join('\n');

describe('migration of a queue_log in a browser', function () {
  this.timeout(120_000);
  let at: CallsSite;
  let browser: TestBrowser;
  let stopJobs: () => Promise<void>;

  before(async () => {
    at = await CallsSite.start();
    browser = await TestBrowser.start(at.site);
    const { database, clock, config, log } = at.site.parts;
    let cancel: () => void = () => undefined;
    const jobs = Scope.run('jobs', async (scope) => {
      startQueueLogJobs(scope, {
        ...{ database, clock, log, varDir: config.varDir, zone: config.timezone, country: 'GB' },
        write: ledgerEventWriter(database),
      });
      await new Promise<void>((resolve) => (cancel = resolve));
    });
    stopJobs = () => {
      cancel();
      return jobs;
    };
  });
  afterEach(() => browser.closePages());
  after(async () => {
    await stopJobs();
    await browser.stop();
    await at.site.stop();
    expect(browser.complaints.filter((line) => !line.includes('422'))).to.deep.equal([]);
    expect(at.site.errors).to.deep.equal([]);
  });

  const choose = (page: Page, content = LOG): Promise<void> =>
    page.getByLabel('Files of the queue log').setInputFiles({
      ...{ name: 'queue_log', mimeType: 'text/plain', buffer: Buffer.from(content) },
    });

  it('uploads, shows what is in it, guesses names, imports, and leads to the report; by keyboard', async () => {
    const page = await browser.page({ login: 'admin' });
    await page.goto('/setup/queues');
    await page.getByRole('link', { name: 'Migration' }).press('Enter');
    await page.getByRole('heading', { name: 'Migration from an old system' }).waitFor();
    await choose(page);
    await page.getByRole('button', { name: 'Upload and check' }).press('Enter');
    await page.getByText('Names to be chosen').waitFor();
    const facts = (await page.locator('dl.facts').textContent()) ?? '';
    expect(facts).to.match(/Calls that can be imported\s*12/);
    const chosen = (name: string): Promise<string | null> =>
      page.getByLabel(`${name} is here`).locator('option:checked').textContent();
    expect(await chosen('repairs')).to.equal('Repairs');
    expect(await chosen('PJSIP/2001')).to.include('Mara Quill');
    expect(await chosen('Local/4711@from-queue/n')).to.equal('A former agent');
    await page.getByLabel('Front desk of the old house, second floor, west wing is here').focus();
    await page.keyboard.press('B');
    expect(await chosen('Front desk of the old house, second floor, west wing')).to.equal(
      'Billing',
    );
    await page.getByRole('button', { name: 'Import 12 calls' }).press('Enter');
    await page.getByText('12 calls imported.').waitFor();
    const download = page.waitForEvent('download');
    await page.getByRole('link', { name: 'Download what was left out' }).press('Enter');
    expect((await download).suggestedFilename()).to.match(/^queue-log-\d+-problems\.csv$/);
    const day = new Date(LOG_START_S * 1_000).toISOString().slice(0, 10);
    await page.goto(`/calls?from=${day}&until=${day}`);
    await page.getByText('12 calls').first().waitFor();
    await page.goto(PATH);
    await page.getByRole('link', { name: 'queue_log' }).press('Enter');
    await page.getByText('Remove from the list').first().press('Enter');
    await page.locator('details.cb-confirm[open] button').press('Enter');
    await page.locator('#toasts [role=status]').getByText('Removed from the list').waitFor();
  });

  it('says what is wrong beside the field and keeps what was typed', async () => {
    const page = await browser.page({ login: 'admin' });
    await page.goto(PATH);
    await page.getByLabel('Time zone of dates').fill('Mars/Olympus');
    await page.getByRole('button', { name: 'Upload and check' }).click();
    await page.getByText('There is no such time zone').waitFor();
    await page.getByText('Choose a file.').waitFor();
    expect(await page.getByLabel('Time zone of dates').inputValue()).to.equal('Mars/Olympus');
  });

  it('is accessible in every look: with problems, with names to choose, done, in the list', async () => {
    const problems = await problemsInEveryLook({ site: at.site, browser }, async (page, check) => {
      await page.goto(PATH);
      await page.locator('#f-zone').fill('');
      await page.locator('main form button.btn-primary').click();
      await page.locator('[aria-invalid=true]').first().waitFor();
      await check('problems');
      await page.locator('#f-zone').fill('Europe/London');
      await page.locator('#f-files').setInputFiles({
        ...{ name: 'queue_log', mimeType: 'text/plain', buffer: Buffer.from(LOG) },
      });
      await page.locator('main form button.btn-primary').click();
      await page.locator('form[action$="/start"]').waitFor();
      await check('names');
      await page.locator('form[action$="/start"] button').click();
      await page.locator('a[href="/reports/queues"].btn').waitFor();
      await check('done');
      await page.goto(PATH);
      await check('list');
    });
    expect(problems).to.deep.equal([]);
  });
});
