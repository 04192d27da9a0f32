import { expect } from 'chai';
import { WebhookQueue } from '../../../src/adapters/redis/webhook-queue.js';
import { makeWebhooksFeature } from '../../../src/features/webhooks/index.js';
import { newCallId } from '../../../src/kernel/ids.js';
import { TestBrowser } from '../../support/browser.js';
import { problemsOnPages } from '../../support/looks.js';
import { TestSite } from '../../support/web.js';

const PAGE = '/setup/webhooks';

describe('webhooks in a browser', function () {
  this.timeout(120_000);
  let site: TestSite;
  let browser: TestBrowser;

  before(async () => {
    site = await TestSite.start(({ database, redis, sealer, clock }) => [
      makeWebhooksFeature({ database, redis, clock, secrets: sealer, firstKey: 'first' }),
    ]);
    browser = await TestBrowser.start(site);
    const queue = new WebhookQueue(site.parts.redis);
    for (const failure of ['timeout', 'status-503', 'unknown-host'])
      await queue.giveUp(
        {
          ...{ id: failure, callId: newCallId(), url: 'https://erp.example/hooks/cordboard' },
          ...{ body: '{"event":"called"}', askedAt: Date.now() - 40_000_000, attempts: 9 },
        },
        failure,
        Date.now(),
      );
  });
  after(async () => {
    await browser.stop();
    await site.stop();
  });
  afterEach(async () => {
    await browser.closePages();
    expect(browser.complaints).to.deep.equal([]);
  });

  it('sends one again, drops one, renews the key, and counts what is left in the menu', async () => {
    const page = await browser.page({ login: 'admin' });
    await page.goto(PAGE);
    const row = (text: string) => page.locator('tbody tr').filter({ hasText: text });
    await row('No such host').getByRole('button', { name: 'Send again' }).click();
    await page.getByText('The message is on its way again.').waitFor();
    await row('HTTP status 503').locator('summary', { hasText: 'Drop' }).click();
    await row('HTTP status 503').getByRole('button', { name: 'Drop' }).click();
    await page.getByText('The message was dropped.').waitFor();
    expect(await page.locator('tbody tr').count()).to.equal(1);
    await page.getByRole('link', { name: 'Signing key' }).click();
    await page.locator('summary', { hasText: 'Renew key…' }).click();
    await page.getByLabel('The next key counts').selectOption('72');
    await page.getByRole('button', { name: 'Renew key…' }).click();
    await page.getByText('There is a next key.').waitFor();
    await page.locator('summary', { hasText: 'Show' }).click();
    expect(await page.locator('#copy-webhook-key').textContent()).to.equal('first');
    expect(await page.locator('#copy-webhook-key-next').textContent()).to.have.lengthOf(43);
  });

  it('looks right in both languages, themes and widths', async () => {
    expect(await problemsOnPages({ site, browser }, [PAGE, `${PAGE}/key`])).to.deep.equal([]);
  });
});
