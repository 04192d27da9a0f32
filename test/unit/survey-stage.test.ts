import { expect } from 'chai';
import type { Survey } from '../../src/engines/survey/survey.js';
import type { CallEvent } from '../../src/kernel/call-event.js';
import type { ChannelId, PromptId, SurveyId } from '../../src/kernel/ids.js';
import type { QueueConfig } from '../../src/telephony/directory.js';
import { bye, endClean, flowBench, heard } from '../support/flow-bench.js';
import { aSurvey, question, texts } from '../support/surveys.js';
import {
  ADA,
  CALLER,
  demoDirectory,
  salesQueue,
  SwitchboardBench,
} from '../support/switchboard-bench.js';

const SURVEY = 1 as SurveyId;

const benchOf = (
  survey: Survey = aSurvey(),
  queue: Partial<QueueConfig> = {},
  former?: SwitchboardBench,
): SwitchboardBench => {
  const rule = { id: SURVEY, share: 100, minDays: 30 };
  const directory = demoDirectory({ ...salesQueue, survey: rule, ...queue });
  return new SwitchboardBench({ ...directory, surveys: new Map([[SURVEY, survey]]) }, former);
};

/** A caller who has talked with Ada for five seconds, until she hangs up. */
async function talked(bench: SwitchboardBench, from = CALLER): Promise<ChannelId> {
  bench.signIn(ADA);
  bench.ari.farEnd('PJSIP/2001', { kind: 'answers', afterMs: 1_000, talkMs: 5_000 });
  const caller = await bench.callIn(undefined, from);
  await bench.press(caller, '1');
  await bench.advance(6_200);
  return caller;
}

const surveyEvents = (bench: SwitchboardBench): readonly string[] =>
  bench
    .kinds()
    .filter((kind) => kind.startsWith('survey-'))
    .map((kind) => kind.slice('survey-'.length));

const answersIn = (bench: SwitchboardBench): readonly (readonly [number, number])[] =>
  bench.ledger.flatMap((event): (readonly [number, number])[] =>
    event.kind === 'survey-answered' ? [[event.question, event.value]] : [],
  );

describe('A survey after the talk', () => {
  it('is asked when the agent hangs up, who has wrap-up at once; the call stays answered', async () => {
    const bench = await benchOf().start();
    const caller = await talked(bench);
    expect(bench.roster.state(ADA)?.state).to.equal('wrap-up');
    expect(bench.last('recording-ended')?.recordedMs).to.be.within(4_800, 5_200);
    expect(bench.last('disconnected')?.talkedMs).to.be.within(4_800, 5_200);
    expect(bench.last('survey-offered')).to.include({ queueId: 1, agentId: ADA, questions: 3 });
    expect([...bench.calls.values()].map((call) => call.live.stage)).to.deep.equal(['survey']);
    expect([...bench.calls.values()][0]?.live.agentId).to.equal(undefined);
    await bench.press(caller, '1');
    expect(heard(bench, caller).slice(-2)).to.deep.equal(['survey-intro', 'said-Q1?']);
    await bench.press(caller, '4');
    await bench.press(caller, '2');
    await bench.advance(3_000);
    bench.ari.speak(caller, 3_000);
    await bench.advance(4_000);
    await bench.press(caller, '#');
    await bench.advance(10_000);
    expect(answersIn(bench)).to.deep.equal([
      [1, 4],
      [2, 0],
    ]);
    expect(bench.last('survey-comment')).to.include({ question: 3, place: 2 });
    expect(bench.last('survey-comment')?.file).to.match(/-comment$/);
    expect(bench.last('survey-finished')?.end).to.equal('completed');
    expect(heard(bench, caller).slice(-2)).to.deep.equal(['survey-thanks', 'goodbye']);
    expect(bench.last('call-ended')).to.include({ result: 'answered', endedBy: 'callee' });
    expect(bench.kinds()).to.not.include('voicemail-left');
    await endClean(bench);
  });

  it('is not asked of a caller who hangs up first', async () => {
    const bench = await benchOf().start();
    bench.signIn(ADA);
    bench.ari.farEnd('PJSIP/2001', { kind: 'answers', afterMs: 1_000 });
    const caller = await bench.callIn();
    await bench.press(caller, '1');
    await bench.advance(4_000);
    bench.ari.hangUpFarEnd(caller);
    await bench.advance(200);
    expect(surveyEvents(bench)).to.deep.equal([]);
    expect(bench.last('call-ended')).to.include({ result: 'answered', endedBy: 'caller' });
    await endClean(bench);
  });

  it('ends without questions for who declines or says nothing', async () => {
    for (const [key, end] of [
      ['2', 'declined'],
      ['', 'no-answer'],
    ] as const) {
      const bench = await benchOf().start();
      const caller = await talked(bench);
      if (key !== '') await bench.press(caller, key);
      await bench.advance(9_000);
      expect(surveyEvents(bench)).to.deep.equal(['offered', 'finished']);
      expect(bench.last('survey-finished')?.end).to.equal(end);
      expect(bench.last('call-ended')).to.include({ result: 'answered', endedBy: 'callee' });
      await endClean(bench);
    }
  });

  it('keeps the answers of a caller who hangs up in between', async () => {
    const bench = await benchOf().start();
    const caller = await talked(bench);
    await bench.press(caller, '1');
    await bench.press(caller, '5');
    bench.ari.hangUpFarEnd(caller);
    await bench.advance(200);
    expect(answersIn(bench)).to.deep.equal([[1, 5]]);
    expect(surveyEvents(bench)).to.deep.equal(['offered', 'begun', 'answered']);
    expect(bench.last('call-ended')).to.include({ result: 'answered', endedBy: 'caller' });
    await endClean(bench);
  });

  it('keeps the comment of a caller who hangs up while speaking', async () => {
    const comment = aSurvey({ questions: [question(9, { kind: 'comment', maxMs: 30_000 })] });
    const bench = await benchOf(comment).start();
    const caller = await talked(bench);
    await bench.press(caller, '1');
    await bench.advance(3_000);
    bench.ari.speak(caller, 2_500);
    await bench.advance(2_000);
    bench.ari.hangUpFarEnd(caller);
    await bench.advance(200);
    const left = bench.last('survey-comment');
    expect(left).to.include({ question: 9, place: 0, label: 'Q9?' });
    expect(left?.durationMs).to.be.greaterThan(1_500);
    expect(bench.last('call-ended')?.result).to.equal('answered');
    await endClean(bench);
  });

  it('forgets what was pressed while talking, says a wrong key, and gives up on silence', async () => {
    const bench = await benchOf(aSurvey({ repeats: 1, asksConsent: false })).start();
    bench.signIn(ADA);
    bench.ari.farEnd('PJSIP/2001', { kind: 'answers', afterMs: 1_000, talkMs: 5_000 });
    const caller = await bench.callIn();
    await bench.press(caller, '1');
    await bench.advance(3_000);
    await bench.press(caller, '555');
    await bench.advance(4_500);
    expect(answersIn(bench)).to.deep.equal([]);
    await bench.press(caller, '9');
    expect(heard(bench, caller).at(-1)).to.equal('wrong-key said-Q1?');
    await bench.press(caller, '9');
    expect(heard(bench, caller).at(-1), 'the next question').to.equal('said-Q2?');
    await bench.press(caller, '1');
    await bench.advance(30_000);
    expect(answersIn(bench)).to.deep.equal([[2, 1]]);
    await endClean(bench);
  });

  it('takes ten by two keys, and one where no zero follows', async () => {
    const ten = (id: number) => question(id, { kind: 'score', from: 0, to: 10 });
    const bench = await benchOf(aSurvey({ questions: [ten(1), ten(2), ten(3)] })).start();
    const caller = await talked(bench);
    await bench.press(caller, '1');
    await bench.press(caller, '10');
    await bench.press(caller, '1');
    await bench.advance(2_100);
    await bench.press(caller, '*');
    await bench.advance(5_000);
    expect(answersIn(bench)).to.deep.equal([
      [1, 10],
      [2, 1],
      [3, 10],
    ]);
    await endClean(bench);
  });

  it('speaks in the language of the caller, plays prompts, and falls back to the other language', async () => {
    const survey = aSurvey({
      asksConsent: false,
      intro: { prompt: 1 as PromptId, texts: texts('Never heard') },
      thanks: { texts: texts('', '谢谢') },
      questions: [{ ...question(1, { kind: 'yes-no' }), texts: texts('', '满意吗？') }],
    });
    const bench = await benchOf(survey).start();
    const caller = await talked(bench);
    await bench.advance(2_000);
    await bench.press(caller, '1');
    await bench.advance(3_000);
    expect(heard(bench, caller).slice(-4)).to.deep.equal([
      'a'.repeat(64),
      'said-满意吗？',
      'said-谢谢',
      'goodbye',
    ]);
    expect(bench.last('survey-answered')).to.include({ label: '满意吗？', value: 1 });
    await endClean(bench);
  });

  it('asks the part that is to be asked, and says why others are not', async () => {
    const reasonOf = async (
      rule: { share?: number; minDays?: number },
      surveyed: SwitchboardBench['surveyed'],
      from = CALLER,
    ): Promise<string | undefined> => {
      const bench = await benchOf(aSurvey(), {
        survey: { id: SURVEY, share: 100, minDays: 30, ...rule },
      }).start();
      bench.surveyed = surveyed;
      const caller = await talked(bench, from);
      const skipped = bench.last('survey-skipped');
      if (skipped !== undefined) expect(surveyEvents(bench)).to.deep.equal(['skipped']);
      await endClean(bench, caller);
      return skipped?.reason;
    };
    const never = () => Promise.resolve(false);
    const lately = () => Promise.resolve(true);
    const away = () => Promise.reject(new Error('the database is away'));
    expect(await reasonOf({}, never)).to.equal(undefined);
    expect(await reasonOf({ share: 0 }, never)).to.equal('not-drawn');
    expect(await reasonOf({}, lately)).to.equal('asked-lately');
    expect(await reasonOf({}, away)).to.equal('history-away');
    expect(await reasonOf({}, () => new Promise(() => undefined))).to.equal('history-away');
    expect(await reasonOf({ minDays: 0 }, lately)).to.equal(undefined);
    expect(await reasonOf({}, lately, ''), 'a withheld number').to.equal(undefined);
  });

  it('asks one of two callers with the same number', async () => {
    const bench = await benchOf().start();
    const sinces: number[] = [];
    bench.surveyed = (_number, since) => {
      sinces.push(bench.clock.now() - since);
      return Promise.resolve(false);
    };
    const first = await talked(bench);
    bench.ari.hangUpFarEnd(first);
    await bench.advance(11_000);
    const second = await talked(bench);
    expect(bench.last('survey-skipped')?.reason).to.equal('asked-lately');
    expect(sinces).to.deep.equal([30 * 86_400_000]);
    await endClean(bench, second);
  });

  it('goes on at the same question in the next process', async () => {
    const bench = await benchOf().start();
    const caller = await talked(bench);
    await bench.press(caller, '1');
    await bench.press(caller, '3');
    bench.kill();
    const next = await benchOf(
      aSurvey({ name: 'Saved meanwhile', questions: [] }),
      {},
      bench,
    ).start();
    expect(heard(next, caller).filter((one) => one === 'said-Q2?')).to.have.length(2);
    expect(next.last('adopted')?.stage).to.equal('survey');
    await next.press(caller, '1');
    expect(answersIn(next).at(-1)).to.deep.equal([2, 1]);
    expect(surveyEvents(next).filter((kind) => kind === 'offered')).to.have.length(1);
    next.ari.hangUpFarEnd(caller);
    await next.advance(200);
    expect(next.last('call-ended')?.result).to.equal('answered');
  });

  it('keeps a comment that was under way when the process was killed', async () => {
    const survey = aSurvey({
      questions: [
        question(7, { kind: 'comment', maxMs: 30_000 }),
        question(8, { kind: 'score', from: 1, to: 5 }),
      ],
    });
    const bench = await benchOf(survey).start();
    const caller = await talked(bench);
    await bench.press(caller, '1');
    await bench.advance(3_000);
    bench.ari.speak(caller, 20_000);
    await bench.advance(5_000);
    bench.kill();
    const next = await benchOf(survey, {}, bench).start();
    const comments = next.ledger.filter(
      (event): event is CallEvent & { kind: 'survey-comment' } => event.kind === 'survey-comment',
    );
    expect(new Set(comments.map(({ file }) => file)).size).to.equal(1);
    expect(next.ari.stored.has(comments[0]?.file ?? '')).to.equal(true);
    expect(heard(next, caller).at(-1)).to.equal('said-Q8?');
    next.ari.hangUpFarEnd(caller);
    await next.advance(200);
  });
});

describe('A survey in a flow', () => {
  const steps = {
    ask: { kind: 'survey', label: 'Ask', survey: 1, next: 'thanked', declined: 'declined' },
    thanked: { ...bye, label: 'Thanked' },
    declined: { ...bye, label: 'Declined' },
  } as const;

  it('takes the call back into the flow, by the exit that fits', async () => {
    for (const [keys, label] of [
      ['13', 'Thanked'],
      ['2', 'Declined'],
    ] as const) {
      const bench = await flowBench(steps, { surveys: new Map([[SURVEY, aSurvey()]]) });
      const caller = await bench.callIn();
      await bench.press(caller, keys);
      await bench.advance(60_000);
      expect(bench.last('step-entered')?.label).to.equal(label);
      expect(bench.last('survey-offered')).to.not.have.property('queueId');
      expect(bench.last('call-ended')).to.include({ result: 'contained', reason: 'flow-ended' });
      expect(bench.kinds()).to.not.include('context-passed');
      await endClean(bench);
    }
  });

  it('goes on without a survey that is gone', async () => {
    const bench = await flowBench(steps);
    await bench.callIn();
    await bench.advance(5_000);
    expect(bench.last('step-entered')?.label).to.equal('Declined');
    expect(surveyEvents(bench)).to.deep.equal([]);
    await endClean(bench);
  });
});
