import { expect } from 'chai';
import type { Page } from 'playwright-core';
import { instantOf } from '../../src/engines/routing/wall-clock.js';
import type { AttemptId } from '../../src/kernel/ids.js';
import { TestBrowser } from '../support/browser.js';
import { lookProblems } from '../support/looks.js';
import { addGrace, dialling, ended, looking } from '../support/preview-site.js';
import { until } from '../support/until.js';
import { WorkspaceSite } from '../support/workspace-site.js';

describe("somebody to be called, on the agent's page in a browser", function () {
  this.timeout(60_000);
  let ws: WorkspaceSite;
  let browser: TestBrowser;
  let page: Page;
  let attempt: AttemptId;

  before(async () => {
    ws = await WorkspaceSite.start();
    attempt = await addGrace(ws);
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
    ws.show(looking(attempt));
    await page.goto('/workspace');
    await page.waitForSelector('#live-dot[data-state="live"]');
    await page.locator('#ws-preview').waitFor();
  });
  afterEach(() => {
    const complaints = browser.complaints.splice(0).filter((line) => !line.includes('(Conflict)'));
    expect(complaints).to.deep.equal([]);
  });

  const given = (kind: string, more: object = {}): Promise<true> =>
    until(`command ${kind}`, 5_000, () => {
      const last = ws.commands.at(-1);
      return (
        last?.kind === kind &&
        Object.entries(more).every(([name, value]) => last[name as keyof typeof last] === value)
      );
    });
  const card = (): Promise<string> => page.locator('#ws-preview').innerText();

  it('shows the record before anything rings, and how long there is', async () => {
    const shown = await card();
    expect(shown).to.contain('Renewals');
    expect(shown).to.contain('Grace Hall');
    expect(shown).to.match(/0:5\d|1:00/);
    expect(shown).to.contain('When the time is over, this lead is called.');
    await page.locator('#ws-record').waitFor();
    const record = await page.locator('#ws-record').innerText();
    for (const text of [
      'Hall & Sons',
      'Gold, ends in May',
      'America/New_York',
      'not in service',
      'busy',
      'Theo Lark',
      'Bad time to call',
      'Asks for Mr Hall after lunch.',
    ])
      expect(record).to.contain(text);
    expect(await lookProblems(page)).to.deep.equal([]);
  });

  it('calls with F2, tells whose phone rings, and what came of it', async () => {
    await page.keyboard.press('F2');
    await given('preview-call', { attempt });
    ws.show(dialling(attempt, 'own-phone'));
    await page.getByText('Ringing your phone 2001…').locator('visible=true').waitFor();
    expect(
      await page.locator('#ws-preview form[data-command="preview-skip"]').isVisible(),
    ).to.equal(false);
    ws.show(dialling(attempt, 'customer'));
    await page
      .getByText(/^Ringing customer .*0701…$/)
      .locator('visible=true')
      .waitFor();
    expect(await lookProblems(page)).to.deep.equal([]);
    await page.keyboard.press('Shift+F9');
    await given('agent-hang-up');
    ws.show(ended(attempt, 'invalid'));
    await page.locator('#ws-preview-last').waitFor();
    expect(await page.locator('#ws-preview-last').innerText()).to.equal(
      'Grace Hall: number not in service',
    );
    expect(await page.locator('#ws-preview').isVisible()).to.equal(false);
  });

  it('skips with s and its reason', async () => {
    await page.locator('#ws-preview select[name="reason"]').selectOption('not-prepared');
    await page.locator('#ws-preview h2').click();
    await page.keyboard.press('s');
    await given('preview-skip', { attempt, reason: 'not-prepared' });
    ws.show(ended(attempt, 'skipped'));
    await page.locator('#ws-preview').waitFor({ state: 'hidden' });
  });

  it('schedules a call, and says what is wrong beside the field', async () => {
    await page.locator('#ws-schedule summary').click();
    const at = page.locator('#ws-schedule-at');
    await at.fill('2020-01-01T10:00');
    await page.locator('#ws-schedule button').click();
    await page.locator('#ws-schedule-problem').waitFor();
    expect(await page.locator('#ws-schedule-problem').innerText()).to.contain('has passed');
    expect(ws.commands).to.deep.equal([]);
    const soon = new Date(Date.now() + 3 * 86_400_000).toISOString().slice(0, 10);
    await at.fill(`${soon}T10:30`);
    await page.locator('#ws-schedule-note').fill('Wants the price of five');
    await page.locator('#ws-schedule-note').press('Enter');
    await given('preview-skip', { attempt, reason: 'scheduled' });
    const rows = (await ws.site.parts.database('follow_ups').select('*')) as {
      note: string;
      agent_id: number;
      due_at: Date;
    }[];
    expect(rows).to.have.length(1);
    expect(rows[0]).to.include({ note: 'Wants the price of five', agent_id: 1 });
    expect(rows[0]?.due_at.getTime()).to.equal(instantOf(`${soon}T10:30`, 'Europe/London'));
  });

  it('refuses for the campaign or for all', async () => {
    await page.locator('#ws-refuse summary').click();
    expect(await lookProblems(page)).to.deep.equal([]);
    await page.getByRole('button', { name: 'Never, for any campaign' }).click();
    await given('preview-refuse', { attempt, isForAll: true });
  });

  it('says why a call is not made', async () => {
    ws.answer = () => ({ ok: false, code: 'no-preview', detail: '' });
    await page.keyboard.press('F2');
    await page.getByText('This lead is not before you any more.').waitFor();
  });

  it('tells whose promise it is, and reminds before the time', async () => {
    ws.show(
      looking(attempt, {
        promise: {
          ...{ kind: 'appointment', dueAt: Date.now(), note: 'wants a quote' },
          insteadOf: 'Theo Lark',
        },
      }),
    );
    await page
      .getByText(/by Theo Lark, who is not there\./)
      .locator('visible=true')
      .waitFor();
    expect(await page.locator('#ws-preview h2').innerText()).to.equal('Appointment');
    ws.show({
      mara: {
        ...{ extension: '2001', state: 'available' },
        reminder: {
          ...{
            followUpId: 1 as never,
            kind: 'callback',
            name: 'Ada Finch',
            number: '+442079460123',
          },
          ...{ dueAt: Date.now() + 200_000, comesByItself: true },
        },
      },
    });
    await page.locator('#ws-reminder').waitFor();
    expect(await page.locator('#ws-reminder').innerText()).to.match(/Ada Finch.*3:[12]\d/s);
    expect(await lookProblems(page)).to.deep.equal([]);
  });
});
