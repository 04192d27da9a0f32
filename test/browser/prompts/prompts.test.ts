import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import type { Page } from 'playwright-core';
import { TestBrowser } from '../../support/browser.js';
import { useFlowSite } from '../../support/flow-site.js';
import { problemsOnPages } from '../../support/looks.js';
import { sox } from '../../support/sounds.js';
import { until } from '../../support/until.js';

const REFUSED = /status of (409|422)/;

describe('prompts in a browser', function () {
  this.timeout(300_000);
  const at = useFlowSite();
  let browser: TestBrowser;

  before(async () => {
    await at.prompts.ensureSystemPrompts();
    browser = await TestBrowser.start(at.site);
  });
  after(async () => {
    await browser.stop();
  });
  afterEach(async () => {
    await browser.closePages();
    const complaints = browser.complaints.splice(0).filter((line) => !REFUSED.test(line));
    expect(complaints).to.deep.equal([]);
  });

  const signedIn = (): Promise<Page> => browser.page({ login: 'admin' });

  it('refuses a text named .wav, keeps what was typed, takes a sound, and plays it', async () => {
    const wrong = join(at.folder, 'wrong.wav');
    writeFileSync(wrong, 'This is no sound at all.');
    const tone = join(at.folder, 'tone.mp3');
    sox('-n', '-r', '44100', '-c', '2', tone, 'synth', '3', 'sine', '440');
    const page = await signedIn();
    await page.goto('/setup/prompts');
    await page.getByRole('link', { name: 'New prompt' }).first().click();
    await page.getByLabel('Name').fill('Closing time');
    await page.getByLabel('Text in Chinese').fill('我们下班了。');
    await page.getByLabel('Sound file in English').setInputFiles(wrong);
    await page.getByRole('button', { name: 'Create prompt' }).click();
    await page.getByText('This is not a sound that can be read').waitFor();
    expect(await page.getByLabel('Text in Chinese').inputValue()).to.equal('我们下班了。');

    await page.getByLabel('Sound file in English').setInputFiles(tone);
    await page.getByRole('button', { name: 'Create prompt' }).click();
    await page.getByRole('link', { name: 'Closing time' }).click();
    const player = page.locator('audio').first();
    await player.waitFor();
    await page.evaluate("document.querySelector('audio').play()");
    await until('the sound plays', 5_000, async () => {
      const seconds: number = await page.evaluate("document.querySelector('audio').currentTime");
      return seconds > 0 ? seconds : undefined;
    });
    const length: number = await page.evaluate("document.querySelector('audio').duration");
    expect(length).to.be.closeTo(3, 0.15);
  });

  it('says where a prompt is played when it shall be archived', async () => {
    const page = await signedIn();
    const { database } = at.site.parts;
    const queue = await database('queues').first<{ id: number }>('id');
    const said = { queue_id: queue.id, position: 1, prompt_id: at.greeting };
    await database('queue_announcements').insert(said);
    await page.goto(`/setup/prompts/${String(at.greeting)}`);
    await page.locator('summary', { hasText: 'Archive' }).click();
    await page.locator('.cb-confirm-box button').click();
    await page.getByText('Not archived: it is used in one place').waitFor();
    await page.getByRole('link', { name: 'Sales' }).waitFor();
  });

  it('is accessible', async () => {
    const paths = [
      '',
      '/new',
      '/system',
      '/system/pieces',
      '/system/goodbye/en',
      `/${String(at.menu)}`,
      '?q=nothing-like-it',
    ];
    const problems = await problemsOnPages(
      { site: at.site, browser },
      paths.map((path) => `/setup/prompts${path}`),
    );
    expect(problems).to.deep.equal([]);
  });

  it('takes an own sound for what the switchboard says, and goes back to the voice', async () => {
    const own = join(at.folder, 'twenty-one.wav');
    sox('-n', '-r', '16000', own, 'synth', '1', 'sine', '440');
    const page = await signedIn();
    await page.goto('/setup/prompts/system');
    await page.getByRole('link', { name: 'Pieces of spoken values' }).click();
    await page.getByRole('link', { name: 'Change: twenty-one, English' }).click();
    await page.getByLabel('Sound file').setInputFiles(own);
    await page.getByRole('button', { name: 'Use this sound' }).click();
    await page.getByText('Calls use the sound from now on.').waitFor();
    await page.locator('audio[aria-label="Listen to your own sound"]').waitFor();
    await page.getByText("Back to the server's voice").first().click();
    await page.getByRole('button', { name: "Back to the server's voice" }).click();
    await page.getByText("Callers hear the server's voice again.").waitFor();
  });
});
