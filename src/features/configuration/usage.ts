import type {
  AgentId,
  CalendarId,
  CampaignId,
  ConferenceId,
  ContactFieldId,
  ContactListId,
  DidId,
  ExtensionId,
  FlowId,
  LookupId,
  MusicId,
  QueueId,
  RegionId,
  RingGroupId,
  ScriptId,
  SkillId,
  SurveyId,
} from '../../kernel/ids.js';
import type { NumberRange } from '../../telephony/other-pbx.js';

/** Something that uses a row: it routes callers there or by it, works there, asks for it, or stands below it. */
export interface Usage {
  readonly kind:
    | 'did'
    | 'queue'
    | 'flow'
    | 'agent'
    | 'ring-group'
    | 'ring-group-member'
    | 'trunk'
    | 'paging-group'
    | 'queue-skill'
    | 'queue-music'
    | 'queue-survey'
    | 'queue-script'
    | 'music'
    | 'survey'
    | 'not-ready-reason'
    | 'routing-rule'
    | 'hook'
    | 'disposition'
    | 'operator'
    | 'limits'
    | 'campaign'
    | 'callbacks';
  readonly id: number;
  /** As pages show it; numbers of DIDs are in stored form. */
  readonly name: string;
  /** Set for open callbacks of a queue, whose `id` it is: how many. */
  readonly count?: number;
}

/** Finds what uses a row. Archived users do not count; of IVR flows the published version counts. */
export interface UsageReports {
  ofQueue(id: QueueId): Promise<readonly Usage[]>;
  /** Routing rules that give calls to the agent. Queues that the agent works in do not count. */
  ofAgent(id: AgentId): Promise<readonly Usage[]>;
  /** Routing rules and hooks that ask whether a call came in on the number, and flows that show it to whom they call. */
  ofDid(id: DidId): Promise<readonly Usage[]>;
  /** Queues that play it. */
  ofMusic(id: MusicId): Promise<readonly Usage[]>;
  /** Queues that ask it after a talk, and IVR flows whose published version does. */
  ofSurvey(id: SurveyId): Promise<readonly Usage[]>;
  /** Queues and campaigns whose agents follow it. */
  ofScript(id: ScriptId): Promise<readonly Usage[]>;
  /** Routing rules that ask whether a caller belongs there. */
  ofRegion(id: RegionId): Promise<readonly Usage[]>;
  ofExtension(id: ExtensionId): Promise<readonly Usage[]>;
  ofRingGroup(id: RingGroupId): Promise<readonly Usage[]>;
  /** What asks for a skill: queues, their steps in IVR flows, rules. Agents who have it do not count. */
  ofSkill(id: SkillId): Promise<readonly Usage[]>;
  /** Only what leads to the extension's mailbox by name; who leaves a message after ringing does not count. */
  ofMailbox(id: ExtensionId): Promise<readonly Usage[]>;
  /** Queues that are open by the calendar, and IVR flows whose published version asks it for opening hours. */
  ofCalendar(id: CalendarId): Promise<readonly Usage[]>;
  /** IVR flows that read through a connection. */
  ofConnection(id: LookupId): Promise<readonly Usage[]>;
  /** IVR flows that enter it as a sub-flow. */
  ofSubFlow(id: FlowId): Promise<readonly Usage[]>;
  /** IVR flows that book appointments for it, also where only the draft does: it could not be published any more. */
  ofCampaign(id: CampaignId): Promise<readonly Usage[]>;
  /** IVR flows that lead into a conference room. */
  ofRoom(id: ConferenceId): Promise<readonly Usage[]>;
  /** Routing rules that ask for the field of who calls, or add what it holds to the priority. */
  ofContactField(id: ContactFieldId): Promise<readonly Usage[]>;
  /** Campaigns that call people of the list, and routing rules that ask whether who calls is in it. */
  ofContactList(id: ContactListId): Promise<readonly Usage[]>;
  /** What leads to numbers of another telephone system. */
  ofPbxNumbers(ranges: readonly NumberRange[]): Promise<readonly Usage[]>;
}
