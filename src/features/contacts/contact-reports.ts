import type { AgentId, CallId, CampaignId, ContactId, ContactListId } from '../../kernel/ids.js';
import type { ContactSort } from './contact.js';

/** A person in a list of people. */
export interface ContactLine {
  readonly id: ContactId;
  readonly name: string;
  readonly company: string;
  readonly externalKey: string;
  readonly numbers: readonly { readonly number: string; readonly isDead: boolean }[];
  readonly updatedAt: Date;
  readonly archivedAt: Date | undefined;
}

export interface ContactQuery {
  readonly search: string;
  readonly sortBy: ContactSort;
  readonly descending: boolean;
  readonly offset: number;
  readonly limit: number;
  readonly archived: boolean;
  /** Only its members, in the order in which they came. */
  readonly listId?: ContactListId;
  /** What is typed as a number must be one whole number: whoever may not see numbers must not guess them digit by digit. */
  readonly wholeNumbersOnly: boolean;
}

/** More are not counted: the page says so. */
export const COUNT_AT_MOST = 10_000;

export interface ContactPage {
  readonly rows: readonly ContactLine[];
  readonly total: number;
  readonly isMore: boolean;
}

export interface ConsentLine {
  readonly kind: 'given' | 'withdrawn';
  readonly source: string;
  readonly at: Date;
}
export interface RemarkLine {
  readonly text: string;
  readonly at: Date;
  readonly userName: string;
  readonly callId: CallId | undefined;
}
export interface ContactCall {
  readonly id: CallId;
  readonly startedAt: Date;
  readonly direction: 'inbound' | 'outbound' | 'internal';
  readonly number: string;
  readonly result: string | undefined;
  readonly agentName: string;
  readonly queueName: string;
  readonly talkMs: number;
}
export interface ContactAttempt {
  readonly at: Date;
  readonly kind: 'dial' | 'refusal';
  readonly campaignId: CampaignId;
  readonly campaignName: string;
  readonly number: string;
  readonly result: string;
  readonly refusedBy: string;
  readonly callId: CallId | undefined;
}
export interface BlockedNumber {
  readonly id: number;
  readonly number: string;
  readonly campaignId: number;
  readonly campaignName: string;
  readonly note: string;
  readonly at: Date;
}
export interface MemberOf {
  readonly id: ContactListId;
  readonly name: string;
}

/** What is known of one person beside the data. */
export interface ContactHistory {
  readonly consents: readonly ConsentLine[];
  readonly remarks: readonly RemarkLine[];
  readonly calls: readonly ContactCall[];
  readonly attempts: readonly ContactAttempt[];
  readonly blocked: readonly BlockedNumber[];
  readonly lists: readonly MemberOf[];
}

export interface ContactReports {
  list(query: ContactQuery): Promise<ContactPage>;
  /** `callsOf`: only calls of this agent. */
  history(
    id: ContactId,
    numbers: readonly string[],
    callsOf: AgentId | undefined,
  ): Promise<ContactHistory>;
  agents(): Promise<readonly { readonly id: AgentId; readonly name: string }[]>;
}
