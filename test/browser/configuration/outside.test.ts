import { expect } from 'chai';
import type { Page } from 'playwright-core';
import { TestBrowser } from '../../support/browser.js';
import { problemsInEveryLook } from '../../support/looks.js';
import { ADMIN, extension, trunk } from '../../support/setup-drafts.js';
import { startSetupSite, type SetupSite } from '../../support/setup-site.js';

const summary = (page: Page) => page.locator('.cb-alarm[role=alert]');

/** Recording rules, caller IDs and emergency numbers: pages without a list. */
describe('set-up of what people outside hear and see', function () {
  this.timeout(120_000);
  let setup: SetupSite;
  let browser: TestBrowser;

  before(async () => {
    setup = await startSetupSite();
    await setup.extensions.createAll(ADMIN, [extension('2001', { callerId: '+442079460155' })]);
    await setup.trunks.createSip(ADMIN, trunk('Carrier A', { callerId: '+442079460100' }));
    await setup.site.parts.directory.refresh();
    browser = await TestBrowser.start(setup.site);
  });
  afterEach(() => browser.closePages());
  after(async () => {
    await browser.stop();
    await setup.site.stop();
    expect(browser.complaints.filter((line) => !line.includes('422'))).to.deep.equal([]);
    expect(setup.site.errors).to.deep.equal([]);
  });

  it('sets the rules of recording by keyboard, keeps what was typed wrongly, and saves it mended', async () => {
    const page = await browser.page({ login: 'admin' });
    await page.goto('/setup/recording');
    await page.getByLabel('Calls that come in').focus();
    await page.keyboard.type('On demand');
    await page.keyboard.press('Tab');
    await page.keyboard.type('Never');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Control+a');
    await page.keyboard.type('1');
    await page.getByLabel('Numbers that are told').fill('+49\nGermany');
    await page.keyboard.press('Control+s');
    await summary(page).getByText('2 fields need a change').waitFor();
    await page.getByText('“Germany” is not how a number begins').waitFor();
    expect(await page.getByLabel('Longest pause').inputValue()).to.equal('1');
    expect(await page.getByLabel('Longest pause').getAttribute('aria-invalid')).to.equal('true');
    expect(await page.getByLabel('Numbers that are told').inputValue()).to.equal('+49\nGermany');
    expect(await page.getByLabel('Calls that come in').inputValue()).to.equal('on-demand');
    expect(await page.getByLabel('Calls that go out').inputValue()).to.equal('never');
    await summary(page).getByRole('link', { name: 'Longest pause' }).press('Enter');
    await page.keyboard.press('Control+a');
    await page.keyboard.type('120');
    await page.getByLabel('Numbers that are told').fill('+49');
    await page.keyboard.press('Control+s');
    await page.locator('#toasts [role=status]').getByText('Applies to the next talk').waitFor();
    expect(await page.getByLabel('Longest pause').inputValue()).to.match(/^(120|2:00)$/);
    expect(await page.getByLabel('Calls that come in').inputValue()).to.equal('on-demand');
  });

  it('says by keyboard which number a customer sees, and keeps a number that is none', async () => {
    const page = await browser.page({ login: 'admin' });
    await page.goto('/setup/caller-ids');
    await page.getByLabel('To number').focus();
    await page.keyboard.type('hello');
    await page.keyboard.press('Enter');
    await summary(page).getByRole('link', { name: 'To number' }).waitFor();
    expect(await page.getByLabel('To number').inputValue()).to.equal('hello');
    await summary(page).getByRole('link', { name: 'To number' }).press('Enter');
    await page.keyboard.press('Control+a');
    await page.keyboard.type('020 7946 0123');
    await page.keyboard.press('Enter');
    await page.locator('#answer').getByText('Carrier A').waitFor();
    const answer = (await page.locator('#answer').textContent()) ?? '';
    expect(answer).to.include('(020) 7946 0155').and.include("The extension's number.");
    expect(await page.getByLabel('To number').inputValue()).to.equal('020 7946 0123');
  });

  it('adds an emergency number by keyboard; one that is an extension is refused and stays typed', async () => {
    const page = await browser.page({ login: 'admin' });
    await page.goto('/setup/emergency');
    await page.getByText('999').first().waitFor();
    await page.getByLabel('More numbers').focus();
    await page.keyboard.type('8888');
    await page.keyboard.press('Enter');
    await page.keyboard.type('2001');
    await page.keyboard.press('Control+s');
    await page.getByText('2001 is an extension.').waitFor();
    expect(await page.getByLabel('More numbers').inputValue()).to.equal('8888\n2001');
    await summary(page).getByRole('link', { name: 'More numbers' }).press('Enter');
    await page.keyboard.press('Control+a');
    await page.keyboard.type('8888');
    await page.keyboard.press('Control+s');
    await page.locator('#toasts [role=status]').getByText('Applies to the next call').waitFor();
    expect(await page.getByLabel('More numbers').inputValue()).to.equal('8888');
  });

  it('is accessible in every look, with answers and with problems', async () => {
    const problems = await problemsInEveryLook(
      { site: setup.site, browser },
      async (page, check) => {
        await page.goto('/setup/recording');
        await page.locator('#f-maxPauseS').fill('1');
        await page.locator('[data-save]').click();
        await page.locator('[aria-invalid=true]').first().waitFor();
        await check('recording with a problem');
        await page.goto('/setup/caller-ids?extension=1&customer=02079460123');
        await check('caller IDs with an answer');
        await page.goto('/setup/emergency');
        await page.locator('#f-numbers').fill('1');
        await page.locator('[data-save]').click();
        await page.locator('[aria-invalid=true]').first().waitFor();
        await check('emergency numbers with a problem');
      },
    );
    expect(problems).to.deep.equal([]);
  });
});
