import type { SurveyEnd } from '../../src/kernel/call-event.js';
import {
  newRecordingId,
  newSurveyRunId,
  type AgentId,
  type QueueId,
  type RecordingId,
  type SurveyId,
  type SurveyQuestionId,
} from '../../src/kernel/ids.js';
import { answeredCall, CallScript, type AnsweredCallOptions } from './call-events.js';

interface SurveyedCallOptions extends AnsweredCallOptions {
  readonly survey?: number;
  readonly name?: string;
  /** Ids of the survey's questions, in order. */
  readonly questions: readonly number[];
  /** Values by question; `comment` for one that is spoken. */
  readonly answers?: Readonly<Record<number, number | 'comment'>>;
  /** Absent: the caller hung up. */
  readonly end?: SurveyEnd;
  readonly isTest?: boolean;
}

/** An answered call whose agent hung up, and the survey behind it. */
export function surveyedCall(
  options: SurveyedCallOptions,
): CallScript & { readonly comment: RecordingId } {
  const talk = answeredCall(options);
  const call = new CallScript(talk.startedAt);
  for (const event of talk.events.filter(({ kind }) => kind !== 'call-ended'))
    call.events.push({ ...event, callId: call.callId });
  const at = (talk.events.at(-1)?.at ?? talk.startedAt) - talk.startedAt;
  const run = newSurveyRunId();
  const comment = newRecordingId();
  call.happens(at, {
    ...{ kind: 'survey-offered', run, version: 1, name: options.name ?? 'After a call' },
    surveyId: (options.survey ?? 1) as SurveyId,
    questions: options.questions.length,
    queueId: (options.queueId ?? 1) as QueueId,
    agentId: (options.agentId ?? 2) as AgentId,
  });
  const answers = options.answers ?? {};
  if (Object.keys(answers).length > 0) call.happens(5_000, { kind: 'survey-begun', run });
  options.questions.forEach((id, place) => {
    const question = id as SurveyQuestionId;
    const value = answers[id];
    const label = `Question ${String(id)}?`;
    if (value === 'comment')
      call.happens(9_000, {
        ...{ kind: 'survey-comment', run, question, place, label },
        ...{ recordingId: comment, file: `${comment}-comment`, node: 'pbx-1', durationMs: 4_000 },
      });
    else if (value !== undefined)
      call.happens(3_000, {
        ...{ kind: 'survey-answered', run, question, place, label, value },
        ...{ questionKind: 'score', said: '' },
      });
  });
  if (options.end !== undefined)
    call.happens(100, { kind: 'survey-finished', run, end: options.end });
  call.happens(2_000, {
    kind: 'call-ended',
    result: 'answered',
    endedBy: options.end === undefined ? 'caller' : 'callee',
    ...{ cause: 16, reason: 'hung-up-16' },
  });
  if (options.isTest === true)
    call.events.forEach((event, index) => {
      if (event.kind === 'call-arrived') call.events[index] = { ...event, test: true };
    });
  return Object.assign(call, { comment });
}
