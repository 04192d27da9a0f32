import type { AcdQueue, AgentMembership } from '../../engines/acd/acd-events.js';
import type { SkillRequirement } from '../../engines/acd/requirement.js';
import type { FlowProgram } from '../../engines/ivr/state.js';
import type { Calendar } from '../../engines/routing/calendar.js';
import type { Language } from '../../kernel/call-event.js';
import type { CalendarId, SkillId } from '../../kernel/ids.js';
import type { Distribution } from '../distributions.js';

/** Calls of one queue that come at an even rate for a while. */
export interface ArrivalPiece {
  readonly fromMs: number;
  readonly toMs: number;
  readonly callsPerMs: number;
}

/** When a call leaves its queue without an answer. Times in ms. */
export interface PlanOverflow {
  /** After so long in line; Infinity is never. */
  readonly waitMs: number;
  /** Where so many are in line already; Infinity is never. */
  readonly length: number;
  /** Index of the queue that takes the call; undefined: it leaves. */
  readonly to: number | undefined;
}

/** One queue: its rules, and who calls it. */
export interface PlanQueue {
  readonly name: string;
  /** What the engine is told. */
  readonly rules: AcdQueue;
  readonly priority: number;
  readonly arrivals: readonly ArrivalPiece[];
  readonly handling: Distribution;
  readonly patience: Distribution;
  /** How long a caller known from before waits for the last agent; 0: not at all. */
  readonly lastAgentMs: number;
  readonly overflow: PlanOverflow | undefined;
}

/** How often each thing happens at a step, by shares of their sum. */
export interface PlanShares {
  readonly total: number;
  readonly parts: readonly { readonly what: string; readonly share: number }[];
}

/** A flow that callers go through before they queue, and what they do there. */
export interface PlanFlow {
  readonly program: FlowProgram;
  readonly arrivals: readonly ArrivalPiece[];
  /** How long a caller stays in the flow before hanging up. */
  readonly patience: Distribution;
  /** How long a prompt lasts, until a key is pressed, until another system answers. */
  readonly prompt: Distribution;
  readonly key: Distribution;
  readonly system: Distribution;
  readonly ringMs: number;
  /** By the id of the step. */
  readonly shares: ReadonlyMap<string, PlanShares>;
  /** Indexes of queues, and skills, by their numbers in the flow. */
  readonly queues: ReadonlyMap<number, number>;
  readonly skills: ReadonlyMap<number, SkillId>;
  readonly language: Language;
  readonly zone: string;
  /** The instant at which the simulation begins, in ms since the epoch. */
  readonly startAt: number;
  readonly calendars: ReadonlyMap<CalendarId, Calendar>;
}

/** One agent: what the engine is told, and when the agent is there. Times in ms since midnight. */
export interface PlanAgent {
  readonly membership: AgentMembership;
  /** Empty: always there. */
  readonly shifts: readonly { readonly fromMs: number; readonly toMs: number }[];
  readonly breaks: readonly { readonly atMs: number; readonly ms: number }[];
}

/** A call that is given, not drawn; what is undefined is drawn. */
export interface TraceCall {
  readonly atMs: number;
  readonly queue: number;
  readonly number: string | undefined;
  readonly priority: number | undefined;
  readonly handlingMs: number | undefined;
  readonly patienceMs: number | undefined;
  readonly requirements: readonly SkillRequirement[] | undefined;
}

/** What people do at their phones; the same for everybody. */
export interface PlanPhones {
  readonly ring: Distribution;
  readonly ringTimeoutMs: number;
  /** Share of offers that ring out unheard. */
  readonly missShare: number;
  /** How long somebody stays away whom the engine set not ready. */
  readonly returnAfter: Distribution;
  /** How long the work after a call takes; undefined: as long as the rule gives. */
  readonly wrapUpWork: Distribution | undefined;
}

/** How long to look: `calls` ends after so many calls that count, otherwise no call comes after `endMs`. */
export interface PlanSpan {
  /** What comes before this is not counted. */
  readonly warmUpMs: number;
  readonly calls: number | undefined;
  readonly endMs: number;
  /** True where the agents' time counts until the last call is over: a day; false: until the last one came, a steady state. */
  readonly isDay: boolean;
}

/** Everything that a simulation needs, worked out and checked. */
export interface AcdPlan {
  readonly name: string;
  readonly queues: readonly PlanQueue[];
  readonly agents: readonly PlanAgent[];
  readonly skillNames: ReadonlyMap<SkillId, string>;
  /** In the order of time; undefined: calls are drawn. */
  readonly trace: readonly TraceCall[] | undefined;
  /** Undefined: everybody calls a queue. */
  readonly flow: PlanFlow | undefined;
  readonly phones: PlanPhones;
  readonly pointMs: number;
  readonly thresholdMs: number;
  readonly span: PlanSpan;
}
