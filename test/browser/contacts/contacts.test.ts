import { expect } from 'chai';
import type { Page } from 'playwright-core';
import { Scope } from '../../../src/kernel/scope.js';
import { startImports } from '../../../src/features/contacts/index.js';
import { TestBrowser } from '../../support/browser.js';
import { ContactsSite } from '../../support/contacts-site.js';
import { problemsInEveryLook, type CheckPage } from '../../support/looks.js';

const FILE = [
  'Customer no,Name,Company,Phone,Mobile,Country',
  ...Array.from(
    { length: 40 },
    (_, at) =>
      `K${String(at)},Person ${String(at)},"Lark & Sons ${String(at % 4)}",020 7946 0${String(100 + at)},,GB`,
  ),
  'K98,Dated,,2026-11-24,,GB',
  'K99,Shortened,,1.38E+10,,GB',
].join('\n');

describe('people in a browser', function () {
  this.timeout(120_000);
  let at: ContactsSite;
  let browser: TestBrowser;
  let stop: () => void;
  let jobs: Promise<unknown>;

  before(async () => {
    at = await ContactsSite.start();
    browser = await TestBrowser.start(at.site);
    const { database, clock, log } = at.site.parts;
    // The role `jobs`, with its thread.
    jobs = Scope.run('jobs', async (server) => {
      startImports(server, {
        ...{ database, clock, log, config: at.site.mariadb.config, folder: at.folder },
      });
      await new Promise<void>((resolve) => {
        stop = resolve;
      });
      server.cancel('the test is over');
    }).catch(() => undefined);
  });
  after(async () => {
    stop();
    await jobs;
    await browser.stop();
    await at.site.stop();
    // A form that is sent back is an answer with 422, which browsers write down.
    expect(browser.complaints.filter((one) => !one.includes('422'))).to.deep.equal([]);
    expect(at.site.errors).to.deep.equal([]);
  });

  const walk = async (page: Page, check: CheckPage): Promise<void> => {
    await page.goto('/lists/import');
    await check('choose a file');
    await page
      .locator('[name=file]')
      .setInputFiles({ name: 'spring.csv', mimeType: 'text/csv', buffer: Buffer.from(FILE) });
    await page.locator('.ed-form .btn-primary').click();
    await page.locator('[name=column]').first().waitFor();
    await check('what the columns are');
    await page.locator('[name=duplicates]').selectOption('list');
    await page.locator('[name=list]').selectOption('new');
    await page.locator('[name=newList]').fill('Spring');
    await page.locator('[formaction$="/run"]').click();
    await page.locator('#import-progress .chip.available').waitFor({ timeout: 30_000 });
    await check('the result');
    const download = page.waitForEvent('download');
    await page.locator('a[href$="/rejected.csv"]').click();
    expect((await download).suggestedFilename()).to.match(/^rejected-.*\.csv$/);
    await page.locator('#state ~ * a, .cb-ch a.intext').first().click();
    await page.locator('tbody a.id').first().waitFor();
    await check('a list');
    await page.locator('tbody a.id').first().click();
    await page.locator('#numbers').waitFor();
    await page.locator('#remark').fill('Asked to be called after five.');
    await page.locator('form[action$="/remarks"] button').click();
    await page.locator('.contact-remark').first().waitFor();
    await check('one person');
    await page.locator('a[href$="/edit"]').click();
    await page.locator('#f-name').waitFor();
    await check('the form of a person');
    await page.goto('/contacts');
    await page.locator('input[type=search]').fill('person 39');
    await page.waitForURL(/q=person/);
    await page.locator('tbody tr').first().waitFor();
    await check('people');
    for (const path of ['/lists', '/do-not-call', '/do-not-call/new', '/segments/new']) {
      await page.goto(path);
      await check(path);
    }
    await page.goto('/segments/new');
    await page.locator('#f-name').fill('Larks');
    await page.locator('[name=field]').first().selectOption('company');
    await page.locator('[name=operator]').first().selectOption('begins');
    await page.locator('[name=value]').first().fill('Lark');
    await page.locator('[formaction="/segments/try"]').click();
    await page.locator('.ed-side .cb-list li').first().waitFor();
    await page.locator('[data-save]').click();
    await page.waitForURL(/\/segments\/\d+$/);
    await check('a segment');
    await page.goto('/setup/contact-fields/new');
    await check('a field');
  };

  it('come in by a file, are found, written to, and gathered in segments', async () => {
    expect(await problemsInEveryLook({ site: at.site, browser }, walk)).to.deep.equal([]);
  });
});
