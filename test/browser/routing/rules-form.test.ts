import { expect } from 'chai';
import { DESKTOP, PHONE, TestBrowser } from '../../support/browser.js';
import { lookProblems } from '../../support/looks.js';
import { ADMIN, queue } from '../../support/setup-drafts.js';
import { startSetupSite, type SetupSite } from '../../support/setup-site.js';

const LOOKS = [
  { language: 'en', theme: 'light', viewport: DESKTOP, name: 'Gold', withoutScripts: true },
  { language: 'zh-CN', theme: 'dark', viewport: PHONE, name: '金卡', withoutScripts: false },
] as const;

describe('the form of routing rules', function () {
  this.timeout(300_000);
  let setup: SetupSite;
  let browser: TestBrowser;

  before(async () => {
    setup = await startSetupSite();
    browser = await TestBrowser.start(setup.site);
    await setup.queues.create(ADMIN, queue('Repairs'));
    await setup.skills.create(ADMIN, {
      ...{ name: 'Technical', description: '', kind: 'skill', language: undefined },
    });
    await setup.hooks.service.createHook(ADMIN, {
      name: 'CRM',
      enabled: true,
      url: 'https://crm.example/route',
      dids: [],
      queues: [],
      timeoutMs: 800,
      allowedAddresses: [],
      caCertificate: '',
    });
  });
  afterEach(() => browser.closePages());
  after(async () => {
    await browser.stop();
    await setup.site.stop();
    expect(browser.complaints).to.deep.equal([]);
  });

  for (const { language, theme, viewport, name, withoutScripts } of LOOKS)
    it(`makes a rule, moves it and tries it in ${language}`, async () => {
      const admin = await browser.page({ login: 'admin', language, theme, viewport });
      const form = withoutScripts ? await browser.page({ withoutScripts, viewport }) : admin;
      if (withoutScripts) await form.context().addCookies(await admin.context().cookies());
      await form.goto('/setup/routing/new');
      await form.locator('[name=name]').fill(name);
      await form.locator('[name=newCondition]').selectOption('language');
      await form.locator('[value="add:conditions"]').click();
      await form.locator('[name="conditions.0.languages"][value="zh-CN"]').check();
      await form.locator('[name=newEffect]').selectOption('priority-add');
      await form.locator('[value="add:effects"]').click();
      await form.locator('[name="effects.0.value"]').fill('30');
      await form.locator('[name=newEffect]').selectOption('skill');
      await form.locator('[value="add:effects"]').click();
      await form.locator('[name="effects.1.skill"]').selectOption('1');
      await form.locator('[name="effects.1.minLevel"]').fill('50');
      expect(await form.locator('[name=name]').inputValue()).to.equal(name);
      // Enter in a field saves; it neither adds nor removes a row.
      await form.locator('[name="effects.1.minLevel"]').press('Enter');
      await form.waitForURL(/\/setup\/routing$/);
      const stored = (await setup.routing.service.inOrder(ADMIN)).find((one) => one.name === name);
      expect(stored?.effects.map((effect) => effect.kind)).to.deep.equal(['priority-add', 'skill']);
      expect(stored?.conditions).to.deep.equal([{ kind: 'language', languages: ['zh-CN'] }]);
      const id = String(stored?.id);
      for (const path of [
        '/setup/routing',
        `/setup/routing/${id}`,
        '/setup/routing/try?queue=1&language=zh-CN&at=2026-11-25T10:00',
        '/setup/hooks',
        '/setup/hooks/1',
      ]) {
        await admin.goto(path);
        expect(await lookProblems(admin), path).to.deep.equal([]);
      }
      await admin.goto('/setup/routing/try?queue=1&language=zh-CN&at=2026-11-25T10:00');
      expect(await admin.locator('.rule-reasons').innerText()).to.include(name);
    });
});
