import { expect } from 'chai';
import type { Locator, Page } from 'playwright-core';
import { SYSTEM_ACTOR } from '../../../src/kernel/actor.js';
import type { FlowId } from '../../../src/kernel/ids.js';
import { TestBrowser, type PageOptions } from '../../support/browser.js';
import { largeFlow, smallFlow, useFlowSite } from '../../support/flow-site.js';
import { problemsOnPages } from '../../support/looks.js';

interface Point {
  readonly x: number;
  readonly y: number;
}

/** Chromium writes refused forms into its console; the pages show them too. */
const REFUSED = /status of (409|422)/;

describe('the editor of IVR flows in a browser', function () {
  this.timeout(300_000);
  const at = useFlowSite();
  let browser: TestBrowser;

  before(async () => {
    browser = await TestBrowser.start(at.site);
  });
  after(async () => {
    await browser.stop();
  });
  afterEach(async () => {
    await browser.closePages();
    const complaints = browser.complaints.splice(0).filter((line) => !REFUSED.test(line));
    expect(complaints).to.deep.equal([]);
  });

  const signedIn = (options: PageOptions = {}): Promise<Page> =>
    browser.page({ login: 'admin', ...options });
  const see = async (page: Page, text: string): Promise<void> => {
    await page.getByText(text).locator('visible=true').first().waitFor({ timeout: 5_000 });
  };
  const save = (page: Page): Promise<void> =>
    page.getByRole('button', { name: 'Save step' }).click();
  const chosen = (page: Page, name: string): Promise<void> =>
    page.locator('.ivr-insp h2', { hasText: name }).waitFor({ timeout: 5_000 });

  for (const withoutScripts of [false, true])
    it(`makes a flow from nothing, shows an error, mends it, publishes${withoutScripts ? ', without scripts' : ''}`, async () => {
      const page = await signedIn({ withoutScripts });
      const name = withoutScripts ? 'Plain line' : 'Lively line';
      await page.goto('/setup/ivr');
      await page.getByRole('link', { name: 'New IVR flow' }).first().click();
      await page.getByLabel('Name').fill(name);
      await page.getByRole('button', { name: 'Create flow' }).click();
      await see(page, 'Draft of version 1');

      await page.locator('.ivr-add select[name=kind]').selectOption('menu');
      await page.locator('.ivr-add button').click();
      await chosen(page, 'Menu');
      await see(page, 'No prompt is chosen.');
      await page.getByLabel('Name of the step').fill('Main menu');
      await page.locator('#f-prompt').selectOption({ label: 'Main menu choices' });
      await page.getByLabel('Wait for a key').fill('99');
      // Lists of steps are filled as somebody comes to them.
      await page.locator('#f-key-1').focus();
      await page.locator('#f-key-1').selectOption('+queue');
      await save(page);
      await see(page, 'Must be a whole number between 1 and 60.');
      expect(await page.getByLabel('Wait for a key').inputValue()).to.equal('99');
      expect(await page.getByLabel('Name of the step').inputValue()).to.equal('Main menu');

      await page.getByLabel('Wait for a key').fill('6');
      await save(page);
      await chosen(page, 'Main menu');
      await page.locator('.ivr-canvas .node').filter({ hasText: 'Queue' }).click();
      await chosen(page, 'Queue');
      await see(page, 'No queue is chosen.');
      expect(await page.locator('.node.error').count()).to.equal(1);
      expect(await page.locator('#publish-blocked').count()).to.equal(1);

      await page.locator('#f-queue').selectOption({ label: 'Sales' });
      await save(page);
      await see(page, 'Nothing is wrong with this flow.');
      await page.locator('summary', { hasText: 'Publish…' }).click();
      await see(page, 'Publish version 1?');
      await page.getByRole('button', { name: 'Publish', exact: true }).click();
      await see(page, 'callers hear this version');
      // Drawn once the page is there.
      await page.locator('.ivr-canvas .node').nth(3).waitFor();
      expect(await page.locator('.ivr-canvas .node').count()).to.equal(4);
    });

  it('moves by keyboard through the outline and keeps the address', async () => {
    const id = await at.flows.create(SYSTEM_ACTOR, { name: 'Keys', definition: smallFlow(at) });
    const page = await signedIn();
    await page.goto(`/setup/ivr/${String(id)}/edit`);
    await page.locator('#o-main').focus();
    await page.keyboard.press('Enter');
    await chosen(page, 'Main menu');
    expect(new URL(page.url()).search).to.equal('?step=main');
    await page.goBack();
    await chosen(page, 'Call comes in');
  });

  it('asks before typed things are lost', async () => {
    const id = await at.flows.create(SYSTEM_ACTOR, { name: 'Asks', definition: smallFlow(at) });
    const page = await signedIn();
    await page.goto(`/setup/ivr/${String(id)}/edit?step=bye`);
    await page.getByLabel('Name of the step').fill('Half typed');
    const questions: string[] = [];
    page.on('dialog', (dialog) => {
      questions.push(dialog.message());
      void dialog.dismiss();
    });
    await page.locator('#o-main').click();
    expect(questions).to.have.length(1);
    expect(await page.getByLabel('Name of the step').inputValue()).to.equal('Half typed');
    await save(page);
    await page.locator('.ivr-out').getByText('Half typed').waitFor({ timeout: 5_000 });
    await page.locator('#o-main').click();
    await chosen(page, 'Main menu');
    expect(questions).to.have.length(1);
  });

  it('keeps what was typed when somebody else changed the flow meanwhile', async () => {
    const id = await at.flows.create(SYSTEM_ACTOR, { name: 'Two', definition: smallFlow(at) });
    const page = await signedIn();
    await page.goto(`/setup/ivr/${String(id)}/edit?step=bye`);
    const { version } = await at.flows.get(SYSTEM_ACTOR, id);
    await at.flows.edit(SYSTEM_ACTOR, id, version, (flow) => ({ ...flow, start: 'main' }));
    await page.getByLabel('Name of the step').fill('Typed by me');
    await save(page);
    await see(page, 'changed this flow');
    expect(await page.getByLabel('Name of the step').inputValue()).to.equal('Typed by me');
    await save(page);
    await page.locator('.ivr-out').getByText('Typed by me').waitFor({ timeout: 5_000 });
  });

  const stepsOf = async (id: FlowId) => (await at.flows.open(SYSTEM_ACTOR, id)).definition.steps;
  const card = (page: Page, name: string) =>
    page.locator('#ivr-paper .node').filter({ hasText: name });
  const handle = (page: Page, name: string) =>
    page.locator('#ivr-paper .port').filter({ hasText: name }).locator('rect');
  const middle = async (part: Locator): Promise<Point> => {
    const box = await part.boundingBox();
    if (!box) throw new Error('it is not in view');
    return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
  };
  const drag = async (page: Page, from: Point, to: Point): Promise<void> => {
    await page.mouse.move(from.x, from.y);
    await page.mouse.down();
    await page.mouse.move((from.x + to.x) / 2, (from.y + to.y) / 2, { steps: 3 });
    await page.mouse.move(to.x, to.y, { steps: 3 });
    await page.mouse.up();
  };
  /** Does something that changes the flow, and waits until the page shows the change. */
  const changing = async (page: Page, act: () => Promise<void>): Promise<void> => {
    const drawn = await page.locator('#ivr-paper').getAttribute('data-drawn');
    await act();
    await page.locator(`#ivr-paper:not([data-drawn="${String(drawn)}"])`).waitFor();
  };

  it('moves cards, draws connections, adds steps where a line or a kind is dropped', async () => {
    const id = await at.flows.create(SYSTEM_ACTOR, { name: 'Drawn', definition: smallFlow(at) });
    const page = await signedIn();
    await page.goto(`/setup/ivr/${String(id)}/edit?step=main`);
    await card(page, 'Goodbye').waitFor();
    const sales = await middle(card(page, 'Sales'));
    const bye = await middle(card(page, 'Goodbye'));
    await changing(page, () => drag(page, bye, { x: bye.x + 60, y: bye.y + 80 }));
    const { bye: moved } = await stepsOf(id);
    expect(moved?.position).to.have.keys(['x', 'y']);

    await changing(page, async () =>
      drag(page, await middle(handle(page, '+')), await middle(card(page, 'Goodbye'))),
    );
    const empty = { x: sales.x - 40, y: sales.y + 140 };
    await drag(page, await middle(handle(page, '+')), empty);
    await changing(page, () => page.getByRole('menuitem', { name: 'Collect digits' }).click());
    await chosen(page, 'Collect digits');
    const main = (await stepsOf(id))['main'];
    expect(main?.kind === 'menu' && main.choices).to.deep.equal({
      ...{ 1: 'sales', 2: 'bye', 3: 'collect' },
    });

    // A line of several exits asks which of them are meant.
    await drag(
      page,
      await middle(handle(page, '2 · wrong key')),
      await middle(card(page, 'Sales')),
    );
    await changing(page, () => page.getByRole('menuitem', { name: 'wrong key' }).click());
    const again = (await stepsOf(id))['main'];
    expect(again?.kind === 'menu' && again.wrongKey).to.equal('sales');

    await page.locator('.ivr-out summary', { hasText: 'Add' }).click();
    await changing(page, () =>
      page
        .locator('[data-palette] button[value=queue]')
        .dragTo(page.locator('.ivr-surface'), { targetPosition: { x: 30, y: 60 } }),
    );
    expect((await stepsOf(id))['queue']?.position).to.have.keys(['x', 'y']);
    await changing(page, () => page.getByRole('button', { name: 'Tidy up' }).click());
    expect(Object.values(await stepsOf(id)).some((step) => step.position)).to.equal(false);
  });

  it('is worked by keys: along the lines, edit, delete, undo, redo, zoom', async () => {
    const id = await at.flows.create(SYSTEM_ACTOR, { name: 'By keys', definition: smallFlow(at) });
    const page = await signedIn();
    await page.goto(`/setup/ivr/${String(id)}/edit`);
    await card(page, 'Goodbye').waitFor();
    const board = page.locator('#ivr-paper');
    const cursor = (name: string): Promise<void> =>
      page.locator('#ivr-paper .cursor').filter({ hasText: name }).waitFor({ timeout: 5_000 });
    await board.focus();
    for (const [key, name] of [
      ['ArrowDown', 'Greeting'],
      ['ArrowDown', 'Main menu'],
      ['ArrowDown', 'Sales'],
      ['ArrowRight', 'Goodbye'],
      ['ArrowUp', 'Main menu'],
    ] as const) {
      await page.keyboard.press(key);
      await cursor(name);
    }
    await page.keyboard.press('Enter');
    await chosen(page, 'Main menu');
    await page.locator('#inspector input:focus').waitFor({ timeout: 5_000 });
    await board.focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowRight');
    await cursor('Goodbye');
    await changing(page, () => page.keyboard.press('Delete'));
    expect(await stepsOf(id)).to.not.have.property('bye');
    await changing(page, () => page.keyboard.press('Control+z'));
    expect(await stepsOf(id)).to.have.property('bye');
    await changing(page, () => page.keyboard.press('Control+y'));
    expect(await stepsOf(id)).to.not.have.property('bye');

    const zoom = page.locator('[data-zoom] output');
    await board.focus();
    await page.keyboard.press('-');
    expect(await zoom.textContent()).to.equal('90%');
    for (let press = 0; press < 9; press += 1) await page.keyboard.press('-');
    expect(await zoom.textContent()).to.equal('40%');
    for (let press = 0; press < 14; press += 1) await page.keyboard.press('+');
    expect(await zoom.textContent()).to.equal('150%');
    await page.keyboard.press('0');
    expect(await zoom.textContent()).to.equal('100%');
  });

  it('keeps what is typed while the drawing changes', async () => {
    const id = await at.flows.create(SYSTEM_ACTOR, { name: 'Typing', definition: smallFlow(at) });
    const page = await signedIn();
    await page.goto(`/setup/ivr/${String(id)}/edit?step=main`);
    await page.getByLabel('Name of the step').fill('Half typed');
    const bye = await middle(card(page, 'Goodbye'));
    await changing(page, () => drag(page, bye, { x: bye.x + 40, y: bye.y + 60 }));
    expect(await page.getByLabel('Name of the step').inputValue()).to.equal('Half typed');
  });

  it('fits a large flow and moves by the overview', async () => {
    const definition = largeFlow(at, 60);
    const id = await at.flows.create(SYSTEM_ACTOR, { name: 'Large', definition });
    const page = await signedIn();
    await page.goto(`/setup/ivr/${String(id)}/edit`);
    await page.locator('[data-minimap]').waitFor();
    await page.getByRole('button', { name: 'Fit' }).click();
    const fitted = await page.locator('[data-zoom] output').textContent();
    expect(Number.parseInt(fitted ?? '', 10)).to.be.below(100);
    const frame = page.locator('[data-minimap] .view');
    const before = await frame.getAttribute('y');
    await page.getByRole('button', { name: 'Larger' }).click();
    const box = await page.locator('[data-minimap]').boundingBox();
    if (!box) throw new Error('there is no overview');
    await page.mouse.click(box.x + box.width / 2, box.y + box.height - 4);
    expect(await frame.getAttribute('y')).to.not.equal(before);
  });

  it('is accessible', async () => {
    const make = async (count: number): Promise<string> => {
      const definition = count === 4 ? smallFlow(at) : largeFlow(at, count);
      const name = `Of ${String(count)} steps`;
      return String(await at.flows.create(SYSTEM_ACTOR, { name, definition }));
    };
    const [small, middle, large] = [await make(4), await make(12), await make(60)];
    const problems = await problemsOnPages({ site: at.site, browser }, [
      '/setup/ivr',
      '/setup/ivr/new',
      `/setup/ivr/${large}/edit`,
      ...['greeting', 'main', 'sales', 'bye'].map(
        (step) => `/setup/ivr/${small}/edit?step=${step}`,
      ),
      `/setup/ivr/${middle}/edit?step=desk-0`,
      `/setup/ivr/${small}/versions`,
      `/setup/ivr/${small}/versions/1`,
      `/setup/ivr/${small}/import`,
      `/setup/ivr/${small}/tests`,
      `/setup/ivr/${small}/tests/new`,
    ]);
    expect(problems).to.deep.equal([]);
  });
});
