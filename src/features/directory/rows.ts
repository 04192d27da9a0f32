import type { CallerIdPool } from '../../engines/caller-id/choose.js';
import type { RecordingNotice, RecordingRule } from '../../engines/recording/policy.js';
import type {
  AgentId,
  CalendarId,
  ConferenceId,
  DidId,
  ExtensionId,
  FlowId,
  LookupId,
  MusicId,
  PromptId,
  QueueId,
  RingGroupId,
  RegionId,
  SkillId,
  HookId,
  RoutingRuleId,
  SurveyId,
  TrunkId,
} from '../../kernel/ids.js';
import type { RoomRecords } from '../../engines/conference/room.js';
import type { RoomAnnouncement } from '../../telephony/conference-rooms.js';
import type { PermissionClass } from '../../telephony/directory.js';

/** Rows as the database gives them: booleans are 0 or 1, JSON is text (MariaDB) or parsed (MySQL). */
export interface TrunkRow {
  readonly id: TrunkId;
  readonly name: string;
  readonly technology: 'sip' | 'e1';
  readonly enabled: number;
  readonly priority: number;
  readonly max_channels: number;
  readonly max_incoming: number;
  readonly caller_id: string;
  readonly pbx_ranges: unknown;
  readonly pbx_permission: string | null;
  readonly pbx_elsewhere: unknown;
  readonly allowed_caller_ids: unknown;
  readonly may_withhold: number;
  readonly recording: RecordingRule;
  readonly recording_notice: RecordingNotice;
}
export interface DidRow {
  readonly id: DidId;
  readonly number: string;
  readonly name: string;
  readonly target: unknown;
  readonly language: string;
}
export interface ExtensionRow {
  readonly id: ExtensionId;
  readonly number: string;
  readonly name: string;
  readonly permission: string;
  readonly caller_id: string;
  readonly recording_inbound: RecordingRule;
  readonly recording_outbound: RecordingRule;
  readonly recording_internal: RecordingRule;
  readonly voicemail: number;
  readonly ring_timeout_s: number;
  readonly language: string;
  readonly department: string;
  readonly listed: number;
  readonly name_hash: string;
  readonly name_said: string;
}
export interface AgentRow {
  readonly id: number;
  readonly name: string;
  readonly number: string;
  readonly pin_sealed: string;
  readonly extension_id: number | null;
  readonly caller_ids: unknown;
  readonly caller_id_order: CallerIdPool['order'];
  readonly outside_phone: string;
}
export interface MemberRow {
  readonly queue_id: QueueId;
  readonly agent_id: AgentId;
}
export interface QueueAnnouncementRow {
  readonly queue_id: QueueId;
  readonly prompt_id: PromptId;
}
export interface QueueSkillRow {
  readonly queue_id: QueueId;
  readonly skill_id: SkillId;
  readonly required: number;
  readonly min_level: number;
  readonly relax: unknown;
}
export interface SkillRow {
  readonly id: SkillId;
  readonly name: string;
  readonly kind: 'skill' | 'language';
  readonly language: string | null;
}
export interface AgentLevelRow {
  readonly agent_id: number;
  readonly skill_id: SkillId;
  readonly level: number;
}
export interface RegionRow {
  readonly id: RegionId;
  readonly version: number;
  readonly name: string;
}
export interface RegionPrefixRow {
  readonly region_id: RegionId;
  readonly prefix: string;
}
export interface QueueRow {
  readonly id: QueueId;
  readonly name: string;
  readonly ring_timeout_s: number;
  readonly wrap_up_s: number;
  readonly max_wait_s: number;
  readonly max_length: number;
  readonly overflow: unknown;
  readonly overflow_for: unknown;
  readonly leave_when_empty: number;
  readonly music_id: MusicId | null;
  readonly announce_every_s: number;
  readonly recording: RecordingRule;
  readonly recording_notice: RecordingNotice;
  readonly caller_id: string;
  readonly service_level_s: number;
  readonly strategy: string;
  readonly weights: unknown;
  readonly weight: number;
  readonly max_talking: number;
  readonly reject_memory_s: number;
  readonly misses_until_not_ready: number;
  readonly auto_answers: number;
  readonly whisper_prompt_id: PromptId | null;
  readonly wrap_up_until_done: number;
  readonly wrap_up_extensions: number;
  readonly wrap_up_extend_s: number;
  readonly code_needed: number;
  readonly max_per_agent: number;
  readonly calendar_id: CalendarId | null;
  readonly clear_at_closing: number;
  readonly sticky_s: number;
  readonly sticky_days: number;
  readonly tell_place: number;
  readonly tell_wait: number;
  readonly tell_every_s: number;
  readonly callback_offered: number;
  readonly callback_after_s: number;
  readonly callback_attempts: number;
  readonly callback_retry_s: number;
  readonly callback_max_age_h: number;
  readonly survey_id: SurveyId | null;
  readonly survey_share: number;
  readonly survey_days: number;
}
export interface RingGroupRow {
  readonly id: RingGroupId;
  readonly name: string;
  readonly number: string | null;
  readonly strategy: string;
  readonly ring_s: number;
  readonly prefix: string;
  readonly confirms: number;
  readonly elsewhere: unknown;
}
export interface OwnSpeedDialRow {
  readonly extension_id: ExtensionId;
  readonly code: string;
  readonly name: string;
  readonly number: string;
}
export interface FlowRow {
  readonly id: FlowId;
  readonly name: string;
  readonly flow_version: number;
  readonly definition: unknown;
}
export interface CalendarRow {
  readonly id: CalendarId;
  readonly name: string;
  readonly zone: string;
  readonly weekly: unknown;
  readonly exceptions: unknown;
}
export interface PromptRow {
  readonly id: PromptId;
  readonly name: string;
}
export interface PromptFileRow {
  readonly prompt_id: number;
  readonly language: string;
  readonly hash: string;
}
export interface RoutingRuleRow {
  readonly id: RoutingRuleId;
  readonly name: string;
  readonly conditions: unknown;
  readonly effects: unknown;
}
export interface ConferenceRow {
  readonly id: ConferenceId;
  readonly name: string;
  readonly number: string;
  readonly pin_sealed: string;
  readonly host_pin_sealed: string;
  readonly guests_wait: number;
  readonly ends_with_host: number;
  readonly max_members: number;
  readonly announces: RoomAnnouncement;
  readonly records: RoomRecords;
  readonly invites: PermissionClass;
}
export interface LookupRow {
  readonly id: LookupId;
  readonly version: number;
  readonly name: string;
  readonly host: string;
  readonly port: number;
  readonly database_name: string;
  readonly user: string;
  readonly password_sealed: string;
}
export interface HookRow {
  readonly id: HookId;
  readonly name: string;
  readonly url: string;
  readonly dids: unknown;
  readonly queues: unknown;
  readonly timeout_ms: number;
  readonly secret_sealed: string;
  readonly allowed_addresses: unknown;
  readonly ca_certificate: string | null;
}

export interface AgentResultRow {
  readonly queue_id: QueueId;
  readonly agent_id: number;
  readonly result: number;
}
