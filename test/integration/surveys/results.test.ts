import { expect } from 'chai';
import { wilsonInterval } from '../../../src/engines/reporting/intervals.js';
import { KnexSurveyHistory } from '../../../src/features/surveys/index.js';
import { CallsSite, COMPANY } from '../../support/calls-site.js';
import { surveyedCall } from '../../support/survey-calls.js';
import type { TestClient } from '../../support/web.js';

const DAY_MS = 86_400_000;
const SCORE = 11;
const HELPED = 12;
const COMMENT = 13;
const QUESTIONS = [SCORE, HELPED, COMMENT];

describe('results of surveys', function () {
  this.timeout(60_000);
  let calls: CallsSite;
  let admin: TestClient;
  let supervisor: TestClient;
  const now = Date.now();
  /** Noon of some days ago: whatever the zone, a day of its own. */
  const daysAgo = (days: number): number =>
    new Date(now - days * DAY_MS).setUTCHours(12, 0, 0, 0) - 3_600_000;

  before(async () => {
    calls = await CallsSite.start();
    admin = await calls.site.client('admin');
    supervisor = await calls.site.client('supervisor');
    const { database } = calls.site.parts;
    await database('surveys').insert([
      { id: 1, name: 'After a call', timeout_s: 6, repeats: 1 },
      { id: 2, name: 'Unused', timeout_s: 6, repeats: 1 },
    ]);
    const question = { survey_id: 1, choices: '[]', text_zh: '' };
    await database('survey_questions').insert([
      {
        ...{ ...question, id: SCORE, position: 1, kind: 'score', text_en: 'How happy?' },
        ...{ scale_from: 1, scale_to: 5, removed: false },
      },
      { ...question, id: HELPED, position: 2, kind: 'yes-no', text_en: 'Helped?', removed: true },
      {
        ...{ ...question, id: COMMENT, position: 3, kind: 'comment', text_en: 'Tell us.' },
        ...{ max_s: 60, removed: false },
      },
    ]);
  });
  after(async () => {
    expect(calls.site.errors).to.deep.equal([]);
    await calls.site.stop();
  });
  beforeEach(async () => {
    await calls.clear();
  });

  const repairs = { queueId: COMPANY.repairs, agentId: COMPANY.mara, questions: QUESTIONS };
  const billing = {
    ...{ queueId: COMPANY.billing, queueName: 'Billing', agentId: COMPANY.theo },
    ...{ agentName: 'Theo Lark', questions: QUESTIONS },
  };

  /** Eight surveys: six of Repairs and two of Billing, the last of a test call. */
  async function tellSome() {
    const spoken = surveyedCall({
      ...{ ...repairs, startedAt: daysAgo(1), from: '+442079460001' },
      ...{ answers: { [SCORE]: 5, [HELPED]: 1, [COMMENT]: 'comment' as const }, end: 'completed' },
    });
    const told = [
      spoken,
      surveyedCall({
        ...{ ...repairs, startedAt: daysAgo(1), answers: { [SCORE]: 4, [HELPED]: 1 } },
        end: 'completed',
      }),
      surveyedCall({ ...repairs, startedAt: daysAgo(1), answers: { [SCORE]: 4 } }),
      surveyedCall({ ...repairs, startedAt: daysAgo(2), end: 'declined' }),
      surveyedCall({
        ...{ ...repairs, startedAt: daysAgo(2), answers: { [SCORE]: 2, [HELPED]: 0 } },
        end: 'completed',
      }),
      surveyedCall({ ...repairs, startedAt: daysAgo(2), end: 'no-answer' }),
      surveyedCall({
        ...{ ...billing, startedAt: daysAgo(3), answers: { [SCORE]: 1 }, end: 'completed' },
      }),
      surveyedCall({
        ...{ ...billing, startedAt: daysAgo(3), answers: { [SCORE]: 1 }, end: 'completed' },
        isTest: true,
      }),
      surveyedCall({
        ...{ ...repairs, startedAt: daysAgo(60), answers: { [SCORE]: 1 }, end: 'completed' },
      }),
    ];
    await calls.tell(...told);
    return { spoken };
  }

  /** Text of a page without tags, one space between words. */
  const wordsOf = (html: string): string =>
    html
      .replace(/<(style|script|svg|details)[\s\S]*?<\/\1>/g, ' ')
      .replace(/<[^>]*>/g, ' ')
      .replace(/&#x27;/g, "'")
      .replace(/\s+/g, ' ');

  const decoded = (href: string): string => href.replaceAll('&amp;', '&').replaceAll('&#x3D;', '=');

  /** The calls behind a link. */
  async function linesBehind(href: string): Promise<number> {
    const { text } = await supervisor.get(decoded(href));
    return [...text.matchAll(/<a class="id" href="\/calls\//g)].length;
  }

  const percent = (share: number): string =>
    new Intl.NumberFormat('en', {
      ...{ style: 'percent', minimumFractionDigits: 1, maximumFractionDigits: 1 },
    }).format(share);

  it('says how many were asked, took part and finished, with the interval of the rate', async () => {
    await tellSome();
    const words = wordsOf((await supervisor.get('/quality/surveys')).text);
    const [low, high] = wilsonInterval(5, 7) ?? [0, 0];
    expect(words).to.include(
      `After a call 7 5 5 4 ${percent(5 / 7)} ${percent(low)} to ${percent(high)}`,
    );
    expect(words).to.include('Unused 0 0 0 0 –');
    const all = wordsOf((await supervisor.get('/quality/surveys?from=2000-01-01')).text);
    expect(all).to.include('After a call 8 6 6 5');
  });

  it('shows each answer, the mean with its interval, and questions that are not asked any more', async () => {
    await tellSome();
    const words = wordsOf((await supervisor.get('/quality/surveys/1')).text);
    // 5, 4, 4, 2, 1: mean 3.2, s 1.6432, t(0.975, 4) 2.7764: 1.16 to 5.24, which no mean can be.
    expect(words).to.include('3.20 mean 1.16 to 5.00 5 answers');
    expect(words).to.match(/ 5 1 20\.0% .* 4 2 40\.0% .* 3 0 0\.0% .* 2 1 20\.0% .* 1 1 20\.0%/);
    expect(words).to.include('Helped? Yes or no · not asked any more');
    expect(words).to.include('66.7% yes');
    expect(words).to.include('1 comment');
    expect(words).to.match(/Repairs 6 4 4 3 66\.7% [\d.% to]+ 3\.75 /);
    expect(words).to.match(/Billing 1 1 1 1 100\.0% [\d.% to]+ 1\.00 /);
    expect(words)
      .to.match(/Mara Quill 6 4 4 3/)
      .and.match(/Theo Lark 1 1 1 1/);
    const narrowed = wordsOf(
      (
        await supervisor.get(
          `/quality/surveys/1?agent=${String(COMPANY.theo)}&question=${String(HELPED)}`,
        )
      ).text,
    );
    expect(narrowed).to.include('1.00 mean').and.not.include('Mara Quill 6');
  });

  it('opens the calls behind every number', async () => {
    await tellSome();
    const { text } = await supervisor.get('/quality/surveys/1');
    const links = [
      ...text.matchAll(
        /<a (?:class="survey-n" )?href="(\/quality\/surveys\/1\/answers\?[^"]*)">([\d,]+)<\/a>/g,
      ),
    ].map(([, href = '', count = '']) => [decoded(href), Number(count)] as const);
    expect(links.length).to.be.greaterThan(25);
    for (const [href, count] of links) expect(await linesBehind(href), href).to.equal(count);
    expect(links.filter(([href]) => href.includes('value=')).length).to.be.greaterThan(4);
    expect(links.filter(([href]) => /from=(\d{4}-\d\d-\d\d)&to=\1/.test(href)).length).to.equal(12);
  });

  it('plays comments to those who may hear recordings, with a line in the audit log', async () => {
    const { spoken } = await tellSome();
    await calls.keep(spoken.comment, 3);
    const page = await supervisor.get('/quality/surveys/1/answers?what=comment');
    const src = `/recordings/${spoken.comment}/audio`;
    expect(page.text).to.include(`src="${src}"`);
    expect((await supervisor.get(src)).status).to.equal(200);
    const heard = await calls.site.parts
      .database('audit_entries')
      .where({ action: 'recording.hear', object_id: spoken.comment });
    expect(heard).to.have.length(1);
    const mara = await calls.site.client('mara');
    expect((await mara.get(src)).status, 'customers’ words on an agent').to.equal(403);
    expect((await mara.get('/quality/surveys')).status).to.equal(403);
    const call = await supervisor.get(`/calls/${spoken.callId}`);
    expect(call.text).to.include('Comment in the survey').and.include(`id="rec-${spoken.comment}"`);
    const words = wordsOf(call.text);
    expect(words).to.include('Survey finished After a call Question 11? 5');
    expect(words).to.include('Answered: 5 – Question 11?');
    const own = wordsOf((await mara.get(`/calls/${spoken.callId}`)).text);
    expect(own).to.include('Your role may not hear it');
  });

  it('goes into a file with a column for each question', async () => {
    await tellSome();
    const { text } = await admin.get('/quality/surveys/1/answers/export.csv?what=answered');
    const lines = text.trim().split('\r\n');
    expect(lines[0]).to.equal('Call,Time,Caller,Queue,Agent,Outcome,How happy?,Tell us.,Helped?');
    expect(lines).to.have.length(6);
    expect(lines.find((line) => line.includes('+442079460001'))).to.match(
      /,'\+442079460001,Repairs,Mara Quill,finished,5,4,yes$/,
    );
    const audit = await calls.site.parts.database('audit_entries').where('action', 'survey.export');
    expect(audit).to.have.length(1);
    expect((await admin.get('/quality/surveys/99')).status).to.equal(404);
    expect((await admin.get('/quality/surveys/99/answers/export.csv')).status).to.equal(404);
  });

  it('remembers when a number was asked', async () => {
    await calls.tell(
      surveyedCall({ ...repairs, startedAt: daysAgo(10), from: '+442079460777', end: 'declined' }),
    );
    const history = new KnexSurveyHistory(calls.site.parts.database);
    const asked = (number: string, days: number) => history.askedSince(number, now - days * DAY_MS);
    expect(await asked('+442079460777', 30)).to.equal(true);
    expect(await asked('+442079460777', 5)).to.equal(false);
    expect(await asked('+442079460778', 30)).to.equal(false);
  });

  it('says that nothing was asked yet', async () => {
    const { text } = await supervisor.get('/quality/surveys/2');
    expect(text).to.include('No survey was offered in this period.');
    expect((await supervisor.get('/quality/surveys/2/answers')).text).to.include(
      '/quality/surveys',
    );
  });
});
