import { expect } from 'chai';
import type { Page } from 'playwright-core';
import { DESKTOP, PHONE, TestBrowser } from '../../support/browser.js';
import { CallsSite, COMPANY } from '../../support/calls-site.js';
import { lookProblems } from '../../support/looks.js';
import { surveyedCall } from '../../support/survey-calls.js';
import { until } from '../../support/until.js';

const LOOKS = [
  { language: 'en', theme: 'light', viewport: DESKTOP },
  { language: 'zh-CN', theme: 'dark', viewport: PHONE },
] as const;

describe('surveys in a browser', function () {
  this.timeout(300_000);
  let at: CallsSite;
  let browser: TestBrowser;

  before(async () => {
    at = await CallsSite.start();
    browser = await TestBrowser.start(at.site);
  });
  afterEach(() => browser.closePages());
  after(async () => {
    await browser.stop();
    await at.site.stop();
    // A form that is sent back is an answer with 422, which browsers write down.
    expect(browser.complaints.filter((one) => !one.includes('422'))).to.deep.equal([]);
    expect(at.site.errors).to.deep.equal([]);
  });

  /** Ids of the questions of a survey, in order. */
  const questionsOf = async (survey: number): Promise<readonly number[]> => {
    const rows = await at.site.parts
      .database('survey_questions')
      .where({ survey_id: survey, removed: false })
      .orderBy('position')
      .select<{ id: number }[]>('id');
    return rows.map(({ id }) => id);
  };
  const surveyNamed = async (name: string): Promise<number> => {
    const rows = await at.site.parts
      .database('surveys')
      .where({ name })
      .select<{ id: number }[]>('id');
    return rows[0]?.id ?? 0;
  };
  const add = async (page: Page, kind: string): Promise<void> => {
    const before = await page.locator('.survey-row').count();
    await page.locator('[name=newQuestion]').selectOption(kind);
    await page.locator('[name=do][value=add]').click();
    await until('the new question', 5_000, async () => {
      return (await page.locator('.survey-row').count()) === before + 1;
    });
  };

  for (const { language, theme, viewport } of LOOKS)
    it(`makes a survey, is told what is wrong, and gives it to a queue in ${language}`, async () => {
      const page = await browser.page({ login: 'admin', language, theme, viewport });
      const name = `Satisfaction ${language}`;
      await page.goto('/setup/surveys/new');
      await page.locator('[name=name]').fill(name);
      await page.locator('[name="questions.0.en"]').fill('How satisfied are you, from 1 to 5?');
      await page.locator('[name="questions.0.zh"]').fill('请为本次服务评分，1到5分。');
      await add(page, 'choice');
      await page.locator('[name="questions.1.en"]').fill('What was it about? 1 price, 2 quality.');
      await page.locator('[name="questions.1.choicesEn"]').fill('Price');
      await add(page, 'comment');
      await page.locator('[name="questions.2.en"]').fill('Tell us more after the tone.');
      expect(await lookProblems(page)).to.deep.equal([]);
      await page.locator('[data-save]').click();
      await page.locator('[id="f-questions.1.choicesEn-problem"]').waitFor();
      expect(await lookProblems(page)).to.deep.equal([]);
      await page.locator('[name="questions.1.choicesEn"]').fill('Price\nQuality');
      await page.locator('[name=do][value="up:2"]').click();
      await until('the comment to move up', 5_000, async () => {
        return (await page.locator('[name="questions.1.kind"]').inputValue()) === 'comment';
      });
      await page.locator('[data-save]').click();
      await page.waitForURL(/\/setup\/surveys\/\d+$/);
      expect(await page.locator('.survey-row').count()).to.equal(3);
      expect(await lookProblems(page)).to.deep.equal([]);
      await page.goto('/setup/surveys');
      expect(await lookProblems(page)).to.deep.equal([]);

      await page.goto(`/setup/queues/${String(COMPANY.repairs)}`);
      await page.locator('[name=survey]').selectOption({ label: name });
      await page.locator('[name=surveyShare]').fill('50');
      await page.locator('[data-save]').click();
      await page.locator('[role=status]', { hasText: /./ }).first().waitFor();
      const rows = await at.site.parts
        .database('queues')
        .where({ id: COMPANY.repairs })
        .select<{ survey_id: number; survey_share: number }[]>('survey_id', 'survey_share');
      expect(rows).to.deep.equal([{ survey_id: await surveyNamed(name), survey_share: 50 }]);
    });

  for (const { language, theme, viewport } of LOOKS)
    it(`shows results, opens the answers behind a bar, and plays a comment in ${language}`, async () => {
      const survey = await surveyNamed(`Satisfaction ${language}`);
      const [score = 0, comment = 0, choice = 0] = await questionsOf(survey);
      const questions = [score, comment, choice];
      const common = { survey, questions, agentId: COMPANY.mara, queueId: COMPANY.repairs };
      const spoken = surveyedCall({
        ...{ ...common, startedAt: Date.now() - 3_600_000, end: 'completed' },
        answers: { [score]: 4, [comment]: 'comment', [choice]: 2 },
      });
      await at.tell(
        spoken,
        surveyedCall({ ...common, startedAt: Date.now() - 7_200_000, answers: { [score]: 5 } }),
        surveyedCall({ ...common, startedAt: Date.now() - 9_200_000, end: 'declined' }),
      );
      await at.keep(spoken.comment, 3);
      const page = await browser.page({ login: 'supervisor', language, theme, viewport });
      await page.goto('/quality/surveys');
      expect(await lookProblems(page)).to.deep.equal([]);
      await page.locator(`a.id[href^="/quality/surveys/${String(survey)}?"]`).click();
      await page.locator('.survey-values').first().waitFor();
      expect(await lookProblems(page)).to.deep.equal([]);
      await page.locator(`a[href*="question=${String(score)}&value=4"]`).click();
      await page.locator('audio').waitFor();
      expect(await page.locator('tbody tr').count()).to.equal(1);
      expect(await lookProblems(page)).to.deep.equal([]);
      await page.evaluate("document.querySelector('audio').play()");
      await until('the comment plays', 5_000, () =>
        page.evaluate<boolean>("document.querySelector('audio').currentTime > 0.1"),
      );
      await page.locator('tbody a.id').click();
      await page.locator('[aria-labelledby^="survey-"]').waitFor();
      expect(await lookProblems(page)).to.deep.equal([]);
    });
});
