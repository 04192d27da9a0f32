import { expect } from 'chai';
import type { Page } from 'playwright-core';
import { desiredPjsipObjects } from '../../../src/features/extensions/index.js';
import { TestBrowser } from '../../support/browser.js';
import { ADMIN, agent, did, queue } from '../../support/setup-drafts.js';
import { startSetupSite, type SetupSite } from '../../support/setup-site.js';

const save = (page: Page) => page.locator('[data-save]').click();
const toast = (page: Page) => page.locator('#toasts [role=status]');

describe('setting up the switchboard in a browser', function () {
  this.timeout(120_000);
  let setup: SetupSite;
  let browser: TestBrowser;
  let page: Page;

  before(async () => {
    setup = await startSetupSite();
    browser = await TestBrowser.start(setup.site);
  });
  beforeEach(async () => {
    page = await browser.page({ login: 'admin' });
  });
  afterEach(() => browser.closePages());
  after(async () => {
    await browser.stop();
    await setup.site.stop();
    expect(setup.site.errors).to.deep.equal([]);
  });

  it('makes an extension and shows what to type into its phone, the password once', async () => {
    await page.goto('/setup/extensions');
    await page.getByRole('link', { name: 'New extension' }).first().click();
    await page.getByLabel('Number', { exact: true }).fill('2001');
    await page.getByLabel('Name', { exact: true }).fill('Front desk');
    await page.getByLabel('May call').selectOption({ label: 'Local' });
    await save(page);
    await page.getByRole('heading', { name: 'Type this into the phone' }).waitFor();
    const password = (await page.locator('#copy-password').textContent()) ?? '';
    expect(password).to.match(/^[a-z2-9]{20}$/);
    expect(await page.locator('#copy-server').textContent()).to.equal('192.0.2.10');
    expect(await page.locator('#copy-user').textContent()).to.equal('2001');
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await page.getByRole('button', { name: 'Copy: Password' }).click();
    await page.getByText('Copied').first().waitFor();
    expect(await page.evaluate('navigator.clipboard.readText()')).to.equal(password);
    const objects = await desiredPjsipObjects(setup.site.parts.database, setup.site.parts.sealer);
    expect(objects.find(({ type }) => type === 'auth')?.fields['password']).to.equal(password);
    await page.getByRole('link', { name: 'To the list' }).click();
    await page.getByRole('link', { name: '2001' }).click();
    await page.getByRole('heading', { name: '2001 Front desk' }).waitFor();
    expect(await page.content()).not.to.include(password);
  });

  it('makes a queue with members, found by search', async () => {
    for (let n = 0; n < 15; n += 1)
      await setup.agents.createAgent(
        ADMIN,
        agent(String(3100 + n), { name: n === 7 ? '苏禾' : `Agent No ${String(n)}` }),
      );
    await page.goto('/setup/queues/new');
    await page.getByLabel('Name', { exact: true }).fill('Repairs');
    await page.getByRole('textbox', { name: 'Longest wait' }).fill('5m');
    await page.getByLabel('Overflow target').selectOption({ label: 'Say goodbye and hang up' });
    await page.getByPlaceholder('Find an agent').fill('苏');
    expect(await page.locator('.check-list label:visible').count()).to.equal(1);
    await page.getByLabel('苏禾').check();
    await page.getByPlaceholder('Find an agent').fill('3103');
    await page.getByLabel('Agent No 3').check();
    await page.getByText('2 of 15 chosen').waitFor();
    await save(page);
    await toast(page).getByText('Queue created').waitFor();
    await page.getByText('When nobody is signed in, or when a caller has waited 5 min').waitFor();
    const [stored] = await setup.site.parts
      .database('queue_members')
      .count<{ n: number }[]>({ n: '*' });
    expect(stored?.n).to.equal(2);
  });

  it('says what is wrong beside the field, keeps what was typed, and takes the mended form', async () => {
    await page.goto('/setup/trunks/new');
    await page.getByLabel('Name', { exact: true }).fill('Carrier A');
    await page.getByLabel('Server', { exact: true }).fill('203.0.113.5:5060');
    await page.getByRole('textbox', { name: 'User (optional)', exact: true }).fill('acme');
    await page.getByLabel('Signalling addresses').fill('203.0.113.5\nnowhere');
    await save(page);
    await page.getByRole('alert').getByText('2 fields need a change').waitFor();
    const server = page.getByLabel('Server', { exact: true });
    expect(await server.inputValue()).to.equal('203.0.113.5:5060');
    expect(await server.getAttribute('aria-invalid')).to.equal('true');
    const help = (await server.getAttribute('aria-describedby')) ?? '';
    expect(await page.locator(`#${help}`).textContent()).to.include('without port');
    await page.getByText('“nowhere” is no address').waitFor();
    await page.getByRole('alert').getByRole('link', { name: 'Server' }).click();
    await server.fill('203.0.113.5');
    await page.getByLabel('Signalling addresses').fill('203.0.113.5');
    await save(page);
    await page.getByText('The user needs a password.').waitFor();
    await page.getByLabel('Password (optional)').fill('correct horse');
    await save(page);
    await toast(page).getByText('Trunk created').waitFor();
    expect(await page.content()).not.to.include('correct horse');
    await page.getByText('Replace').click();
    expect(await page.getByLabel('New: Password').inputValue()).to.equal('');
  });

  it('leads a number to a queue, counts what is unsaved, and saves with Ctrl S', async () => {
    const id = await setup.queues.create(ADMIN, queue('Sales'));
    await page.goto('/setup/dids/new');
    await page.getByLabel('Number', { exact: true }).fill('020 7946 0100');
    await page.getByLabel('Name', { exact: true }).fill('Main number');
    await page.getByLabel('Goes to').selectOption(`queue:${String(id)}`);
    await page.getByText('3 unsaved changes').waitFor();
    await page.keyboard.press('Control+s');
    await toast(page).getByText('DID created').waitFor();
    await page
      .getByRole('row', { name: /\(020\) 7946 0100/ })
      .getByRole('link', { name: 'Sales' })
      .click();
    await page.getByRole('link', { name: '(020) 7946 0100' }).waitFor();
    await page.getByText('Archive', { exact: true }).first().click();
    await page.getByRole('button', { name: 'Archive' }).click();
    await page.getByText('Not archived: 1 thing still uses it.').waitFor();
  });

  it('makes an agent who signs in with the first password and must choose another', async () => {
    await page.goto('/setup/agents/new');
    await page.getByLabel('Name', { exact: true }).fill('Mara Quill');
    await page.getByLabel('Agent number').fill('3001');
    await page.getByLabel('User name').fill('mara');
    await page.getByLabel('PIN (optional)').fill('4711');
    await save(page);
    const password = (await page.locator('#copy-password').textContent()) ?? '';
    const other = await browser.page();
    await other.goto('/login');
    await other.locator('[name=login]').fill('mara');
    await other.locator('[name=password]').fill(password);
    await other.locator('form[action="/login"] button.btn-primary').click();
    await other.waitForURL('**/me/password');
  });

  it('archives with an undo', async () => {
    const id = await setup.dids.create(ADMIN, did('+442079460120', { name: 'Spare' }));
    await page.goto(`/setup/dids/${String(id)}`);
    await page.getByText('Archive', { exact: true }).first().click();
    await page.getByRole('button', { name: 'Archive' }).click();
    await toast(page).getByText('DID archived').waitFor();
    expect(await page.getByRole('link', { name: '(020) 7946 0120' }).count()).to.equal(0);
    await page.getByRole('button', { name: 'Undo' }).click();
    await toast(page).getByText('DID restored').waitFor();
    await page.getByRole('link', { name: '(020) 7946 0120' }).waitFor();
  });

  it('shows both versions when two people save, takes over a value, and loses nothing', async () => {
    const id = await setup.dids.create(ADMIN, did('+442079460121', { name: 'Before' }));
    await page.goto(`/setup/dids/${String(id)}`);
    await setup.dids.save(
      ADMIN,
      id,
      1,
      did('+442079460121', { name: 'Theirs', language: 'zh-CN' }),
    );
    await page.getByLabel('Name', { exact: true }).fill('Mine');
    await save(page);
    await page.getByRole('heading', { name: 'Somebody else saved this meanwhile' }).waitFor();
    expect(await page.getByLabel('Name').inputValue()).to.equal('Mine');
    await page
      .getByRole('row', { name: /Language/ })
      .getByRole('button')
      .click();
    await save(page);
    await toast(page).getByText('Saved').waitFor();
    expect(await setup.dids.get(ADMIN, id)).to.deep.include({ name: 'Mine', language: 'zh-CN' });
  });

  it('imports extensions from a file and offers their passwords', async () => {
    await page.goto('/setup/extensions');
    await page.getByRole('link', { name: 'Import' }).click();
    await page.getByLabel('CSV file').setInputFiles({
      name: 'phones.csv',
      mimeType: 'text/csv',
      buffer: Buffer.from('number,name\n2101,Ada\n2102,Ben\n999,Police\n'),
    });
    await page.getByRole('button', { name: 'Check the file' }).click();
    await page.getByText('3 rows: 2 good, 1 rejected.').waitFor();
    await page.getByText('999 is an emergency number').waitFor();
    await page.getByRole('button', { name: 'Create 2 extensions' }).click();
    await page.getByRole('heading', { name: '2 extensions created' }).waitFor();
    const download = page.waitForEvent('download');
    await page.getByRole('link', { name: 'Download passwords' }).click();
    const stream = await (await download).createReadStream();
    const chunks: Buffer[] = [];
    for await (const chunk of stream) chunks.push(chunk as Buffer);
    const [first = ''] = await page.locator('.secret-text').allTextContents();
    expect(Buffer.concat(chunks).toString()).to.include(`2101,192.0.2.10,5060,2101,${first}`);
  });

  it('works without scripts', async () => {
    const plain = await browser.page({ login: 'admin', withoutScripts: true });
    await plain.goto('/setup/dids/new');
    await plain.getByLabel('Number', { exact: true }).fill('x');
    await plain.getByLabel('Name').fill('No scripts');
    await save(plain);
    await plain.getByText('Use digits').waitFor();
    await plain.getByLabel('Number', { exact: true }).fill('020 7946 0130');
    await plain.getByLabel('Goes to').selectOption('hangup');
    await save(plain);
    await plain.getByRole('link', { name: '(020) 7946 0130' }).waitFor();
  });

  it('works in Chinese and by keyboard alone', async () => {
    const zh = await browser.page({ login: 'admin', language: 'zh-CN' });
    await zh.goto('/setup/dids/new');
    await zh.getByLabel('号码', { exact: true }).focus();
    await zh.keyboard.type('020 7946 0131');
    await zh.keyboard.press('Tab');
    await zh.keyboard.type('键盘');
    await zh.keyboard.press('Tab');
    // The last option of the list is "hang up".
    await zh.keyboard.press('End');
    await zh.keyboard.press('Control+s');
    await toast(zh).getByText('已创建').waitFor();
    await zh.getByRole('cell', { name: '键盘' }).waitFor();
    await zh.getByRole('cell', { name: '挂断' }).first().waitFor();
  });

  it('caused no complaint of the browser', () => {
    expect(browser.complaints.filter((line) => !/status of (409|422)/.test(line))).to.deep.equal(
      [],
    );
  });
});
