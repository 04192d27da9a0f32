import { expect } from 'chai';
import type { Page } from 'playwright-core';
import { newCallId, type CallId } from '../../../src/kernel/ids.js';
import type { DeskAnswer, LiveQueue, LiveWaiting } from '../../../src/telephony/live.js';
import { TestBrowser } from '../../support/browser.js';
import {
  GERMAN,
  inLine,
  MARA,
  queuesWith,
  REPAIRS,
  THEO,
  type Moment,
} from '../../support/live-moments.js';
import { LiveQueueSite } from '../../support/live-queue-site.js';
import { problemsInEveryLook, problemsOnPages } from '../../support/looks.js';
import { until } from '../../support/until.js';

const BOARD = '/live/queues/1';
const MANY = 200;

describe('one queue’s board in a browser', function () {
  this.timeout(120_000);
  let lq: LiveQueueSite;
  let browser: TestBrowser;
  let page: Page;
  let ada: CallId;
  let ben: CallId;

  before(async () => {
    lq = await LiveQueueSite.start();
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
    [ada, ben] = [newCallId(), newCallId()];
  });
  afterEach(() => {
    // A refused command is an answer that Chromium writes into its console.
    const complaints = browser.complaints.splice(0).filter((line) => !line.includes('(Conflict)'));
    expect(complaints).to.deep.equal([]);
    expect(lq.site.errors).to.deep.equal([]);
  });

  const showLine = (
    waiting: readonly LiveWaiting[],
    moment: Moment = {},
    changes: Partial<LiveQueue> = {},
  ): void => {
    const queues = queuesWith(waiting).map((queue) =>
      queue.id === REPAIRS ? { ...queue, ...changes } : queue,
    );
    lq.show({ queues, mara: { state: 'available', extension: '2001' }, ...moment });
  };
  const two = (changes: Partial<LiveWaiting> = {}): readonly LiveWaiting[] => [
    { ...inLine(ada, 240_000, 1), ...changes },
    { ...inLine(ben, 60_000, 2), name: 'Ben Weir' },
  ];
  const german = (minLevel: number) => ({ skill: GERMAN, minLevel, isRequired: true });
  const open = async (on: Page = page, path = BOARD): Promise<void> => {
    await on.goto(path);
    await on.waitForSelector('#live-dot[data-state="live"]');
  };
  const names = (): Promise<readonly string[]> =>
    page.locator('.lq-line tbody tr a.id').allInnerTexts();
  const menuOf = (row: string) => page.locator(`[data-row="${row}"] details.lq-menu summary`);
  const inMenu = (row: string, words: string) =>
    page.locator(`[data-row="${row}"] .cb-menu-list`).getByText(words);
  const given = (kind: string): Promise<true> =>
    until(`command ${kind}`, 5_000, () => lq.commands.at(-1)?.kind === kind && true);
  const closed = (): Promise<unknown> =>
    page.waitForSelector('#lq-dialog', { state: 'hidden', timeout: 5_000 });

  it('shows who comes, moves and goes, by the order of the distribution', async () => {
    showLine([]);
    await open();
    await page.getByText('Nobody is waiting.').last().waitFor();
    showLine(two());
    await until('both', 5_000, async () => (await names()).join() === 'Ada Finch,Ben Weir');
    const [first, second] = two() as [LiveWaiting, LiveWaiting];
    showLine([
      { ...second, place: 1, priority: 30, offeredTo: [THEO] },
      { ...first, place: 2 },
    ]);
    await until('the move', 5_000, async () => (await names()).join() === 'Ben Weir,Ada Finch');
    const row = page.locator(`[data-row="${ben}"]`);
    expect(await row.innerText())
      .to.contain('priority 30')
      .and.contain('ringing Theo Lark');
    showLine([{ ...first, place: 1 }]);
    await until('one left', 5_000, async () => (await names()).join() === 'Ada Finch');
  });

  it('raises a priority once, however often it is pressed, and is done when the line says so', async () => {
    showLine(two());
    await open();
    await menuOf(ben).click();
    const raise = inMenu(ben, 'Raise priority by 10');
    const button = page.locator(`[data-row="${ben}"] button:has-text("Raise")`);
    await raise.dblclick();
    await given('steer-priority');
    await page.locator(`[data-row="${ben}"] summary.is-waiting`).waitFor();
    await button.evaluate('(element) => element.form.requestSubmit(element)');
    expect(await button.getAttribute('aria-disabled')).to.equal('true');
    const [first, second] = two() as [LiveWaiting, LiveWaiting];
    showLine([first, { ...second, priority: 10 }]);
    await until('done', 5_000, async () => (await button.getAttribute('aria-disabled')) === null);
    expect(lq.commands).to.deep.equal([{ kind: 'steer-priority', callId: ben, priority: 10 }]);
  });

  it('offers, moves and ends from dialogs, which close when it has happened', async () => {
    showLine(two());
    await open();
    await menuOf(ada).click();
    await inMenu(ada, 'Offer to agent…').click();
    await page.selectOption('#f-agent', { label: 'Theo Lark' });
    await page.getByRole('button', { name: 'Offer call' }).click();
    await given('steer-to-agent');
    expect(await page.isVisible('#lq-dialog')).to.equal(true);
    showLine(two({ waitsFor: { agent: THEO, until: Date.now() + 300_000 } }));
    await closed();
    await menuOf(ada).click();
    await inMenu(ada, 'Move to queue…').click();
    await page.getByRole('button', { name: 'Move call' }).click();
    await given('steer-to-queue');
    showLine([two()[1] as LiveWaiting]);
    await closed();
    await menuOf(ben).click();
    await inMenu(ben, 'End call…').click();
    await page.getByText('The call of Ben Weir is ended at once.').waitFor();
    lq.answer = () => ({ ok: false, code: 'no-call', detail: '' });
    await page.getByRole('button', { name: 'End call' }).click();
    await page.locator('#lq-dialog [role="alert"]').getByText('no call to end').waitFor();
    await page.keyboard.press('Escape');
    await closed();
  });

  it('says after five seconds that nothing has confirmed a command', async () => {
    showLine(two());
    await open();
    await menuOf(ada).click();
    await inMenu(ada, 'Raise priority by 10').click();
    await page.locator('#lq-problem').getByText('has not confirmed').waitFor({ timeout: 8_000 });
  });

  it('forces a state only by its button: the dialog names the agent, and Enter does nothing', async () => {
    showLine([]);
    await open();
    await page.locator(`[data-agent="${String(MARA)}"] a.id`).focus();
    await page.keyboard.press('f');
    await page.locator('#lq-dialog-title').getByText('Force state of Mara Quill').waitFor();
    await page.selectOption('#f-state', 'not-ready:lunch');
    await page.fill('#f-why', 'Fire drill');
    await page.press('#f-why', 'Enter');
    expect(await page.isVisible('#lq-dialog')).to.equal(true);
    expect(lq.commands).to.deep.equal([]);
    await page.getByRole('button', { name: 'Force state of Mara Quill' }).click();
    await given('agent-force');
    showLine([], { mara: { state: 'not-ready', reason: 'lunch', extension: '2001' } });
    await closed();
    const row = page.locator(`[data-agent="${String(MARA)}"]`);
    await row.getByText('Lunch').waitFor();
    expect(await row.innerText()).to.contain('of 30:00');
    expect(lq.commands).to.have.length(1);
  });

  it('explains a place in a drawer, and on a page of its own', async () => {
    lq.answer = () => ({ ok: true, explanations: [{ reasons: ['place:1', 'waited:240'] }] });
    showLine(two());
    await open();
    await menuOf(ada).click();
    await inMenu(ada, 'Why this place').click();
    await page.locator('#lq-dialog').getByText('place 1 in line').waitFor();
    await page.getByText('Open as page').click();
    await page.waitForURL(`**/calls/${ada}/why`);
    await page.getByText('place 1 in line').waitFor();
  });

  it('shows decisions as they are made, and only those about one agent', async () => {
    const decide = (decisions: number, name: string, agentId: typeof MARA): void => {
      const at = Date.now() + decisions;
      lq.decide({
        ...{ at, callId: newCallId(), from: '', name, queueId: REPAIRS },
        ...{ agentId, agentName: agentId === MARA ? 'Mara Quill' : 'Theo Lark', reasons: [] },
      });
      showLine([], {}, { decisions });
    };
    const shown = () => page.locator('#lq-decisions li:visible').allInnerTexts();
    await open();
    decide(1, 'Ada Finch', MARA);
    await until('the first', 5_000, async () => (await shown()).length === 1);
    decide(2, 'Ben Weir', THEO);
    await until('newest first', 5_000, async () => (await shown())[0]?.includes('Ben Weir'));
    await page.selectOption('#lq-about', { label: 'Mara Quill' });
    await until('filtered', 5_000, async () => (await shown()).length === 1);
    expect((await shown())[0]).to.contain('Offered Ada Finch to Mara Quill:');
    expect(page.url()).to.contain('agent=1');
  });

  it('says beside a caller that nobody can take the call, unless what is asked for still relaxes', async () => {
    const said = page.locator('.lq-line').getByText('Nobody can take this: no agent of the queue');
    showLine(two({ skills: [german(80)] }));
    await open();
    expect(await page.locator(`[data-row="${ada}"]`).innerText()).to.contain('German 80');
    expect(await said.filter({ visible: true }).count()).to.equal(0);
    showLine(two({ skills: [german(81)] }));
    await page.locator(`[data-row="${ada}"]`).getByText('Nobody can take this').waitFor();
    expect(await said.filter({ visible: true }).count()).to.equal(1);
    showLine(two({ skills: [german(81)], relaxesAt: Date.now() + 30_000 }));
    await until('hope', 5_000, async () => (await said.filter({ visible: true }).count()) === 0);
    showLine(two({ skills: [{ ...german(81), isRequired: false }] }));
    await page.locator(`[data-row="${ada}"]`).getByText('German 81 preferred').waitFor();
    expect(await said.filter({ visible: true }).count()).to.equal(0);
  });

  it('reads in Chinese', async () => {
    showLine(two({ skills: [german(50)] }), {}, { stalledMs: 4_000 });
    const chinese = await browser.page({ login: 'admin', language: 'zh-CN' });
    await open(chinese);
    const text = await chinese.innerText('main');
    for (const words of ['有 1 名坐席可以接听', '最长排队时长', '分配记录', '空闲'])
      expect(text).to.contain(words);
    await chinese.context().close();
  });

  it(`keeps ${String(MANY)} rows up to date without holding the page up`, async () => {
    const ids = Array.from({ length: MANY }, () => newCallId());
    const line = (offset: number): readonly LiveWaiting[] =>
      ids.map((id, index) => ({
        ...inLine(id, 600_000 - index * 1_000, index + 1),
        priority: offset,
      }));
    showLine(line(0));
    await open();
    expect(await page.locator('.lq-line tbody tr').count()).to.equal(MANY);
    await page.evaluate(`{
      window.longest = 0;
      new PerformanceObserver((list) => {
        for (const task of list.getEntries()) window.longest = Math.max(window.longest, task.duration);
      }).observe({ type: 'longtask' });
    }`);
    for (let round = 1; round <= 5; round++) {
      showLine(line(round));
      await page
        .locator(`[data-row="${ids.at(-1) ?? ''}"]`)
        .getByText(`priority ${String(round)}`)
        .waitFor();
    }
    expect(await page.evaluate('window.longest')).to.be.below(400);
  });

  it('has no accessibility problems in any look, with a menu, a dialog, a drawer, and nobody in line', async function () {
    this.timeout(300_000);
    lq.answer = explained;
    const full = await problemsInEveryLook({ site: lq.site, browser }, async (look, check) => {
      showLine(two({ skills: [german(90)], priority: 20 }), {}, { stalledMs: 4_000 });
      await open(look);
      await check('board');
      await look.locator(`[data-row="${ada}"] details.lq-menu summary`).click();
      await check('menu');
      await look.locator(`[data-row="${ada}"] a[href$="do=priority"]`).click();
      await look.waitForSelector('#lq-dialog #f-priority');
      await check('dialog');
      await look.keyboard.press('Escape');
      await look.locator('.lq-links > a[data-dialog]').click();
      await look.waitForSelector('#lq-dialog.is-drawer[open]');
      await check('drawer');
    });
    showLine([]);
    const empty = await problemsInEveryLook({ site: lq.site, browser }, async (look, check) => {
      await open(look);
      await check('nobody');
    });
    expect([...full, ...empty]).to.deep.equal([]);
  });

  it('has no accessibility problems on the pages around it', async function () {
    this.timeout(300_000);
    lq.answer = explained;
    showLine(two());
    const problems = await problemsOnPages({ site: lq.site, browser }, [
      '/live/queues',
      '/live/agents',
      '/live/queues/1/estimates',
      '/live/agents/1/state',
      `/live/queues/1/calls/${ada}/edit`,
      '/live/queues/1/why',
    ]);
    expect(problems).to.deep.equal([]);
  });
});

const explained = (): DeskAnswer => ({
  ok: true,
  explanations: [{ reasons: ['place:1'] }, { agentId: MARA, isOffered: true, reasons: [] }],
});
