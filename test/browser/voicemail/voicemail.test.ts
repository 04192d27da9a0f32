import { expect } from 'chai';
import type { Page } from 'playwright-core';
import { PHONE, TestBrowser } from '../../support/browser.js';
import { voicemailCall, type CallScript } from '../../support/call-events.js';
import { CallsSite, COMPANY } from '../../support/calls-site.js';
import { MailServer } from '../../support/mail-server.js';
import { toneWav } from '../../support/node-files.js';
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
    await page.getByRole('button', { name: 'Delete', exact: true }).click();
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

  it('calls back with one click, and says who dealt with it', async () => {
    // He is not signed in as an agent: his own phone rings.
    await at.site.parts.directory.refresh();
    const page = await browser.page({ login: 'theo' });
    await page.goto('/voicemail');
    await page.getByRole('button', { name: /^Call back/ }).click();
    await page.getByText('Your phone rings now').waitFor();
    await page.getByText('dealt with by Theo Lark').waitFor();
    expect(at.commands.map(({ kind }) => kind)).to.deep.equal(['phone-dial']);
    await page.getByRole('button', { name: 'Not dealt with' }).click();
    await page.getByRole('button', { name: 'I have dealt with it' }).waitFor();
  });

  it('sets a mailbox up: refuses silence as a greeting with everything typed kept, then takes one', async () => {
    const page = await browser.page({ login: 'admin' });
    await page.goto('/setup/mailboxes');
    await page.getByRole('link', { name: 'Repairs' }).click();
    const greeting = async (hertz: number) => ({
      name: 'greeting.wav',
      mimeType: 'audio/wav',
      buffer: await toneWav(hertz, 4),
    });
    await page.locator('#f-number').fill('8100');
    await page.locator('#f-greeting').setInputFiles(await greeting(0));
    await page.getByRole('button', { name: /^Save/ }).click();
    await page.getByText('Nothing can be heard in this file.').first().waitFor();
    expect(await page.locator('#f-number').inputValue()).to.equal('8100');
    // The browser complains of the refusal, as it should.
    expect(browser.complaints.splice(0).join()).to.contain('status of 422');
    await page.locator('#f-greeting').setInputFiles(await greeting(440));
    await page.getByRole('button', { name: /^Save/ }).click();
    await page.getByText('Saved. Applies to the next call.').waitFor();
    await page.getByText('*98 at any phone, then 8100').waitFor();
    await page.locator('audio.cb-audio').waitFor();
  });

  it('tries the mail server and shows its answer', async () => {
    const server = await MailServer.start();
    try {
      const page = await browser.page({ login: 'admin' });
      await page.goto('/setup/mail');
      await page.locator('#f-host').fill('127.0.0.1');
      await page.locator('#f-port').fill(String(server.port));
      await page.locator('#f-tls').selectOption('none');
      await page.locator('#f-from').fill('pbx@office.example');
      await page.getByRole('button', { name: /^Save/ }).click();
      await page.getByText('Saved. Applies to the next mail.').waitFor();
      await page.getByRole('button', { name: 'Send a test mail' }).click();
      await page.getByText('The server took it.').waitFor();
      expect(server.arrived).to.have.length(1);
    } finally {
      await server.stop();
    }
  });

  it('leads to the call that the message is of', async () => {
    const page = await browser.page({ login: 'supervisor' });
    await page.goto('/voicemail');
    await page.locator('tbody a.id').click();
    await page.getByText('Left a message of 0:21').first().waitFor();
    await page.getByRole('slider').waitFor();
  });
});
