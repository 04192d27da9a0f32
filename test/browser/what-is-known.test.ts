import { expect } from 'chai';
import type { Page } from 'playwright-core';
import type { CallContext } from '../../src/telephony/calls/call-context.js';
import { DESKTOP, scrollsSideways, TestBrowser } from '../support/browser.js';
import { adasCall, inLine, queuesWith, type Moment } from '../support/live-moments.js';
import { lookProblems } from '../support/looks.js';
import { WorkspaceSite } from '../support/workspace-site.js';

const SEAT = { extension: '2001' } as const;
const LONG = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'.repeat(3);
/** What the caller entered has the name of the step that asked, what was looked up that of its variable. */
const KNOWN: CallContext = [
  { name: 'order', label: 'Order number', value: '10457' },
  { name: 'pin', label: 'PIN of the customer', value: '••••' },
  { name: 'customer_name', label: '', value: 'Ada <b>Finch</b>' },
  { name: 'order_state', label: '', value: 'on its way, between 08:00 and 12:00' },
  { name: 'token', label: 'A rather long name of a step that asks for something', value: LONG },
];

const ringing = (context: CallContext): Moment => {
  const call = adasCall({ context });
  return {
    mara: { ...SEAT, state: 'ringing', since: Date.now(), callId: call.id },
    calls: [call],
    queues: queuesWith([inLine(call.id, 106_000)]),
  };
};

describe('what a flow found out, on the page of the agent', function () {
  this.timeout(120_000);
  let ws: WorkspaceSite;
  let browser: TestBrowser;
  let page: Page;

  before(async () => {
    ws = await WorkspaceSite.start();
    browser = await TestBrowser.start(ws.site);
    page = await browser.page({ login: 'mara' });
  });
  after(async () => {
    await browser.stop();
    await ws.stop();
  });
  afterEach(() => {
    expect(browser.complaints.splice(0)).to.deep.equal([]);
  });

  const known = () => page.getByRole('region', { name: 'What is known of this call' });
  async function open(moment: Moment): Promise<void> {
    ws.show(moment);
    await page.goto('/workspace');
    await page.waitForSelector('#live-dot[data-state="live"]');
  }

  it('is there while the phone rings, word for word, and goes with the call', async () => {
    await open({ mara: { ...SEAT, state: 'available' } });
    expect(await known().count()).to.equal(0);
    ws.show(ringing(KNOWN));
    await known().waitFor({ timeout: 5_000 });
    expect(await known().locator('dt').allTextContents()).to.deep.equal([
      'Order number',
      'PIN of the customer',
      'customer_name',
      'order_state',
      'A rather long name of a step that asks for something',
    ]);
    expect(await known().locator('dd').allTextContents()).to.deep.equal(
      KNOWN.map(({ value }) => value),
    );
    ws.show(ringing([]));
    await known().waitFor({ state: 'detached', timeout: 5_000 });
  });

  for (const [language, theme] of [
    ['en', 'light'],
    ['zh-CN', 'dark'],
  ] as const)
    it(`fits beside the call, long names and values too, in ${language}, ${theme}`, async () => {
      await ws.site.parts.database('users').where('login', 'mara').update({ language, theme });
      await open(ringing(KNOWN));
      const region = page.locator('.ws-known');
      await region.waitFor();
      expect(await lookProblems(page)).to.deep.equal([]);
      for (const width of [1440, 1100, 390]) {
        await page.setViewportSize({ width, height: 844 });
        if (width === 390) await page.click('.m-tabs a[data-panel="caller"]');
        expect(await scrollsSideways(page), String(width)).to.equal(false);
        const { width: whole = 0 } = (await region.boundingBox()) ?? {};
        const { width: value = 0 } = (await region.locator('dd').last().boundingBox()) ?? {};
        expect(value / whole, `share of ${String(width)} px`).to.be.above(0.45);
      }
      await page.setViewportSize(DESKTOP);
    });
});
