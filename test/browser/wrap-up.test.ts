import { expect } from 'chai';
import type { Page } from 'playwright-core';
import type { CallId, DispositionId } from '../../src/kernel/ids.js';
import { accessibilityProblems, scrollsSideways, TestBrowser } from '../support/browser.js';
import { adasCall, MARA, type Moment } from '../support/live-moments.js';
import { until } from '../support/until.js';
import { WorkspaceSite } from '../support/workspace-site.js';

const SEAT = { extension: '2001' } as const;

describe('wrapping a call up in a browser', function () {
  this.timeout(120_000);
  let ws: WorkspaceSite;
  let browser: TestBrowser;
  let page: Page;

  before(async () => {
    ws = await WorkspaceSite.start();
    await ws.site.parts.database('dispositions').insert([
      { id: 1, name_en: 'Delivery', name_zh: '配送', position: 10 },
      { id: 2, parent_id: 1, name_en: 'Late', name_zh: '延迟', position: 10 },
      { id: 3, parent_id: 1, name_en: 'Damaged', name_zh: '损坏', position: 20 },
      { id: 4, name_en: 'Deleted order', name_zh: '取消订单', position: 20 },
    ]);
    await ws.refreshDirectory();
    ws.show({});
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

  const talking = (id: CallId): Moment => ({
    mara: { ...SEAT, state: 'talking', callId: id },
    calls: [adasCall({ id, stage: 'talk', connectedAt: Date.now() })],
  });
  const wrappingUp = (): Moment => ({
    mara: {
      ...SEAT,
      state: 'wrap-up',
      since: Date.now(),
      until: Date.now() + 24_000,
      wrapUp: { mode: 'fixed', extensionsLeft: 2, codeNeeded: true },
    },
  });
  const said = (call: CallId) =>
    ws.site.parts
      .database('call_dispositions')
      .where('call_id', call)
      .first<{ disposition_id: number | null; note: string } | undefined>();

  for (const { language, theme, typed, path, note } of [
    {
      language: 'en',
      theme: 'light',
      typed: 'del lat',
      path: 'Delivery › Late',
      note: 'Lift out of order',
    },
    { language: 'zh-CN', theme: 'dark', typed: '配 延', path: '配送 › 延迟', note: '电梯停用' },
  ] as const)
    it(`finds a nested code by the keyboard, keeps the note and finishes, in ${language}`, async () => {
      await ws.site.parts.database('users').where('login', 'mara').update({ language, theme });
      const { id } = adasCall();
      ws.show(talking(id));
      await page.goto('/workspace');
      await page.waitForSelector('#live-dot[data-state="live"]');
      await page.waitForSelector(`[data-wrap-up] [name=call][value="${id}"]`, {
        state: 'attached',
      });
      ws.show(wrappingUp());
      await until('the focus', 5_000, () =>
        page.evaluate<boolean>('document.activeElement.id === "ws-find"'),
      );
      await page.keyboard.type(typed);
      expect(await page.locator('.ws-code:visible').allInnerTexts()).to.have.length(1);
      await page.keyboard.press('Enter');
      await until('the code', 5_000, async () => (await said(id))?.disposition_id === 2);
      expect(await page.evaluate('document.activeElement.id')).to.equal('ws-note');
      await page.keyboard.type(note);
      await until('the draft', 5_000, async () => (await said(id))?.note === note);
      await page.reload();
      await page.waitForSelector('#live-dot[data-state="live"]');
      expect(await page.inputValue('#ws-note')).to.equal(note);
      expect(await page.locator('.ws-code:has(:checked)').innerText()).to.contain(path);
      expect(await accessibilityProblems(page)).to.deep.equal([]);
      await page.setViewportSize({ width: 390, height: 844 });
      expect(await scrollsSideways(page)).to.equal(false);
      await page.setViewportSize({ width: 1440, height: 900 });
      ws.commands.length = 0;
      await page.click('form[data-command="extend"] button');
      await until('more time', 5_000, () => ws.commands[0]?.kind === 'agent-extend-wrap-up');
      await page.keyboard.press('F9');
      await until('the end', 5_000, () => ws.commands.at(-1)?.kind === 'agent-finish-wrap-up');
      expect(ws.commands.at(-1)).to.deep.equal({ kind: 'agent-finish-wrap-up', agentId: MARA });
      ws.show({ mara: { ...SEAT, state: 'available', since: Date.now() - 6_000 } });
      await page.waitForSelector('#ws-wrapup', { state: 'hidden' });
    });

  it('shows at once what is chosen on the desk phone, and the note that is being written stays', async () => {
    await ws.site.parts.database('users').where('login', 'mara').update({ language: 'en' });
    const { id } = adasCall();
    const moment = talking(id);
    ws.show(moment);
    await page.goto('/workspace');
    await page.waitForSelector('#live-dot[data-state="live"]');
    await page.waitForSelector(`[data-wrap-up] [name=call][value="${id}"]`, { state: 'attached' });
    await page.fill('#ws-note', 'Ring at noon');
    await until('the draft', 5_000, async () => (await said(id))?.note === 'Ring at noon');
    const choose = async (disposition: number): Promise<void> => {
      await ws.site.parts
        .database('call_dispositions')
        .where({ call_id: id })
        .update({ disposition_id: disposition });
      const phoneCode = { callId: id, dispositionId: disposition as DispositionId };
      ws.show({ ...moment, mara: { ...moment.mara, phoneCode } });
      await page.waitForSelector(`[name=disposition][value="${String(disposition)}"]:checked`);
    };
    await choose(3);
    await choose(2);
    expect(await page.inputValue('#ws-note')).to.equal('Ring at noon');
  });
});
