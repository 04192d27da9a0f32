import { expect } from 'chai';
import { readFile, rename, writeFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { TestBrowser } from '../../support/browser.js';
import { answeredCall, type CallScript } from '../../support/call-events.js';
import { CallsSite } from '../../support/calls-site.js';
import { flipByte } from '../../support/flip-byte.js';
import { problemsOnPages } from '../../support/looks.js';
import { until } from '../../support/until.js';

const PAGE = '/setup/recording-sealing';
const SECONDS = 120;

describe('sealed recordings in a browser', function () {
  this.timeout(180_000);
  let at: CallsSite;
  let browser: TestBrowser;
  let call: CallScript;
  let file: string;

  before(async () => {
    at = await CallsSite.start();
    const old = answeredCall();
    call = answeredCall();
    await at.tell(old, call);
    await at.keep(old.recordingId);
    file = await at.keep(call.recordingId, SECONDS, at.shelf.folder);
    browser = await TestBrowser.start(at.site);
  });
  after(async () => {
    await browser.stop();
    await at.site.stop();
  });

  const seconds = (page: Page): Promise<number> =>
    page.evaluate("document.querySelector('[data-player] audio').currentTime");

  it('play from any moment', async () => {
    const page = await browser.page({ login: 'supervisor' });
    await page.goto(`/calls/${call.callId}`);
    // What the controls of the browser's player do.
    await page.evaluate("document.querySelector('[data-player] audio').play()");
    const length = "document.querySelector('[data-player] audio').duration";
    await until('its length is known', 10_000, async () => {
      const known = await page.evaluate<number>(length);
      return known > SECONDS - 2 && known < SECONDS + 2;
    });
    for (const moment of [SECONDS - 10, 5, SECONDS / 2]) {
      await page.evaluate(
        `document.querySelector('[data-player] audio').currentTime = ${String(moment)}`,
      );
      await until(`it plays from ${String(moment)} s`, 10_000, async () => {
        const now = await seconds(page);
        return now > moment + 0.2 && now < moment + 9;
      });
    }
    expect(browser.complaints).to.deep.equal([]);
  });

  it('are chosen, and their keys renewed, on a page', async () => {
    const page = await browser.page({ login: 'admin' });
    await page.goto(PAGE);
    await page.selectOption('select[name=mode]', 'all');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('Saved. It holds for recordings').waitFor();
    expect(await page.locator('select[name=mode]').inputValue()).to.equal('all');
    await page.getByRole('button', { name: 'Make a new key' }).click();
    await page.getByText('The new key encrypts from now on').waitFor();
    expect(await page.getByText('Only decrypts').count()).to.equal(1);
    expect(browser.complaints).to.deep.equal([]);
  });

  it('looks right in both languages, themes and widths, with keys and without', async () => {
    expect(await problemsOnPages({ site: at.site, browser }, [PAGE])).to.deep.equal([]);
    const keys = at.site.parts.config.recordingKeys;
    await rename(keys, `${keys}.away`);
    expect(await problemsOnPages({ site: at.site, browser }, [PAGE])).to.deep.equal([]);
    await writeFile(keys, 'no key\nat all\n');
    expect(await problemsOnPages({ site: at.site, browser }, [PAGE])).to.deep.equal([]);
    await rename(`${keys}.away`, keys);
    expect(browser.complaints).to.deep.equal([]);
    expect(at.site.errors).to.deep.equal([]);
  });

  it('say that they are damaged instead of playing', async () => {
    const sealed = await readFile(file);
    flipByte(sealed, sealed.length - 5);
    await writeFile(file, sealed);
    const page = await browser.page({ login: 'supervisor' });
    await page.goto(`/calls/${call.callId}?check=${call.recordingId}`);
    await page.getByText('not the one that was stored').waitFor();
    await page.goto(`/recordings/${call.recordingId}/audio`);
    await page.getByText('Recording damaged').waitFor();
  });
});
