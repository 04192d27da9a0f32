import { expect } from 'chai';
import type { Page } from 'playwright-core';
import type { CallId, ScriptId } from '../../../src/kernel/ids.js';
import { accessibilityProblems, scrollsSideways, TestBrowser } from '../../support/browser.js';
import { addOutbound, dialAda, maraTalks, OUTBOUND } from '../../support/campaign-company.js';
import { CallsSite } from '../../support/calls-site.js';
import { page as scriptPage, question, toCode, toPage, way } from '../../support/scripts.js';
import { until } from '../../support/until.js';

const PAGES = [
  scriptPage('p1', [way('Go on', toPage('p2')), way('No time', { kind: 'end' })], {
    text: {
      en: 'Hello {{contact.name}}, {{agent.name}} here.',
      'zh-CN': '您好 {{contact.name}}。',
    },
  }),
  scriptPage(
    'p2',
    [way('Yes please', toCode(OUTBOUND.interested)), way('No', toCode(OUTBOUND.notInterested))],
    {
      questions: [question('pays', { kind: 'number', isNeeded: true, field: 'amount' })],
    },
  ),
];

describe('the call of a campaign in a browser', function () {
  this.timeout(120_000);
  let at: CallsSite;
  let browser: TestBrowser;
  let page: Page;
  let call: CallId;

  before(async () => {
    at = await CallsSite.start();
    const { database } = at.site.parts;
    await database('scripts').insert({ id: 1, name: 'Winter', pages: JSON.stringify(PAGES) });
    await addOutbound(at, 1 as ScriptId);
    browser = await TestBrowser.start(at.site);
  });
  after(async () => {
    await browser.stop();
    await at.site.stop();
  });
  afterEach(async () => {
    await browser.closePages();
    const bad = browser.complaints.splice(0).filter((one) => !one.includes('422'));
    expect(bad).to.deep.equal([]);
    expect(at.site.errors).to.deep.equal([]);
  });

  const open = async (look: {
    language: 'en' | 'zh-CN';
    theme: 'light' | 'dark';
  }): Promise<void> => {
    call = (await dialAda(at, { machine_verdict: 'human' })).call;
    at.site.parts.live.publish(maraTalks(call));
    page = await browser.page({ login: 'mara', ...look });
    await page.goto('/workspace');
    await page.waitForSelector('#live-dot[data-state="live"]');
    await page.waitForSelector(`#cw-panel[data-call="${call}"]`);
  };
  const row = async (table: string, where: Readonly<Record<string, unknown>>) =>
    at.site.parts.database(table).where(where).first<Record<string, unknown> | undefined>('*');

  for (const look of [
    { language: 'en', theme: 'light' },
    { language: 'zh-CN', theme: 'dark' },
  ] as const)
    it(`follows the script by keys, keeps answers over a reload, and chooses the result, in ${look.language}`, async () => {
      await open(look);
      await page.getByText('Ada Finch').first().waitFor();
      expect(await accessibilityProblems(page)).to.deep.equal([]);
      await page.keyboard.press('1');
      await page.waitForSelector('[name="q.pays"]');
      await page.keyboard.press('1');
      await page.waitForSelector('#cw-q-pays-problem');
      expect(await page.evaluate('document.activeElement.id')).to.equal('cw-q-pays');
      await page.keyboard.type('12.5');
      await until('the answer to be kept', 10_000, async () =>
        Boolean(await row('script_answers', { question: 'pays', value: '12.5' })),
      );
      await page.reload();
      await page.waitForSelector('[name="q.pays"]');
      expect(await page.inputValue('[name="q.pays"]')).to.equal('12.5');
      await page.locator('#cw-script-title').click();
      await page.keyboard.press('1');
      await page.waitForSelector('#cw-script:not(:has(form[data-script]))');
      await until('the code', 5_000, async () => {
        const said = await row('call_dispositions', { call_id: call });
        return said?.['disposition_id'] === OUTBOUND.interested;
      });
      await page.waitForSelector('.ws-code:has(:checked)');
      await page.keyboard.press('0');
      await page.waitForSelector('[name="q.pays"]');
      await page.setViewportSize({ width: 390, height: 844 });
      expect(await scrollsSideways(page)).to.equal(false);
      expect(await accessibilityProblems(page, ['color-contrast', 'target-size'])).to.deep.equal(
        [],
      );
      await at.site.parts.database('script_answers').del();
    });

  it('blocks, books and says what it was by one key each', async () => {
    await open({ language: 'en', theme: 'dark' });
    await page.keyboard.press('v');
    await until('the truth', 5_000, async () => {
      return (await row('attempts', { call_id: call }))?.['machine_truth'] === 'machine';
    });
    await page.keyboard.press('x');
    await page.waitForSelector('#cw-block[open]');
    expect(await accessibilityProblems(page)).to.deep.equal([]);
    await page.getByRole('button', { name: 'Not for Winter check' }).click();
    await page.getByText('This person is not called for Winter check.').waitFor();
    await page.getByRole('button', { name: 'Take back' }).click();
    await page.waitForSelector('.cw-blocked', { state: 'detached' });
    await page.keyboard.press('c');
    await page.waitForSelector('#cw-book[open]');
    expect(await accessibilityProblems(page)).to.deep.equal([]);
    const year = String(new Date().getFullYear() + 1);
    await page.locator('#cw-book [name=day]').fill(`${year}-03-01`);
    await page.locator('#cw-book [name=time]').fill('03:00');
    await page.locator('#cw-book .btn-primary').click();
    await page.waitForSelector('#cw-book[open] #f-time-problem');
    await page.locator('#cw-book [name=day]').fill(`${year}-03-02`);
    await page.locator('#cw-book [name=time]').fill('10:00');
    await page.locator('#cw-book .btn-primary').click();
    await page.waitForSelector('#cw-side [data-due]');
    expect(await row('follow_ups', { call_id: call })).to.include({ kind: 'callback' });
    expect(await accessibilityProblems(page)).to.deep.equal([]);
  });
});
