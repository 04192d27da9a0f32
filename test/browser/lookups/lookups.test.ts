import { expect } from 'chai';
import { TestBrowser } from '../../support/browser.js';
import { problemsOnPages } from '../../support/looks.js';
import { startSetupSite, type SetupSite } from '../../support/setup-site.js';

describe('look-ups and conference rooms in the browser', function () {
  this.timeout(90_000);
  let setup: SetupSite;
  let browser: TestBrowser;

  before(async () => {
    setup = await startSetupSite();
    browser = await TestBrowser.start(setup.site);
    const admin = await setup.site.client('admin');
    await admin.get('/setup/lookups/new');
    await admin.post('/setup/lookups', {
      ...{ name: 'Customers', host: 'crm.example.com', port: '3306', database: 'crm' },
      ...{ user: 'flows', password: 'of a test' },
    });
    await admin.post('/setup/conferences', {
      ...{
        name: 'Board',
        number: '8000',
        guestPin: '4711',
        maxMembers: '0',
        announces: 'tone',
        records: 'never',
        invites: 'internal',
      },
    });
  });
  after(async () => {
    await browser.stop();
    expect(setup.site.errors).to.deep.equal([]);
    await setup.site.stop();
  });

  it('look right in both languages, themes and widths', async () => {
    const paths = [
      ...['/setup/lookups', '/setup/lookups/1'],
      ...['/setup/conferences', '/setup/conferences/1', '/setup/conferences/new'],
    ];
    expect(await problemsOnPages({ site: setup.site, browser }, paths)).to.deep.equal([]);
    expect(browser.complaints).to.deep.equal([]);
  });
});
