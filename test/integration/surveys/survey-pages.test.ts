import { expect } from 'chai';
import { readDirectory } from '../../../src/features/directory/knex-directory.js';
import { KnexPromptReports } from '../../../src/features/prompts/prompt-reports.js';
import { surveySchema } from '../../../src/features/surveys/index.js';
import type { PromptId, SurveyId } from '../../../src/kernel/ids.js';
import { ADMIN, queue, refusal } from '../../support/setup-drafts.js';
import { startSetupSite, type SetupSite } from '../../support/setup-site.js';
import type { TestClient } from '../../support/web.js';

/** The form of a survey with three questions, as a browser sends it. */
const FORM = {
  ...{ name: 'After a call', asksConsent: 'on', timeoutS: '6', repeats: '1' },
  ...{ introPrompt: '', introEn: '', introZh: '', thanksPrompt: '', thanksEn: '', thanksZh: '' },
  ...{ 'questions.0.kind': 'score', 'questions.0.en': 'How happy are you?' },
  ...{ 'questions.0.zh': '您满意吗？', 'questions.0.from': '1', 'questions.0.to': '5' },
  ...{ 'questions.1.kind': 'choice', 'questions.1.en': 'What about?' },
  ...{ 'questions.1.choicesEn': 'Price\nQuality', 'questions.1.choicesZh': '价格\r\n质量' },
  ...{ 'questions.2.kind': 'comment', 'questions.2.en': 'Tell us.', 'questions.2.maxS': '1:00' },
};

describe('surveys in the set-up', function () {
  this.timeout(60_000);
  let setup: SetupSite;
  let admin: TestClient;

  before(async () => {
    setup = await startSetupSite();
    admin = await setup.site.client('admin');
  });
  after(async () => {
    expect(setup.site.errors).to.deep.equal([]);
    await setup.site.stop();
  });

  const directory = () => readDirectory(setup.site.parts.database, setup.site.parts.sealer);
  const surveyNamed = async (name: string) =>
    [...(await directory()).surveys.values()].find((one) => one.name === name);
  const create = (changes: Record<string, string> = {}) =>
    admin.post('/setup/surveys', { ...FORM, ...changes });

  it('says what is wrong beside the field, and keeps what was typed', async () => {
    expect((await admin.get('/setup/surveys')).text).to.include('No surveys yet.');
    await admin.get('/setup/surveys/new');
    const wrong = await create({
      ...{ name: '', timeoutS: '1', 'questions.0.en': '', 'questions.0.zh': '' },
      ...{ 'questions.0.to': '11', 'questions.1.choicesEn': 'Price', 'questions.2.maxS': '4' },
    });
    expect(wrong.status).to.equal(422);
    for (const field of ['name', 'timeoutS', '0.en', '0.to', '1.choicesZh', '2.maxS'])
      expect(wrong.text).to.include(
        `id="f-${/^\d/.test(field) ? `questions.${field}` : field}-problem"`,
      );
    expect(wrong.text).to.include('Must be a whole number between 2 and 10.');
    expect(wrong.text).to.include('Question 1: Text in English');
    expect(wrong.text).to.include('>Price</textarea>');
    const none = await admin.post('/setup/surveys', {
      ...{ name: 'Empty', timeoutS: '6', repeats: '1' },
    });
    expect(none.text).to.include('A survey needs at least one question.');
    expect((await directory()).surveys.size).to.equal(0);
  });

  it('adds, moves and takes away questions without a script, and saves nothing meanwhile', async () => {
    const change = (what: string, newQuestion = 'yes-no') =>
      admin.post('/setup/surveys/rows', { ...FORM, do: what, newQuestion });
    const order = (text: string): readonly (string | undefined)[] =>
      [...text.matchAll(/name="questions\.\d+\.kind" value="([a-z-]+)"/g)].map(([, kind]) => kind);
    expect(order((await change('add')).text)).to.deep.equal([
      ...['score', 'choice', 'comment', 'yes-no'],
    ]);
    expect(order((await change('up:2')).text)).to.deep.equal(['score', 'comment', 'choice']);
    expect(order((await change('down:0')).text)).to.deep.equal(['choice', 'score', 'comment']);
    expect(order((await change('up:0')).text)).to.deep.equal(['score', 'choice', 'comment']);
    const removed = await change('remove:1');
    expect(removed.status).to.equal(200);
    expect(order(removed.text)).to.deep.equal(['score', 'comment']);
    expect(removed.text).to.include('>How happy are you?</textarea>');
    expect((await directory()).surveys.size).to.equal(0);
  });

  it('is what calls ask from then on', async () => {
    const made = await create();
    expect(made.status).to.equal(303);
    const survey = await surveyNamed('After a call');
    expect(survey).to.deep.include({ asksConsent: true, timeoutMs: 6_000, repeats: 1 });
    expect(survey?.questions.map(({ kind }) => kind)).to.deep.equal(['score', 'choice', 'comment']);
    expect(survey?.questions[1]).to.deep.include({
      choices: [
        { en: 'Price', 'zh-CN': '价格' },
        { en: 'Quality', 'zh-CN': '质量' },
      ],
    });
    expect(setup.notes.announced).to.include('surveys');
    const page = (await admin.get(`/setup/surveys/${String(survey?.id)}`)).text;
    expect(page).to.include('“How happy are you?”: a key from 1 to 5.');
    expect(page).to.include('Question 2 (“What about?”) is not said in 简体中文');
    const list = (await admin.get('/setup/surveys')).text;
    expect(list).to.include('<li>How happy are you?</li>');
    const supervisor = await setup.site.client('supervisor');
    expect((await supervisor.get('/setup/surveys')).status).to.equal(403);
    expect((await supervisor.get('/quality/surveys')).status).to.equal(200);
    const audit = await setup.site.parts.database('audit_entries').where('action', 'survey.create');
    expect(JSON.stringify(audit)).to.include('How happy are you?');
  });

  it('keeps a question’s answers together while its scale stays, and counts anew where it changes', async () => {
    const before = await surveyNamed('After a call');
    const [score, choice, comment] = before?.questions ?? [];
    const id = before?.id ?? (0 as SurveyId);
    const ids = {
      'questions.0.id': String(score?.id),
      'questions.1.id': String(choice?.id),
      'questions.2.id': String(comment?.id),
    };
    const save = async (changes: Record<string, string>) => {
      const version = String((await surveyNamed('After a call'))?.version);
      const path = `/setup/surveys/${String(id)}`;
      const saved = await admin.post(path, { ...FORM, ...ids, ...changes, version });
      expect(saved.status).to.equal(303);
      return (await surveyNamed('After a call'))?.questions ?? [];
    };
    const reworded = await save({ 'questions.0.en': 'How satisfied are you?' });
    expect(reworded.map((one) => one.id)).to.deep.equal(before?.questions.map((one) => one.id));
    expect(reworded[0]?.texts.en).to.equal('How satisfied are you?');
    const rescaled = await save({ 'questions.0.to': '10' });
    expect(rescaled[0]?.id).to.not.equal(score?.id);
    expect(rescaled.slice(1).map((one) => one.id)).to.deep.equal([choice?.id, comment?.id]);
    const other = await setup.surveys.create(
      ADMIN,
      surveySchema.parse({ ...FORM, name: 'Other', ...ids }),
    );
    const others = (await directory()).surveys.get(other)?.questions.map((one) => one.id);
    expect(others, 'questions of another survey are not taken').to.not.include(choice?.id);
    const stale = await admin.post(`/setup/surveys/${String(id)}`, { ...FORM, version: '1' });
    expect(stale.status).to.equal(409);
  });

  it('is chosen on a queue, and cannot be archived while it is', async () => {
    const id = (await surveyNamed('After a call'))?.id;
    const queueId = await setup.queues.create(
      ADMIN,
      queue('Repairs', { survey: id, surveyShare: 25, surveyDays: 14 }),
    );
    const config = (await directory()).queues.get(queueId);
    expect(config?.survey).to.deep.equal({ id, share: 25, minDays: 14 });
    const page = (await admin.get(`/setup/queues/${String(queueId)}`)).text;
    expect(page).to.include('25 % of the callers hear the survey “After a call”.');
    const kept = await admin.post(`/setup/surveys/${String(id)}/archive`);
    expect(kept.status).to.equal(409);
    expect(kept.text).to.include('queue that asks it');
    await setup.queues.save(ADMIN, queueId, 1, queue('Repairs'));
    expect((await directory()).queues.get(queueId)?.survey).to.equal(undefined);
    expect((await admin.post(`/setup/surveys/${String(id)}/archive`)).status).to.equal(303);
    expect(
      await refusal(
        setup.queues.save(ADMIN, queueId, 2, queue('Repairs', { survey: id, surveyShare: 9 })),
      ),
    ).to.equal('invalid-fields survey: queues.problem.survey-gone');
    const wrong = await refusal(
      Promise.resolve().then(() =>
        setup.queues.create(ADMIN, queue('Share', { survey: 999 as SurveyId })),
      ),
    );
    expect(wrong).to.equal('invalid-fields survey: queues.problem.survey-gone');
    await admin.post(`/setup/surveys/${String(id)}/restore`);
    expect((await directory()).surveys.has(id ?? (0 as SurveyId))).to.equal(true);
  });

  it('keeps the prompts that it plays from being archived', async () => {
    const { database } = setup.site.parts;
    const [prompt] = (await database('prompts').insert({ name: 'Question' })) as [PromptId];
    const draft = surveySchema.parse({
      ...FORM,
      name: 'Played',
      'questions.2.prompt': String(prompt),
    });
    const id = await setup.surveys.create(ADMIN, draft);
    const uses = (await new KnexPromptReports(database).uses()).get(prompt);
    expect(uses).to.deep.equal([{ kind: 'survey', id, name: 'Played' }]);
    await database('prompts').where({ id: prompt }).update({ archived_at: new Date() });
    expect(await refusal(setup.surveys.create(ADMIN, { ...draft, name: 'Again' }))).to.equal(
      'invalid-fields questions.2.prompt: surveys.problem.prompt-gone',
    );
  });
});
