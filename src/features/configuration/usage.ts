import type {
  AgentId,
  CalendarId,
  ConferenceId,
  DidId,
  ExtensionId,
  LookupId,
  MusicId,
  QueueId,
  RegionId,
  SkillId,
} from '../../kernel/ids.js';

/** Something that uses a row: it routes callers there or by it, works there, asks for it, or stands below it. */
export interface Usage {
  readonly kind:
    | 'did'
    | 'queue'
    | 'flow'
    | 'agent'
    | 'queue-skill'
    | 'queue-music'
    | 'music'
    | 'routing-rule'
    | 'disposition';
  readonly id: number;
  /** As pages show it; numbers of DIDs are in stored form. */
  readonly name: string;
}

/** Finds what uses a row. Archived users do not count; of IVR flows the published version counts. */
export interface UsageReports {
  ofQueue(id: QueueId): Promise<readonly Usage[]>;
  /** Routing rules that give calls to the agent. Queues that the agent works in do not count. */
  ofAgent(id: AgentId): Promise<readonly Usage[]>;
  /** Routing rules that ask whether a call came in on the number. */
  ofDid(id: DidId): Promise<readonly Usage[]>;
  /** Queues that play it. */
  ofMusic(id: MusicId): Promise<readonly Usage[]>;
  /** Routing rules that ask whether a caller belongs there. */
  ofRegion(id: RegionId): Promise<readonly Usage[]>;
  ofExtension(id: ExtensionId): Promise<readonly Usage[]>;
  /** What asks for a skill. Agents who have it do not count. */
  ofSkill(id: SkillId): Promise<readonly Usage[]>;
  /** Only what leads to the extension's mailbox by name; who leaves a message after ringing does not count. */
  ofMailbox(id: ExtensionId): Promise<readonly Usage[]>;
  /** Queues that are open by the calendar, and IVR flows whose published version asks it for opening hours. */
  ofCalendar(id: CalendarId): Promise<readonly Usage[]>;
  /** IVR flows that read through a connection. */
  ofConnection(id: LookupId): Promise<readonly Usage[]>;
  /** IVR flows that lead into a conference room. */
  ofRoom(id: ConferenceId): Promise<readonly Usage[]>;
}
