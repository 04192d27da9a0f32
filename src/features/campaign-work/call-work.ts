import type { Script, ScriptPage } from '../../engines/script/script.js';
import type { ScriptRun } from '../../engines/script/run.js';
import type { Language } from '../../kernel/call-event.js';
import type {
  AgentId,
  AttemptId,
  CallId,
  CampaignId,
  ContactId,
  DispositionId,
  LeadId,
  QueueId,
  ScriptId,
} from '../../kernel/ids.js';

/** What was heard at the other end: what machine detection said, or what an agent said. */
export type MachineWord = 'human' | 'machine' | 'fax' | 'unsure';
/** What an agent may say that it was. */
export const TRUTHS = ['human', 'machine'] as const;
export type MachineTruth = (typeof TRUTHS)[number];

/** The dial of a campaign that a call is. */
export interface CallAttempt {
  readonly id: AttemptId;
  readonly campaignId: CampaignId;
  readonly campaignName: string;
  readonly leadId: LeadId;
  readonly contactId: ContactId;
  /** E.164. */
  readonly number: string;
  readonly verdict: MachineWord | '';
  readonly truth: MachineTruth | '';
}

/** Somebody's earlier call for a campaign. */
export interface PastAttempt {
  readonly at: Date;
  readonly campaignName: string;
  readonly agentName: string;
  readonly result: string;
  readonly dispositionId: DispositionId | undefined;
}

export interface Remark {
  readonly at: Date;
  readonly by: string;
  readonly text: string;
}

export interface DoNotCallEntry {
  readonly at: Date;
  readonly isForAll: boolean;
  /** The agent said so in this call: it can be taken back. */
  readonly isOfThisCall: boolean;
}

/** All that an agent sees of a person before and while talking. Numbers in E.164. */
export interface ContactRecord {
  readonly id: ContactId;
  readonly name: string;
  readonly company: string;
  readonly externalKey: string;
  readonly language: Language | undefined;
  readonly country: string;
  readonly timeZone: string;
  readonly ownerName: string;
  readonly fields: readonly {
    readonly key: string;
    readonly name: string;
    readonly value: string;
  }[];
  readonly numbers: readonly {
    readonly position: number;
    readonly number: string;
    readonly isDead: boolean;
  }[];
  readonly attempts: readonly PastAttempt[];
  readonly remarks: readonly Remark[];
  readonly doNotCall: readonly DoNotCallEntry[];
}

/** A script and where its agent stands in it. `isNew`: nothing is kept of it yet. */
export interface FollowedScript {
  readonly scriptId: ScriptId;
  /** Of the script and the place in it: what was picked on another page is not taken. */
  readonly stamp: string;
  readonly script: Script;
  readonly run: ScriptRun;
  readonly page: ScriptPage | undefined;
  readonly isNew: boolean;
}

/** The call that an agent is offered, talks in or wraps up. */
export interface CallAtHand {
  readonly callId: CallId;
  readonly queueId: QueueId | undefined;
  /** At the other end; '' where it is not known any more. */
  readonly number: string;
  /** A code and a note can be kept. */
  readonly isOpen: boolean;
}

/** What an agent works on in a call. */
export interface CallWork {
  readonly call: CallAtHand;
  readonly agentId: AgentId;
  readonly attempt: CallAttempt | undefined;
  readonly contact: ContactRecord | undefined;
  readonly followed: FollowedScript | undefined;
}

/** What an agent's calls for campaigns came to since midnight. */
export interface DayResults {
  /** Calls of campaigns that reached the agent. */
  readonly calls: number;
  readonly booked: number;
  /** By disposition, the most frequent first; undefined for calls without one. */
  readonly results: readonly {
    readonly dispositionId: DispositionId | undefined;
    readonly calls: number;
  }[];
}
