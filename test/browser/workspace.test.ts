import { expect } from 'chai';
import type { Page } from 'playwright-core';
import {
  accessibilityProblems,
  DESKTOP,
  scrollsSideways,
  TestBrowser,
} from '../support/browser.js';
import { lookProblems } from '../support/looks.js';
import {
  adasCall,
  inLine,
  MARA,
  PHONE_2001,
  PHONE_2002,
  queuesWith,
  THEO,
  type Moment,
} from '../support/live-moments.js';
import { until } from '../support/until.js';
import { WorkspaceSite } from '../support/workspace-site.js';

const MINUTE = 60_000;
const SEAT = { extension: '2001' } as const;
const AVAILABLE: Moment = { mara: { ...SEAT, state: 'available' } };
const READY_SOON: Moment = { mara: { ...SEAT, state: 'not-ready', reason: 'signed-in' } };

const ringing = (call = adasCall()): Moment => ({
  mara: { ...SEAT, state: 'ringing', since: Date.now(), callId: call.id },
  calls: [call],
  queues: queuesWith([inLine(call.id, 106_000)]),
});
const talking = (call = adasCall(), more: Moment['mara'] = {}): Moment => ({
  mara: { ...SEAT, state: 'talking', since: Date.now(), callId: call.id, ...more },
  calls: [{ ...call, stage: 'talk', connectedAt: Date.now() - 222_000, recording: true }],
});
const wrappingUp = (): Moment => ({
  mara: { ...SEAT, state: 'wrap-up', since: Date.now(), until: Date.now() + 24_000 },
});

describe("the agent's page in a browser", function () {
  this.timeout(120_000);
  let ws: WorkspaceSite;
  let browser: TestBrowser;
  let page: Page;

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
  beforeEach(() => {
    ws.commands.length = 0;
    ws.answer = () => ({ ok: true });
  });
  afterEach(() => {
    // A refused command is an answer that Chromium writes into its console.
    const complaints = browser.complaints.splice(0).filter((line) => !line.includes('(Conflict)'));
    expect(complaints).to.deep.equal([]);
  });

  /** Shows a moment and waits until the page says so. */
  async function open(moment: Moment, sign: string): Promise<void> {
    ws.show(moment);
    await page.goto('/workspace');
    await page.waitForSelector('#live-dot[data-state="live"]');
    await see(sign);
  }
  const see = async (text: string, on: Page = page): Promise<void> => {
    await on.locator(`text="${text}"`).locator('visible=true').first().waitFor({ timeout: 5_000 });
  };
  const given = (kind: string): Promise<true> =>
    until(`command ${kind}`, 5_000, () => ws.commands.at(-1)?.kind === kind && true);

  it('signs in at the own phone and starts as not ready; F2 goes available', async () => {
    await open({}, 'Sign in');
    expect(await page.inputValue('#ws-extension')).to.equal('2001');
    await page.press('#ws-extension', 'Enter');
    await given('agent-sign-in');
    expect(ws.commands).to.deep.equal([
      { kind: 'agent-sign-in', agentId: MARA, extensionId: PHONE_2001 },
    ]);
    ws.show(READY_SOON);
    await see('Not ready');
    expect(await page.isVisible('#ws-sign-in')).to.equal(false);
    await page.keyboard.press('F2');
    await given('agent-available');
    ws.show(AVAILABLE);
    await see('Your phone rings when a caller is yours.');
    await until('announced', 5_000, async () =>
      (await page.textContent('#announce'))?.includes('Available'),
    );
  });

  it('says beside the field who sits at the phone, and keeps what was typed', async () => {
    await open({}, 'Sign in');
    ws.answer = () => ({ ok: false, code: 'extension-taken', detail: 'Theo Lark' });
    await page.fill('#ws-extension', '2002');
    await page.keyboard.press('F2');
    await see(
      'Theo Lark is signed in at this phone. Choose another phone, or ask Theo Lark to sign out.',
    );
    expect(await page.getAttribute('#ws-extension', 'aria-invalid')).to.equal('true');
    expect(await page.inputValue('#ws-extension')).to.equal('2002');
    expect(await page.evaluate('document.activeElement.id')).to.equal('ws-extension');
    expect(await accessibilityProblems(page)).to.deep.equal([]);
  });

  it('pops a ringing call at once: from the published moment to the screen within 350 ms', async () => {
    await open(AVAILABLE, 'Nobody is calling');
    await page.evaluate(`{
      const look = () => {
        if (document.getElementById('ws-card').checkVisibility()) window.poppedAt ??= Date.now();
        else window.poppedAt = undefined;
        requestAnimationFrame(look);
      };
      look();
    }`);
    const poppedAt = () => page.evaluate<number | undefined>('window.poppedAt');
    const took: number[] = [];
    for (let ring = 0; ring < 5; ring++) {
      const rangAt = Date.now();
      ws.show(ringing());
      took.push((await until('the card', 5_000, poppedAt)) - rangAt);
      ws.show(AVAILABLE);
      await until('no card', 5_000, async () => (await poppedAt()) === undefined);
    }
    // The picture itself gathers changes for 150 ms; together that is the half second that an agent waits at most.
    expect(took.sort((a, b) => a - b)[2], took.join(' ')).to.be.at.most(350);
  });

  it('announces an incoming call once, and never takes the focus from somebody who types', async () => {
    await open(AVAILABLE, 'Nobody is calling');
    await page.evaluate(`{
      window.alerts = [];
      new MutationObserver(() => alerts.push(document.getElementById('alert').textContent))
        .observe(document.getElementById('alert'), { childList: true, characterData: true, subtree: true });
    }`);
    await page.focus('#user-menu summary');
    const call = adasCall();
    ws.show(ringing(call));
    await see('Lift the handset of 2001');
    expect(await page.title()).to.equal('☎ Repairs · Ada Finch');
    expect(await page.evaluate('document.activeElement.closest("#user-menu") !== null')).to.equal(
      true,
    );
    ws.show(ringing({ ...call, path: [...call.path, '3'] }));
    await see('2 Repairs › 1 Washing machine › 3');
    expect(await page.evaluate('window.alerts')).to.deep.equal([
      'Incoming call, Repairs, Ada Finch',
    ]);
    ws.show(AVAILABLE);
    await see('Nobody is calling');
    expect(await page.title()).to.equal('My workspace · Cordboard');
  });

  it('talks, hangs up with Shift F9, wraps up and finishes with F9; own calls and figures follow', async () => {
    const { database } = ws.site.parts;
    await database('calls').del();
    await database('call_talks').del();
    await open(AVAILABLE, 'No calls yet.');
    const call = adasCall();
    await ws.addCall({ id: call.id, startedMsAgo: 0, agentId: MARA, result: null });
    ws.show(talking(call));
    await see('Recording');
    expect(await page.textContent('#ws-card [role=timer]')).to.match(/^3:4\d$/);
    await page.keyboard.press('Shift+F9');
    await given('agent-hang-up');
    ws.show(wrappingUp());
    await see('Finish wrap-up');
    expect(await page.textContent('#ws-today')).to.match(/0 calls/);
    const end = { ended_at: new Date(), answered_at: new Date(), result: 'answered' };
    await database('calls')
      .where('id', call.id)
      .update({ ...end, talk_ms: 222_000 });
    await ws.addTalk(call.id, MARA, new Date(), 222_000);
    await until('the figures', 10_000, async () =>
      /1 call.*3:42/s.test((await page.textContent('#ws-today')) ?? ''),
    );
    expect(await page.textContent('#ws-wrapped')).to.contain('Ada Finch');
    expect(await page.textContent('#ws-own-card')).to.contain('Answered');
    await page.keyboard.press('F9');
    await given('agent-finish-wrap-up');
    ws.show(AVAILABLE);
    await see('Nobody is calling');
  });

  it('chooses what comes after the call', async () => {
    const call = adasCall();
    await open(talking(call), 'After this call');
    await page.click('#ws-next summary');
    await page.locator('#ws-next button', { hasText: 'Lunch' }).click();
    await given('agent-not-ready');
    expect(ws.commands.at(-1)).to.deep.equal({
      kind: 'agent-not-ready',
      agentId: MARA,
      reason: 'lunch',
    });
    ws.show(talking(call, { next: 'not-ready', reason: 'lunch' }));
    await see('Not ready · Lunch');
    await until('the command is done', 5_000, async () => {
      const busy = await page.locator('[data-command] [aria-disabled]').count();
      return busy === 0;
    });
  });

  it('is the same after loading again and in another tab, and closing a tab does nothing', async () => {
    await open(talking(), 'Ada Finch');
    const lookOf = async (on: Page) => ({
      who: await on.textContent('#ws-card .who'),
      state: await on.textContent('#ws-state-text'),
      source: await on.textContent('.ws-source'),
    });
    const look = await lookOf(page);
    await page.reload();
    await see('Ada Finch');
    expect(await lookOf(page)).to.deep.equal(look);
    const second = await page.context().newPage();
    await second.goto('/workspace');
    await see('Ada Finch', second);
    expect(await lookOf(second)).to.deep.equal(look);
    await second.close();
    expect(ws.commands).to.deep.equal([]);
  });

  it('shows that a command is under way after 150 ms, and gives it once', async () => {
    await open(READY_SOON, 'Go available');
    let answer: (() => void) | undefined;
    ws.answer = () =>
      new Promise((resolve) => {
        answer = () => {
          resolve({ ok: true });
        };
      });
    await page.keyboard.press('F2');
    await page.keyboard.press('F2');
    await page.waitForSelector('#ws-call button.is-waiting[aria-disabled="true"]');
    await given('agent-available');
    answer?.();
    ws.show(AVAILABLE);
    await see('Your phone rings when a caller is yours.');
    expect(await page.locator('.is-waiting').count()).to.equal(0);
    expect(ws.commands).to.have.length(1);
  });

  it('says after five seconds that a command was not confirmed', async () => {
    await open(talking(), 'Hang up');
    await page.locator('#ws-card button', { hasText: 'Hang up' }).click();
    await given('agent-hang-up');
    const words = 'has not confirmed “Hang up”. The call may still be active.';
    await until('the message', 8_000, async () =>
      (await page.textContent('#ws-problem'))?.includes(words),
    );
    expect(await page.isVisible('#ws-problem a')).to.equal(true);
    await page.click('#ws-problem a');
    await see('Ada Finch');
    expect(await page.isVisible('#ws-problem')).to.equal(false);
  });

  it('dials: says what is no number, then to lift the handset, and is done when the call is there', async () => {
    await open(AVAILABLE, 'Nobody is calling');
    await page.keyboard.press('F2');
    expect(await page.evaluate('document.activeElement.id')).to.equal('ws-number');
    await page.keyboard.type('12x');
    await page.keyboard.press('Enter');
    await see('“12x” is no number that can be dialed. Use digits, with + for other countries.');
    await page.fill('#ws-number', '020 7946 0155');
    await page.keyboard.press('Enter');
    await given('agent-dial');
    await see('Lift the handset of 2001: it rings now, then the number is dialed.');
    const call = adasCall({
      direction: 'outbound',
      from: '2001',
      to: '+442079460155',
      stage: 'dial-outside',
      path: [],
    });
    ws.show({ mara: { ...SEAT, state: 'talking', callId: call.id }, calls: [call] });
    await see('Calling');
    expect(await page.inputValue('#ws-number')).to.equal('');
  });

  it('picks up what rings at a colleague, dials the last number again, or is called back', async () => {
    await ws.site.parts
      .database('call_handling')
      .insert(
        [PHONE_2001, PHONE_2002].map((extension_id) => ({ extension_id, pickup_group: 'desk' })),
      );
    await ws.refreshDirectory();
    const rings: Moment = {
      ...AVAILABLE,
      calls: [adasCall({ stage: 'ring-extension', ringsAt: [PHONE_2002] })],
      extensions: [
        { id: PHONE_2001, number: '2001', registered: true, lastDialled: '2002' },
        { id: PHONE_2002, number: '2002', registered: true, use: 'ringing' },
      ],
    };
    await open(AVAILABLE, 'Nobody is calling');
    expect(await page.isVisible('#ws-pickups')).to.equal(false);
    ws.show(rings);
    await see('Rings at colleagues');
    await see('Ada Finch');
    expect(await lookProblems(page)).to.deep.equal([]);
    ws.answer = () => ({ ok: false, code: 'nothing-rings', detail: '2002' });
    await page.getByRole('button', { name: 'Pick up' }).click();
    await see('Nothing rings at 2002 that you could take. Calls of queues go to their agents.');
    ws.answer = () => ({ ok: true });
    await page.getByRole('button', { name: 'Pick up' }).click();
    await see('Lift the handset of 2001 to take the call.');
    expect(ws.commands.at(-1)).to.deep.equal({
      ...{ kind: 'phone-pick-up', extensionId: PHONE_2001, at: '2002' },
    });
    await see('2002 Theo Lark');
    await page.getByRole('button', { name: 'Call back when free' }).click();
    await given('busy-callback');
    await page.getByRole('button', { name: 'Dial again' }).click();
    await given('phone-redial');
    const call = adasCall({ direction: 'internal', from: '2001', to: '2002', path: [] });
    ws.show({ mara: { ...SEAT, state: 'talking', callId: call.id }, calls: [call] });
    await page.locator('#ws-pickups').waitFor({ state: 'hidden' });
  });

  it('works by letters outside fields, and writes them inside', async () => {
    await open(READY_SOON, 'Go available');
    await page.focus('#ws-number');
    await page.keyboard.type('ab?');
    expect(await page.inputValue('#ws-number')).to.equal('ab?');
    expect(ws.commands).to.deep.equal([]);
    await page.focus('#main');
    await page.keyboard.press('a');
    await given('agent-available');
    ws.show(AVAILABLE);
    await see('Your phone rings when a caller is yours.');
    await page.keyboard.press('b');
    expect(await page.evaluate('document.activeElement.textContent')).to.contain('Break');
    await page.keyboard.press('Enter');
    await given('agent-not-ready');
    await page.keyboard.press('?');
    expect(await page.isVisible('#ws-keys')).to.equal(true);
    expect(await accessibilityProblems(page)).to.deep.equal([]);
    await page.keyboard.press('Escape');
    expect(await page.isVisible('#ws-keys')).to.equal(false);
  });

  it('stands still, says so and takes no commands while nothing is heard of the calls', async () => {
    await open(talking(), 'Hang up');
    ws.fallSilent();
    await page.waitForSelector('#live-dot[data-state="off"]', { timeout: 20_000 });
    const button = page.locator('#ws-card button', { hasText: 'Hang up' });
    expect(await button.isDisabled()).to.equal(true);
    const timer = await page.textContent('#ws-card [role=timer]');
    await page.keyboard.press('Shift+F9');
    expect(ws.commands).to.deep.equal([]);
    expect(await page.textContent('#ws-card [role=timer]')).to.equal(timer);
    ws.show(AVAILABLE);
    await page.waitForSelector('#live-dot[data-state="live"]');
    await see('Nobody is calling');
  });

  it('shows one part at a time on a phone, with the call always in reach', async () => {
    await page.setViewportSize({ width: 390, height: 844 });
    await open(talking(), 'Ada Finch');
    expect(await page.isVisible('#ws-own')).to.equal(false);
    await page.click('.m-tabs a[data-panel="own"]');
    expect(await page.isVisible('#ws-own')).to.equal(true);
    expect(await page.isVisible('#ws-call')).to.equal(false);
    const end = page.locator('.m-bar .end');
    const box = await end.boundingBox();
    expect(Math.min(box?.width ?? 0, box?.height ?? 0)).to.be.at.least(44);
    await end.click();
    await given('agent-hang-up');
    // What the state is about comes forward by itself.
    ws.show(wrappingUp());
    await page.waitForSelector('#ws-wrapup', { state: 'visible' });
    await page.locator('.m-bar button', { hasText: 'Finish wrap-up' }).click();
    await given('agent-finish-wrap-up');
    ws.show(AVAILABLE);
    await page.waitForSelector('#ws-call', { state: 'visible' });
    await page.setViewportSize({ width: 1100, height: 844 });
    ws.show(wrappingUp());
    await page.waitForSelector('#ws-wrapup', { state: 'visible' });
    expect(await page.isVisible('#ws-caller')).to.equal(false);
    await page.setViewportSize(DESKTOP);
  });

  describe('is accessible and fits', () => {
    const MOMENTS: Readonly<Record<string, () => Moment>> = {
      'signed out': () => ({}),
      'not ready': () => ({
        mara: { ...SEAT, state: 'not-ready', reason: 'missed-calls' },
        queues: queuesWith([inLine(adasCall().id, 252_000)]),
      }),
      ringing: () => ringing(),
      talking: () => talking(),
      'wrap-up': () => wrappingUp(),
      'phone lost': () => ({
        mara: { ...SEAT, state: 'phone-lost', reason: 'not-registered' },
        extensions: [{ id: PHONE_2001, number: '2001', registered: false }],
      }),
    };
    before(async () => {
      await ws.addCall({ startedMsAgo: 3_000 * MINUTE, agentId: THEO, talkMs: 372_000 });
      await ws.addCall({ startedMsAgo: 90 * MINUTE, agentId: MARA, talkMs: 60_000 });
    });
    for (const [language, theme] of [
      ['en', 'light'],
      ['zh-CN', 'dark'],
    ] as const)
      it(`in ${language}, ${theme}, at 1440, 1100 and 390 px`, async () => {
        await ws.site.parts.database('users').where('login', 'mara').update({ language, theme });
        const problems: string[] = [];
        for (const [name, moment] of Object.entries(MOMENTS)) {
          ws.show(moment());
          await page.goto('/workspace');
          await page.waitForSelector('#live-dot[data-state="live"]');
          if (name !== 'signed out') await page.click('#ws-state summary');
          const found = await lookProblems(page);
          problems.push(...found.map((line) => `${name}: ${line}`));
          await page.setViewportSize({ width: 1100, height: 844 });
          if (await scrollsSideways(page)) problems.push(`${name}: wider than 1100 px`);
          await page.setViewportSize(DESKTOP);
        }
        expect(problems).to.deep.equal([]);
      });
  });
});
