import { expect } from 'chai';
import type { Page } from 'playwright-core';
import { SYSTEM_ACTOR } from '../../../src/kernel/actor.js';
import type { FlowId } from '../../../src/kernel/ids.js';
import { TestBrowser } from '../../support/browser.js';
import { largeFlow, useFlowSite } from '../../support/flow-site.js';

/** What the page itself may compute until a chosen step is shown, as a part of what opening the editor takes on this machine. */
const CHOICE_SHARE = 0.5;

describe('a flow of 500 steps in a browser', function () {
  this.timeout(120_000);
  const at = useFlowSite();
  let browser: TestBrowser;
  let id: FlowId;
  let page: Page;

  before(async () => {
    browser = await TestBrowser.start(at.site);
    const definition = largeFlow(at, 500);
    id = await at.flows.createDraft(SYSTEM_ACTOR, { name: 'Large', definition });
  });
  after(() => browser.stop());
  beforeEach(async () => {
    page = await browser.page({ login: 'admin' });
    await page.goto(`/setup/ivr/${String(id)}/edit`);
    await page.locator('#ivr-paper[data-drawn]').waitFor();
  });
  afterEach(async () => {
    await browser.closePages();
    expect(browser.complaints.splice(0)).to.deep.equal([]);
  });

  const inOutline = (name: string) =>
    page.locator('.ivr-out a[id]').filter({ has: page.getByText(name, { exact: true }) });
  const heading = (name: string) =>
    page.locator('.ivr-insp h2', { hasText: new RegExp(`^${name}$`) }).waitFor();
  const choose = async (name: string): Promise<void> => {
    await inOutline(name).click();
    await heading(name);
  };
  const marked = async () => ({
    outline: await page.locator('.ivr-out li.on a[aria-current]').allTextContents(),
    board: await page.locator('#ivr-paper .sel title').allTextContents(),
    undo: await page.locator('form[action$="/undo"] [name=selected]').inputValue(),
    path: new URL(page.url()).search,
  });

  it('shows a chosen step at once: only the step comes, and is marked in outline and drawing', async () => {
    const cdp = await page.context().newCDPSession(page);
    await cdp.send('Performance.enable', { timeDomain: 'threadTicks' });
    const computed = async (): Promise<number> => {
      const { metrics } = await cdp.send('Performance.getMetrics');
      return 1_000 * (metrics.find((metric) => metric.name === 'TaskDuration')?.value ?? NaN);
    };
    // Counted from the beginning of a page.
    await page.goto(new URL(page.url()).pathname);
    await page.locator('#ivr-paper[data-drawn]').waitFor();
    const opened = await computed();
    const times: number[] = [];
    for (const name of ['Information 60', 'Department 61', 'Expert 70', 'Department 62']) {
      const before = await computed();
      const answer = page.waitForResponse((response) => response.url().includes('/edit?step='));
      await choose(name);
      expect((await (await answer).text()).length, name).to.be.below(60_000);
      times.push((await computed()) - before);
    }
    const ms = [opened, ...times].map(Math.round).join(' ');
    expect(times.toSorted((a, b) => a - b)[1], ms).to.be.below(CHOICE_SHARE * opened);
    const shown = await marked();
    expect(shown.outline.join('|')).to.match(/^[^|]*Department 62$/);
    expect(shown.board.join('|')).to.match(/^[^|]*Department 62[^|]*$/);
    expect([shown.undo, shown.path]).to.deep.equal(['menu-62', '?step=menu-62']);
  });

  it('comes back to a step and to the beginning by the browser’s own buttons', async () => {
    await choose('Expert 3');
    await choose('Information 4');
    await page.goBack();
    await heading('Expert 3');
    expect((await marked()).undo).to.equal('desk-3');
    await page.locator('#o-entry').click();
    await heading('Call comes in');
    expect(await marked()).to.deep.include({ board: [], undo: '', path: '' });
  });

  it('offers every step where an exit leads, by mouse and by keyboard, and saves', async () => {
    await choose('Department 5');
    const exit = page.getByLabel('Wrong key, after the last try');
    expect(await exit.locator('option').count()).to.equal(2);
    expect(await exit.locator('option:checked').textContent()).to.equal('Goodbye 5');
    await exit.focus();
    expect(await exit.locator('option').count()).to.be.above(500);
    expect(await exit.locator('option:checked').textContent()).to.equal('Goodbye 5');
    await exit.selectOption({ label: 'Goodbye 99' });
    const key = page.locator('#f-key-1');
    await key.click();
    await key.selectOption({ label: 'Information 98' });
    await page.keyboard.press('Escape');
    const saved = page.waitForResponse((response) => response.request().method() === 'POST');
    await page.getByRole('button', { name: 'Save step' }).click();
    await (await saved).finished();
    const { definition } = await at.flows.open(SYSTEM_ACTOR, id);
    expect(definition.steps['menu-5']).to.deep.include({ wrongKey: 'end-99' });
    expect(definition.steps['menu-5']).to.have.nested.property('choices.1', 'info-98');
  });

  it('brings everything where somebody else changed the flow meanwhile', async () => {
    await choose('Expert 8');
    const { flow } = await at.flows.open(SYSTEM_ACTOR, id);
    await at.flows.edit(SYSTEM_ACTOR, id, flow.version, ({ start, steps }) => {
      const { 'end-9': step, ...others } = steps;
      return step === undefined
        ? { start, steps }
        : { start, steps: { ...others, 'end-9': { ...step, label: 'Renamed' } } };
    });
    await choose('Expert 9');
    await inOutline('Renamed').waitFor();
    expect((await marked()).undo).to.equal('desk-9');
    await choose('Renamed');
  });
});
