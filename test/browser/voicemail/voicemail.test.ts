import { expect } from 'chai';
import type { Page } from 'playwright-core';
import { PHONE, TestBrowser } from '../../support/browser.js';
import { voicemailCall, type CallScript } from '../../support/call-events.js';
import { CallsSite, COMPANY } from '../../support/calls-site.js';
import { until } from '../../support/until.js';

describe('voicemail in a browser', function () {
  this.timeout(120_000);
  let at: CallsSite;
  let browser: TestBrowser;
  let message: CallScript;

  before(async () => {
    at = await CallsSite.start();
    browser = await TestBrowser.start(at.site);
  });
  after(async () => {
    await browser.stop();
    await at.site.stop();
  });
  beforeEach(async () => {
    await at.clear();
    message = voicemailCall(Date.now() - 60_000, COMPANY.phoneOfTheo);
    await at.tell(message);
    await at.keep(message.recordingId, 3);
  });
  afterEach(async () => {
    await browser.closePages();
    expect(browser.complaints.splice(0)).to.deep.equal([]);
    expect(at.site.errors).to.deep.equal([]);
  });

  const play = async (page: Page): Promise<void> => {
    await page.evaluate("document.querySelector('audio.vm-audio').play()");
    await until('it plays', 5_000, () =>
      page.evaluate<boolean>("document.querySelector('audio.vm-audio').currentTime > 0.1"),
    );
  };
  const newMessages = (page: Page): Promise<string> =>
    page.locator('.cb-nav[href="/voicemail"]').innerText();

  it('hears a message, which marks it, makes it new again, and heard by hand', async () => {
    const page = await browser.page({ login: 'theo' });
    await page.goto('/voicemail');
    expect(await newMessages(page)).to.contain('1');
    await page.getByRole('row').getByText('New', { exact: true }).waitFor();
    await play(page);
    await page.reload();
    await page.getByRole('row').getByText('Heard', { exact: true }).waitFor();
    expect(await newMessages(page)).not.to.contain('1');
    await page.getByRole('button', { name: 'Mark as new' }).click();
    await page.getByRole('row').getByText('New', { exact: true }).waitFor();
    await page.getByRole('button', { name: 'Mark as heard' }).click();
    await page.getByRole('button', { name: 'Mark as new' }).waitFor();
  });

  it('keeps a remark, archives and takes it back', async () => {
    const page = await browser.page({ login: 'theo' });
    await page.goto('/voicemail');
    const remark = page.getByRole('textbox', { name: /^Remark on/ });
    await remark.fill('Call back after 5');
    await remark.press('Enter');
    await page.getByText('Remark saved.').waitFor();
    expect(await remark.inputValue()).to.equal('Call back after 5');
    await page.getByRole('button', { name: 'Archive', exact: true }).click();
    await page.getByText('No messages.').waitFor();
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByText('Message restored.').waitFor();
    expect(await remark.inputValue()).to.equal('Call back after 5');
  });

  it('does the same in Chinese, on a phone', async () => {
    const page = await browser.page({ login: 'theo', language: 'zh-CN', viewport: PHONE });
    await page.goto('/voicemail');
    await play(page);
    await page.reload();
    await page.getByRole('button', { name: '标为新留言' }).waitFor();
  });

  it('leads to the call that the message is of', async () => {
    const page = await browser.page({ login: 'supervisor' });
    await page.goto('/voicemail');
    await page.locator('tbody a.id').click();
    await page.getByText('Left a message of 0:21').first().waitFor();
    await page.getByRole('slider').waitFor();
  });
});
