import { expect } from 'chai';
import type { Page } from 'playwright-core';
import { newId } from '../../../src/kernel/ids.js';
import { siteDayOf } from '../../../src/kernel/site-day.js';
import { TestBrowser } from '../../support/browser.js';
import { adasCall, MARA, REPAIRS } from '../../support/live-moments.js';
import { LiveQueueSite } from '../../support/live-queue-site.js';
import { problemsInEveryLook, problemsOnPages } from '../../support/looks.js';
import { until } from '../../support/until.js';

const DAY = `/live/agents/${String(MARA)}`;

describe('an agent’s day in a browser', function () {
  this.timeout(120_000);
  let lq: LiveQueueSite;
  let browser: TestBrowser;
  let page: Page;

  before(async () => {
    lq = await LiveQueueSite.start();
    browser = await TestBrowser.start(lq.site);
    page = await browser.page({ login: 'supervisor' });
  });
  after(async () => {
    await browser.stop();
    await lq.stop();
  });
  beforeEach(async () => {
    lq.answer = () => ({
      ok: true,
      explanations: [{ queueId: REPAIRS, reasons: ['nobody-waits'] }],
    });
    await lq.site.parts.database('agent_state_changes').del();
  });
  afterEach(() => {
    expect(browser.complaints.splice(0)).to.deep.equal([]);
    expect(lq.site.errors).to.deep.equal([]);
  });

  const mark = async (at: number, state: string, more: object = {}): Promise<void> => {
    await lq.site.parts.database('agent_state_changes').insert({
      ...{ id: newId(), agent_id: MARA, at: new Date(at), state, reason: '' },
      ...more,
    });
  };
  /** The last minute of today, so that midnight does not matter. */
  const begin = async (): Promise<number> => {
    const { startAt } = siteDayOf(Date.now(), 'Europe/London');
    const at = Math.max(startAt, Date.now() - 60_000);
    await mark(at, 'not-ready', { reason: 'signed-in' });
    await mark(at + 1_000, 'available');
    lq.show({ mara: { state: 'available', since: at + 1_000, extension: '2001' } });
    return at;
  };
  const open = async (on: Page): Promise<void> => {
    await on.goto(DAY);
    await on.waitForSelector('#live-dot[data-state="live"]');
  };
  const seconds = (clock: string): number =>
    clock.split(':').reduce((sum, part) => sum * 60 + Number(part), 0);

  it('ticks, adds up while it ticks, and draws itself again when the state changes', async () => {
    const at = await begin();
    await open(page);
    const login = page.locator('.day-kpis .v [data-since]');
    const first = seconds(await login.innerText());
    await until('a later second', 5_000, async () => seconds(await login.innerText()) > first);
    const times = await page.evaluate<number[]>(`[...document.querySelectorAll(
      '#agent-day tbody td:nth-child(3) .num')].slice(0, 2).map((cell) =>
      cell.textContent.split(':').reduce((sum, part) => sum * 60 + Number(part), 0))`);
    const sum = await page.evaluate<number>(`document.querySelector('#agent-day tfoot .num')
      .textContent.split(':').reduce((sum, part) => sum * 60 + Number(part), 0)`);
    expect(times.reduce((all, one) => all + one, 0)).to.equal(sum);
    await page.locator('#day-why').getByText('nobody waits').waitFor();
    const call = adasCall();
    const since = Math.max(at + 2_000, Date.now() - 500);
    lq.show({
      calls: [call],
      mara: { state: 'talking', since, callId: call.id, extension: '2001' },
    });
    await page.locator('#agent-day tbody').getByText('Talking').first().waitFor();
    await page.locator('.day-now').getByText('Ada Finch').waitFor();
  });

  it('forces the state from there', async () => {
    await begin();
    await open(page);
    await page.getByRole('link', { name: 'Force state…' }).click();
    await page.locator('#lq-dialog-title').getByText('Force state of Mara Quill').waitFor();
    await page.keyboard.press('Escape');
  });

  it('has no accessibility problems in any look, full and empty', async function () {
    this.timeout(300_000);
    const at = await begin();
    await mark(at + 5_000, 'not-ready', { reason: 'lunch', note: 'Ines Holm: Fire drill' });
    await mark(at + 9_000, 'ringing', { call_id: 'A'.repeat(26) });
    await mark(at + 12_000, 'talking', { call_id: 'A'.repeat(26) });
    await mark(at + 20_000, 'wrap-up');
    lq.show({ mara: { state: 'wrap-up', since: at + 20_000, extension: '2001' } });
    const full = await problemsInEveryLook({ site: lq.site, browser }, async (look, check) => {
      await open(look);
      await look.locator('#day-why li').first().waitFor();
      await check('day');
    });
    const pages = await problemsOnPages({ site: lq.site, browser }, [
      `${DAY}?day=2020-01-01`,
      ...['timeline', 'calls', 'offers'].map((list) => `${DAY}/${list}`),
    ]);
    expect([...full, ...pages]).to.deep.equal([]);
  });
});
