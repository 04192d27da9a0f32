import type { Strategy } from '../../engines/acd/acd-events.js';
import type { RecordingNotice, RecordingRule } from '../../engines/recording/policy.js';
import { readWeights } from '../../engines/acd/queue-schema.js';
import type {
  CalendarId,
  MusicId,
  PromptId,
  QueueId,
  ScriptId,
  SurveyId,
} from '../../kernel/ids.js';
import { readOverflowFor, readTarget } from '../configuration/index.js';
import { ownOverflows, type QueueDraft, type StoredQueue } from './queue.js';

/** A row of `queues`. */
export interface QueueRow {
  readonly id: QueueId;
  readonly version: number;
  readonly archived_at: Date | null;
  readonly updated_at: Date;
  readonly name: string;
  readonly strategy: Strategy;
  readonly weights: unknown;
  readonly ring_timeout_s: number;
  readonly reject_memory_s: number;
  readonly misses_until_not_ready: number;
  readonly auto_answers: number;
  readonly whisper_prompt_id: PromptId | null;
  readonly sticky_s: number;
  readonly sticky_days: number;
  readonly weight: number;
  readonly max_talking: number;
  readonly music_id: MusicId | null;
  readonly announce_every_s: number;
  readonly tell_place: number;
  readonly tell_wait: number;
  readonly tell_every_s: number;
  readonly callback_offered: number;
  readonly callback_after_s: number;
  readonly callback_attempts: number;
  readonly callback_retry_s: number;
  readonly callback_max_age_h: number;
  readonly max_wait_s: number;
  readonly max_length: number;
  readonly max_per_agent: number;
  readonly leave_when_empty: number;
  readonly calendar_id: CalendarId | null;
  readonly clear_at_closing: number;
  readonly overflow: unknown;
  readonly overflow_for: unknown;
  readonly wrap_up_s: number;
  readonly wrap_up_until_done: number;
  readonly wrap_up_extensions: number;
  readonly wrap_up_extend_s: number;
  readonly code_needed: number;
  readonly survey_id: SurveyId | null;
  readonly survey_share: number;
  readonly survey_days: number;
  readonly script_id: ScriptId | null;
  readonly recording: RecordingRule;
  readonly recording_notice: RecordingNotice;
  readonly caller_id: string;
  readonly service_level_s: number;
  readonly short_abandon_s: number;
}

const distributionOf = (row: QueueRow) => {
  const weights = readWeights(row.weights);
  return {
    strategy: row.strategy,
    weightLevel: weights.level,
    weightIdle: weights.idle,
    weightLoad: weights.load,
    weightResult: weights.result,
    ringTimeoutS: row.ring_timeout_s,
    rejectMemoryS: row.reject_memory_s,
    missesUntilNotReady: row.misses_until_not_ready,
    autoAnswers: row.auto_answers === 1,
    whisper: row.whisper_prompt_id ?? undefined,
    stickyS: row.sticky_s,
    stickyDays: row.sticky_days,
    weight: row.weight,
    maxTalking: row.max_talking,
  };
};

const waitingOf = (row: QueueRow) => ({
  music: row.music_id ?? undefined,
  announceEveryS: row.announce_every_s,
  tellPlace: row.tell_place === 1,
  tellWait: row.tell_wait === 1,
  tellEveryS: row.tell_every_s,
  callbackOffered: row.callback_offered === 1,
  callbackAfterS: row.callback_after_s,
  callbackAttempts: row.callback_attempts,
  callbackRetryS: row.callback_retry_s,
  callbackMaxAgeH: row.callback_max_age_h,
});

const overflowsOf = (row: QueueRow) => {
  const { closed, empty, full, late } = readOverflowFor(row.overflow_for);
  return {
    overflow: readTarget(row.overflow),
    overflowClosed: closed,
    overflowEmpty: empty,
    overflowFull: full,
    overflowLate: late,
  };
};

const limitsOf = (row: QueueRow) => ({
  maxWaitS: row.max_wait_s,
  maxLength: row.max_length,
  maxPerAgent: row.max_per_agent,
  leaveWhenEmpty: row.leave_when_empty === 1,
  calendar: row.calendar_id ?? undefined,
  clearAtClosing: row.clear_at_closing === 1,
  ...overflowsOf(row),
});

/** What a row of `queues` says; members, skills and announcements are in tables of their own. */
export const queueOf = (
  row: QueueRow,
): Omit<StoredQueue, 'members' | 'skills' | 'announcements'> => ({
  id: row.id,
  version: row.version,
  archivedAt: row.archived_at ?? undefined,
  updatedAt: row.updated_at,
  name: row.name,
  ...distributionOf(row),
  ...waitingOf(row),
  ...limitsOf(row),
  wrapUpS: row.wrap_up_s,
  wrapUpUntilDone: row.wrap_up_until_done === 1,
  wrapUpExtensions: row.wrap_up_extensions,
  wrapUpExtendS: row.wrap_up_extend_s,
  codeNeeded: row.code_needed === 1,
  survey: row.survey_id ?? undefined,
  surveyShare: row.survey_share,
  surveyDays: row.survey_days,
  script: row.script_id ?? undefined,
  recording: row.recording,
  recordingNotice: row.recording_notice,
  callerId: row.caller_id,
  serviceLevelS: row.service_level_s,
  shortAbandonS: row.short_abandon_s,
});

/** The same as columns to write. */
export const queueColumns = (draft: QueueDraft) => ({
  name: draft.name,
  strategy: draft.strategy,
  weights: JSON.stringify({
    level: draft.weightLevel,
    idle: draft.weightIdle,
    load: draft.weightLoad,
    result: draft.weightResult,
  }),
  ring_timeout_s: draft.ringTimeoutS,
  reject_memory_s: draft.rejectMemoryS,
  misses_until_not_ready: draft.missesUntilNotReady,
  auto_answers: draft.autoAnswers,
  whisper_prompt_id: draft.whisper ?? null,
  sticky_s: draft.stickyS,
  sticky_days: draft.stickyDays,
  weight: draft.weight,
  max_talking: draft.maxTalking,
  music_id: draft.music ?? null,
  announce_every_s: draft.announceEveryS,
  tell_place: draft.tellPlace,
  tell_wait: draft.tellWait,
  tell_every_s: draft.tellEveryS,
  callback_offered: draft.callbackOffered,
  callback_after_s: draft.callbackAfterS,
  callback_attempts: draft.callbackAttempts,
  callback_retry_s: draft.callbackRetryS,
  callback_max_age_h: draft.callbackMaxAgeH,
  ...limitColumns(draft),
});

const ownOverflowsColumn = (draft: QueueDraft): string | null => {
  const own = ownOverflows(draft);
  return Object.keys(own).length === 0 ? null : JSON.stringify(own);
};

const limitColumns = (draft: QueueDraft) => ({
  max_wait_s: draft.maxWaitS,
  max_length: draft.maxLength,
  max_per_agent: draft.maxPerAgent,
  leave_when_empty: draft.leaveWhenEmpty,
  calendar_id: draft.calendar ?? null,
  clear_at_closing: draft.clearAtClosing,
  overflow: JSON.stringify(draft.overflow),
  overflow_for: ownOverflowsColumn(draft),
  wrap_up_s: draft.wrapUpS,
  wrap_up_until_done: draft.wrapUpUntilDone,
  wrap_up_extensions: draft.wrapUpExtensions,
  wrap_up_extend_s: draft.wrapUpExtendS,
  code_needed: draft.codeNeeded,
  survey_id: draft.survey ?? null,
  survey_share: draft.surveyShare,
  survey_days: draft.surveyDays,
  script_id: draft.script ?? null,
  recording: draft.recording,
  recording_notice: draft.recordingNotice,
  caller_id: draft.callerId,
  service_level_s: draft.serviceLevelS,
  short_abandon_s: draft.shortAbandonS,
});
