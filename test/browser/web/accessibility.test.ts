import { expect } from 'chai';
import { siteDayOf } from '../../../src/kernel/site-day.js';
import type { Desk } from '../../../src/telephony/live.js';
import { makeFeatures } from '../../../src/wiring/web-role.js';
import {
  accessibilityProblems,
  DESKTOP,
  PHONE,
  scrollsSideways,
  TestBrowser,
} from '../../support/browser.js';
import { addBusyDay, busySnapshot } from '../../support/busy-site.js';
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

  // Each pair of width, theme and language is there once.
  for (const [viewport, theme, language] of [
    [DESKTOP, 'light', 'en'],
    [DESKTOP, 'dark', 'zh-CN'],
    [PHONE, 'light', 'zh-CN'],
    [PHONE, 'dark', 'en'],
  ] as const)
    it(`at ${String(viewport.width)} px, ${theme}, ${language}`, async () => {
      const page = await browser.page({ login: 'admin', viewport, theme, language });
      for (const path of PAGES) {
        await page.goto(path);
        expect(await accessibilityProblems(page), path).to.deep.equal([]);
        expect(await scrollsSideways(page), path).to.equal(false);
      }
    });

  for (const theme of ['light', 'dark'] as const)
    it(`the sign-in page, ${theme}, also with an error`, async () => {
      for (const viewport of [DESKTOP, PHONE]) {
        const page = await browser.page({ theme, viewport });
        await page.goto('/login');
        expect(await accessibilityProblems(page)).to.deep.equal([]);
        await page.locator('[name=login]').fill('nobody');
        await page.locator('[name=password]').fill('wrong');
        await page.locator('form[action="/login"] button.btn-primary').click();
        await page.getByRole('alert').waitFor();
        expect(await accessibilityProblems(page)).to.deep.equal([]);
        expect(await scrollsSideways(page)).to.equal(false);
      }
    });

  for (const theme of ['light', 'dark'] as const)
    it(`a form with problems, menus and confirmations open, ${theme}`, async () => {
      const page = await browser.page({ login: 'admin', theme });
      await page.goto('/setup/users/new');
      await page.locator('[name=name]').fill(' ');
      await page.locator('[data-save]').click();
      await page.getByRole('alert').first().waitFor();
      expect(await accessibilityProblems(page)).to.deep.equal([]);
      await page.locator('#user-menu summary').click();
      expect(await accessibilityProblems(page)).to.deep.equal([]);
      await page.goto('/setup/users/2');
      await page.locator('.cb-confirm summary').click();
      expect(await accessibilityProblems(page)).to.deep.equal([]);
      await page.goto('/live');
      await page.locator('.cb-definition summary').first().click();
      await page.locator('.cb-astable summary').click();
      expect(await accessibilityProblems(page)).to.deep.equal([]);
    });

  it('broke no script and no rule of the content security policy', () => {
    const unexpected = browser.complaints.filter((line) => !/status of (401|404|422)/.test(line));
    expect(unexpected).to.deep.equal([]);
  });
});
