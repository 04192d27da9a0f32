import type { FlowId, PromptId } from '../../../kernel/ids.js';
import { MAX_PRIORITY } from '../../../engines/routing/rule.js';
import type { AttemptResult, RunningCampaign } from '../../campaigns.js';
import type { DirectorySnapshot } from '../../directory.js';
import { ended, type EndedStage, type Stage } from '../stage.js';
import type { CampaignCall } from './campaign-call.js';

/** Nobody was free in time. */
export const NO_AGENT = 'no-agent-in-time';

/** What a called person lives through first; undefined for a campaign that lacks what it needs. `until`: how long it may wait. */
export function firstStage(
  { queueId, flowId, machine }: RunningCampaign,
  { verdict, mode }: CampaignCall,
  { flows }: Pick<DirectorySnapshot, 'flows'>,
  until: number,
): Stage | undefined {
  if (verdict === 'machine' && machine.kind === 'message')
    return {
      kind: 'campaign-message',
      prompt: machine.promptId as PromptId,
      awaitsBeep: true,
      then: ended('contained', 'system', 16, 'message-for-machine'),
    };
  if (mode === 'notification') {
    const flow = flows.get((flowId ?? 0) as FlowId);
    return flow && { kind: 'ivr', flow: flow.id, version: flow.version };
  }
  if (queueId === undefined) return undefined;
  return {
    ...{ kind: 'queue', queue: queueId, from: [], priority: MAX_PRIORITY, isRouted: true },
    patienceUntil: until,
  };
}

/** What is said to a person for whom no agent is there; to a machine nothing. */
export function abandonedStage({ abandonedPromptId, verdict }: CampaignCall): Stage {
  const then = ended('abandoned', 'system', 16, NO_AGENT);
  if (verdict === 'machine') return then;
  return {
    kind: 'campaign-message',
    ...(abandonedPromptId === undefined ? {} : { prompt: abandonedPromptId as PromptId }),
    awaitsBeep: false,
    then,
  };
}

/** What a call that is over was for the person who was called. `last`: the stage in which it ended. */
export function resultOfCall(
  { verdict, mode }: CampaignCall,
  hasTalked: boolean,
  last: Stage,
  end: EndedStage,
): Extract<AttemptResult, 'human' | 'machine' | 'abandoned' | 'hung-up'> {
  if (verdict === 'machine') return 'machine';
  if (hasTalked || mode === 'notification') return 'human';
  return end.endedBy === 'caller' && last.kind === 'queue' ? 'hung-up' : 'abandoned';
}
