import type { AgentId, AttemptId, CampaignId, ContactId, FollowUpId } from '../kernel/ids.js';
import type { AttemptResult, ClearedLead } from './campaigns.js';

/** A call that was promised for a time: booked by an agent, a page, an IVR or the API. Instants in ms since the epoch. */
export interface FollowUpCall {
  readonly id: FollowUpId;
  readonly kind: 'callback' | 'appointment';
  /** Absent: agents call by themselves, and are reminded only. */
  readonly campaign?: CampaignId;
  readonly contact: ContactId;
  /** '' where nobody knows. */
  readonly name: string;
  /** E.164. */
  readonly number: string;
  /** Who shall call; absent: anybody of the campaign's queue. */
  readonly agent?: AgentId;
  readonly dueAt: number;
  /** Not called before: later than `dueAt` once a call reached nobody, or a rule said no. */
  readonly notBefore: number;
  /** Calls so far. */
  readonly attempts: number;
  readonly note: string;
}

/** Where promises are kept. Rejects while the database is away. */
export interface FollowUpStore {
  /** Open calls, due at this time at the latest, the earliest first: of campaigns that run, and of none. */
  due(until: number): Promise<readonly FollowUpCall[]>;
  /**
   * Takes one up for an agent: every rule of its campaign is checked, and the attempt written, as for any other call.
   * Undefined: it may not be called now (when it may is written), or it is open no more.
   */
  clear(id: FollowUpId, agent: AgentId): Promise<ClearedLead | undefined>;
  /** What became of the call. What is settled already stays. */
  settle(
    id: FollowUpId,
    change: {
      readonly state: 'open' | 'done' | 'failed';
      readonly attempts: number;
      readonly notBefore?: number;
      readonly result?: AttemptResult;
    },
  ): Promise<void>;
  /** Those that were taken up and not settled when the former process ended, with the result of their attempt if there is one. */
  takenUp(): Promise<
    readonly {
      readonly followUp: FollowUpCall;
      readonly attempt: AttemptId;
      readonly result?: AttemptResult;
    }[]
  >;
}
