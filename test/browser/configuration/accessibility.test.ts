import { expect } from 'chai';
import type { PromptId } from '../../../src/kernel/ids.js';
import { TestBrowser } from '../../support/browser.js';
import { problemsInEveryLook, problemsOnPages } from '../../support/looks.js';
import { ADMIN, agent, did, extension, queue, trunk } from '../../support/setup-drafts.js';
import { quietMoment, startSetupSite, type SetupSite } from '../../support/setup-site.js';

const NAMES = ['trunks', 'dids', 'extensions', 'queues', 'agents', 'music'] as const;
const LISTS = NAMES.flatMap((name) => [`/setup/${name}`, `/setup/${name}?q=nothing-like-it`]);
const FORMS = [
  ...NAMES.map((name) => `/setup/${name}/new`),
  ...['/setup/extensions/import', '/setup/limits'],
];
const ROWS = NAMES.map((name) => `/setup/${name}/1`);
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
  const [sound] = (await setup.site.parts
    .database('prompts')
    .insert({ name: 'A slow piece for piano and strings' })) as [PromptId];
  await setup.music.create(ADMIN, { name: 'Calm', order: 'listed', sounds: [sound] });
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

  it('empty', async () => {
    const problems = await problemsOnPages({ site: setup.site, browser }, [...LISTS, ...FORMS]);
    expect(problems).to.deep.equal([]);
  });

  describe('with 500 phones', () => {
    before(() => fill(setup));

    it('lists and rows', async () => {
      const problems = await problemsOnPages({ site: setup.site, browser }, [...LISTS, ...ROWS]);
      expect(problems).to.deep.equal([]);
    });

    it('confirmations, secrets, and forms with problems', async () => {
      const problems = await problemsInEveryLook(
        { site: setup.site, browser },
        async (page, check) => {
          await page.goto('/setup/dids/1');
          await page.locator('details.cb-confirm > summary').click();
          await check('confirmation');
          await page.goto('/setup/trunks/1');
          await page.locator('details.secret > summary').click();
          await page.getByRole('textbox').first().fill('');
          await page.locator('[data-save]').click();
          await page.locator('[aria-invalid=true]').first().waitFor();
          await check('problem');
          await page.goto('/setup/extensions/1');
          await page.locator('details.cb-confirm > summary').first().click();
          await page.locator('details.cb-confirm[open] button').click();
          await page.locator('#copy-password').waitFor();
          await check('password shown once');
        },
      );
      expect(problems).to.deep.equal([]);
    });
  });
});
