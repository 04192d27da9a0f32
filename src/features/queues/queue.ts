import type { RecordingNotice, RecordingRule } from '../../engines/recording/policy.js';
import type { Strategy } from '../../engines/acd/acd-events.js';
import type { OverflowTargets } from '../../engines/acd/overflow.js';
import { PLAIN_QUEUE } from '../../engines/acd/acd-events.js';
import type {
  AgentId,
  CalendarId,
  MusicId,
  PromptId,
  QueueId,
  ScriptId,
  SkillId,
  SurveyId,
} from '../../kernel/ids.js';
import type { Target } from '../../telephony/directory.js';
import type { Versioned } from '../configuration/index.js';

/** From this wait on a lower level is enough; level 0 drops the requirement. */
export interface QueueRelaxStep {
  readonly afterS: number;
  readonly minLevel: number;
}

/** A skill that every caller of a queue is asked for. */
export interface QueueSkill {
  readonly skill: SkillId;
  /** False is preferred: agents who have it come first, others may be offered the call too. */
  readonly isRequired: boolean;
  readonly minLevel: number;
  /** Ascending in time, descending in level. */
  readonly relax: readonly QueueRelaxStep[];
}

/** A line of callers and the agents who answer them, as the form sets it. Durations in seconds. */
export interface QueueDraft {
  readonly name: string;
  readonly strategy: Strategy;
  /** Points of the weighted score; of no effect under other strategies. */
  readonly weightLevel: number;
  readonly weightIdle: number;
  readonly weightLoad: number;
  readonly weightResult: number;
  readonly ringTimeoutS: number;
  readonly rejectMemoryS: number;
  /** 0 is never. */
  readonly missesUntilNotReady: number;
  readonly autoAnswers: boolean;
  readonly whisper: PromptId | undefined;
  /** How long a caller waits for the agent of last time (0: not at all), who spoke to the caller at most `stickyDays` ago. */
  readonly stickyS: number;
  readonly stickyDays: number;
  /** Head start over other queues of the same agents, in points of priority. */
  readonly weight: number;
  /** 0 is without limit. */
  readonly maxTalking: number;
  /** In the order of their ids, each skill once. */
  readonly skills: readonly QueueSkill[];
  /** The node's own where there is none. */
  readonly music: MusicId | undefined;
  /** Played in turn. */
  readonly announcements: readonly PromptId[];
  readonly announceEveryS: number;
  readonly tellPlace: boolean;
  readonly tellWait: boolean;
  readonly tellEveryS: number;
  readonly callbackOffered: boolean;
  readonly callbackAfterS: number;
  /** How often the number is dialed in all. */
  readonly callbackAttempts: number;
  readonly callbackRetryS: number;
  /** In hours; older callbacks are closed. 0 is never. */
  readonly callbackMaxAgeH: number;
  /** 0 is without limit. */
  readonly maxWaitS: number;
  /** Callers in line at most; 0 is without limit. */
  readonly maxLength: number;
  /** Callers in line for each signed-in agent at most; 0 is without limit. */
  readonly maxPerAgent: number;
  readonly leaveWhenEmpty: boolean;
  /** Open always where there is none. */
  readonly calendar: CalendarId | undefined;
  /** Those still in line when it closes are sent on too. */
  readonly clearAtClosing: boolean;
  readonly overflow: Target;
  /** Where callers go for one reason; the general target where there is none. */
  readonly overflowClosed: Target | undefined;
  readonly overflowEmpty: Target | undefined;
  readonly overflowFull: Target | undefined;
  readonly overflowLate: Target | undefined;
  readonly wrapUpS: number;
  readonly wrapUpUntilDone: boolean;
  readonly wrapUpExtensions: number;
  readonly wrapUpExtendS: number;
  readonly codeNeeded: boolean;
  /** Asked when the agent has hung up; nothing is asked where there is none. */
  readonly survey: SurveyId | undefined;
  /** Of a hundred callers so many are asked. */
  readonly surveyShare: number;
  /** A number that was asked is left alone for so many days; 0 is not at all. */
  readonly surveyDays: number;
  /** What agents follow in its calls; a campaign's own goes first. */
  readonly script: ScriptId | undefined;
  readonly recording: RecordingRule;
  readonly recordingNotice: RecordingNotice;
  /** E.164: shown on calls that go out in its name; '' for that of whoever dials. */
  readonly callerId: string;
  readonly serviceLevelS: number;
  /** Who hangs up earlier is left out of rates: a wrong number, or somebody who thought again. */
  readonly shortAbandonS: number;
  /** Agents in use only, in the order of a fixed order and of taking turns. */
  readonly members: readonly AgentId[];
}

export interface StoredQueue extends Versioned<QueueId>, QueueDraft {}

export const QUEUE_SORTS = ['name', 'updated'] as const;
export type QueueSort = (typeof QUEUE_SORTS)[number];

/** Bounds of the form's numbers, shown beside them. */
export const QUEUE_LIMITS = {
  ringTimeoutS: { min: 5, max: 120, default: 20 },
  rejectMemoryS: { min: 0, max: 3_600, default: PLAIN_QUEUE.rejectMemoryMs / 1_000 },
  missesUntilNotReady: { min: 0, max: 20, default: PLAIN_QUEUE.missesUntilNotReady },
  stickyS: { min: 0, max: 1_800, default: 0 },
  stickyDays: { min: 1, max: 90, default: 7 },
  weight: { min: 0, max: 100, default: 0 },
  maxTalking: { min: 0, max: 10_000, default: 0 },
  points: { min: 0, max: 100 },
  announceEveryS: { min: 15, max: 3_600, default: 60 },
  tellEveryS: { min: 15, max: 600, default: 60 },
  callbackAfterS: { min: 0, max: 3_600, default: 60 },
  callbackAttempts: { min: 1, max: 10, default: 3 },
  callbackRetryS: { min: 60, max: 86_400, default: 900 },
  callbackMaxAgeH: { min: 0, max: 720, default: 48 },
  maxWaitS: { min: 0, max: 86_400, default: 600 },
  maxLength: { min: 0, max: 10_000, default: 0 },
  maxPerAgent: { min: 0, max: 1_000, default: 0 },
  wrapUpS: { min: 0, max: 3_600, default: 15 },
  wrapUpExtensions: { min: 0, max: 10, default: 0 },
  wrapUpExtendS: { min: 5, max: 600, default: 30 },
  surveyShare: { min: 1, max: 100, default: 100 },
  surveyDays: { min: 0, max: 365, default: 30 },
  serviceLevelS: { min: 1, max: 3_600, default: 20 },
  shortAbandonS: { min: 0, max: 60, default: 5 },
} as const;
/** A shorter limit would send callers away before the first agent could answer. */
export const SHORTEST_MAX_WAIT_S = 10;
/** Skills that one queue asks for at most. */
export const MAX_QUEUE_SKILLS = 10;
export const MAX_QUEUE_RELAX_STEPS = 3;
/** A level may not relax later than a caller may wait. */
export const MAX_RELAX_AFTER_S = QUEUE_LIMITS.maxWaitS.max;

const { weights } = PLAIN_QUEUE;

/** What the form of a new queue shows. */
export const NEW_QUEUE: Omit<QueueDraft, 'members' | 'overflow'> = {
  name: '',
  strategy: PLAIN_QUEUE.strategy,
  weightLevel: weights.level,
  weightIdle: weights.idle,
  weightLoad: weights.load,
  weightResult: weights.result,
  ringTimeoutS: QUEUE_LIMITS.ringTimeoutS.default,
  rejectMemoryS: QUEUE_LIMITS.rejectMemoryS.default,
  missesUntilNotReady: QUEUE_LIMITS.missesUntilNotReady.default,
  autoAnswers: false,
  whisper: undefined,
  stickyS: QUEUE_LIMITS.stickyS.default,
  stickyDays: QUEUE_LIMITS.stickyDays.default,
  weight: QUEUE_LIMITS.weight.default,
  maxTalking: QUEUE_LIMITS.maxTalking.default,
  skills: [],
  music: undefined,
  announcements: [],
  announceEveryS: QUEUE_LIMITS.announceEveryS.default,
  tellPlace: false,
  tellWait: false,
  tellEveryS: QUEUE_LIMITS.tellEveryS.default,
  callbackOffered: false,
  callbackAfterS: QUEUE_LIMITS.callbackAfterS.default,
  callbackAttempts: QUEUE_LIMITS.callbackAttempts.default,
  callbackRetryS: QUEUE_LIMITS.callbackRetryS.default,
  callbackMaxAgeH: QUEUE_LIMITS.callbackMaxAgeH.default,
  maxWaitS: QUEUE_LIMITS.maxWaitS.default,
  maxLength: QUEUE_LIMITS.maxLength.default,
  maxPerAgent: QUEUE_LIMITS.maxPerAgent.default,
  leaveWhenEmpty: true,
  calendar: undefined,
  clearAtClosing: false,
  overflowClosed: undefined,
  overflowEmpty: undefined,
  overflowFull: undefined,
  overflowLate: undefined,
  wrapUpS: QUEUE_LIMITS.wrapUpS.default,
  wrapUpUntilDone: false,
  wrapUpExtensions: QUEUE_LIMITS.wrapUpExtensions.default,
  wrapUpExtendS: QUEUE_LIMITS.wrapUpExtendS.default,
  codeNeeded: false,
  survey: undefined,
  surveyShare: QUEUE_LIMITS.surveyShare.default,
  surveyDays: QUEUE_LIMITS.surveyDays.default,
  script: undefined,
  recording: 'default',
  recordingNotice: 'default',
  callerId: '',
  serviceLevelS: QUEUE_LIMITS.serviceLevelS.default,
  shortAbandonS: QUEUE_LIMITS.shortAbandonS.default,
};

/** The fields of the targets, the general one first. */
export const OVERFLOW_FIELDS = [
  'overflow',
  'overflowClosed',
  'overflowEmpty',
  'overflowFull',
  'overflowLate',
] as const;
export type OverflowField = (typeof OVERFLOW_FIELDS)[number];

/** Where callers go for each reason that has a target of its own. */
export const ownOverflows = (queue: Pick<QueueDraft, OverflowField>): OverflowTargets<Target> => {
  const { overflowClosed, overflowEmpty, overflowFull, overflowLate } = queue;
  return {
    ...(overflowClosed && { closed: overflowClosed }),
    ...(overflowEmpty && { empty: overflowEmpty }),
    ...(overflowFull && { full: overflowFull }),
    ...(overflowLate && { late: overflowLate }),
  };
};

/** The queues that a queue's targets lead to, by the field that says so. */
export const queuesBehind = (
  queue: Pick<QueueDraft, OverflowField>,
): readonly (readonly [OverflowField, QueueId])[] =>
  OVERFLOW_FIELDS.flatMap((field) => {
    const target = queue[field];
    return target?.kind === 'queue' ? [[field, target.id] as const] : [];
  });

/**
 * The queues that callers who overflow from `start` pass, when they come back to where they were; undefined where every way
 * ends. `behind` gives the queues that a queue overflows to.
 */
export function overflowLoop(
  start: QueueId,
  behind: (id: QueueId) => readonly QueueId[],
): readonly QueueId[] | undefined {
  const ends = new Set<QueueId>();
  const search = (at: QueueId, before: readonly QueueId[]): readonly QueueId[] | undefined => {
    if (ends.has(at)) return undefined;
    const passed = [...before, at];
    if (before.includes(at)) return passed;
    for (const next of behind(at)) {
      const found = search(next, passed);
      if (found !== undefined) return found;
    }
    ends.add(at);
    return undefined;
  };
  return search(start, []);
}
