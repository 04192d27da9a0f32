import { expect } from 'chai';
import { makeWhatIfFeature } from '../../../src/features/what-if/index.js';
import { TestBrowser } from '../../support/browser.js';
import { problemsOnPages } from '../../support/looks.js';
import { TestSite } from '../../support/web.js';

const PATH = '/planning/what-if';

describe('what if, in a browser', function () {
  this.timeout(90_000);
  let site: TestSite;
  let browser: TestBrowser;

  before(async () => {
    site = await TestSite.start(() => [makeWhatIfFeature()]);
    browser = await TestBrowser.start(site);
  });
  after(async () => {
    await browser.stop();
    await site.stop();
  });
  afterEach(async () => {
    await browser.closePages();
    expect(browser.complaints.splice(0)).to.deep.equal([]);
    expect(site.errors).to.deep.equal([]);
  });

  it('simulates what was asked, and shows it beside one line a free agent and other teams', async () => {
    const page = await browser.page({ login: 'supervisor' });
    await page.goto('/');
    await page.getByRole('link', { name: 'What if (outbound)' }).click();
    await page.getByRole('textbox', { name: 'Agents' }).fill('2');
    await page.getByLabel('Answer rate').fill('50');
    await page.getByLabel('Talk time').fill('20');
    await page.getByRole('button', { name: 'Simulate' }).click();
    await page.getByRole('rowheader', { name: '2 agents, one line a free agent' }).waitFor();
    await page.getByRole('rowheader', { name: '4 agents, predictive' }).waitFor();
    expect(page.url()).to.include('agents=2').and.to.include('rate=50');
    expect(await page.getByRole('textbox', { name: 'Agents' }).inputValue()).to.equal('2');
    expect(await page.locator('.wi-bar').count()).to.be.above(5);
    expect(await page.locator('.wi-mark').count()).to.equal(1);
  });

  it('works without scripts, and says what is wrong with a question', async () => {
    const page = await browser.page({ login: 'supervisor', withoutScripts: true });
    await page.goto(PATH);
    await page.getByRole('textbox', { name: 'Agents' }).fill('2');
    await page.getByLabel('Answer rate').fill('0');
    await page.getByRole('button', { name: 'Simulate' }).click();
    await page.getByRole('alert').getByText('Answer rate').waitFor();
    expect(browser.complaints.splice(0)).to.have.length(1);
    await page.getByLabel('Answer rate').fill('50');
    await page.getByLabel('Talk time').fill('20');
    await page.getByRole('button', { name: 'Simulate' }).click();
    await page.getByRole('rowheader', { name: '2 agents, predictive' }).waitFor();
  });

  it('looks right in both languages, themes and widths, empty, answered and with a mistake', async () => {
    const paths = [
      ...[PATH, `${PATH}?agents=2&rate=50&talk=20&wrapUp=15&limit=3`, `${PATH}?agents=0&rate=x`],
    ];
    expect(await problemsOnPages({ site, browser }, paths)).to.deep.equal([]);
    // Of the page with a mistake.
    browser.complaints.splice(0);
  });
});
