import { expect } from 'chai';
import type { Page } from 'playwright-core';
import { makeTrialNews } from '../../../src/adapters/redis/trial-news.js';
import { SYSTEM_ACTOR } from '../../../src/kernel/actor.js';
import type { CallEvent, CallEventBody } from '../../../src/kernel/call-event.js';
import {
  newCallId,
  newEventId,
  type ChannelId,
  type FlowId,
  type FlowTrialId,
} from '../../../src/kernel/ids.js';
import { accessibilityProblems, TestBrowser } from '../../support/browser.js';
import { smallFlow, useFlowSite } from '../../support/flow-site.js';

describe('a test call in the editor of IVR flows', function () {
  this.timeout(120_000);
  const at = useFlowSite();
  let browser: TestBrowser;

  before(async () => {
    browser = await TestBrowser.start(at.site);
  });
  after(() => browser.stop());
  afterEach(() => browser.closePages());

  /** What the process of the calls would tell of a trial. */
  function callOf(trial: FlowTrialId, flow: FlowId) {
    const note = makeTrialNews(at.site.parts.redis, at.site.parts.log);
    const callId = newCallId();
    let seq = 0;
    const tell = (body: CallEventBody): void => {
      const event = { ...body, id: newEventId(), callId, seq: seq++, at: Date.now() } as CallEvent;
      note(trial, { kind: 'event', event });
    };
    return {
      tell,
      enter: (step: string, label: string): void => {
        tell({ kind: 'step-entered', flowId: flow, step, stepKind: 'play', label });
      },
      set: (values: Readonly<Record<string, string>>): void => {
        note(trial, { kind: 'variables', values });
      },
    };
  }

  const card = (page: Page, id: string) => page.locator(`[model-id="${id}"]`);
  const hasClass = (page: Page, id: string, name: string): Promise<void> =>
    page.locator(`[model-id="${id}"].${name}`).waitFor({ timeout: 5_000 });

  async function ring(name: string, page: Page) {
    const flow = await at.flows.create(SYSTEM_ACTOR, { name, definition: smallFlow(at) });
    await page.goto(`/setup/ivr/${String(flow)}/edit`);
    await page.getByRole('link', { name: 'Test call' }).click();
    await page.getByLabel('Phone that rings').selectOption({ label: '2001 Front desk' });
    expect(await accessibilityProblems(page)).to.deep.equal([]);
    await page.getByRole('button', { name: 'Call this phone' }).click();
    await page.getByText('The phone rings. Pick it up.').waitFor({ timeout: 5_000 });
    const trial = Number(new URL(page.url()).searchParams.get('trial')) as FlowTrialId;
    const call = callOf(trial, flow);
    call.tell({
      ...{ kind: 'call-arrived', direction: 'internal', from: '2001', fromName: '' },
      ...{ to: '+442079460123', node: 'pbx', test: true },
    });
    call.tell({
      ...{ kind: 'leg-started', leg: 'phone' as ChannelId, role: 'caller', number: '2001' },
    });
    call.tell({ kind: 'flow-entered', flowId: flow, version: 0, name });
    return { call, flow, trial };
  }

  it('lights the way and the step where the call is, and shows variables as they are set', async () => {
    const page = await browser.page({ login: 'admin' });
    const { call, trial } = await ring('Lit', page);
    call.enter('greeting', 'Greeting');
    await hasClass(page, 'greeting', 'here');
    call.enter('main', 'Main menu');
    await hasClass(page, 'main', 'here');
    await hasClass(page, 'greeting', 'lit');
    expect(await card(page, 'greeting').getAttribute('class')).to.not.include('here');
    const panel = page.locator('#ivr-trial');
    await panel.getByText('In the flow').waitFor();
    await panel.getByText('IVR flow Lit, draft').waitFor();
    call.set({ need: 'repair', secret_code: '••••' });
    await panel.getByText('repair').waitFor();
    await panel.getByText('••••').waitFor();
    expect(await accessibilityProblems(page)).to.deep.equal([]);

    // Choosing a step changes neither the panel, nor the lights, nor the call in the address.
    await page.locator('#o-bye').click();
    await page.locator('.ivr-insp h2', { hasText: 'Goodbye' }).waitFor();
    await hasClass(page, 'main', 'here');
    const { searchParams } = new URL(page.url());
    expect([searchParams.get('step'), searchParams.get('trial')]).to.deep.equal([
      'bye',
      String(trial),
    ]);
    await page.reload();
    await hasClass(page, 'main', 'here');
    await panel.getByText('repair').waitFor();
  });

  it('says how the call ended, calls again, and goes when it is closed', async () => {
    const page = await browser.page({ login: 'admin' });
    const { call } = await ring('Again', page);
    call.enter('greeting', 'Greeting');
    call.tell({
      ...{ kind: 'call-ended', result: 'contained', endedBy: 'caller' },
      ...{ cause: 16, reason: 'hung-up-16' },
    });
    const panel = page.locator('#ivr-trial');
    await panel.getByText('The call is over').waitFor({ timeout: 5_000 });
    await page.waitForFunction("document.querySelector('.here') === null");
    await hasClass(page, 'greeting', 'lit');
    await panel.getByRole('link', { name: 'Open the call' }).waitFor();
    const asked = at.trials.asked.length;
    await panel.getByRole('button', { name: 'Call again' }).click();
    await page.getByText('The phone rings. Pick it up.').waitFor({ timeout: 5_000 });
    expect(at.trials.asked).to.have.lengthOf(asked + 1);
    await panel.getByRole('button', { name: 'Close' }).click();
    await panel.waitFor({ state: 'detached' });
    expect(new URL(page.url()).searchParams.get('trial')).to.equal(null);
    expect(await page.locator('.lit').count()).to.equal(0);
  });
});
