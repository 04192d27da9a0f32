import { expect } from 'chai';
import type { Page } from 'playwright-core';
import type { LiveCall, LiveTalk } from '../../src/telephony/live.js';
import { accessibilityProblems, scrollsSideways, TestBrowser } from '../support/browser.js';
import { adasCall, MARA, THEO, type Moment } from '../support/live-moments.js';
import { lookProblems } from '../support/looks.js';
import { until } from '../support/until.js';
import { WorkspaceSite } from '../support/workspace-site.js';

const mara = { number: '2001', name: 'Mara Quill', agentId: MARA, role: 'partner' } as const;
const theo = { number: '2002', name: 'Theo Lark', agentId: THEO } as const;
const PLAIN: LiveTalk = { parties: [mara] };
/** On hold for 12 s now. */
const held = (): LiveTalk => ({
  parties: [mara],
  hold: { since: Date.now() - 12_000, by: 'page' },
  heldSince: Date.now() - 12_000,
});
const consult = (more: object = {}): LiveTalk => ({
  parties: [mara, { ...theo, role: 'consulted' }],
  consult: { since: Date.now() - 9_000, isSwapped: false, ...more },
  heldSince: Date.now() - 9_000,
});
const CONFERENCE: LiveTalk = { parties: [mara, { ...theo, role: 'member' }] };

describe("transfers on the agent's page in a browser", function () {
  this.timeout(120_000);
  let ws: WorkspaceSite;
  let browser: TestBrowser;
  let page: Page;
  const call = adasCall();

  const talking = (talk: LiveTalk, more: Partial<LiveCall> = {}): Moment => ({
    mara: { extension: '2001', state: 'talking', since: Date.now(), callId: call.id },
    theo: { extension: '2002', state: 'available' },
    calls: [{ ...call, stage: 'talk', connectedAt: Date.now() - 60_000, talk, ...more }],
  });

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
    ws.show(talking(PLAIN));
    await page.goto('/workspace');
    await page.waitForSelector('#live-dot[data-state="live"]');
    await see('Transfer');
  });
  afterEach(() => {
    const complaints = browser.complaints.splice(0).filter((line) => !line.includes('(Conflict)'));
    expect(complaints).to.deep.equal([]);
  });

  const see = async (text: string): Promise<void> => {
    await page
      .locator(`text="${text}"`)
      .locator('visible=true')
      .first()
      .waitFor({ timeout: 5_000 });
  };
  const given = (command: object): Promise<true> =>
    until(`command ${JSON.stringify(command)}`, 5_000, () => {
      const last = ws.commands.at(-1);
      return (
        last?.kind === 'agent-talk' && JSON.stringify(last.command) === JSON.stringify(command)
      );
    });

  it('holds with F4, counts, and takes the call back with F4', async () => {
    await page.keyboard.press('F4');
    await given({ kind: 'hold' });
    ws.show(talking(held()));
    await see('Resume');
    expect(await page.textContent('#ws-card h2')).to.equal('On hold');
    expect(await page.textContent('.ws-held')).to.match(/On hold for\s*0:1\d/);
    await page.keyboard.press('F4');
    await given({ kind: 'resume' });
    ws.show(talking(PLAIN));
    await see('Hold');
  });

  it('asks the first one found with Enter, and shows who hears whom', async () => {
    await page.keyboard.press('F8');
    await see('People');
    await page.keyboard.type('theo');
    await page.keyboard.press('Enter');
    await given({ kind: 'consult', target: { kind: 'extension', id: 2 } });
    ws.show(talking(consult()));
    await see('Transfer without waiting');
    expect(await page.isVisible('#ws-target')).to.equal(false);
    ws.show(talking(consult({ answeredAt: Date.now() })));
    await see('You hear each other');
    const DONE = {
      swap: talking(consult({ answeredAt: 1, isSwapped: true })),
      conference: talking(CONFERENCE),
      drop: talking(PLAIN),
      complete: { mara: { extension: '2001', state: 'wrap-up', until: Date.now() + 20_000 } },
    } as const;
    for (const [button, kind] of [
      ['Swap', 'swap'],
      ['Conference', 'conference'],
      ['Drop consult', 'drop'],
      ['Complete transfer', 'complete'],
    ] as const) {
      await page.locator(`.ws-acts button:has-text("${button}")`).click();
      await given({ kind });
      // Each is done when the values say so.
      ws.show(DONE[kind]);
      await until(
        `${kind} to be done`,
        5_000,
        async () => (await page.locator('.ws-acts [aria-disabled]').count()) === 0,
      );
      ws.show(talking(consult({ answeredAt: Date.now() })));
      await see('You hear each other');
    }
  });

  it('sends the call on with Ctrl Enter, to a number that is typed', async () => {
    await page.keyboard.press('F8');
    await page.locator('#ws-target-query').fill('020 7946 0999');
    await see('Dial 02079460999');
    await page.keyboard.press('Control+Enter');
    await given({ kind: 'transfer', target: { kind: 'number', number: '02079460999' } });
    ws.show({ mara: { extension: '2001', state: 'wrap-up', until: Date.now() + 20_000 } });
    await see('Finish wrap-up');
  });

  it('says beside the button what was refused, and the talk goes on', async () => {
    ws.answer = () => ({ ok: false, code: 'queue-full', detail: 'Repairs' });
    await page.keyboard.press('F8');
    await page.locator('#ws-target-query').fill('repairs');
    await page.locator('button[aria-label="Transfer to Repairs"]').click();
    await given({ kind: 'transfer', target: { kind: 'queue', id: 1 } });
    await see('Repairs takes no more callers now. Your caller is still with you.');
  });

  it('goes through the list with the arrows, keeps the place while states change, closes with Escape', async () => {
    await page.keyboard.press('F8');
    await see('People');
    await page.keyboard.press('ArrowDown');
    const focused = (): Promise<string | null> => page.locator(':focus').getAttribute('aria-label');
    expect(await focused()).to.equal('Consult Theo Lark');
    const state = page.locator('.ws-target', { hasText: 'Theo Lark' }).locator('.ws-tnote');
    expect(await state.textContent()).to.contain('Available');
    ws.show({ ...talking(PLAIN), theo: { extension: '2002', state: 'not-ready', reason: '' } });
    await until('the new state', 8_000, async () =>
      ((await state.textContent()) ?? '').includes('Not ready'),
    );
    expect(await focused()).to.equal('Consult Theo Lark');
    await page.keyboard.press('Escape');
    expect(await page.isVisible('#ws-target')).to.equal(false);
    expect(await page.locator(':focus').getAttribute('id')).to.equal('ws-target-open');
  });

  it('in a conference only asks others in; hanging up is leaving', async () => {
    ws.show(talking(CONFERENCE));
    await see('Leave the conference');
    await page.keyboard.press('F8');
    await see('People');
    expect(
      await page.locator('#ws-targets form[data-command="transfer"]:visible').count(),
    ).to.equal(0);
    // A person, a queue and a flow.
    expect(await page.locator('#ws-targets form[data-command="consult"]:visible').count()).to.equal(
      3,
    );
  });

  for (const [name, moment] of [
    ['a hold', held()],
    ['a consult', consult({ answeredAt: 1 })],
    ['a conference', CONFERENCE],
    ['the list', PLAIN],
  ] as const)
    it(`has no accessibility problem and fits a phone with ${name}`, async () => {
      ws.show(talking(moment, { transfer: { to: '2003 Workshop', returned: 'busy' } }));
      await see('Back from 2003 Workshop: busy.');
      if (moment === PLAIN) {
        await page.keyboard.press('F8');
        await see('People');
      }
      expect(await accessibilityProblems(page)).to.deep.equal([]);
      expect(await lookProblems(page)).to.deep.equal([]);
      await page.setViewportSize({ width: 390, height: 844 });
      expect(await scrollsSideways(page)).to.equal(false);
      await page.setViewportSize({ width: 1440, height: 900 });
    });
});
