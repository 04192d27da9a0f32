import type { CampaignState } from '../../telephony/campaigns.js';
import { formatWhen, type Look, type PageContext, type Tone } from '../../web/kit/index.js';
import type { StoredCampaign } from './campaign.js';
import { scheduleAt } from './schedule.js';

const look = (state: CampaignState, icon: string, tone: Tone): Look => ({
  ...{ icon, tone },
  label: `campaigns.state.${state}`,
});

export const STATE_LOOKS: Readonly<Record<CampaignState, Look>> = {
  draft: look('draft', 'pencil', 'off'),
  running: look('running', 'player-play', 'available'),
  paused: look('paused', 'player-pause', 'wrapup'),
  stopped: look('stopped', 'player-stop', 'notready'),
  done: look('done', 'check', 'plain'),
};

const WAITS: Look = { label: 'campaigns.state.waits', icon: 'clock', tone: 'hold' };

/** Reasons that the product gives by itself; anything else is what a person or the dialler wrote. */
const KNOWN_REASONS: readonly string[] = ['quota', 'nobody-left', 'schedule'];

/** A campaign's state as pages show it: one that is started but waits for its day says so. */
export function stateView(page: PageContext, campaign: StoredCampaign, now: number) {
  const { state, stateReason } = campaign;
  const schedule = state === 'running' ? scheduleAt(campaign.settings, now) : undefined;
  if (schedule?.kind === 'waits')
    return {
      look: WAITS,
      reason: page.t('campaigns.waits-until', { at: formatWhen(schedule.at, 'datetime', page) }),
    };
  return { look: STATE_LOOKS[state], reason: reasonText(page, stateReason) };
}

/** Why a campaign stands as it does, in words. */
export const reasonText = (page: Pick<PageContext, 't' | 'hasText'>, reason: string): string =>
  KNOWN_REASONS.includes(reason) || page.hasText(`campaigns.reason.${reason}`)
    ? page.t(`campaigns.reason.${reason}`)
    : reason;
