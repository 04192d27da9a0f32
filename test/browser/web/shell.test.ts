import { expect } from 'chai';
import type { Page } from 'playwright-core';
import { makeFeatures } from '../../../src/wiring/web-role.js';
import { siteDayOf } from '../../../src/kernel/site-day.js';
import type { Desk } from '../../../src/telephony/live.js';
import { PHONE, TestBrowser } from '../../support/browser.js';
import { addBusyDay, busySnapshot } from '../../support/busy-site.js';
import { eventually } from '../../support/private-process.js';
import { TEST_PASSWORD, TestSite } from '../../support/web.js';

const desk: Desk = {
  ask: () => Promise.resolve({ ok: false, code: 'calls-not-running', detail: '' }),
};

describe('in a browser', function () {
  this.timeout(120_000);
  let site: TestSite;
  let browser: TestBrowser;
  before(async () => {
    site = await TestSite.start((parts, users) => makeFeatures(parts, users, parts.live, desk));
    const now = Date.now();
    await addBusyDay(site.parts.database, now, siteDayOf(now, site.parts.config.timezone).startAt);
    browser = await TestBrowser.start(site);
  });
  afterEach(() => browser.closePages());
  after(async () => {
    await browser.stop();
    await site.stop();
  });
  const cell = (page: Page, key: string) => page.locator(`[data-live="${key}"]`).first();

  it('somebody signs in by keyboard alone, lands on the live overview, and signs out', async () => {
    const page = await browser.page();
    await page.goto('/');
    await page.keyboard.type('supervisor');
    await page.keyboard.press('Tab');
    await page.keyboard.type(TEST_PASSWORD);
    await page.keyboard.press('Enter');
    await page.waitForURL('**/live');
    expect(await page.getByRole('heading', { level: 1 }).textContent()).to.equal('Live overview');
    await page.locator('#user-menu summary').click();
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByText('You are signed out.').waitFor();
  });

  it('the password is shown and hidden again on request', async () => {
    const page = await browser.page();
    await page.goto('/login');
    await page.locator('#f-password').fill('secret');
    await page.getByRole('button', { name: 'Show password' }).click();
    expect(await page.locator('#f-password').getAttribute('type')).to.equal('text');
  });

  it('language and theme change from the menu and stay', async () => {
    const page = await browser.page({ login: 'supervisor' });
    await page.goto('/live');
    await page.locator('#user-menu summary').click();
    await page.getByRole('button', { name: '切换为中文' }).click();
    await page.getByRole('heading', { level: 1, name: '实时总览' }).waitFor();
    await page.locator('#user-menu summary').click();
    await page.locator('button[name=theme][value=dark]').click();
    await page.locator('html[data-bs-theme=dark]').waitFor();
    await page.reload();
    expect(await page.locator('html').getAttribute('lang')).to.equal('zh-CN');
    expect(await page.locator('html').getAttribute('data-bs-theme')).to.equal('dark');
  });

  it('the theme follows the system where nobody chose one', async () => {
    const page = await browser.page({ theme: 'dark' });
    await page.goto('/login');
    expect(await page.locator('html').getAttribute('data-bs-theme')).to.equal('dark');
  });

  it('the menu folds, stays folded, and is a drawer on a phone', async () => {
    const page = await browser.page({ login: 'supervisor' });
    await page.goto('/live');
    await page.keyboard.press('[');
    await page.locator('html[data-fold=yes]').waitFor();
    await page.goto('/me');
    expect(await page.locator('.cb-side .cb-brand span').isVisible()).to.equal(false);
    const phone = await browser.page({ login: 'supervisor', viewport: PHONE });
    await phone.goto('/live');
    const link = phone.locator('#sidebar').getByRole('link', { name: 'Overview' });
    expect(await link.isVisible()).to.equal(false);
    await phone.getByRole('button', { name: 'Menu' }).click();
    await link.waitFor({ state: 'visible' });
    await phone.keyboard.press('Escape');
    await link.waitFor({ state: 'hidden' });
  });

  it('keys move through rows, open them, and find the search', async () => {
    const page = await browser.page({ login: 'admin' });
    await page.goto('/setup/users');
    await page.keyboard.press('j');
    await page.keyboard.press('j');
    await page.keyboard.press('k');
    expect(await page.locator('a.id:focus').textContent()).to.equal('Test admin');
    await page.keyboard.press('/');
    expect(await page.locator('input[type=search]:focus').count()).to.equal(1);
    await page.keyboard.type('superv');
    await page.locator('tbody tr').nth(1).waitFor({ state: 'detached' });
    expect(page.url()).to.include('q=superv');
    await page.keyboard.press('Tab');
    await page.locator('tbody a.id').focus();
    await page.keyboard.press('Enter');
    await page.waitForURL('**/setup/users/*');
  });

  it('a form counts changes, asks before they are lost, and saves with Ctrl S', async () => {
    const page = await browser.page({ login: 'admin' });
    await page.goto('/setup/users/2');
    await page.locator('[name=name]').fill('Ines Holm');
    await page.getByText('1 unsaved change').waitFor();
    const question = page.waitForEvent('dialog');
    void page.goto('/setup/users').then(
      () => undefined,
      () => undefined,
    );
    await (await question).dismiss();
    expect(page.url()).to.include('/setup/users/2');
    await page.locator('[name=name]').focus();
    await page.keyboard.press('Control+s');
    await page.waitForURL('**/setup/users');
    await page.getByText('Saved.').waitFor();
    await page.getByRole('link', { name: 'Ines Holm' }).waitFor();
  });

  it('a form with problems puts the focus on the summary, which leads to the field', async () => {
    const page = await browser.page({ login: 'admin' });
    await page.goto('/setup/users/new');
    await page.locator('[name=login]').fill('x');
    await page.locator('[name=name]').fill('Xenia');
    await page.locator('[data-save]').click();
    await page.locator('.cb-alarm:focus').waitFor();
    await page.getByRole('link', { name: 'User name' }).click();
    expect(page.url()).to.include('#f-login');
    expect(await page.locator('[name=name]').inputValue()).to.equal('Xenia');
  });

  it('archiving asks first, and can be undone from the toast', async () => {
    await site.addUser('gone', 'agent', 'Soon Gone');
    const page = await browser.page({ login: 'admin' });
    await page.goto('/setup/users?q=Soon');
    await page.getByRole('link', { name: 'Soon Gone' }).click();
    await page.locator('.cb-confirm summary').click();
    await page.getByText('Soon Gone is signed out at once').waitFor();
    await page.locator('.cb-confirm-box button').click();
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByText('User restored.').waitFor();
  });

  it('live values arrive, tick, and lists change', async () => {
    site.parts.live.publish(busySnapshot(1));
    const page = await browser.page({ login: 'supervisor' });
    await page.goto('/live');
    await page.locator('#live-dot[data-state=live]').waitFor();
    expect(await cell(page, 'kpi.waiting').textContent()).to.equal('6');
    const before = await cell(page, 'kpi.longest').textContent();
    await eventually(
      'the next second',
      async () => (await cell(page, 'kpi.longest').textContent()) !== before,
    );
    const busy = busySnapshot(2);
    site.parts.live.publish({ ...busy, calls: busy.calls.slice(0, 2), queues: [] });
    await eventually(
      'two calls',
      async () => (await page.locator('[data-live-list=calls] tr').count()) === 2,
    );
    expect(await cell(page, 'kpi.waiting').textContent()).to.equal('0');
  });

  it('values stand still and look so while the server is away, and come back', async () => {
    site.parts.live.publish(busySnapshot(3));
    const page = await browser.page({ login: 'supervisor' });
    await page.goto('/live');
    await page.locator('#live-dot[data-state=live]').waitFor();
    await page.context().setOffline(true);
    site.dropLiveConnections();
    await page.locator('#live-dot[data-state=off]').waitFor();
    await page.locator('#banner-live').filter({ hasText: 'Not connected since' }).waitFor();
    expect(await page.locator('body.is-stale').count()).to.equal(1);
    await page.context().setOffline(false);
    await page.locator('#live-dot[data-state=live]').waitFor({ timeout: 15_000 });
    await page
      .getByText(/Live again; was away \d+ s/)
      .first()
      .waitFor();
    expect(await page.locator('body.is-stale').count()).to.equal(0);
  });

  it('the drawing of the day opens as a table with the same figures', async () => {
    const page = await browser.page({ login: 'supervisor' });
    await page.goto('/live');
    await page.locator('#today summary').click();
    const sum = await page
      .locator('#today tbody tr td:nth-child(2)')
      .allTextContents()
      .then((texts) => texts.reduce((total, text) => total + Number(text), 0));
    expect(sum).to.equal(100);
  });

  it('lists, forms and sign-in work without scripts', async () => {
    const page = await browser.page({ withoutScripts: true });
    await page.goto('/login');
    await page.locator('[name=login]').fill('admin');
    await page.locator('[name=password]').fill(TEST_PASSWORD);
    await page.locator('form[action="/login"] button.btn-primary').click();
    await page.goto('/setup/users');
    await page.locator('input[type=search]').fill('agent');
    await page.locator('.cb-filter button').click();
    await page.getByRole('link', { name: 'Test agent' }).click();
    await page.locator('[name=name]').fill('Without scripts');
    await page.locator('[data-save]').click();
    await page.getByText('Saved.').waitFor();
    await page.goto('/live');
    // Playwright looks for no text in <noscript>.
    await page.locator('noscript .cb-note').waitFor({ state: 'visible' });
  });

  it('broke no script and no rule of the content security policy', () => {
    const unexpected = browser.complaints.filter(
      (line) => !/status of 422|ERR_INTERNET_DISCONNECTED|WebSocket connection/.test(line),
    );
    expect(unexpected).to.deep.equal([]);
  });
});
