import { expect } from 'chai';
import type { QueueId, SkillId } from '../../../src/kernel/ids.js';
import { DESKTOP, PHONE, TestBrowser } from '../../support/browser.js';
import { lookProblems } from '../../support/looks.js';
import { ADMIN, agent } from '../../support/setup-drafts.js';
import { startSetupSite, type SetupSite } from '../../support/setup-site.js';

const LOOKS = [
  { language: 'en', theme: 'light', viewport: DESKTOP },
  { language: 'zh-CN', theme: 'dark', viewport: PHONE },
] as const;

describe('the form of queues', function () {
  this.timeout(300_000);
  let setup: SetupSite;
  let browser: TestBrowser;
  let skill: SkillId;
  let made = 0;

  before(async () => {
    setup = await startSetupSite();
    browser = await TestBrowser.start(setup.site);
    const draft = { name: 'Portuguese', description: '', kind: 'skill', language: undefined };
    skill = await setup.skills.create(ADMIN, draft as never);
    for (const [number, name] of [
      ['7001', 'Ada Finch'],
      ['7002', 'Ben Okafor'],
      ['7003', '苏禾'],
    ] as const)
      await setup.agents.createAgent(ADMIN, agent(number, { name }));
  });
  afterEach(() => browser.closePages());
  after(async () => {
    await browser.stop();
    await setup.site.stop();
    // A form that is sent back is an answer with 422, which browsers write down.
    expect(browser.complaints.filter((one) => !one.includes('422'))).to.deep.equal([]);
  });

  for (const { language, theme, viewport } of LOOKS)
    it(`makes a queue with skills and an order of members in ${language}`, async () => {
      const page = await browser.page({ login: 'admin', language, theme, viewport });
      const name = `Iberia ${language}`;
      await page.goto('/setup/queues/new');
      await page.locator('[name=name]').fill(name);
      expect(await page.locator('.q-weights').isVisible()).to.equal(false);
      await page.locator('[name=strategy][value=weighted]').check();
      expect(await page.locator('.q-weights').isVisible()).to.equal(true);
      await page.locator('[name=strategy][value=fixed-order]').check();
      await page.locator('[name="skills.0.skill"]').selectOption(String(skill));
      await page.locator('[name="skills.0.level"]').fill('60');
      await page.locator('[name="skills.0.after0"]').fill('40');
      await page.locator('[name="skills.0.to0"]').fill('70');
      await page.locator('[name=overflow]').selectOption('hangup');
      for (const box of await page.locator('[name=members]').all()) await box.check();
      await page.locator('[data-member-order] li').nth(2).locator('[data-move="-1"]').click();
      await page.locator('[data-save]').click();
      await page.locator('[id="f-skills.0.to0-problem"]').waitFor();
      expect(await lookProblems(page)).to.deep.equal([]);
      await page.locator('[name="skills.0.to0"]').fill('0');
      await page.locator('[data-save]').click();
      await page.waitForURL(/\/setup\/queues\/\d+$/);
      made = Number(page.url().split('/').at(-1));
      const stored = await setup.queues.get(ADMIN, made as QueueId);
      expect(stored).to.deep.include({ name, strategy: 'fixed-order', members: [1, 3, 2] });
      expect(stored.skills).to.deep.equal([
        { skill, isRequired: true, minLevel: 60, relax: [{ afterS: 40, minLevel: 0 }] },
      ]);
      const warning = page.locator('.cb-note', { hasText: 'Portuguese' });
      expect(await warning.innerText()).to.include(
        language === 'en'
          ? 'calls would wait 40 s until the skill is relaxed'
          : '来电要等待 40 秒 才降低要求',
      );
      for (const path of ['', '/preview']) {
        await page.goto(`/setup/queues/${String(made)}${path}`);
        expect(await lookProblems(page), path).to.deep.equal([]);
      }
    });

  it('orders members by typed places without scripts', async () => {
    const admin = await browser.page({ login: 'admin' });
    const plain = await browser.page({ withoutScripts: true });
    await plain.context().addCookies(await admin.context().cookies());
    await plain.goto(`/setup/queues/${String(made)}`);
    await plain.getByLabel('Place of Ben Okafor').fill('1');
    await plain.locator('[data-save]').click();
    await plain.locator('#toasts').getByText('Saved').waitFor();
    expect((await setup.queues.get(ADMIN, made as QueueId)).members).to.deep.equal([2, 1, 3]);
  });
});
