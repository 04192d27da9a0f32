import { createHash, randomBytes } from 'node:crypto';

/** Ids of calls, ledger events, recordings: 26 characters, sortable by time of creation (ULID layout). */
export type CallId = string & { readonly __brand: 'CallId' };
export type EventId = string & { readonly __brand: 'EventId' };
export type RecordingId = string & { readonly __brand: 'RecordingId' };
/** Ids on an Asterisk node. Those that we make end in their kind: `<id>-agent`, `<id>-bridge`. */
export type ChannelId = string & { readonly __brand: 'ChannelId' };
export type BridgeId = string & { readonly __brand: 'BridgeId' };
export type PlaybackId = string & { readonly __brand: 'PlaybackId' };
/** Row ids of things that an administrator names. */
export type TrunkId = number & { readonly __brand: 'TrunkId' };
export type DidId = number & { readonly __brand: 'DidId' };
export type ExtensionId = number & { readonly __brand: 'ExtensionId' };
export type QueueId = number & { readonly __brand: 'QueueId' };
export type AgentId = number & { readonly __brand: 'AgentId' };
export type FlowId = number & { readonly __brand: 'FlowId' };
/** A test call of a flow's draft. As a version of the flow it counts negative: `-7` is the draft of trial 7. */
export type FlowTrialId = number & { readonly __brand: 'FlowTrialId' };
export type PromptId = number & { readonly __brand: 'PromptId' };
export type UserId = number & { readonly __brand: 'UserId' };
export type SkillId = number & { readonly __brand: 'SkillId' };
export type MusicId = number & { readonly __brand: 'MusicId' };
export type CallRateId = number & { readonly __brand: 'CallRateId' };
export type RegionId = number & { readonly __brand: 'RegionId' };
export type CalendarId = number & { readonly __brand: 'CalendarId' };
export type NotReadyReasonId = number & { readonly __brand: 'NotReadyReasonId' };
export type ConferenceId = number & { readonly __brand: 'ConferenceId' };
export type RingGroupId = number & { readonly __brand: 'RingGroupId' };
export type SpeedDialId = number & { readonly __brand: 'SpeedDialId' };
export type DeskPhoneId = number & { readonly __brand: 'DeskPhoneId' };
export type PagingGroupId = number & { readonly __brand: 'PagingGroupId' };
export type LookupId = number & { readonly __brand: 'LookupId' };
export type DispositionId = number & { readonly __brand: 'DispositionId' };
export type RoutingRuleId = number & { readonly __brand: 'RoutingRuleId' };
export type HookId = number & { readonly __brand: 'HookId' };
export type MailboxId = number & { readonly __brand: 'MailboxId' };
export type CampaignId = number & { readonly __brand: 'CampaignId' };
export type MissedCallerId = number & { readonly __brand: 'MissedCallerId' };
export type ContactId = number & { readonly __brand: 'ContactId' };
export type ContactListId = number & { readonly __brand: 'ContactListId' };
export type ContactFieldId = number & { readonly __brand: 'ContactFieldId' };
export type ContactImportId = number & { readonly __brand: 'ContactImportId' };
export type SegmentId = number & { readonly __brand: 'SegmentId' };
export type LeadId = number & { readonly __brand: 'LeadId' };
/** What agents say in a call, page by page. */
export type ScriptId = number & { readonly __brand: 'ScriptId' };
/** What somebody has promised to do for a contact, and when. */
export type FollowUpId = number & { readonly __brand: 'FollowUpId' };
/** One dial, or one refusal to dial. */
export type AttemptId = string & { readonly __brand: 'AttemptId' };
export type WallboardId = number & { readonly __brand: 'WallboardId' };
export type WallboardLinkId = number & { readonly __brand: 'WallboardLinkId' };
export type AgentMessageId = number & { readonly __brand: 'AgentMessageId' };
export type AlarmId = number & { readonly __brand: 'AlarmId' };
export type AlarmRuleId = number & { readonly __brand: 'AlarmRuleId' };
export type SurveyId = number & { readonly __brand: 'SurveyId' };
export type SurveyQuestionId = number & { readonly __brand: 'SurveyQuestionId' };
/** One time that a survey was offered to a caller. */
export type SurveyRunId = string & { readonly __brand: 'SurveyRunId' };
/** One mail to one address. */
export type MailId = string & { readonly __brand: 'MailId' };
/** A caller who hung up and keeps the place in line. */
export type CallbackId = string & { readonly __brand: 'CallbackId' };

const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
let lastMs = 0;
let lastRandom: number[] = [];

/**
 * A new ULID: 48 bits of milliseconds, 80 random bits, Crockford's base 32. Within one process ids are strictly
 * increasing, also within a millisecond and when the wall clock steps back, so that sorting by id is sorting by
 * the order of creation.
 */
export function newId(nowMs: number = Date.now()): string {
  if (nowMs > lastMs) {
    lastMs = nowMs;
    lastRandom = [...randomBytes(16)].map((b) => b & 31);
  } else {
    for (let i = 15; i >= 0; i--) {
      const digit = lastRandom[i] ?? 0;
      if (digit < 31) {
        lastRandom[i] = digit + 1;
        break;
      }
      lastRandom[i] = 0;
    }
  }
  let time = '';
  for (let rest = lastMs, i = 0; i < 10; i++, rest = Math.floor(rest / 32))
    time = (ALPHABET[rest % 32] ?? '0') + time;
  return time + lastRandom.map((digit) => ALPHABET[digit] ?? '0').join('');
}

/** When an id of {@link newId} was made, also with something behind it; ms since the epoch. */
export const timeOfId = (id: string): number =>
  Array.from({ length: 10 }, (_, at) => Math.max(0, ALPHABET.indexOf(id.charAt(at)))).reduce(
    (ms, digit) => ms * 32 + digit,
    0,
  );

/** An id that is the same whenever it is made of the same moment and seed: what is told twice is written once. */
export function derivedId(atMs: number, seed: string): string {
  let time = '';
  for (let rest = Math.max(0, Math.floor(atMs)), i = 0; i < 10; i++, rest = Math.floor(rest / 32))
    time = (ALPHABET[rest % 32] ?? '0') + time;
  const digest = createHash('sha256').update(seed).digest();
  return time + [...digest.subarray(0, 16)].map((byte) => ALPHABET[byte & 31] ?? '0').join('');
}

export const newCallId = (): CallId => newId() as CallId;
export const newEventId = (): EventId => newId() as EventId;
export const newSurveyRunId = (): SurveyRunId => newId() as SurveyRunId;
export const newAttemptId = (): AttemptId => newId() as AttemptId;
export const newMailId = (): MailId => newId() as MailId;
export const newRecordingId = (): RecordingId => newId() as RecordingId;
export const newPlaybackId = (): PlaybackId => `${newId()}-playback` as PlaybackId;
/** A channel id of ours; `kind` says what the channel is for, `inMs` in how many ms it will be. */
export const newChannelId = (
  kind: 'agent' | 'extension' | 'outside' | 'snoop',
  inMs = 0,
): ChannelId => `${inMs > 0 ? futureId(inMs) : newId()}-${kind}` as ChannelId;
/** Not of {@link newId}: all ids after it would be of the future too. */
const futureId = (inMs: number): string =>
  derivedId(Date.now() + inMs, randomBytes(16).toString('hex'));
export const newBridgeId = (): BridgeId => `${newId()}-bridge` as BridgeId;
/** True for channels and bridges that this product created (as against Asterisk's own ids). */
export const isOurs = (id: string): boolean =>
  /^[0-9A-HJKMNP-TV-Z]{26}-(agent|extension|outside|snoop|bridge)$/.test(id);
