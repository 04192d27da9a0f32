import { expect } from 'chai';
import { foldCall } from '../../../src/engines/reporting/fold-call.js';
import { surveyedCall } from '../../support/survey-calls.js';

const QUESTIONS = [11, 12, 13];

describe('foldSurveys', () => {
  it('has one row for each time that a survey was offered, and one for each answer', () => {
    const call = surveyedCall({
      questions: QUESTIONS,
      answers: { 11: 4, 12: 1, 13: 'comment' },
      end: 'completed',
    });
    const { surveys, recordings, call: row } = foldCall(call.events);
    expect(surveys.runs).to.have.length(1);
    expect(surveys.runs[0]).to.include({
      ...{ surveyId: 1, queueId: 1, agentId: 2, fromNumber: '+442079460123' },
      ...{ callAt: call.startedAt, outcome: 'completed', answers: 3, test: false },
    });
    expect(surveys.runs[0]?.begunAt).to.be.greaterThan(surveys.runs[0]?.offeredAt ?? Infinity);
    expect(surveys.answers.map(({ questionId, value }) => [questionId, value])).to.deep.equal([
      [11, 4],
      [12, 1],
      [13, undefined],
    ]);
    expect(surveys.answers[2]?.recordingId).to.equal(call.comment);
    expect(recordings.find(({ id }) => id === call.comment)).to.include({
      ...{ kind: 'comment', durationMs: 4_000 },
    });
    expect(row?.result).to.equal('answered');
    expect(row?.recordedMs, 'the talk alone').to.equal(
      recordings.find(({ kind }) => kind === 'call')?.durationMs,
    );
  });

  it('counts answers at once, and says that it is under way', () => {
    const call = surveyedCall({ questions: QUESTIONS, answers: { 11: 4 } });
    const soFar = call.events.filter(({ kind }) => kind !== 'call-ended');
    expect(foldCall(soFar).surveys.runs[0]).to.include({ outcome: 'open', answers: 1 });
  });

  it('takes who hangs up in between for that, and with the last answer for finished', () => {
    const outcome = (answers: Readonly<Record<number, number | 'comment'>>) =>
      foldCall(surveyedCall({ questions: QUESTIONS, answers }).events).surveys.runs[0]?.outcome;
    expect(outcome({})).to.equal('hung-up');
    expect(outcome({ 11: 5 })).to.equal('hung-up');
    expect(outcome({ 11: 5, 13: 'comment' })).to.equal('completed');
  });

  it('keeps the last answer where a restart asked twice', () => {
    const call = surveyedCall({ questions: QUESTIONS, answers: { 11: 2, 12: 5 } });
    const first = call.events.find(({ kind }) => kind === 'survey-answered');
    if (first?.kind !== 'survey-answered') throw new Error('no answer');
    const { question, run, place, label } = first;
    call.happens(1, {
      ...{ kind: 'survey-answered', run, question, place, label },
      ...{ questionKind: 'score', value: 3, said: '' },
    });
    const { answers, runs } = foldCall(call.events).surveys;
    expect(answers.map(({ value }) => value)).to.have.members([3, 5]);
    expect(runs[0]?.answers).to.equal(2);
  });
});
