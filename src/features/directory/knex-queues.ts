import type { Knex } from 'knex';
import type { OverflowTargets } from '../../engines/acd/overflow.js';
import { PLAIN_QUEUE, STRATEGIES } from '../../engines/acd/acd-events.js';
import { readRelax, readWeights } from '../../engines/acd/queue-schema.js';
import type { SkillRequirement } from '../../engines/acd/requirement.js';
import type { AgentId, PromptId, QueueId, SkillId } from '../../kernel/ids.js';
import type { QueueConfig, Target } from '../../telephony/directory.js';
import type { MemberRow, QueueAnnouncementRow, QueueRow, QueueSkillRow } from './rows.js';

const json = <T>(value: unknown): T => (typeof value === 'string' ? JSON.parse(value) : value) as T;

/** Which agents are in which queues, looked up from both sides. */
export interface Members {
  /** In the members' order. */
  readonly ofQueue: ReadonlyMap<number, readonly AgentId[]>;
  readonly ofAgent: ReadonlyMap<number, readonly QueueId[]>;
}

/** Reads every membership, in the order in which queues go through their members. */
export async function readMembers(trx: Knex): Promise<Members> {
  const rows: MemberRow[] = await trx('queue_members')
    .orderByRaw('queue_id, position is null, position, agent_id')
    .select('queue_id', 'agent_id');
  return {
    ofQueue: grouped(
      rows,
      (row) => row.queue_id,
      (row) => row.agent_id,
    ),
    ofAgent: grouped(
      rows,
      (row) => row.agent_id,
      (row) => row.queue_id,
    ),
  };
}

/** Queues in use. Members and skills that are archived are left out. */
export async function readQueues(
  trx: Knex,
  members: Members,
  agents: ReadonlySet<number>,
  skills: ReadonlySet<SkillId>,
): Promise<QueueConfig[]> {
  const rows = (await trx('queues')
    .whereNull('archived_at')
    .orderBy('id')
    .select('*')) as QueueRow[];
  const asked = (await trx('queue_skills')
    .orderBy(['queue_id', 'skill_id'])
    .select('*')) as QueueSkillRow[];
  const requirements = grouped(
    asked.filter((row) => skills.has(row.skill_id)),
    (row) => row.queue_id,
    requirementOf,
  );
  const said = (await trx('queue_announcements')
    .orderBy(['queue_id', 'position'])
    .select('*')) as QueueAnnouncementRow[];
  const announcements = grouped(
    said,
    (row) => row.queue_id,
    (row) => row.prompt_id,
  );
  return rows.map((row) =>
    queueOf(
      row,
      (members.ofQueue.get(row.id) ?? []).filter((agent) => agents.has(agent)),
      requirements.get(row.id) ?? [],
      announcements.get(row.id) ?? [],
    ),
  );
}

function grouped<Row, Value>(
  rows: readonly Row[],
  keyOf: (row: Row) => number,
  valueOf: (row: Row) => Value,
): ReadonlyMap<number, readonly Value[]> {
  const groups = new Map<number, Value[]>();
  for (const row of rows) {
    const group = groups.get(keyOf(row));
    if (group) group.push(valueOf(row));
    else groups.set(keyOf(row), [valueOf(row)]);
  }
  return groups;
}

const requirementOf = (row: QueueSkillRow): SkillRequirement => ({
  skill: row.skill_id,
  minLevel: row.min_level,
  isRequired: Boolean(row.required),
  relax: readRelax(row.relax),
});

const queueOf = (
  row: QueueRow,
  members: readonly AgentId[],
  requirements: readonly SkillRequirement[],
  announcements: readonly PromptId[],
): QueueConfig => ({
  id: row.id,
  name: row.name,
  ...distributionOf(row),
  requirements,
  ...limitsOf(row),
  ...waitingOf(row),
  ...(announcements.length === 0 ? {} : { announcements }),
  recording: row.recording,
  recordingNotice: row.recording_notice,
  callerId: row.caller_id,
  ...(row.survey_id === null
    ? {}
    : { survey: { id: row.survey_id, share: row.survey_share, minDays: row.survey_days } }),
  serviceLevelMs: row.service_level_s * 1000,
  members,
});

const distributionOf = (row: QueueRow) => ({
  // One that an older version does not know is as the plain one.
  strategy: STRATEGIES.find((one) => one === row.strategy) ?? PLAIN_QUEUE.strategy,
  weights: readWeights(row.weights),
  weight: row.weight,
  maxTalking: row.max_talking,
  rejectMemoryMs: row.reject_memory_s * 1000,
  missesUntilNotReady: row.misses_until_not_ready,
  ringTimeoutMs: row.ring_timeout_s * 1000,
  autoAnswers: Boolean(row.auto_answers),
  ...(row.whisper_prompt_id === null ? {} : { whisper: row.whisper_prompt_id }),
  wrapUp: {
    ms: row.wrap_up_s * 1000,
    isUntilDone: Boolean(row.wrap_up_until_done),
    extensions: row.wrap_up_extensions,
    extendByMs: row.wrap_up_extend_s * 1000,
    isCodeNeeded: Boolean(row.code_needed),
  },
  stickyMs: row.sticky_s * 1000,
  stickyDays: row.sticky_days,
});

const limitsOf = (row: QueueRow) => ({
  maxWaitMs: row.max_wait_s * 1000,
  maxLength: row.max_length,
  maxPerAgent: row.max_per_agent,
  overflow: json<Target>(row.overflow),
  ...(row.overflow_for === null
    ? {}
    : { overflowFor: json<OverflowTargets<Target>>(row.overflow_for) }),
  leavesWhenEmpty: Boolean(row.leave_when_empty),
  ...(row.calendar_id === null ? {} : { calendarId: row.calendar_id }),
  clearsAtClosing: Boolean(row.clear_at_closing),
});

const waitingOf = (row: QueueRow) => ({
  ...(row.music_id === null ? {} : { musicId: row.music_id }),
  announceEveryMs: row.announce_every_s * 1000,
  tellsPlace: Boolean(row.tell_place),
  tellsWait: Boolean(row.tell_wait),
  tellEveryMs: row.tell_every_s * 1000,
  callbackMaxAgeMs: row.callback_max_age_h * 3_600_000,
  ...(row.callback_offered
    ? {
        callback: {
          offerAfterMs: row.callback_after_s * 1000,
          attempts: row.callback_attempts,
          retryMs: row.callback_retry_s * 1000,
        },
      }
    : {}),
});
