import { expect } from 'chai';
import type { Page } from 'playwright-core';
import type { CalendarId } from '../../../src/kernel/ids.js';
import { accessibilityProblems, TestBrowser } from '../../support/browser.js';
import { officeHours } from '../../support/calendars.js';
import { smallFlow, useFlowSite } from '../../support/flow-site.js';
import { problemsOnPages } from '../../support/looks.js';
import { ADMIN } from '../../support/setup-drafts.js';

const field = (page: Page, name: string) => page.locator(`[name="${name}"]`);
const save = (page: Page) => page.locator('[data-save]').click();
const answer = (page: Page) => page.locator('#what-happens');
const ask = async (page: Page, when: string): Promise<string> => {
  await field(page, 'at').fill(when);
  await answer(page).getByRole('button').click();
  await page.waitForURL((url) => url.searchParams.get('at') === when);
  return answer(page).innerText();
};

describe('calendars in a browser', function () {
  this.timeout(300_000);
  const at = useFlowSite();
  let browser: TestBrowser;
  let used: CalendarId;

  before(async () => {
    used = await at.calendars.create(ADMIN, { ...officeHours, name: 'Office hours' });
    const flow = smallFlow(at);
    flow.steps['hours'] = {
      ...{ kind: 'hours', label: 'Opening hours', calendar: used, periods: [], closedDates: [] },
      ...{ open: 'greeting', closed: 'bye' },
    };
    await at.flows.create(ADMIN, { name: 'Reception', definition: { ...flow, start: 'hours' } });
    browser = await TestBrowser.start(at.site);
  });
  afterEach(() => browser.closePages());
  after(async () => {
    await browser.stop();
    expect(at.site.errors).to.deep.equal([]);
  });

  for (const withoutScripts of [false, true])
    it(`gets a lunch hour and a holiday, and says what happens then, ${withoutScripts ? 'without' : 'with'} scripts`, async () => {
      const name = withoutScripts ? 'Shop' : 'Workshop';
      const page = await browser.page({
        login: 'admin',
        ...(withoutScripts ? { withoutScripts } : {}),
      });
      await page.goto('/setup/calendars');
      await page.getByRole('link', { name: 'New calendar' }).first().click();
      await page.getByLabel('Name', { exact: true }).first().fill(name);
      await save(page);
      await page.waitForURL(/\/setup\/calendars\/\d+$/);
      await field(page, 'week.0.to').fill('12:30');
      for (const day of ['1', '2', '3', '4', '5'])
        await page.locator(`[name="week.1.days"][value="${day}"]`).check();
      await field(page, 'week.1.from').fill('13:30');
      await field(page, 'week.1.to').fill('17:00');
      await field(page, 'exceptions.0.name').fill('Christmas Day');
      await field(page, 'exceptions.0.from').fill('2026-12-25');
      await field(page, 'exceptions.0.yearly').check();
      await field(page, 'paste').fill('2026-12-24..2026-12-31 Long holidays');
      await save(page);
      await page.locator('[name="exceptions.1.name"][value="Christmas Day"]').waitFor();
      expect(await field(page, 'exceptions.0.name').inputValue()).to.equal('Long holidays');
      expect(await ask(page, '2026-12-10T12:45')).to.include('Opens Thu 10 Dec 2026, 13:30.');
      expect(await ask(page, '2026-12-10T12:15')).to.include('Until Thu 10 Dec 2026, 12:30.');
      expect(await ask(page, '2027-12-25T10:00')).to.include('Christmas Day: closed all day.');
      expect(await ask(page, '2026-12-25T10:00')).to.include('Long holidays: closed all day.');
      const day = page.locator('.cal-day.holiday').filter({ hasText: '25' });
      expect(await day.first().getAttribute('title')).to.equal('Closed, exception: Long holidays');
    });

  it('says beside the row what is wrong, and keeps what was typed', async () => {
    const page = await browser.page({ login: 'admin' });
    await page.goto(`/setup/calendars/${String(used)}`);
    await field(page, 'week.1.to').fill('25:00');
    await save(page);
    await page.locator('[id="f-week.1.to-problem"]').waitFor();
    expect(await field(page, 'week.1.to').inputValue()).to.equal('25:00');
    expect(await field(page, 'week.1.to').getAttribute('aria-invalid')).to.equal('true');
    expect(await accessibilityProblems(page)).to.deep.equal([]);
  });

  it('speaks Chinese', async () => {
    const page = await browser.page({ login: 'admin', language: 'zh-CN' });
    await page.goto(`/setup/calendars/${String(used)}`);
    const closed = await ask(page, '2026-12-24T12:00');
    expect(closed).to.include('休息').and.to.include('Christmas Eve：仅 09:00–12:00 营业。');
    expect(closed).to.include('周一 2026年12月28日 09:00 开始营业。');
    expect(closed).to.include('Opening hours：休息').and.to.include('通话结束。');
  });

  it('is accessible', async () => {
    const problems = await problemsOnPages({ site: at.site, browser }, [
      '/setup/calendars',
      '/setup/calendars?q=nothing-like-it',
      '/setup/calendars/new',
      `/setup/calendars/${String(used)}?at=2026-12-25T10:00`,
      `/setup/calendars/${String(used)}?at=nothing`,
    ]);
    expect(problems).to.deep.equal([]);
  });
});
