import { expect } from 'chai';
import { siteDayOf } from '../../../src/kernel/site-day.js';
import type { Desk } from '../../../src/telephony/live.js';
import { makeFeatures } from '../../../src/wiring/web-role.js';
import { DESKTOP, PHONE, TestBrowser } from '../../support/browser.js';
import { addBusyDay, busySnapshot } from '../../support/busy-site.js';
import { lookProblems, problemsInEveryLook, problemsOnPages } from '../../support/looks.js';
import { TestSite } from '../../support/web.js';

const desk: Desk = {
  ask: () => Promise.resolve({ ok: false, code: 'calls-not-running', detail: '' }),
};
const PAGES = [
  '/live',
  '/setup/users',
  '/setup/users?q=nothing-like-it',
  '/setup/users/new',
  '/setup/users/1',
  '/setup/audit',
  '/setup/health',
  '/me',
  '/me/password',
  '/no/such/page',
];

describe('pages are accessible', function () {
  this.timeout(300_000);
  let site: TestSite;
  let browser: TestBrowser;
  before(async () => {
    site = await TestSite.start((parts, users) => makeFeatures(parts, users, parts.live, desk));
    const now = Date.now();
    await addBusyDay(site.parts.database, now, siteDayOf(now, site.parts.config.timezone).startAt);
    for (let index = 0; index < 60; index += 1)
      await site.parts.database('users').insert({
        login: `person.${String(index)}`,
        name: `Person with a rather long name ${String(index)}`,
        role: 'agent',
        password_hash: 'x',
      });
    site.parts.live.publish(busySnapshot(1));
    browser = await TestBrowser.start(site);
  });
  afterEach(() => browser.closePages());
  after(async () => {
    await browser.stop();
    await site.stop();
  });

  it('in every look', async () => {
    expect(await problemsOnPages({ site, browser }, PAGES)).to.deep.equal([]);
  });

  it('the sign-in page, also with an error', async () => {
    for (const [viewport, theme] of [
      [DESKTOP, 'light'],
      [PHONE, 'dark'],
    ] as const) {
      const page = await browser.page({ theme, viewport });
      await page.goto('/login');
      expect(await lookProblems(page)).to.deep.equal([]);
      await page.locator('[name=login]').fill('nobody');
      await page.locator('[name=password]').fill('wrong');
      await page.locator('form[action="/login"] button.btn-primary').click();
      await page.getByRole('alert').waitFor();
      expect(await lookProblems(page)).to.deep.equal([]);
    }
  });

  it('a form with problems, menus and confirmations open', async () => {
    const problems = await problemsInEveryLook({ site, browser }, async (page, check) => {
      await page.goto('/setup/users/new');
      await page.locator('[name=name]').fill(' ');
      await page.locator('[data-save]').click();
      await page.getByRole('alert').first().waitFor();
      await check('problem');
      await page.locator('#user-menu summary').click();
      await check('menu');
      await page.goto('/setup/users/2');
      await page.locator('.cb-confirm summary').click();
      await check('confirmation');
      await page.goto('/live');
      await page.locator('.cb-definition summary').first().click();
      await page.locator('.cb-astable summary').click();
      await check('definition and table');
    });
    expect(problems).to.deep.equal([]);
  });

  it('broke no script and no rule of the content security policy', () => {
    const unexpected = browser.complaints.filter((line) => !/status of (401|404|422)/.test(line));
    expect(unexpected).to.deep.equal([]);
  });
});
