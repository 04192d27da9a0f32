import type { AttemptId, CampaignId, ContactId, LeadId, QueueId } from '../kernel/ids.js';
import type { Hold } from './calls/campaigns/holds.js';
import type { LinePhase } from './calls/campaigns/line.js';
import type { CampaignMode } from './campaigns.js';

/** Of which campaign a call is, and about whom. */
export interface CampaignOfCall {
  readonly id: CampaignId;
  readonly name: string;
  readonly attempt: AttemptId;
  readonly lead: LeadId;
  readonly contact: ContactId;
}

/** A campaign that calls people first, at this moment. Shares are from 0 to 1, instants in ms since the epoch. */
export interface LiveCampaign {
  readonly id: CampaignId;
  readonly name: string;
  readonly mode: CampaignMode;
  readonly queueId?: QueueId;
  readonly priority: number;
  /** Who works for it now: each agent for one campaign at most. */
  readonly agents: { readonly idle: number; readonly talking: number; readonly wrapUp: number };
  readonly lines: Readonly<Record<LinePhase, number>>;
  readonly maxLines: number;
  /** Callers on the line who wait for its agents, too. */
  readonly callers: number;
  /** Calls that the last look has started. */
  readonly planned: number;
  /** Why none is started now; absent while some are. */
  readonly hold?: { readonly why: Hold; readonly since: number };
  /** For how long each reason has held it back since it runs here. */
  readonly holds: readonly { readonly why: Hold; readonly ms: number }[];
  /** How lines are counted out at this moment. */
  readonly pacing: 'one-to-one' | 'predictive';
  /** Share of lines that are answered, as it is expected. */
  readonly answerRate: number;
  /** What predictive pacing goes by: agents and answers that it expects in `aheadMs`, and the risk of one more call. */
  readonly forecast?: {
    readonly aheadMs: number;
    readonly free: number;
    readonly answers: number;
    readonly risk: number;
    readonly accepted: number;
  };
  /** Share of the agents' time in talk and wrap-up over the last half hour; absent where nobody was there. */
  readonly utilisation?: number;
  /** Of the window over which the limit is counted. */
  readonly abandonment: {
    readonly answered: number;
    readonly abandoned: number;
    readonly limit: number;
    readonly windowMs: number;
  };
  /** So many results wait for the database; absent for none. */
  readonly behind?: number;
  /** Trunks that refuse every call; absent where none does. */
  readonly refusing?: readonly string[];
}
