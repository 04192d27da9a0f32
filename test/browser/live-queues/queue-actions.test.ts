import { expect } from 'chai';
import type { Page } from 'playwright-core';
import { newCallId } from '../../../src/kernel/ids.js';
import type { LiveQueue } from '../../../src/telephony/live.js';
import type { QueueChange } from '../../../src/telephony/queue-changes.js';
import { TestBrowser } from '../../support/browser.js';
import { inLine, MARA, queuesWith, REPAIRS, THEO } from '../../support/live-moments.js';
import { LiveQueueSite } from '../../support/live-queue-site.js';
import { problemsInEveryLook, problemsOnPages } from '../../support/looks.js';
import { until } from '../../support/until.js';

const BOARD = '/live/queues/1';
const ACTIONS = ['opening', 'announce', 'max-wait', 'helper', 'send-on'];

describe('actions of a queue in a browser', function () {
  this.timeout(120_000);
  let lq: LiveQueueSite;
  let browser: TestBrowser;
  let page: Page;

  before(async () => {
    lq = await LiveQueueSite.start();
    const { database, directory } = lq.site.parts;
    const [prompt = 0] = await database('prompts').insert({ name: 'Delay' });
    await database('prompt_files').insert({
      ...{ prompt_id: prompt, language: 'en', source: 'upload', text: '' },
      ...{ hash: 'a'.repeat(64), duration_ms: 1_000 },
    });
    await database('queue_members').where({ queue_id: REPAIRS, agent_id: THEO }).del();
    await directory.refresh();
    browser = await TestBrowser.start(lq.site);
    page = await browser.page({ login: 'supervisor' });
  });
  after(async () => {
    await browser.stop();
    await lq.stop();
  });
  beforeEach(() => {
    lq.commands.length = 0;
    lq.answer = () => ({ ok: true });
    show();
  });
  afterEach(() => {
    expect(browser.complaints.splice(0)).to.deep.equal([]);
    expect(lq.site.errors).to.deep.equal([]);
  });

  const show = (changes: readonly QueueChange[] = [], more: Partial<LiveQueue> = {}): void => {
    lq.show({
      queues: queuesWith([inLine(newCallId(), 60_000)]).map((queue) =>
        queue.id === REPAIRS ? { ...queue, changes, ...more } : queue,
      ),
    });
  };
  const by = { queueId: REPAIRS, by: 'Ines Holm', why: 'Fire drill' };
  const open = async (on: Page = page): Promise<void> => {
    await on.goto(BOARD);
    await on.waitForSelector('#live-dot[data-state="live"]');
  };
  const choose = async (words: string): Promise<void> => {
    await page.locator('.cb-menu summary').getByText('Actions').click();
    await page.locator('.cb-menu-list a').getByText(words).click();
    await page.waitForSelector('#lq-dialog[open]');
  };
  const given = (kind: string): Promise<true> =>
    until(`command ${kind}`, 5_000, () => lq.commands.at(-1)?.kind === kind && true);
  const closed = (): Promise<unknown> =>
    page.waitForSelector('#lq-dialog', { state: 'hidden', timeout: 5_000 });

  it('close it from a dialog that ends when the board shows it, and undo it from the board', async () => {
    await open();
    await choose('Open or close…');
    await page.fill('#f-why', 'Fire drill');
    await page.press('#f-why', 'Enter');
    expect(lq.commands).to.deep.equal([]);
    await page.getByRole('button', { name: 'Set by hand' }).click();
    await given('queue-change');
    expect(await page.isVisible('#lq-dialog')).to.equal(true);
    show([{ ...by, kind: 'opening', isOpen: false, at: Date.now() }], { isOpen: false });
    await closed();
    await page.locator('.lq-changes').getByText('Ines Holm: Fire drill').waitFor();
    await page.locator('.cb-top').getByText('Closed by hand').waitFor();
    await page.getByRole('button', { name: 'Undo' }).click();
    await given('queue-undo');
    show();
    await page.locator('.lq-changes').waitFor({ state: 'hidden' });
  });

  it('say what is wrong inside the dialog', async () => {
    await open();
    await choose('Change longest wait…');
    await page.fill('#f-max-wait', 'soon');
    await page.getByRole('button', { name: 'Set longest wait' }).click();
    await page
      .locator('#lq-dialog [role="alert"]')
      .getByText('between 10 s and 24 hours')
      .waitFor();
    await page.keyboard.press('Escape');
    // The refusal is an answer that Chromium writes into its console.
    expect(browser.complaints.splice(0).join()).to.contain('Unprocessable');
  });

  it('tell how many callers hear an announcement', async () => {
    lq.answer = () => ({ ok: true, callers: 1 });
    await open();
    await choose('Play announcement…');
    await page.getByRole('button', { name: 'Play announcement' }).click();
    await page.locator('.toast-cb').getByText('Played to 1 caller.').waitFor();
    await closed();
    expect(lq.commands).to.deep.equal([
      { kind: 'queue-announce', queueId: REPAIRS, promptId: 1 as never },
    ]);
  });

  it('have no accessibility problems in any look', async function () {
    this.timeout(300_000);
    const at = Date.now();
    const end = at + 3 * 24 * 3_600_000;
    show(
      [
        { ...by, kind: 'opening', isOpen: false, at },
        { ...by, kind: 'max-wait', maxWaitMs: 300_000, at, until: end, why: '' },
        { ...by, kind: 'helper', agentId: MARA, at, until: end, why: '' },
      ],
      { isOpen: false },
    );
    const board = await problemsInEveryLook({ site: lq.site, browser }, async (look, check) => {
      await open(look);
      await check('board');
      await look.locator('details.lq-menu summary.btn').click();
      await check('menu');
      await look.locator('a[href$="actions/opening"]').click();
      await look.waitForSelector('#lq-dialog #f-until');
      await check('dialog');
    });
    const pages = await problemsOnPages(
      { site: lq.site, browser },
      ACTIONS.map((action) => `${BOARD}/actions/${action}`),
    );
    expect([...board, ...pages]).to.deep.equal([]);
  });
});
