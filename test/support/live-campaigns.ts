import type { CampaignId } from '../../src/kernel/ids.js';
import type { LiveSnapshot } from '../../src/telephony/live.js';
import type { LiveCampaign } from '../../src/telephony/live-campaigns.js';

const NO_LINES: LiveCampaign['lines'] = {
  ...{ dialling: 0, ringing: 0, detecting: 0, waiting: 0, talking: 0, message: 0, flow: 0 },
};

/** A progressive campaign with nothing on the line, as the calls would show it. */
export const liveCampaign = (changes: Partial<LiveCampaign> = {}): LiveCampaign => ({
  ...{ id: 1 as CampaignId, name: 'Renewals', mode: 'progressive', priority: 5 },
  ...{ agents: { idle: 0, talking: 0, wrapUp: 0 }, lines: NO_LINES, maxLines: 20, callers: 0 },
  ...{ planned: 0, holds: [], pacing: 'one-to-one', answerRate: 0 },
  abandonment: { answered: 0, abandoned: 0, limit: 0.03, windowMs: 30 * 86_400_000 },
  ...changes,
});

/** So many lines in each phase, none in the others. */
export const linesWith = (changes: Partial<LiveCampaign['lines']>): LiveCampaign['lines'] => ({
  ...NO_LINES,
  ...changes,
});

/** A moment in which these campaigns run, and nothing else happens. */
export const momentOfCampaigns = (
  seq: number,
  campaigns: readonly LiveCampaign[],
): LiveSnapshot => ({
  ...{ seq, at: Date.now(), pbxOnline: true, queues: [], agents: [], calls: [] },
  ...{ trunks: [], extensions: [], campaigns },
});
