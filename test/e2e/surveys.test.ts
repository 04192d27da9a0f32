import { expect } from 'chai';
import type { Party } from '../../src/demo/party.js';
import type { CallStory } from '../../src/demo/knex-call-story.js';
import { isFinal } from '../../src/demo/knex-call-story.js';
import { toneMs } from '../../src/demo/tones.js';
import { surveySchema } from '../../src/features/surveys/index.js';
import { SYSTEM_ACTOR } from '../../src/kernel/actor.js';
import type { CallEvent } from '../../src/kernel/call-event.js';
import type { PromptId, SurveyId } from '../../src/kernel/ids.js';
import { makeQueue } from '../support/feature-queues.js';
import { hears, sentence } from '../support/heard.js';
import { LAB_ADMIN_PASSWORD, TONES } from '../support/lab-company.js';
import {
  agentIs,
  callNumber,
  kindsOf,
  makeAvailable,
  newCaller,
  soundOf,
  storyOf,
  talk,
  useLab,
} from '../support/lab.js';
import { until } from '../support/until.js';
import { TestClient } from '../support/web.js';

const NUMBER = '+442079460191';
const FLOW_NUMBER = '+442079460192';
const COMMENT_HZ = 900;

type Answered = CallEvent & { readonly kind: 'survey-answered' };

/** A survey by keys, with real phones on both sides: after a talk in a queue, and within a flow. */
describe('surveys', function () {
  this.timeout(90_000);
  const lab = useLab();
  let admin: TestClient;
  let survey: SurveyId;

  before(async () => {
    const { configuration, company, product } = lab;
    const { prompts } = company;
    const played = (prompt: PromptId): string => String(prompt);
    survey = await configuration.surveys.create(
      SYSTEM_ACTOR,
      surveySchema.parse({
        ...{ name: 'After a call', asksConsent: 'on', timeoutS: '4', repeats: '1' },
        ...{ 'questions.0.kind': 'score', 'questions.0.en': 'How happy?' },
        ...{ 'questions.0.from': '1', 'questions.0.to': '5' },
        'questions.0.prompt': played(prompts.announcement),
        ...{
          'questions.1.kind': 'comment',
          'questions.1.en': 'Tell us.',
          'questions.1.maxS': '20',
        },
        'questions.1.prompt': played(prompts.closed),
        thanksPrompt: played(prompts.goodbye),
      }),
    );
    const queue = await makeQueue(lab, 'Surveyed', {
      ...{ recording: 'always', wrapUpS: 20, survey, surveyShare: 100, surveyDays: 30 },
    });
    await configuration.dids.create(SYSTEM_ACTOR, {
      ...{ number: NUMBER, name: 'Surveyed', language: 'en', target: { kind: 'queue', id: queue } },
    });
    const flow = await configuration.flows.create(SYSTEM_ACTOR, {
      name: 'Survey',
      definition: {
        start: 'ask',
        steps: {
          ask: { kind: 'survey', label: 'Ask', survey, next: 'thanked', declined: 'declined' },
          thanked: { kind: 'hangup', label: 'Thanked', prompt: prompts.wrong },
          declined: { kind: 'hangup', label: 'Declined', prompt: prompts.menu },
        },
      },
    });
    await configuration.dids.create(SYSTEM_ACTOR, {
      ...{
        number: FLOW_NUMBER,
        name: 'Survey',
        language: 'en',
        target: { kind: 'flow', id: flow },
      },
    });
    await product.nowHas('the queue', 5_000, (now) =>
      now.queues.some(({ name }) => name === 'Surveyed'),
    );
    admin = new TestClient(product.url);
    expect((await admin.signIn('admin', LAB_ADMIN_PASSWORD)).status).to.equal(303);
  });

  /** A caller and Ann talk, until she hangs up; the caller is still there. */
  async function talkedWithAnn(from: string): Promise<Party> {
    await makeAvailable(lab, 'ann');
    const rings = lab.carrier.ringsAt('2001', 8_000);
    const caller = await callNumber(lab, NUMBER, from);
    const agent = await rings;
    await talk(caller, agent);
    await caller.endsWithin(1_000);
    await agent.hangUp();
    return caller;
  }

  const answersOf = (story: CallStory): readonly number[] =>
    story.events
      .filter((event): event is Answered => event.kind === 'survey-answered')
      .map(({ value }) => value);

  const wordsOf = (html: string): string =>
    html
      .replace(/<(style|script|svg|details)[\s\S]*?<\/\1>/g, ' ')
      .replace(/<[^>]*>/g, ' ')
      .replace(/\s+/g, ' ');

  it('are heard when the agent hangs up: keys and a comment are recorded, and pages say the same', async () => {
    const intro = await sentence(lab.product, 'survey-intro');
    const from = newCaller();
    const caller = await talkedWithAnn(from);
    const hungUpAt = caller.ear.now();
    await hears(caller.ear, intro, 8_000, hungUpAt);
    await agentIs(lab, 'ann', 'wrap-up');
    await lab.product.nowHas('the caller in the survey', 3_000, (now) =>
      now.calls.some((call) => call.from === from && call.stage === 'survey'),
    );
    await caller.press('1');
    await caller.ear.waitForTone(TONES.announcement.en, 6_000);
    await caller.press('4');
    await caller.ear.waitForTone(TONES.closed.en, 6_000);
    await caller.endsWithin(1_500);
    await caller.say(COMMENT_HZ);
    await caller.endsWithin(2_500);
    await caller.press('#');
    await caller.ear.waitForTone(TONES.goodbye.en, 6_000);
    await caller.ended(8_000);

    const story = await storyOf(lab, from, 30_000);
    expect(story.row).to.include({ result: 'answered', ended_by: 'callee' });
    expect(answersOf(story)).to.deep.equal([4]);
    expect(kindsOf(story).filter((kind) => kind.startsWith('survey-'))).to.deep.equal([
      ...['survey-offered', 'survey-begun', 'survey-answered', 'survey-comment', 'survey-finished'],
    ]);
    expect(story.recordings.map(({ kind, state }) => [kind, state])).to.deep.equal([
      ['call', 'stored'],
      ['comment', 'stored'],
    ]);
    const [talked, comment] = story.recordings;
    expect(talked?.durationMs, 'the recording ends with the talk').to.be.closeTo(
      story.row.talk_ms,
      700,
    );
    if (comment === undefined) throw new Error('there is no comment');
    const spoken = await soundOf(lab, comment);
    expect(spoken.channels).to.have.length(1);
    const [samples = new Int16Array()] = spoken.channels;
    const heardMs = toneMs(samples, spoken.rate, COMMENT_HZ);
    expect(heardMs).to.be.within(1_500, 4_000);

    const results = wordsOf((await admin.get(`/quality/surveys/${String(survey)}`)).text);
    expect(results).to.include('4 1 100.0%').and.include('1 comment');
    expect(results).to.match(/Surveyed 1 1 1 1 100\.0% [\d.% to]+ 4\.00/);
    expect(results).to.match(/Ann 1 1 1 1 100\.0%/);
    const call = await admin.get(`/calls/${story.id}`);
    expect(wordsOf(call.text)).to.include('Answered: 4 – How happy?');
    expect(call.text).to.include(`/recordings/${comment.id}/audio`);
    expect((await admin.get(`/recordings/${comment.id}/audio`)).status).to.equal(200);
  });

  it('are not asked of the same number again within the days', async () => {
    const from = newCaller();
    const first = await talkedWithAnn(from);
    await first.ear.waitForSound(5_000);
    await first.press('2');
    await first.ended(8_000);
    await storyOf(lab, from);
    await lab.product.order({ kind: 'agent-available', agentId: lab.company.agents.ann.id });
    const second = await talkedWithAnn(from);
    await second.ended(5_000);
    const stories = await until('both calls', 15_000, async () => {
      const all = await lab.stories.from(from, new Date(0));
      return all.length === 2 && all.every(isFinal) && all;
    });
    const [asked, spared] = stories;
    expect(asked && kindsOf(asked)).to.include.members(['survey-offered', 'survey-finished']);
    const skipped = spared?.events.find((event) => event.kind === 'survey-skipped');
    expect(skipped).to.include({ reason: 'asked-lately' });
    expect(spared?.row).to.include({ result: 'answered', ended_by: 'callee' });
  });

  it('are not heard by who hangs up first, and keep the answers of who leaves in between', async () => {
    const [left, between] = [newCaller(), newCaller()];
    await makeAvailable(lab, 'ann');
    const rings = lab.carrier.ringsAt('2001', 8_000);
    const caller = await callNumber(lab, NUMBER, left);
    await talk(caller, await rings);
    await caller.hangUp();
    const story = await storyOf(lab, left);
    expect(kindsOf(story).some((kind) => kind.startsWith('survey-'))).to.equal(false);
    expect(story.row).to.include({ result: 'answered', ended_by: 'caller' });
    await lab.product.order({ kind: 'agent-available', agentId: lab.company.agents.ann.id });

    const other = await talkedWithAnn(between);
    await other.ear.waitForSound(5_000);
    await other.press('1');
    await other.ear.waitForTone(TONES.announcement.en, 6_000);
    await other.press('2');
    await other.ear.waitForTone(TONES.closed.en, 6_000);
    await other.hangUp();
    const kept = await storyOf(lab, between);
    expect(answersOf(kept)).to.deep.equal([2]);
    expect(kept.row).to.include({ result: 'answered', ended_by: 'caller' });
    const runs = await lab.product
      .database('survey_runs')
      .where({ call_id: kept.id })
      .select<{ outcome: string; answers: number }[]>('outcome', 'answers');
    expect(runs).to.deep.equal([{ outcome: 'hung-up', answers: 1 }]);
  });

  it('go on at the same question after the program was killed', async () => {
    const from = newCaller();
    const caller = await talkedWithAnn(from);
    await caller.ear.waitForSound(5_000);
    await caller.press('1');
    await caller.ear.waitForTone(TONES.announcement.en, 6_000);
    await lab.product.process.kill();
    const killedAt = caller.ear.now();
    await lab.product.process.start();
    await until(
      'the question again',
      15_000,
      () => caller.ear.tones(TONES.announcement.en, killedAt + 1_000).length > 0,
    );
    await caller.press('5');
    await caller.ear.waitForTone(TONES.closed.en, 6_000);
    await caller.hangUp();
    const story = await storyOf(lab, from);
    expect(answersOf(story)).to.deep.equal([5]);
    expect(kindsOf(story)).to.include('adopted');
    expect(story.row.result).to.equal('answered');
    expect(kindsOf(story).filter((kind) => kind === 'survey-offered')).to.have.length(1);
  });

  it('are asked by a flow, which goes on by the exit that fits', async () => {
    const [answers, declines] = [newCaller(), newCaller()];
    const caller = await callNumber(lab, FLOW_NUMBER, answers);
    await caller.ear.waitForSound(5_000);
    await caller.press('13');
    await caller.ear.waitForTone(TONES.closed.en, 8_000);
    await caller.press('#');
    await caller.endsWithin(1_000);
    await caller.press('#');
    await caller.ear.waitForTone(TONES.wrong.en, 10_000);
    await caller.ended(8_000);
    const story = await storyOf(lab, answers);
    expect(answersOf(story)).to.deep.equal([3]);
    expect(story.row.result).to.equal('contained');

    const other = await callNumber(lab, FLOW_NUMBER, declines);
    await other.ear.waitForSound(5_000);
    await other.press('2');
    await other.ear.waitForTone(TONES.menu.en, 8_000);
    await other.ended(8_000);
    const declined = await storyOf(lab, declines);
    expect(answersOf(declined)).to.deep.equal([]);
    const left = declined.events.find((event) => event.kind === 'step-left');
    expect(left).to.include({ step: 'ask', exit: 'declined' });
  });
});
