import { expect } from 'chai';
import type { Page } from 'playwright-core';
import { DESKTOP, PHONE, TestBrowser } from '../../support/browser.js';
import { CallsSite } from '../../support/calls-site.js';
import { lookProblems } from '../../support/looks.js';

const LOOKS = [
  { language: 'en', theme: 'light', viewport: DESKTOP, withoutScripts: false },
  { language: 'zh-CN', theme: 'dark', viewport: PHONE, withoutScripts: true },
] as const;

describe('scripts in a browser', function () {
  this.timeout(120_000);
  let at: CallsSite;
  let browser: TestBrowser;

  before(async () => {
    at = await CallsSite.start();
    browser = await TestBrowser.start(at.site);
    const { database } = at.site.parts;
    await database('dispositions').insert({
      id: 2,
      name_en: 'Sold',
      name_zh: '成交',
      position: 10,
    });
    await database('contacts').insert({ id: 1, name: 'Ada Finch' });
  });
  afterEach(() => browser.closePages());
  after(async () => {
    await browser.stop();
    await at.site.stop();
    expect(browser.complaints).to.deep.equal([]);
    expect(at.site.errors).to.deep.equal([]);
  });

  const change = async (page: Page, button: string, shown: string): Promise<void> => {
    await page.locator(`[name=do][value="${button}"]`).first().click();
    await page.locator(`[name="${shown}"]`).waitFor({ state: 'attached' });
  };

  for (const { language, theme, viewport, withoutScripts } of LOOKS)
    it(`writes one, is warned, and walks through it in ${language}${withoutScripts ? ', without scripts' : ''}`, async () => {
      const page = await browser.page({
        login: 'admin',
        language,
        theme,
        viewport,
        withoutScripts,
      });
      await page.goto('/setup/scripts/new');
      await page.locator('[name=name]').fill(`Winter ${language}`);
      await page.locator('[name="pages.0.titleEn"]').fill('Greeting');
      await page.locator('[name="pages.0.titleZh"]').fill('问候');
      await page
        .locator('[name="pages.0.textEn"]')
        .fill('Hello {{contact.name}} of {{contact.company}}.');
      await page
        .locator('[name="pages.0.textZh"]')
        .fill('您好 {{contact.name}}，{{contact.company}}。');
      await change(page, 'add', 'pages.1.key');
      await page.locator('[name="pages.1.titleEn"]').fill('Offer');
      await page.locator('[name="pages.1.textEn"]').fill('Ours is the best.');
      await change(page, 'add:0:ways', 'pages.0.ways.0.to');
      await page.locator('[name="pages.0.ways.0.en"]').fill('Tell me more');
      await page.locator('[name="pages.0.ways.0.to"]').selectOption('page:p2');
      await change(page, 'add:1:ways', 'pages.1.ways.0.to');
      await page.locator('[name="pages.1.ways.0.en"]').fill('I take it');
      await page.locator('[name="pages.1.ways.0.to"]').selectOption('disposition:2');
      await change(page, 'add:1:questions', 'pages.1.questions.0.key');
      await page.locator('[name="pages.1.questions.0.en"]').fill('How many?');
      await page.locator('[name="pages.1.questions.0.kind"]').selectOption('number');
      if (!withoutScripts) expect(await lookProblems(page)).to.deep.equal([]);
      await page.locator('[data-save]').click();
      await page.waitForURL(/\/setup\/scripts\/\d+$/);
      // Page 2 is not complete in the other language.
      expect(await page.locator('[role=note]').count()).to.equal(2);
      if (!withoutScripts) expect(await lookProblems(page)).to.deep.equal([]);
      await page.locator('a[href$="/preview"]').click();
      await page.locator('.script-gap').waitFor();
      expect(await page.locator('.script-text b').innerText()).to.equal('Ada Finch');
      if (!withoutScripts) expect(await lookProblems(page)).to.deep.equal([]);
      await page.locator('.script-ways a').click();
      await page.getByText(/Sold|成交/).waitFor();
      await page.goto('/setup/scripts');
      await page.getByRole('link', { name: `Winter ${language}` }).waitFor();
      if (!withoutScripts) expect(await lookProblems(page)).to.deep.equal([]);
    });
});
