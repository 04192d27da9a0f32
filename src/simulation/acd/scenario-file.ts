import { z } from 'zod';
import { STRATEGIES } from '../../engines/acd/acd-events.js';
import { MAX_LEVEL } from '../../engines/acd/requirement.js';

/** The largest site that is simulated; past it a typing error is more likely than a wish. */
export const MAX_AGENTS = 20_000;
const MAX_QUEUES = 5_000;
/** Two days: shifts may end after midnight. */
const LAST_HOUR = 47;

const name = z.string().trim().min(1).max(100);
const seconds = z.number().min(0).max(31_536_000);
const level = z.int().min(1).max(MAX_LEVEL);
/** `08:30` or `08:30:15`. */
const timeOfDay = z
  .string()
  .refine((text) => !Number.isNaN(timeOfDayMs(text)), 'is no time of day: write HH:MM or HH:MM:SS');
const distribution = z.union([z.string(), z.number().transform(String)]);

/** Ms since midnight; NaN for what is no time of day. */
export function timeOfDayMs(text: string): number {
  const [, hours, minutes, rest = '0'] = /^(\d{1,2}):([0-5]\d)(?::([0-5]\d))?$/.exec(text) ?? [];
  if (hours === undefined || minutes === undefined || Number(hours) > LAST_HOUR) return NaN;
  return ((Number(hours) * 60 + Number(minutes)) * 60 + Number(rest)) * 1000;
}

const requirement = z.strictObject({
  skill: name,
  minLevel: level.default(1),
  required: z.boolean().default(true),
  relax: z
    .array(z.strictObject({ afterSeconds: seconds, minLevel: z.int().min(0).max(MAX_LEVEL) }))
    .max(20)
    .default([]),
});

const wrapUp = z.strictObject({
  seconds: seconds.default(0),
  untilDone: z.boolean().default(false),
  extensions: z.int().min(0).max(100).default(0),
  extendBySeconds: seconds.default(30),
  codeNeeded: z.boolean().default(false),
});

const weights = z.strictObject({
  level: z.number().default(1),
  idle: z.number().default(1),
  load: z.number().default(1),
  result: z.number().default(0),
});

const arrivals = z.strictObject({
  from: timeOfDay.default('00:00'),
  intervalMinutes: z.number().positive().max(1440),
  /** Mean number of calls in each interval. */
  calls: z.array(z.number().min(0).max(10_000_000)).min(1).max(3000),
});

const overflow = z.strictObject({
  waitSeconds: seconds.optional(),
  length: z.int().min(0).optional(),
  to: name.optional(),
});

const queue = z.strictObject({
  name,
  strategy: z.enum(STRATEGIES).default('longest-idle'),
  weight: z.number().min(-1000).max(1000).default(0),
  maxTalking: z.int().min(0).default(0),
  requirements: z.array(requirement).max(50).default([]),
  rejectMemorySeconds: seconds.default(30),
  missesUntilNotReady: z.int().min(0).max(1000).default(3),
  wrapUp: wrapUp.prefault({}),
  weights: weights.prefault({}),
  priority: z.number().min(-1000).max(1000).default(0),
  callsPerHour: z.number().min(0).max(10_000_000).optional(),
  arrivals: arrivals.optional(),
  handling: distribution.optional(),
  patience: distribution.optional(),
  lastAgentSeconds: seconds.default(0),
  overflow: overflow.optional(),
});

const agent = z.strictObject({
  name,
  count: z.int().min(1).max(MAX_AGENTS).default(1),
  queues: z.array(name).max(MAX_QUEUES).optional(),
  skills: z.record(name, level).default({}),
  result: z.number().min(0).max(100).default(0),
  shifts: z
    .array(z.strictObject({ from: timeOfDay, to: timeOfDay }))
    .max(20)
    .default([]),
  breaks: z
    .array(z.strictObject({ at: timeOfDay, minutes: z.number().positive().max(1440) }))
    .max(50)
    .default([]),
});

/** One call of a trace; what is absent is drawn as for any call of the queue. */
const traceRow = z.strictObject({
  at: z.union([z.number().min(0), timeOfDay]),
  queue: name,
  number: z.string().max(40).optional(),
  priority: z.number().min(-1000).max(1000).optional(),
  handlingSeconds: seconds.optional(),
  patienceSeconds: seconds.optional(),
  requirements: z.array(requirement).max(50).optional(),
});

const phones = z.strictObject({
  ring: distribution.default('constant:0'),
  ringTimeoutSeconds: seconds.default(20),
  missShare: z.number().min(0).max(1).default(0),
  returnAfter: distribution.default('constant:60'),
  wrapUpWork: distribution.optional(),
});

/** Row numbers of the product, as a flow names things. */
const rowNumber = z.string().regex(/^[1-9]\d{0,9}$/, 'is no number of a row');
const stepId = z.string().regex(/^[a-z0-9-]{1,40}$/, 'is no id of a step');

const flow = z.strictObject({
  /** As the editor exports it. */
  file: z.string().min(1),
  subFlows: z.record(rowNumber, z.string().min(1)).default({}),
  callsPerHour: z.number().min(0).max(10_000_000).optional(),
  arrivals: arrivals.optional(),
  patience: distribution.default('infinite'),
  prompt: distribution.default('constant:5'),
  key: distribution.default('constant:2'),
  system: distribution.default('constant:1'),
  /** By step: how often each thing happens there, as shares of their sum. */
  choices: z.record(stepId, z.record(z.string(), z.number().min(0))).default({}),
  queues: z.record(rowNumber, name).default({}),
  skills: z.record(rowNumber, name).default({}),
  /** A Monday. */
  date: z.iso.date().default('2026-01-05'),
  zone: z.string().default('UTC'),
});

/** A scenario as it stands in a file: readable units, names instead of ids. */
export const scenarioFile = z.strictObject({
  name: name.optional(),
  /** What a point of priority is worth in waiting. */
  pointSeconds: seconds.default(30),
  serviceLevelSeconds: seconds.default(20),
  skills: z.array(name).max(1000).default([]),
  phones: phones.prefault({}),
  queues: z.array(queue).min(1).max(MAX_QUEUES),
  /** Callers who choose in an IVR flow first. */
  flow: flow.optional(),
  agents: z.array(agent).max(MAX_AGENTS).default([]),
  /** Rows, or the name of a CSV file of them. */
  trace: z.union([z.string(), z.array(traceRow).max(10_000_000)]).optional(),
});

/** A scenario file after its defaults were filled in, and its parts. */
export type ScenarioFile = z.infer<typeof scenarioFile>;
/** One of its queues. */
export type ScenarioQueue = ScenarioFile['queues'][number];
/** The flow before the queues. */
export type ScenarioFlow = NonNullable<ScenarioFile['flow']>;
/** One group of agents who are alike. */
export type ScenarioAgent = ScenarioFile['agents'][number];
/** A skill that a queue or a call asks for. */
export type ScenarioRequirement = z.infer<typeof requirement>;
/** One call of a trace. */
export type TraceRow = z.infer<typeof traceRow>;
export { traceRow };
