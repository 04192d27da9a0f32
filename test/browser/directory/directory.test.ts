import { expect } from 'chai';
import { NEW_CONFERENCE } from '../../../src/features/conferences/index.js';
import type { CallId, ExtensionId } from '../../../src/kernel/ids.js';
import type { LiveCall } from '../../../src/telephony/live.js';
import { DESKTOP, PHONE, TestBrowser } from '../../support/browser.js';
import { lookProblems, problemsOnPages } from '../../support/looks.js';
import { ADMIN, extension } from '../../support/setup-drafts.js';
import { quietMoment, startSetupSite, type SetupSite } from '../../support/setup-site.js';

/** Browsers tell of what was refused as well. */
const REFUSED = /status of 409/;

const PATHS = [
  '/directory',
  '/directory?q=nobody',
  '/setup/operator',
  '/setup/provisioning',
  '/setup/provisioning/new',
  '/setup/provisioning/1',
  '/setup/provisioning/1/sheet',
  '/setup/provisioning/settings',
  '/setup/provisioning/import',
];

describe('the directory and desk phones in a browser', function () {
  this.timeout(120_000);
  let setup: SetupSite;
  let browser: TestBrowser;
  let own: ExtensionId;
  const dialled: string[] = [];
  let moments = 0;

  before(async () => {
    setup = await startSetupSite();
    browser = await TestBrowser.start(setup.site);
    own = (await setup.extensions.createPhone(ADMIN, extension('2001', { name: 'Amy Turner' }))).id;
    await setup.extensions.createPhone(
      ADMIN,
      extension('2002', { name: '王小明', department: 'Repairs & returns' }),
    );
    await setup.conferences.service.createRoom(ADMIN, {
      ...{ ...NEW_CONFERENCE, name: 'Board', number: '8000' },
    });
    const { parts } = setup.site;
    const user = await parts
      .database('users')
      .where({ login: 'agent' })
      .first<{ id: number }>('id');
    await parts
      .database('agents')
      .insert({ name: 'Mara', number: '601', extension_id: own, user_id: user.id });
    await parts.directory.refresh();
    setup.notes.answer = (command) => {
      if (command.kind === 'phone-dial') dialled.push(command.number);
      if (command.kind === 'phone-pick-up') dialled.push(`pick up at ${command.at}`);
      return command.kind === 'phone-intercom'
        ? { ok: false, code: 'phone-has-a-call', detail: '2001' }
        : { ok: true };
    };
  });
  afterEach(() => browser.closePages());
  after(async () => {
    await browser.stop();
    await setup.site.stop();
    expect(browser.complaints.filter((line) => !REFUSED.test(line))).to.deep.equal([]);
    expect(setup.site.errors).to.deep.equal([]);
  });

  const publish = (changes: object, calls: readonly object[] = [], ofOwn = {}): void => {
    setup.site.parts.live.publish(
      quietMoment({
        seq: (moments += 1),
        calls: calls as readonly LiveCall[],
        extensions: [
          { id: own, number: '2001', registered: true, ...ofOwn },
          { id: (own + 1) as ExtensionId, number: '2002', registered: true, ...changes },
        ],
      }),
    );
  };

  it('finds a colleague by pinyin, follows what the phone does, and calls by keyboard', async () => {
    publish({});
    const page = await browser.page({ login: 'agent' });
    await page.goto('/directory');
    await page.getByPlaceholder('Number, name or department').fill('wxm');
    await page.keyboard.press('Enter');
    const row = page.getByRole('row', { name: /王小明/ });
    await row.getByText('Free', { exact: true }).waitFor();
    publish({ use: 'talking' });
    await row.getByText('Talking').waitFor();
    publish({ doNotDisturb: true });
    await row.getByText('Do not disturb').waitFor();
    await row.getByRole('button', { name: 'Call 王小明' }).focus();
    await page.keyboard.press('Enter');
    await page.getByText('Your phone rings').waitFor();
    expect(dialled).to.deep.equal(['2002']);
  });

  const ringing = () => {
    const call = { id: '01A' as CallId, from: '2009', fromName: '', ringsAt: [own + 1] };
    publish({ use: 'ringing' }, [call], { lastDialled: '2002' });
  };

  it('picks up what rings at a colleague, and says beside the button why something is not done', async () => {
    publish({});
    const page = await browser.page({ login: 'agent' });
    await page.goto('/directory');
    const pickUp = page.getByRole('button', { name: 'Pick up the call that rings at 王小明' });
    expect(await pickUp.isVisible()).to.equal(false);
    ringing();
    await pickUp.waitFor();
    await pickUp.click();
    await page.getByText('Lift it to take the call that rings at 2002').waitFor();
    expect(dialled.at(-1)).to.equal('pick up at 2002');
    await page.getByRole('button', { name: 'Intercom: 王小明' }).click();
    await page
      .getByRole('row', { name: /王小明/ })
      .getByRole('alert')
      .waitFor();
    publish({});
    await pickUp.waitFor({ state: 'hidden' });
  });

  it('look right to somebody who has a phone', async () => {
    await setup.site.parts.database('paging_groups').insert({ name: 'Hall', number: '790' });
    await setup.site.parts.directory.refresh();
    ringing();
    const problems: string[] = [];
    for (const look of [
      { viewport: DESKTOP, theme: 'light', language: 'en' },
      { viewport: PHONE, theme: 'dark', language: 'zh-CN' },
    ] as const) {
      const page = await browser.page({ login: 'agent', ...look });
      for (const path of ['/directory', '/my-phone']) {
        await page.goto(path);
        problems.push(...(await lookProblems(page)).map((problem) => `${path}: ${problem}`));
      }
    }
    expect(problems).to.deep.equal([]);
  });

  it('adds a desk phone, shows its sheet once, and says what it fetched', async () => {
    const page = await browser.page({ login: 'admin' });
    await page.goto('/setup/provisioning/new');
    await page.getByLabel('Name').fill('Front desk');
    await page.getByLabel('MAC address').fill('0015.6512.3456');
    await page.getByLabel('Line 1').selectOption({ label: '2002 王小明' });
    await page.getByLabel('Keys beside the lines').fill('2001 Amy\n7001');
    await page.getByRole('button', { name: 'Add the phone' }).click();
    await page.getByText('Not yet fetched').first().waitFor();
    await page.getByRole('link', { name: 'Sheet' }).click();
    const address = await page.locator('#copy-address').innerText();
    const answer = await page.request.get(
      `${setup.site.url}${new URL(address).pathname}001565123456.cfg`,
    );
    expect(await answer.text()).to.contain('account.1.user_name = 2002');
    await page.getByRole('link', { name: 'Back to the phone' }).click();
    await page.getByText('Up to date').first().waitFor();
    await page.getByText('got its file').waitFor();
  });

  it('look right in both languages, light and dark, wide and narrow', async () => {
    publish({});
    expect(await problemsOnPages({ site: setup.site, browser }, PATHS)).to.deep.equal([]);
  });
});
