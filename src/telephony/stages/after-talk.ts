import { freshSurvey } from '../../engines/survey/interpreter.js';
import { newSurveyRunId } from '../../kernel/ids.js';
import type { Call } from '../calls/call.js';
import { destroyQuietly } from '../calls/bridge.js';
import type { CallServices } from '../calls/services.js';
import type { EndedStage, Stage, StageOf } from '../calls/stage.js';

/**
 * The agent has hung up and the caller has not: callers of a queue with a survey are asked, unless the lot or an earlier
 * survey spares them. What the talk came to stays as it is.
 */
export async function afterTalk(
  s: CallServices,
  call: Call,
  { partner, bridge }: StageOf<'talk'>,
  over: EndedStage,
): Promise<Stage> {
  const { queueId, agentId, role } = partner;
  // It was the agent who called, and it is the agent's phone that is left.
  if (role === 'outside') return over;
  const { queues, surveys } = s.directory.current;
  const rule = queueId === undefined ? undefined : queues.get(queueId)?.survey;
  const survey = rule === undefined ? undefined : surveys.get(rule.id);
  if (queueId === undefined || agentId === undefined || rule === undefined || survey === undefined)
    return over;
  const { id: surveyId, name } = survey;
  const reason = await call.scope.wait(s.surveys.whyNot(call, rule));
  if (reason !== undefined) {
    call.record({ kind: 'survey-skipped', surveyId, name, queueId, reason });
    return over;
  }
  // Nothing is recorded of a channel that stands in a bridge.
  await destroyQuietly(call, bridge);
  call.agentId = undefined;
  call.other = undefined;
  // What the caller pressed while talking is no answer.
  call.digits.clear();
  return {
    kind: 'survey',
    run: newSurveyRunId(),
    state: freshSurvey(survey),
    isOffered: false,
    comment: undefined,
    ...{ queueId, agentId },
    then: over,
  };
}
