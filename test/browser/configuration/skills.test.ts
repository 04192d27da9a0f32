import { expect } from 'chai';
import type { Page } from 'playwright-core';
import type { AgentId, SkillId } from '../../../src/kernel/ids.js';
import { accessibilityProblems, TestBrowser } from '../../support/browser.js';
import { problemsOnPages } from '../../support/looks.js';
import { ADMIN, agent, queue } from '../../support/setup-drafts.js';
import { startSetupSite, type SetupSite } from '../../support/setup-site.js';

const SKILLS = ['Billing', 'French', 'Technical'];
const PATHS = [
  '/setup/skills',
  '/setup/skills/list',
  '/setup/skills/1',
  '/setup/skills/new',
  '/setup/skills/import',
  '/setup/agents/1',
  '/setup/regions?try=020+7946+0123',
  '/setup/regions/1',
  '/setup/regions/new',
  '/setup/regions/import',
];

describe('the skills matrix in a browser', function () {
  this.timeout(300_000);
  let setup: SetupSite;
  let browser: TestBrowser;
  let agents: readonly AgentId[];
  let skills: readonly SkillId[];

  before(async () => {
    setup = await startSetupSite();
    browser = await TestBrowser.start(setup.site);
    const made: SkillId[] = [];
    for (const name of SKILLS)
      made.push(
        await setup.skills.create(ADMIN, {
          name,
          description: '',
          kind: 'skill',
          language: undefined,
        }),
      );
    const people: AgentId[] = [];
    for (const [number, name] of [
      ['5001', 'Amy'],
      ['5002', 'Ben'],
      ['5003', '陈静'],
    ] as const)
      people.push((await setup.agents.createAgent(ADMIN, agent(number, { name }))).id);
    skills = made;
    agents = people;
    await setup.queues.create(ADMIN, queue('Repairs', { members: [...people] }));
    await setup.regions.create(ADMIN, { name: 'Greater London', prefixes: ['+4420'] });
  });
  afterEach(() => browser.closePages());
  after(async () => {
    await browser.stop();
    await setup.site.stop();
    expect(browser.complaints.filter((line) => !line.includes('409'))).to.deep.equal([]);
    expect(setup.site.errors).to.deep.equal([]);
  });

  /** Rows of the matrix as they are typed now, '' for no level. */
  const shown = (page: Page): Promise<readonly (readonly string[])[]> =>
    page.evaluate(
      "[...document.querySelectorAll('.mx tbody tr')].map((row) => [...row.querySelectorAll('td > input')].map((cell) => cell.value))",
    );
  const press = async (page: Page, ...keys: readonly string[]): Promise<void> => {
    for (const key of keys) await page.keyboard.press(key);
  };

  it('is worked by keyboard alone: type, copy and paste, discard, save, look again', async () => {
    const page = await browser.page({ login: 'supervisor' });
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await page.goto('/setup/skills');
    await page.getByRole('grid').waitFor();
    await page.getByRole('checkbox', { name: 'Choose Amy' }).focus();
    await press(page, 'Tab');
    await press(page, '8', '0', 'ArrowRight', '3', '5', 'ArrowLeft', 'ArrowDown', '2', '0');
    await page.getByText('3 unsaved changes').waitFor();
    await press(page, 'ArrowUp', 'Shift+ArrowRight', 'Shift+ArrowDown');
    expect(await page.locator('td[aria-selected=true]').count()).to.equal(4);
    await press(page, 'Control+c');
    expect(await page.evaluate('navigator.clipboard.readText()')).to.equal('80\t35\n20\t');
    await press(page, 'Control+Home', 'ArrowRight', 'ArrowDown', 'Control+v');
    expect(await shown(page)).to.deep.equal([
      ['80', '35', ''],
      ['20', '80', '35'],
      ['', '20', ''],
    ]);
    await press(page, 'Control+Home', 'Shift+ArrowDown', 'Delete');
    expect((await shown(page)).map(([first]) => first)).to.deep.equal(['', '', '']);

    await page.getByRole('link', { name: 'Discard' }).focus();
    await press(page, 'Enter');
    expect((await shown(page)).flat().join('')).to.equal('');
    expect(await page.getByText('unsaved').count()).to.equal(0);

    await press(page, 'Control+Home', '6', '0', 'Control+End', '1', '0', '0', 'Control+s');
    await page.locator('#toasts').getByText('Saved 2 levels of 2 agents').waitFor();
    await page.reload();
    expect(await shown(page)).to.deep.equal([
      ['60', '', ''],
      ['', '', ''],
      ['', '', '100'],
    ]);
    const [amy = 0 as AgentId] = agents;
    const [billing = 0 as SkillId] = skills;
    expect((await setup.agents.get(ADMIN, amy)).levels.get(billing)).to.equal(60);
  });

  it('takes cells from a spreadsheet, leaves out what is no level, and fills a range with one value', async () => {
    const page = await browser.page({ login: 'admin' });
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await page.goto('/setup/skills');
    await page.getByRole('spinbutton', { name: 'Amy Billing' }).focus();
    await page.evaluate('navigator.clipboard.writeText("50\\t101\\r\\n0\\tx\\r\\n")');
    await press(page, 'Control+v');
    await page.locator('#announce').getByText('Left out because they are no levels: 2').waitFor();
    expect((await shown(page)).map((row) => row.slice(0, 2))).to.deep.equal([
      ['50', ''],
      ['', ''],
      ['', ''],
    ]);
    await page.evaluate('navigator.clipboard.writeText("７７")');
    await press(page, 'Control+End', 'Shift+ArrowUp', 'Control+v');
    expect((await shown(page)).map((row) => row[2])).to.deep.equal(['', '77', '77']);
    await page.getByRole('link', { name: 'Discard' }).click();
  });

  it('shows both levels of a cell that somebody else changed, and takes either', async () => {
    const [amy = 0 as AgentId] = agents;
    const [billing = 0 as SkillId] = skills;
    const page = await browser.page({ login: 'admin' });
    await page.goto('/setup/skills');
    await page.getByRole('spinbutton', { name: 'Amy Billing' }).fill('61');
    await setup.levels.setForAgents(ADMIN, [amy], billing, 99);
    await page.locator('[data-save]').click();
    const row = page.getByRole('row', { name: /Amy, Billing 99 61/ });
    await row.waitFor();
    expect(await accessibilityProblems(page)).to.deep.equal([]);
    await page.locator('[data-save]').click();
    await page.locator('#toasts').getByText('Saved 1 level').waitFor();
    expect((await setup.agents.get(ADMIN, amy)).levels.get(billing)).to.equal(61);
  });

  it('works without scripts, for several agents at once too', async () => {
    const page = await browser.page({ login: 'admin', withoutScripts: true });
    await page.goto('/setup/skills?queue=1');
    await page.getByRole('spinbutton', { name: 'Ben French' }).fill('45');
    await page.locator('[data-save]').click();
    await page.getByText('Saved 1 level').waitFor();
    expect(page.url()).to.include('/setup/skills?queue=1');
    await page.getByRole('checkbox', { name: 'Choose Ben' }).check();
    await page.getByRole('checkbox', { name: 'Choose 陈静' }).check();
    await page.locator('#bulk-skill').selectOption({ label: 'Billing' });
    await page.locator('#bulk-level').fill('30');
    await page.getByRole('button', { name: 'Set for chosen agents' }).click();
    await page.getByText('Changed 2 agents').waitFor();
    expect((await shown(page)).map(([billing]) => billing)).to.deep.equal(['61', '30', '30']);
  });

  it('is accessible', async () => {
    expect(await problemsOnPages({ site: setup.site, browser }, PATHS)).to.deep.equal([]);
    const chinese = await browser.page({ login: 'admin', language: 'zh-CN' });
    await chinese.goto('/setup/skills');
    await chinese.getByRole('grid', { name: '技能矩阵' }).waitFor();
  });
});
