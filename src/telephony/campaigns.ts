import type { Language } from '../kernel/call-event.js';
import type {
  AgentId,
  AttemptId,
  CallId,
  CampaignId,
  ContactId,
  LeadId,
  QueueId,
  TrunkId,
} from '../kernel/ids.js';

/**
 * - `preview`: an agent sees the record first and then calls.
 * - `progressive`: one call for each free agent.
 * - `predictive`: as many calls as pacing allows.
 * - `appointment`: booked calls only, each at its time.
 * - `notification`: no agents; a flow speaks.
 */
export type CampaignMode =
  'preview' | 'progressive' | 'predictive' | 'appointment' | 'notification';

/** draft ──start──▶ running ◀──▶ paused; running, paused ──▶ stopped; running ──nothing left──▶ done. */
export type CampaignState = 'draft' | 'running' | 'paused' | 'stopped' | 'done';

/** What an attempt came to, for the person who was called. */
export type AttemptResult =
  /** A person, and an agent (or the flow of a notification). */
  | 'human'
  /** A person, and no agent within two seconds. */
  | 'abandoned'
  | 'machine'
  | 'fax'
  | 'busy'
  | 'no-answer'
  /** Nobody has this number: cause 1 or 28, 404, or the tones that say so. */
  | 'invalid'
  | 'rejected'
  /** The network had no way; not the person's doing. */
  | 'congestion'
  /** The person hung up before the greeting was over or anybody could be there. */
  | 'hung-up'
  /** We gave the ringing call up, or the agent went before it was answered. */
  | 'cancelled'
  /** An agent looked at the record and did not call. It is no call: the lead comes back by the campaign's rule. */
  | 'skipped'
  /** Our own fault: no trunk, Asterisk away. The lead loses no attempt. */
  | 'failed';

/** How a call is made that was promised for a time. */
export interface FollowUpRule {
  /** So many calls at most, and how long after one that reached nobody the next is made. */
  readonly attempts: number;
  readonly retryMs: number;
  /** So long it waits for whoever promised it; then anybody of the campaign's queue calls. */
  readonly graceMs: number;
}

export const FOLLOW_UP_RULE: FollowUpRule = {
  attempts: 3,
  retryMs: 30 * 60_000,
  graceMs: 5 * 60_000,
};

/** A campaign that runs, as the dialler needs it. */
export interface RunningCampaign {
  readonly id: CampaignId;
  readonly name: string;
  readonly mode: CampaignMode;
  readonly queueId?: QueueId;
  /** Higher goes first where campaigns share agents. */
  readonly priority: number;
  readonly language: Language;
  /** It rings so long at most, and at least 15 s. */
  readonly ringMs: number;
  /** Calls in flight at the same time at most. */
  readonly maxLines: number;
  /** Share of answered calls that may be abandoned, from 0 to 1, and over how long it is counted. */
  readonly abandonLimit: number;
  readonly abandonWindowMs: number;
  /** While more callers than this wait in queues that share its agents, nothing is dialled; undefined: not looked at. */
  readonly inboundThreshold?: number;
  /** Played to those for whom no agent is there, or to machines. Ids of prompts. */
  readonly abandonedPromptId?: number;
  readonly machine:
    | { readonly kind: 'off' }
    | { readonly kind: 'hang-up' }
    | { readonly kind: 'agent' }
    | { readonly kind: 'message'; readonly promptId: number };
  /** The flow of a notification. */
  readonly flowId?: number;
  readonly optOutDigit: string;
  /** Field of a lead that says how likely somebody answers, as a number; only the ratios between leads count. */
  readonly scoreField?: string;
  /** How long an agent may look at a record before it is dialled or skipped. */
  readonly preview: { readonly limitMs: number; readonly atLimit: 'dial' | 'skip' };
  /** How calls that were promised are made; as `FOLLOW_UP_RULE` where the campaign says nothing. */
  readonly followUps?: FollowUpRule;
}

/** A lead that may be dialled at this moment: every rule has said yes, and the attempt is written. */
export interface ClearedLead {
  readonly attempt: AttemptId;
  readonly campaign: CampaignId;
  readonly lead: LeadId;
  readonly contact: ContactId;
  readonly name: string;
  /** E.164. */
  readonly number: string;
  readonly language: Language;
  /** The site's own fields, for flows and scripts. */
  readonly fields: Readonly<Record<string, string>>;
  /** Only this agent calls. */
  readonly agent?: AgentId;
  /** Numbers that may be shown, the best first; empty: as the trunk has it. */
  readonly callerIds: readonly string[];
}

/** What becomes known of an attempt. Told more than once, the last holds; a result is final. */
export interface AttemptNews {
  readonly callId?: CallId;
  readonly trunkId?: TrunkId;
  readonly callerId?: string;
  readonly agentId?: AgentId;
  readonly answeredAt?: number;
  readonly connectedAt?: number;
  readonly endedAt?: number;
  /** Q.850. */
  readonly cause?: number;
  readonly machineVerdict?: 'human' | 'machine' | 'fax' | 'unsure';
  /** Of a notification: what its flow ended with, in the flow's own word (the variable `outcome`). */
  readonly outcome?: string;
  readonly result?: AttemptResult;
  /** Why an agent skipped it: a code of `SKIP_REASONS`. */
  readonly note?: string;
}

/** Somebody who wants no more calls. */
export interface OptOut {
  /** E.164; every other number of the person is meant as well. */
  readonly number: string;
  readonly contact: ContactId;
  readonly source: 'key' | 'agent';
  /** In which it was said. */
  readonly call?: CallId;
  /** No calls of this one; absent: of none. */
  readonly campaign?: CampaignId;
}

/** Where campaigns, leads and attempts are kept. Rejects while the database is away. */
export interface CampaignStore {
  running(): Promise<readonly RunningCampaign[]>;
  /**
   * Takes at most `count` leads that may be called now, checks every rule at this moment, and writes a row for each dial and
   * for each refusal, with reasons. What is returned is in state `calling` until a result is told. `agent`: leads of this
   * agent first, then of nobody; without it, leads of nobody.
   */
  clear(
    campaign: CampaignId,
    count: number,
    options?: { readonly agent?: AgentId },
  ): Promise<readonly ClearedLead[]>;
  /** A result makes the lead recycle by the campaign's rules; one without an attempt of its own (`failed`) gives it back. */
  tell(attempt: AttemptId, news: AttemptNews): Promise<void>;
  /** Attempts without a result, after a restart: with their call where one was begun. */
  unfinished(): Promise<
    readonly {
      readonly lead: ClearedLead;
      /** Of the campaign: who has to take it up. */
      readonly mode: CampaignMode;
      readonly callId?: CallId;
    }[]
  >;
  /** Nobody calls this person any more. Takes effect on the next dial, also of another number of the same person. */
  optOut(wish: OptOut): Promise<void>;
  /** Answered and abandoned over the campaign's window, oldest first: what the limit is counted by after a restart. */
  abandonment(
    campaign: CampaignId,
    sinceMs: number,
  ): Promise<readonly { readonly at: number; readonly abandoned: boolean }[]>;
  /** The campaign stands still by itself, for a reason that a page shows: a trunk refuses everything, nothing is left. */
  halt(campaign: CampaignId, state: 'paused' | 'done', reason: string): Promise<void>;
}
