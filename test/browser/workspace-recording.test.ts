import { expect } from 'chai';
import type { Page } from 'playwright-core';
import type { LiveRecording, LiveTalk } from '../../src/telephony/live.js';
import { accessibilityProblems, scrollsSideways, TestBrowser } from '../support/browser.js';
import { adasCall, MARA, type Moment } from '../support/live-moments.js';
import { lookProblems } from '../support/looks.js';
import { until } from '../support/until.js';
import { WorkspaceSite } from '../support/workspace-site.js';

const mara = { number: '2001', name: 'Mara Quill', agentId: MARA, role: 'partner' } as const;
const always: LiveRecording = { mode: 'always', isWanted: true };
/** Since 12 s, and as long again as the page's clock may be behind by the way of a message. */
const paused = (): LiveRecording => ({
  ...always,
  pause: { at: Date.now() - 12_500, until: Date.now() + 167_500 },
});
const demand = (isWanted: boolean): LiveRecording => ({ mode: 'on-demand', isWanted });
const never: LiveRecording = { mode: 'never', isWanted: false };

describe("the recording on the agent's page in a browser", function () {
  this.timeout(120_000);
  let ws: WorkspaceSite;
  let browser: TestBrowser;
  let page: Page;
  const call = adasCall();

  const talking = (recording: LiveRecording): Moment => {
    const talk: LiveTalk = { parties: [mara], recording };
    const isOn = recording.isWanted && recording.pause === undefined;
    return {
      mara: { extension: '2001', state: 'talking', since: Date.now(), callId: call.id },
      calls: [{ ...call, stage: 'talk', connectedAt: Date.now() - 60_000, talk, recording: isOn }],
    };
  };

  before(async () => {
    ws = await WorkspaceSite.start();
    ws.show({});
    browser = await TestBrowser.start(ws.site);
    page = await browser.page({ login: 'mara' });
  });
  after(async () => {
    await browser.stop();
    await ws.stop();
  });
  beforeEach(async () => {
    ws.commands.length = 0;
    ws.answer = () => ({ ok: true });
    ws.show(talking(always));
    await page.goto('/workspace');
    await page.waitForSelector('#live-dot[data-state="live"]');
    await see('Pause recording');
  });
  afterEach(() => {
    const complaints = browser.complaints.splice(0).filter((line) => !line.includes('(Conflict)'));
    expect(complaints).to.deep.equal([]);
  });

  const see = (text: string): Promise<void> =>
    page.locator(`text="${text}"`).locator('visible=true').first().waitFor({ timeout: 5_000 });
  const asks = (wish: string): Promise<true> =>
    until(`the wish to ${wish}`, 5_000, () => {
      const last = ws.commands.at(-1);
      return (
        last?.kind === 'agent-talk' &&
        last.command.kind === 'recording' &&
        last.command.wish === wish
      );
    });

  it('pauses with p, counts, and goes on with p', async () => {
    await see('Recording');
    await page.keyboard.press('p');
    await asks('pause');
    ws.show(talking(paused()));
    await see('Paused: card data');
    expect(await page.locator('#ws-rec-paused .num').innerText()).to.match(/^0:1[2-5]$/);
    await page.keyboard.press('p');
    await asks('resume');
    ws.show(talking(always));
    await see('Pause recording');
  });

  it('begins and ends with r where it is recorded on demand', async () => {
    ws.show(talking(demand(false)));
    await see('Record');
    await page.keyboard.press('r');
    await asks('start');
    ws.show(talking(demand(true)));
    await see('Stop recording');
    await page.getByRole('button', { name: 'Stop recording' }).click();
    await asks('stop');
    ws.show(talking(demand(false)));
    await see('Not recorded');
  });

  it('a letter typed in a field is a letter', async () => {
    await page.keyboard.press('F8');
    await page.locator('#ws-target-query').waitFor();
    await page.locator('#ws-target-query').pressSequentially('pr');
    expect(await page.locator('#ws-target-query').inputValue()).to.equal('pr');
    expect(ws.commands).to.deep.equal([]);
  });

  it('says where it may not be recorded, and offers nothing', async () => {
    ws.show(talking(never));
    await see('Not recorded: policy');
    await page.keyboard.press('p');
    await page.keyboard.press('r');
    const controls = page.locator('#ws-recording button');
    for (const button of await controls.all()) expect(await button.isVisible()).to.equal(false);
    expect(ws.commands).to.deep.equal([]);
  });

  it('says on the page why a wish was not granted', async () => {
    ws.answer = () => ({ ok: false, code: 'recording-always', detail: '' });
    ws.show(talking(demand(true)));
    await see('Stop recording');
    await page.keyboard.press('r');
    await see('This talk has to be recorded. You can pause it for card data.');
  });

  it('looks right wide and narrow, without accessibility problems', async () => {
    for (const recording of [always, paused(), demand(false), demand(true), never]) {
      ws.show(talking(recording));
      const state = recording.pause === undefined ? 'hidden' : 'visible';
      await page.locator('#ws-rec-paused').waitFor({ state });
      expect(await lookProblems(page)).to.deep.equal([]);
      await page.setViewportSize({ width: 390, height: 844 });
      expect(await scrollsSideways(page)).to.equal(false);
      await page.setViewportSize({ width: 1440, height: 900 });
    }
    expect(await accessibilityProblems(page)).to.deep.equal([]);
  });
});
