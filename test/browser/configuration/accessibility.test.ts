import { expect } from 'chai';
import {
  accessibilityProblems,
  DESKTOP,
  PHONE,
  scrollsSideways,
  TestBrowser,
} from '../../support/browser.js';
import { ADMIN, agent, did, extension, queue, trunk } from '../../support/setup-drafts.js';
import { quietMoment, startSetupSite, type SetupSite } from '../../support/setup-site.js';

const NAMES = ['trunks', 'dids', 'extensions', 'queues', 'agents'] as const;
const LISTS = NAMES.flatMap((name) => [`/setup/${name}`, `/setup/${name}?q=nothing-like-it`]);
const FORMS = [...NAMES.map((name) => `/setup/${name}/new`), '/setup/extensions/import'];
const ROWS = NAMES.map((name) => `/setup/${name}/1`);
const LOOKS = [
  [DESKTOP, 'light', 'en'],
  [DESKTOP, 'dark', 'zh-CN'],
  [PHONE, 'light', 'zh-CN'],
  [PHONE, 'dark', 'en'],
] as const;

/** Five hundred phones and numbers, people with long names, a trunk with a problem. */
async function fill(setup: SetupSite): Promise<void> {
  const many = Array.from({ length: 500 }, (_, n) =>
    extension(String(4000 + n), { name: `Room ${String(n)}, west wing, second floor` }),
  );
  await setup.extensions.createAll(ADMIN, many);
  const found = await setup.extensions.list(ADMIN, {
    search: '4000',
    sortBy: 'number',
    descending: false,
    offset: 0,
    limit: 1,
    archived: false,
    filters: {},
  });
  const phone = found.rows[0]?.id;
  const members = [];
  for (let n = 0; n < 12; n += 1) {
    const values = agent(String(3000 + n), { name: `Person with a rather long name ${String(n)}` });
    const made = await setup.agents.createAgent(ADMIN, {
      ...values,
      ...(n < 2 ? { extensionId: phone } : {}),
    });
    members.push(made.id);
  }
  const first = await setup.queues.create(ADMIN, queue('Repairs of washing machines', { members }));
  await setup.queues.create(ADMIN, queue('Empty', { overflow: { kind: 'queue', id: first } }));
  await setup.trunks.createSip(
    ADMIN,
    trunk('Carrier A', {
      host: 'sip.a-carrier-with-a-long-name.example',
      username: 'acme',
      password: 'x',
      register: true,
    }),
  );
  await setup.trunks.createSip(ADMIN, trunk('Off', { enabled: false }));
  for (let n = 0; n < 60; n += 1)
    await setup.dids.create(
      ADMIN,
      did(`+4420794602${String(n).padStart(2, '0')}`, {
        target: { kind: 'voicemail', queueId: first },
      }),
    );
  const trunkId = 1 as never;
  setup.site.parts.live.publish(
    quietMoment({
      trunks: [
        {
          id: trunkId,
          name: 'Carrier A',
          online: false,
          registration: 'rejected',
          channels: 3,
          maxChannels: 60,
        },
      ],
      extensions: many.map((one, n) => ({
        id: (n + 1) as never,
        number: one.number,
        registered: n % 3 === 0,
      })),
    }),
  );
}

describe('set-up pages are accessible', function () {
  this.timeout(300_000);
  let setup: SetupSite;
  let browser: TestBrowser;

  before(async () => {
    setup = await startSetupSite();
    browser = await TestBrowser.start(setup.site);
  });
  afterEach(() => browser.closePages());
  after(async () => {
    await browser.stop();
    await setup.site.stop();
  });

  const walk = async (
    paths: readonly string[],
    [viewport, theme, language]: (typeof LOOKS)[number],
  ) => {
    const page = await browser.page({ login: 'admin', viewport, theme, language });
    for (const path of paths) {
      await page.goto(path);
      expect(await accessibilityProblems(page), path).to.deep.equal([]);
      expect(await scrollsSideways(page), path).to.equal(false);
    }
    return page;
  };

  for (const look of LOOKS)
    it(`empty, at ${String(look[0].width)} px, ${look[1]}, ${look[2]}`, async () => {
      await walk([...LISTS, ...FORMS], look);
    });

  describe('with 500 phones', () => {
    before(() => fill(setup));

    for (const look of LOOKS)
      it(`at ${String(look[0].width)} px, ${look[1]}, ${look[2]}`, async () => {
        const page = await walk([...LISTS, ...ROWS, '/setup/extensions?size=200&page=2'], look);
        await page.goto('/setup/dids/1');
        await page.locator('details.cb-confirm > summary').click();
        expect(await accessibilityProblems(page)).to.deep.equal([]);
        await page.goto('/setup/trunks/1');
        await page.locator('details.secret > summary').click();
        await page.getByRole('textbox').first().fill('');
        await page.locator('[data-save]').click();
        await page.locator('[aria-invalid=true]').first().waitFor();
        expect(await accessibilityProblems(page)).to.deep.equal([]);
        expect(await scrollsSideways(page)).to.equal(false);
      });

    it('the pages that show a password once', async () => {
      for (const look of LOOKS) {
        const page = await browser.page({
          login: 'admin',
          viewport: look[0],
          theme: look[1],
          language: look[2],
        });
        await page.goto('/setup/extensions/1');
        await page.locator('details.cb-confirm > summary').first().click();
        await page.locator('details.cb-confirm[open] button').click();
        await page.locator('#copy-password').waitFor();
        expect(await accessibilityProblems(page)).to.deep.equal([]);
        expect(await scrollsSideways(page)).to.equal(false);
      }
    });
  });
});
