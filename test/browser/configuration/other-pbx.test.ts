import { expect } from 'chai';
import { TestBrowser } from '../../support/browser.js';
import { problemsInEveryLook } from '../../support/looks.js';
import { ADMIN, extension } from '../../support/setup-drafts.js';
import { startSetupSite, type SetupSite } from '../../support/setup-site.js';

describe('the page of a trunk to another telephone system', function () {
  this.timeout(60_000);
  let setup: SetupSite;
  let browser: TestBrowser;

  before(async () => {
    setup = await startSetupSite();
    browser = await TestBrowser.start(setup.site);
    await setup.extensions.createPhone(ADMIN, extension('3001', { name: 'Anna Bell' }));
  });
  after(async () => {
    await browser.stop();
    await setup.site.stop();
  });

  it('says what its numbers collide with, keeps what was typed, and shows what has moved', async () => {
    const page = await browser.page({ login: 'admin' });
    await page.goto('/setup/trunks/new');
    await page.getByLabel('Name').fill('Old PBX');
    await page.getByLabel('Leads to').selectOption('pbx');
    await page.getByLabel('Numbers that live there').fill('3000-3499\n3600');
    await page.getByLabel('Server').fill('192.0.2.20');
    await page.locator('[data-save]').click();
    await page.getByText('This number is ours: 3001 Anna Bell.').waitFor();
    expect(await page.getByLabel('Numbers that live there').inputValue()).to.equal(
      '3000-3499\n3600',
    );
    await page.getByLabel('Our numbers within these ranges have moved here').check({ force: true });
    await page.locator('[data-save]').click();
    await page.getByRole('link', { name: '3001 Anna Bell' }).waitFor();
    await page.getByRole('link', { name: '3001 Anna Bell' }).click();
    await page.getByText('3001 has moved here from “Old PBX”').waitFor();
    await browser.closePages();
  });

  it('and of an extension let codecs and keys be chosen, and refuse what cannot work', async () => {
    const page = await browser.page({ login: 'admin' });
    await page.goto('/setup/extensions/1');
    await page.getByLabel('Keys travel as').selectOption('inband');
    await page.locator('[data-save]').click();
    await page.getByText('Tones in the sound need G.711: other codecs lose them').waitFor();
    const codecs = page.locator('select[name=codecs]');
    for (const [at, codec] of ['ulaw', 'alaw', '', ''].entries())
      await codecs.nth(at).selectOption(codec);
    await page.locator('[data-save]').click();
    await page.getByText('Saved.').first().waitFor();
    for (const [at, codec] of ['ulaw', 'alaw', '', ''].entries())
      expect(await codecs.nth(at).inputValue()).to.equal(codec);
    await browser.closePages();
  });

  it('are usable by everybody in every look', async () => {
    const problems = await problemsInEveryLook(
      { site: setup.site, browser },
      async (page, check) => {
        for (const path of ['/setup/trunks', '/setup/trunks/1', '/setup/extensions/1']) {
          await page.goto(path);
          await check(path);
        }
      },
    );
    expect(problems).to.deep.equal([]);
  });
});
