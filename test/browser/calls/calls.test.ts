import { readFile } from 'node:fs/promises';
import { expect } from 'chai';
import type { Page } from 'playwright-core';
import { PHONE, TestBrowser } from '../../support/browser.js';
import { abandonedCall, answeredCall, type CallScript } from '../../support/call-events.js';
import { CallsSite } from '../../support/calls-site.js';
import { until } from '../../support/until.js';

const HOUR = 3_600_000;
/** As long as the talk of `answeredCall`: from 1:28 to 2:06 of it the caller is on hold. */
const TALK_S = 267;

describe('calls in a browser', function () {
  this.timeout(120_000);
  let at: CallsSite;
  let browser: TestBrowser;
  let ada: CallScript;
  let file: string;

  before(async () => {
    at = await CallsSite.start();
    ada = answeredCall({ startedAt: Date.now() - 3 * HOUR });
    await at.tell(
      ada,
      ...Array.from({ length: 20 }, (_, index) =>
        abandonedCall(Date.now() - HOUR - index * 1_000, `+4420794602${String(10 + index)}`),
      ),
    );
    file = await at.keep(ada.recordingId, TALK_S);
    browser = await TestBrowser.start(at.site);
  });
  after(async () => {
    await browser.stop();
    await at.site.stop();
  });
  afterEach(async () => {
    await browser.closePages();
    expect(browser.complaints.splice(0)).to.deep.equal([]);
    expect(at.site.errors).to.deep.equal([]);
  });

  const lines = (page: Page) => page.locator('#table tbody tr');
  const shows = (page: Page, count: number): Promise<true> =>
    until(
      `${String(count)} lines`,
      5_000,
      async () => (await lines(page).count()) === count && true,
    );
  const openAda = async (page: Page): Promise<void> => {
    await page.goto(`/calls/${ada.callId}`);
    await page.getByRole('slider').waitFor();
  };
  const seconds = (page: Page): Promise<number> =>
    page.evaluate<number>("document.querySelector('[data-player] audio').currentTime");
  const isAt = (page: Page, wanted: number): Promise<true> =>
    until(`at ${String(wanted)} s`, 5_000, async () => {
      const shown = Number(await page.getByRole('slider').getAttribute('aria-valuenow'));
      return Math.abs(shown - wanted) <= 1 && true;
    });

  it('finds a call by its number, opens it and tells its story', async () => {
    const page = await browser.page({ login: 'supervisor' });
    await page.goto('/calls');
    await shows(page, 21);
    await page.getByRole('searchbox').pressSequentially('(020) 7946-0123');
    await shows(page, 1);
    expect(new URL(page.url()).searchParams.get('q')).to.equal('(020) 7946-0123');
    await lines(page).first().getByRole('link').first().click();
    await page.waitForURL(`**/calls/${ada.callId}`);
    const story = page.getByRole('table', { name: 'What happened in this call' });
    for (const said of [
      'Pressed 2: Repairs',
      'Nia Corbin declined after 0:12',
      'Talking with Mara',
    ])
      await story.getByText(said).first().waitFor();
    await story.locator('summary').first().click();
    await story.getByText('2 agents were free').waitFor();
    await page.getByRole('link', { name: /^Legs/ }).click();
    await page.getByRole('cell', { name: 'Nia Corbin' }).waitFor();
  });

  it('filters, keeps the filter in the address, and clears it', async () => {
    const page = await browser.page({ login: 'supervisor' });
    await page.goto('/calls');
    await page.getByLabel('Result').selectOption({ label: 'Answered' });
    await shows(page, 1);
    await page.reload();
    await shows(page, 1);
    await page.getByLabel('Result').selectOption({ label: 'Abandoned' });
    await shows(page, 20);
    await page.getByText('More filters').click();
    await page.getByLabel('From', { exact: true }).fill('2001-01-01');
    await page.getByLabel('To', { exact: true }).fill('2001-01-02');
    await page.getByText('Nothing matches').first().waitFor();
    await page.getByRole('link', { name: 'Clear' }).first().click();
    await shows(page, 21);
  });

  it('plays the recording with the keys of the player', async () => {
    const page = await browser.page({ login: 'supervisor' });
    await openAda(page);
    const wave = page.getByRole('slider', { name: 'Position in the recording' });
    await wave.focus();
    await page.keyboard.press(' ');
    await until('it plays', 5_000, async () => (await seconds(page)) > 0.2 && true);
    expect(await page.getByRole('button', { name: 'Pause' }).isVisible()).to.equal(true);
    await page.keyboard.press(' ');
    await page.getByRole('button', { name: 'Play' }).waitFor();
    await page.keyboard.press('Home');
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowRight');
    await isAt(page, 10);
    await page.keyboard.press('ArrowLeft');
    await isAt(page, 5);
    await page.keyboard.press('.');
    await isAt(page, 88);
    await page.keyboard.press('.');
    await isAt(page, 126);
    await page.keyboard.press(',');
    await isAt(page, 88);
    expect(await wave.getAttribute('aria-valuetext')).to.equal('1:28 of 4:27');
    await page.keyboard.press('End');
    await isAt(page, TALK_S);
    await page.keyboard.press('4');
    const rate = "document.querySelector('[data-player] audio').playbackRate";
    expect(await page.evaluate(rate)).to.equal(2);
    expect(
      await page.getByRole('button', { name: '2×', exact: true }).getAttribute('aria-pressed'),
    ).to.equal('true');
  });

  it('plays from a moment of the story, and lets one side be heard alone', async () => {
    const page = await browser.page({ login: 'supervisor' });
    await openAda(page);
    // The talk began at 1:54 of the call; the caller was put on hold 1:28 later.
    await page.getByRole('button', { name: '3:22' }).click();
    await until('it plays', 5_000, async () => (await seconds(page)) > 88 && true);
    const caller = page.getByRole('button', { name: 'Caller' });
    const other = page.getByRole('button', { name: 'Other side' });
    await caller.click();
    expect(await caller.getAttribute('aria-pressed')).to.equal('false');
    await other.click();
    expect(await other.getAttribute('aria-pressed')).to.equal('true');
  });

  it('downloads the file as it is kept', async () => {
    const page = await browser.page({ login: 'supervisor' });
    await openAda(page);
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: 'Download the recording' }).click(),
    ]);
    expect(download.suggestedFilename()).to.match(/^\d{4}-\d\d-\d\d-\w{26}\.flac$/);
    expect((await readFile(await download.path())).equals(await readFile(file))).to.equal(true);
  });

  it('downloads the list as it is narrowed', async () => {
    const page = await browser.page({ login: 'supervisor' });
    await page.goto('/calls?result=answered');
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: 'Export' }).click(),
    ]);
    const text = await readFile(await download.path(), 'utf8');
    expect(text.trimEnd().split('\r\n')).to.have.length(2);
    expect(text).to.contain(ada.callId);
  });

  it('does the same in Chinese, on a phone', async () => {
    const page = await browser.page({ login: 'mara', language: 'zh-CN', viewport: PHONE });
    await page.goto('/calls');
    await shows(page, 1);
    await lines(page).first().getByRole('link').first().click();
    await page.waitForURL(`**/calls/${ada.callId}`);
    await page.getByRole('slider').focus();
    await page.keyboard.press(' ');
    await until('it plays', 5_000, async () => (await seconds(page)) > 0 && true);
    const story = await page.locator('[data-refresh=story]').innerText();
    expect(story)
      .to.contain('Mara Quill')
      .and.match(/\p{Script=Han}/u);
  });

  it('is there without scripts: story, list, and the player of the browser', async () => {
    const page = await browser.page({ login: 'supervisor', withoutScripts: true });
    await page.goto('/calls');
    await page.getByRole('searchbox').fill('Ada Finch');
    await page.getByRole('searchbox').press('Enter');
    await shows(page, 1);
    await lines(page).first().getByRole('link').first().click();
    expect(await page.locator('[data-player] audio[controls]').isVisible()).to.equal(true);
    await page.getByText('Talking with Mara Quill').waitFor();
  });
});
