import type { AttemptId, CampaignId, CallId, ContactId, LeadId } from '../../../kernel/ids.js';
import type { AttemptNews, CampaignMode, ClearedLead } from '../../campaigns.js';
import type { CallFacts } from '../journal.js';
import type { EndedStage, Stage } from '../stage.js';

/** What a call of a campaign is about. It travels with the call, through transfers and restarts, to its end. */
export interface CampaignCall {
  readonly attempt: AttemptId;
  readonly campaign: CampaignId;
  /** The campaign's name, and the called person's; '' where it is not known. */
  readonly name: string;
  readonly person: string;
  readonly mode: CampaignMode;
  readonly lead: LeadId;
  readonly contact: ContactId;
  readonly answeredAt: number;
  /** What machine detection said; absent where it did not listen. */
  readonly verdict?: NonNullable<AttemptNews['machineVerdict']>;
  /** Played to a person for whom no agent is there: the id of a prompt; the switchboard's own where absent. */
  readonly abandonedPromptId?: number;
  /** The key by which the called person is never called again. */
  readonly optOutDigit: string;
}

/** A line that was answered, on its way to be a call. */
export interface AnsweredLine {
  readonly call: CallId;
  readonly lead: ClearedLead;
  readonly about: CampaignCall;
  /** The number that the person sees. */
  readonly callerId: string;
  readonly trunkId: NonNullable<CallFacts['trunkId']>;
  readonly dialledAt: number;
  readonly first: Stage;
}

/** A call as campaigns see it: the facts, and whether two people have talked in it. */
export interface CampaignCallNow {
  readonly id: CallId;
  readonly facts: Pick<CallFacts, 'campaign' | 'trunkId' | 'to' | 'from' | 'startedAt'>;
  readonly hasTalked: boolean;
  /** What the flows that it went through found out. */
  readonly flows: { readonly variables: Readonly<Record<string, string>> };
}

/** What the calls of campaigns tell, and ask. Nothing here fails or waits. */
export interface CampaignDesk {
  /** The call that an answered line becomes; undefined for one that is over. */
  callOf(id: CallId): AnsweredLine | undefined;
  /** A call of a campaign comes into a stage, or is taken up in it after a restart. */
  entered(call: CampaignCallNow, stage: Stage): void;
  /** The call is over, in the stage `last`; also one that ended while nobody watched. */
  ended(call: CampaignCallNow, last: Stage, end: EndedStage, at: number): void;
  /** The called person pressed the key: nobody calls that person for the campaign any more. */
  optedOut(call: CampaignCallNow): void;
  /** Trunks of the lines that ring and are no calls yet, each as often as it is used. */
  readonly dialling: readonly NonNullable<CallFacts['trunkId']>[];
}
