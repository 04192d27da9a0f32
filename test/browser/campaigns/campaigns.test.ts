import { expect } from 'chai';
import { openCampaignStore } from '../../../src/features/campaigns/index.js';
import { NO_SEGMENTS } from '../../support/no-segments.js';
import { DESKTOP, PHONE, TestBrowser } from '../../support/browser.js';
import { startCampaignsSite, type CampaignsSite } from '../../support/campaigns-site.js';
import { lookProblems } from '../../support/looks.js';
import { clearOutbound, makeCampaign, makeContacts, makeList } from '../../support/outbound.js';

describe('campaigns in a browser', function () {
  this.timeout(300_000);
  let at: CampaignsSite;
  let browser: TestBrowser;

  before(async () => {
    at = await startCampaignsSite();
    browser = await TestBrowser.start(at.site);
  });
  beforeEach(() => clearOutbound(at.site.parts.database));
  afterEach(() => browser.closePages());
  after(async () => {
    await browser.stop();
    await at.site.stop();
    // A form that is sent back is an answer with 422, which browsers write down.
    expect(browser.complaints.filter((one) => !one.includes('422'))).to.deep.equal([]);
  });
  const db = () => at.site.parts.database;
  const people = async (): Promise<number> =>
    makeList(
      db(),
      await makeContacts(db(), [
        { name: 'Ada Finch', numbers: ['+442079460001'] },
        { name: '林雨', numbers: ['+442079460002'], consent: 'withdrawn' },
        { name: 'Ben', numbers: ['+442079460003'] },
      ]),
      'Customers',
    );

  it('makes a campaign, says what is wrong, what starting does, and starts it', async () => {
    await people();
    const page = await browser.page({ login: 'supervisor', viewport: DESKTOP });
    await page.goto('/campaigns/new');
    expect(await lookProblems(page)).to.deep.equal([]);
    await page.locator('[name=name]').fill('Spring offer');
    await page.locator('[name="recycle.busy.delay"]').fill('soon');
    await page.locator('[data-save]').click();
    await page.locator('[id="f-recycle.busy.delay-problem"]').waitFor();
    await page.locator('#f-queue-problem').waitFor();
    await page.locator('[name="recycle.busy.delay"]').fill('20m');
    await page.locator('[name=queue]').selectOption({ label: 'Sales' });
    await page.locator('[name=sources]').check();
    await page.locator('[data-save]').click();
    await page.locator('h1', { hasText: 'Spring offer' }).waitFor();
    await page.getByRole('link', { name: 'Start' }).click();
    // The countries' rules ask for a message.
    await page.getByText('asks for a message').click();
    await page.locator('[name=abandonedPrompt]').selectOption({ label: 'Sorry' });
    await page.locator('[data-save]').click();
    await page.getByRole('link', { name: 'Start' }).click();
    await page.getByText('3 people may be called.').waitFor();
    expect(await lookProblems(page)).to.deep.equal([]);
    await page.getByRole('button', { name: 'Start' }).click();
    await page.locator('#toasts').getByText('Campaign started.').waitFor();
    const row = await db()('campaigns').first<{ state: string }>('state');
    expect(row.state).to.equal('running');
  });

  it('shows who is held back by which rule, in Chinese on a phone too', async () => {
    const id = await makeCampaign(db(), { lists: [await people()] });
    const admin = await at.site.client('admin');
    await admin.get('/campaigns');
    await db()('campaigns').where({ id }).update({ state: 'draft' });
    await admin.post(`/campaigns/${String(id)}/start`);
    const { database, clock } = at.site.parts;
    const store = openCampaignStore({ database, clock, country: 'GB', segments: NO_SEGMENTS });
    const [one] = await store.clear(id, 1);
    await store.tell(one?.attempt as never, { result: 'human' });
    await store.clear(id, 1);
    const page = await browser.page({
      ...{ login: 'supervisor', language: 'zh-CN', theme: 'dark', viewport: PHONE },
    });
    await page.goto(`/live/campaigns/${String(id)}/why`);
    for (const [step, count] of [
      ['名单中的所有客户', '3'],
      ['已结束：真人接听', '1'],
      ['不可拨打：没有同意', '1'],
      ['正在拨打', '1'],
      ['现在可拨', '0'],
    ] as const) {
      const line = page.locator('.cp-funnel li', { hasText: step });
      expect(await line.locator('b').innerText(), step).to.equal(count);
    }
    for (const path of ['', '/dry-run', '/edit', '/pause'])
      await page.goto(`/campaigns/${String(id)}${path}`).then(async () => {
        expect(await lookProblems(page), path).to.deep.equal([]);
      });
    for (const path of ['/campaigns', '/campaigns/evidence?number=%2B442079460002']) {
      await page.goto(path);
      expect(await lookProblems(page), path).to.deep.equal([]);
    }
    await page.locator('.cp-reasons summary').first().click();
    await page.getByText('已撤回').first().waitFor();
  });
});
