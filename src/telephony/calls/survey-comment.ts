import { textIn } from '../../engines/survey/survey.js';
import type { CallEventBody } from '../../kernel/call-event.js';
import type { Call } from './call.js';
import type { CommentState, StageOf } from './stage.js';

/** The ledger's line on a comment whose end nobody saw: it lasted until `endedAt`, as far as is known. */
export function commentEvent(
  call: Call,
  { run, state }: StageOf<'survey'>,
  { recordingId, file, startedAt }: CommentState,
  endedAt: number,
): CallEventBody {
  const question = state.survey.questions[state.at];
  const limitMs = question?.kind === 'comment' ? question.maxMs : Number.MAX_SAFE_INTEGER;
  return {
    kind: 'survey-comment',
    run,
    question: question?.id ?? (0 as never),
    place: state.at,
    label: question === undefined ? '' : textIn(question.texts, call.language),
    ...{ recordingId, file, node: call.ari.node },
    durationMs: Math.min(limitMs, Math.max(0, endedAt - startedAt)),
  };
}
