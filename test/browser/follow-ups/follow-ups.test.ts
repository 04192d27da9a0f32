import { expect } from 'chai';
import { PHONE, TestBrowser } from '../../support/browser.js';
import { ADAS_NUMBER, addOutbound, OUTBOUND } from '../../support/campaign-company.js';
import { CallsSite, COMPANY } from '../../support/calls-site.js';
import { lookProblems, problemsOnPages } from '../../support/looks.js';

const HOUR_MS = 3_600_000;

describe('follow-ups in a browser', function () {
  this.timeout(120_000);
  let at: CallsSite;
  let browser: TestBrowser;

  before(async () => {
    at = await CallsSite.start();
    await addOutbound(at);
    browser = await TestBrowser.start(at.site);
    await at.site.parts.database('follow_ups').insert({
      ...{ kind: 'task', contact_id: OUTBOUND.ada, number: ADAS_NUMBER, source: 'page' },
      ...{ agent_id: COMPANY.mara, note: 'Send the offer' },
      due_at: new Date(Date.now() - HOUR_MS),
    });
  });
  after(async () => {
    await browser.stop();
    await at.site.stop();
  });
  afterEach(async () => {
    await browser.closePages();
    expect(browser.complaints.splice(0).filter((one) => !one.includes('422'))).to.deep.equal([]);
    expect(at.site.errors).to.deep.equal([]);
  });

  it('books for a contact that is searched, is told of the hours, moves it and gets it done', async () => {
    const page = await browser.page({ login: 'mara' });
    await page.goto('/appointments');
    expect(await page.locator('.cb-nav[href="/appointments"]').innerText()).to.contain('1');
    await page.getByRole('link', { name: 'New follow-up' }).click();
    await page.getByRole('searchbox').fill('Ben');
    await page.keyboard.press('Enter');
    await page.getByRole('link', { name: 'Ben Marlow' }).click();
    expect(await lookProblems(page)).to.deep.equal([]);
    const year = String(new Date().getFullYear() + 1);
    await page.locator('[name=day]').fill(`${year}-03-07`);
    await page.locator('[name=time]').fill('03:00');
    await page.locator('[name=campaign]').selectOption({ label: 'Winter check' });
    await page.locator('[name=note]').fill('About the plan');
    await page.locator('[data-save]').click();
    await page.locator('#f-time-problem').waitFor();
    expect(await lookProblems(page)).to.deep.equal([]);
    await page.locator('label:has([name=anyway])').click();
    await page.locator('[data-save]').click();
    await page.getByText('Booked.').waitFor();
    expect(await lookProblems(page)).to.deep.equal([]);
    await page.locator('form[action$="/move"] [name=day]').fill(`${year}-03-09`);
    await page.locator('form[action$="/move"] [name=time]').fill('10:30');
    await page.getByRole('button', { name: 'Move', exact: true }).click();
    await page.getByText('Moved.').waitFor();
    await page.locator('[name=outcome]').fill('Bought it');
    await page.getByRole('button', { name: 'It is done' }).click();
    await page.getByText('Bought it').waitFor();
    await page.goto('/appointments?when=done');
    await page
      .getByRole('row', { name: /Ben Marlow/ })
      .getByText('Bought it')
      .waitFor();
  });

  it('cancels and takes that back, in Chinese on a phone', async () => {
    const page = await browser.page({
      login: 'mara',
      language: 'zh-CN',
      theme: 'dark',
      viewport: PHONE,
    });
    await page.goto('/appointments?when=overdue');
    await page.locator('a.id').click();
    expect(await lookProblems(page)).to.deep.equal([]);
    await page.getByRole('button', { name: '不再进行' }).click();
    await page.getByText('已取消。', { exact: true }).waitFor();
    await page.getByRole('button', { name: '撤销' }).click();
    await page.getByText('已重新打开。').waitFor();
    await page.getByText('Send the offer').waitFor();
  });

  it('can be read by everybody, in light and dark, wide and narrow', async () => {
    const pages = ['/appointments?when=all', '/appointments/new', '/appointments/new?q=ada'];
    expect(
      await problemsOnPages({ site: at.site, browser, role: 'supervisor' }, pages),
    ).to.deep.equal([]);
    await at.site.parts.database('attempts').insert([
      ...[1, 2, 3].map((n) => ({
        ...{
          id: `01J000000000000000000000${String(n)}A`,
          kind: 'dial',
          campaign_id: 1,
          lead_id: 1,
        },
        ...{ contact_id: 1, number: ADAS_NUMBER, at: new Date(), mode: 'progressive', trunk_id: 1 },
        ...{ rule_set: 'uk', reasons: '[]', agent_id: COMPANY.mara, answered_at: new Date() },
        ...{ connected_at: new Date(), machine_verdict: n === 1 ? 'machine' : 'human' },
        machine_truth: n === 3 ? 'machine' : '',
      })),
    ]);
    const reports = ['/reports/amd-accuracy', '/setup/follow-ups'];
    expect(await problemsOnPages({ site: at.site, browser }, reports)).to.deep.equal([]);
  });
});
