import type { ClearedLead, RunningCampaign } from '../../campaigns.js';
import type { LiveCampaign } from '../../live-campaigns.js';
import type { CampaignCall } from './campaign-call.js';
import type { Answer } from './dial-line.js';
import type { Line } from './line.js';
import type { PacedAgent, PacingFigures } from './pacing.js';

/** A campaign at this moment, as its run knows it. */
interface CampaignNow extends Pick<LiveCampaign, 'callers' | 'planned'> {
  readonly agents: readonly PacedAgent[];
  readonly lines: Iterable<Line>;
  readonly figures: PacingFigures;
  readonly utilisation: number | undefined;
  readonly holds: Pick<LiveCampaign, 'hold' | 'holds'>;
}

/** How pages see it. */
export function drawCampaign(
  { id, name, mode, priority, maxLines, queueId, abandonLimit, abandonWindowMs }: RunningCampaign,
  { agents, lines: all, figures, holds, callers, planned, utilisation }: CampaignNow,
): LiveCampaign {
  const count = (state: PacedAgent['state']): number =>
    agents.filter((agent) => agent.state === state).length;
  const lines = {
    ...{ dialling: 0, ringing: 0, detecting: 0, waiting: 0, talking: 0, message: 0, flow: 0 },
  };
  for (const { phase } of all) lines[phase]++;
  const { mode: pacing, answered, abandoned, answerRate, forecast } = figures;
  return {
    ...{ id, name, mode, priority, maxLines, lines, pacing, answerRate, callers, planned },
    ...(queueId === undefined ? {} : { queueId }),
    agents: { idle: count('idle'), talking: count('talking'), wrapUp: count('wrap-up') },
    ...holds,
    ...(forecast === undefined ? {} : { forecast }),
    ...(utilisation === undefined ? {} : { utilisation }),
    abandonment: { answered, abandoned, limit: abandonLimit, windowMs: abandonWindowMs },
  };
}

/** What the call is about, for everybody who has to do with it. */
export function aboutOf(
  { id, name, mode, abandonedPromptId, optOutDigit }: RunningCampaign,
  lead: ClearedLead,
  { answeredAt, verdict }: Answer,
): CampaignCall {
  return {
    ...{ attempt: lead.attempt, campaign: id, name, mode, optOutDigit, answeredAt },
    ...{ lead: lead.lead, contact: lead.contact, person: lead.name },
    ...(verdict === undefined ? {} : { verdict }),
    ...(abandonedPromptId === undefined ? {} : { abandonedPromptId }),
  };
}
