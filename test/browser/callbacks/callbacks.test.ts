import { expect } from 'chai';
import type { QueueId } from '../../../src/kernel/ids.js';
import { PHONE, TestBrowser } from '../../support/browser.js';
import { keepCallback, playCallbacks } from '../../support/callbacks-site.js';
import { CallsSite, COMPANY } from '../../support/calls-site.js';
import { problemsOnPages } from '../../support/looks.js';

const HOUR_MS = 3_600_000;

describe('callbacks in a browser', function () {
  this.timeout(120_000);
  let at: CallsSite;
  let browser: TestBrowser;

  before(async () => {
    at = await CallsSite.start();
    browser = await TestBrowser.start(at.site);
  });
  after(async () => {
    await browser.stop();
    await at.site.stop();
  });
  beforeEach(async () => {
    await at.clear();
    playCallbacks(at);
    await keepCallback(at, { askedAt: Date.now() - HOUR_MS, enteredAt: Date.now() - 2 * HOUR_MS });
    await keepCallback(
      at,
      { queueId: COMPANY.billing as QueueId, number: '+442079460777', name: 'Lin Wu' },
      { attempts: 1, notBefore: Date.now() + HOUR_MS, lastOutcome: 'no-answer' },
    );
  });
  afterEach(async () => {
    await browser.closePages();
    expect(browser.complaints.splice(0)).to.deep.equal([]);
    expect(at.site.errors).to.deep.equal([]);
  });

  it('lists, cancels one, and takes that back', async () => {
    const page = await browser.page({ login: 'supervisor' });
    await page.goto('/callbacks');
    expect(await page.locator('.cb-nav[href="/callbacks"]').innerText()).to.contain('1');
    const row = page.getByRole('row', { name: /Ada Finch/ });
    await row.getByText('Overdue').waitFor();
    await row.getByRole('button', { name: /^Cancel the callback/ }).click();
    await page.getByText('Callback cancelled.').waitFor();
    expect(await row.count()).to.equal(0);
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByText('Callback open again, at its place.').waitFor();
    await row.getByText('Waiting').waitFor();
  });

  it('notes something, calls sooner, and finds what is over', async () => {
    const page = await browser.page({ login: 'supervisor' });
    await page.goto('/callbacks');
    const row = page.getByRole('row', { name: /Lin Wu/ });
    const note = row.getByRole('textbox');
    await note.fill('Asks for Mara');
    await note.press('Enter');
    await page.getByText('Note saved.').waitFor();
    await row.getByRole('button', { name: /at the next free agent$/ }).click();
    await page.getByText('It is called in its turn').waitFor();
    expect(await row.getByText('Next try').count()).to.equal(0);
    await row.getByRole('button', { name: /^Cancel/ }).click();
    await page.getByText('Callback cancelled.').waitFor();
    await page.locator('select[name="state"]').selectOption('cancelled');
    await row.getByText('Cancelled').waitFor();
    expect(await row.getByRole('textbox').inputValue()).to.equal('Asks for Mara');
  });

  it('does the same in Chinese, on a phone', async () => {
    const page = await browser.page({ login: 'mara', language: 'zh-CN', viewport: PHONE });
    await page.goto('/callbacks');
    await page.getByRole('button', { name: /^取消对/ }).click();
    await page.getByText('回拨已取消。').waitFor();
    await page.getByRole('button', { name: '撤销' }).click();
    await page.getByText('回拨已恢复，位置不变。').waitFor();
  });

  it('can be read by everybody, in light and dark, wide and narrow', async () => {
    const who = { site: at.site, browser, role: 'supervisor' } as const;
    expect(await problemsOnPages(who, ['/callbacks?state=all'])).to.deep.equal([]);
  });
});
