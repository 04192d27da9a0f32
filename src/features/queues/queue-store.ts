import type { Language } from '../../kernel/call-event.js';
import type {
  AgentId,
  CalendarId,
  MusicId,
  PromptId,
  QueueId,
  SkillId,
  ScriptId,
  SurveyId,
} from '../../kernel/ids.js';
import type { VersionedStore } from '../configuration/index.js';
import type { SkillOption } from '../skills/index.js';
import type { QueueDraft, QueueSort, StoredQueue } from './queue.js';

/** An agent who can be a member, with the levels of the agent's skills. */
export interface MemberOption {
  readonly id: AgentId;
  readonly name: string;
  readonly number: string;
  readonly levels: ReadonlyMap<SkillId, number>;
}

/** A prompt that callers or agents can hear, with the languages in which it can be played. */
export interface AnnouncementOption {
  readonly id: PromptId;
  readonly name: string;
  readonly languages: readonly Language[];
}

/** Everything in use that a queue can name, each by name. */
export interface QueueOptions {
  readonly agents: readonly MemberOption[];
  readonly prompts: readonly AnnouncementOption[];
  readonly music: readonly { readonly id: MusicId; readonly name: string }[];
  readonly surveys: readonly { readonly id: SurveyId; readonly name: string }[];
  readonly scripts: readonly { readonly id: ScriptId; readonly name: string }[];
  readonly skills: readonly SkillOption[];
  readonly calendars: readonly { readonly id: CalendarId; readonly name: string }[];
}

/** Queues with their members. Changing members raises the versions of the agents too, because their page shows them. */
export interface QueueStore extends VersionedStore<QueueId, QueueDraft, StoredQueue, QueueSort> {
  options(): Promise<QueueOptions>;
  /** Queues whose skills no member has, however long a call waits. */
  nobodyTakes(): Promise<ReadonlySet<QueueId>>;
}
