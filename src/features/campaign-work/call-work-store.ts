import type { ScriptRun } from '../../engines/script/run.js';
import type { Script } from '../../engines/script/script.js';
import type {
  AgentId,
  AttemptId,
  CallId,
  CampaignId,
  ContactId,
  QueueId,
  ScriptId,
  UserId,
} from '../../kernel/ids.js';
import type { CallAttempt, ContactRecord, DayResults, MachineTruth } from './call-work.js';

/** A run as it is kept, with the script as it was when it began. */
export interface KeptRun {
  readonly scriptId: ScriptId;
  readonly script: Script;
  readonly run: ScriptRun;
}

/** What a run belongs to. */
export interface RunOf {
  readonly callId: CallId;
  readonly agentId: AgentId;
  readonly contactId?: ContactId;
  readonly campaignId?: CampaignId;
  readonly attemptId?: AttemptId;
}

/** What agents read and write of calls of campaigns. Rejects while the database is away. */
export interface CallWorkStore {
  attemptOf(callId: CallId): Promise<CallAttempt | undefined>;
  /** `callId`: whose do-not-call entries can be taken back. */
  contact(id: ContactId, callId: CallId): Promise<ContactRecord | undefined>;
  /** The only contact with this number. */
  contactWith(number: string): Promise<ContactId | undefined>;
  /** The campaign's script, else the queue's; as it is now. */
  scriptFor(
    campaign: CampaignId | undefined,
    queue: QueueId | undefined,
  ): Promise<
    { readonly id: ScriptId; readonly version: number; readonly script: Script } | undefined
  >;
  run(callId: CallId, agentId: AgentId): Promise<KeptRun | undefined>;
  saveRun(of: RunOf, kept: KeptRun, at: Date): Promise<void>;
  /** Writes answers to the contact's own fields, by their keys; false where the contact is gone. */
  saveFields(contact: ContactId, fields: Readonly<Record<string, string>>): Promise<boolean>;
  saveTruth(attempt: AttemptId, truth: MachineTruth | ''): Promise<void>;
  /** Nobody calls these numbers any more, for the campaign or (undefined) for any. */
  doNotCall(
    numbers: readonly string[],
    entry: {
      readonly campaignId: CampaignId | undefined;
      readonly callId: CallId;
      readonly userId: UserId | undefined;
      readonly at: Date;
    },
  ): Promise<void>;
  /** Takes back what an agent said in this call; how many entries there were. */
  callAgain(callId: CallId): Promise<number>;
  dayResults(agentId: AgentId, userId: UserId | undefined, since: Date): Promise<DayResults>;
}
