import { expect } from 'chai';
import type { FlowDefinition } from '../../../src/engines/ivr/flow.js';
import { SYSTEM_ACTOR } from '../../../src/kernel/actor.js';
import { accessibilityProblems, TestBrowser } from '../../support/browser.js';
import { smallFlow, useFlowSite } from '../../support/flow-site.js';
import { problemsOnPages } from '../../support/looks.js';

describe('two versions of a flow beside each other in a browser', function () {
  this.timeout(120_000);
  const at = useFlowSite();
  let browser: TestBrowser;
  let path = '';

  before(async () => {
    browser = await TestBrowser.start(at.site);
    const id = await at.flows.create(SYSTEM_ACTOR, { name: 'Two', definition: smallFlow(at) });
    const { version } = await at.flows.get(SYSTEM_ACTOR, id);
    await at.flows.edit(SYSTEM_ACTOR, id, version, (flow): FlowDefinition => {
      const steps = { ...flow.steps };
      delete steps['sales'];
      return {
        ...flow,
        steps: {
          ...steps,
          main: {
            ...{ kind: 'menu', label: 'Main menu', prompt: at.menu, timeoutS: 9, retries: 2 },
            ...{ choices: { '1': 'desk' }, noInput: 'desk', wrongKey: 'bye' },
          },
          desk: { kind: 'extension', label: 'Desk', extension: at.frontDesk },
        },
      };
    });
    path = `/setup/ivr/${String(id)}/compare`;
  });
  after(() => browser.stop());
  afterEach(async () => {
    await browser.closePages();
    expect(browser.complaints).to.deep.equal([]);
  });

  it('marks what is new, changed and removed in both drawings, and leads from one to the other', async () => {
    const page = await browser.page({ login: 'admin', viewport: { width: 1440, height: 900 } });
    await page.goto(path);
    const board = (side: number) => page.locator('[data-board]').nth(side);
    const marked = (side: number, level: string) => board(side).locator(`.node.${level}`);
    await marked(0, 'removed').filter({ hasText: 'Sales' }).waitFor();
    await marked(1, 'added').filter({ hasText: 'Desk' }).waitFor();
    for (const side of [0, 1])
      expect(await marked(side, 'changed').allTextContents()).to.have.lengthOf(1);
    expect(await accessibilityProblems(page)).to.deep.equal([]);

    await marked(0, 'changed').click();
    await board(1).locator('.sel .node').filter({ hasText: 'Main menu' }).waitFor();
    expect(await page.evaluate('document.activeElement.dataset.reveal')).to.equal('main');
    await page.getByRole('link', { name: 'Swap' }).click();
    await marked(0, 'removed').filter({ hasText: 'Desk' }).waitFor();
  });

  it('says it all without scripts, and looks right', async () => {
    const page = await browser.page({ login: 'admin', withoutScripts: true });
    await page.goto(path);
    await page.getByRole('cell', { name: '9 s' }).waitFor();
    await page.getByRole('cell', { name: '5 s' }).waitFor();
    expect(await page.locator('[data-board]').first().isVisible()).to.equal(false);
    expect(await problemsOnPages({ site: at.site, browser }, [path])).to.deep.equal([]);
  });
});
