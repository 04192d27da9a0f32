import { z } from 'zod';

/** The largest team that is simulated; past it a typing error is more likely than a wish. */
export const MAX_AGENTS = 10_000;
export const MAX_HOURS = 240;

const share = z.number().min(0).max(1);
const step = <T extends z.ZodType<number>>(value: T) =>
  z.union([
    value,
    z
      .array(z.strictObject({ fromHour: z.number().min(0).max(MAX_HOURS), value }))
      .min(1)
      .max(500),
  ]);
const distribution = z.union([z.string(), z.number().transform(String)]);

/** A world as a file gives it; times in seconds, what changes over the day as steps by the hour. */
export const worldFile = z.strictObject({
  agents: step(z.int().min(0).max(MAX_AGENTS)),
  answerRate: step(share),
  machineRate: share.default(0),
  ring: distribution.default('uniform:5,25'),
  /** From an answer to the agent, where one is free. */
  connecting: distribution.default('constant:0'),
  talk: distribution.default('lognormal:120,1'),
  machineTalk: distribution.default('uniform:3,8'),
  talkFactor: step(z.number().positive().max(100)).default(1),
  wrapUp: distribution.default('lognormal:15,0.5'),
  failShare: share.default(0.25),
  failing: distribution.default('uniform:1,4'),
  ringLimitSeconds: z.number().min(15).max(300).default(26),
  /** Numbers that answer more or less often than others: shares, and factors of the answer rate. */
  leads: z
    .array(z.strictObject({ share: z.number().positive(), factor: z.number().min(0).max(100) }))
    .max(20)
    .default([]),
  /** The factor of each number is known before it is called. */
  areScored: z.boolean().default(false),
  /** Answers come in waves: a factor of the answer rate with this coefficient of variation, drawn anew after so long. */
  waves: z
    .strictObject({
      cv: z.number().min(0).max(5),
      lasting: distribution.default('exponential:600'),
    })
    .optional(),
  /** Of the calls so many never reach anybody, because lines fail. */
  brokenShare: step(share).default(0),
  /** A machine is listened for after the answer: how long, and how often it is wrong. */
  detection: z
    .strictObject({
      delay: distribution.default('lognormal:1.5,0.4'),
      machinesMissed: share.default(0.1),
      peopleTakenForMachines: share.default(0.02),
    })
    .optional(),
  /** Each agent goes away after so long at work, and comes back. */
  breaks: z
    .strictObject({ after: distribution.default('uniform:3600,7200'), length: distribution })
    .optional(),
  /** Callers on the line, who need the same agents. */
  inbound: z
    .strictObject({
      callsPerHour: step(z.number().min(0).max(1_000_000)),
      talk: distribution.default('lognormal:180,1'),
      patience: distribution.default('exponential:120'),
    })
    .optional(),
  lines: z.int().min(1).optional(),
  callsPerSecond: z.number().positive().optional(),
  contacts: z.int().min(1).optional(),
  hours: z.number().positive().max(MAX_HOURS).default(8),
});

export type WorldFile = z.output<typeof worldFile>;
export type WorldInput = z.input<typeof worldFile>;
export interface Step {
  readonly fromHour: number;
  readonly value: number;
}

/** Numbers differ in how likely they answer, and nobody knows how. */
export const MIXED_LEADS: WorldFile['leads'] = [
  { share: 0.5, factor: 0.2 },
  { share: 0.3, factor: 4 / 3 },
  { share: 0.2, factor: 2.5 },
];

/** The answer rate doubles and halves every half hour; talks are longer by half in the fifth and sixth hour. */
export const drifting = (answerRate: number): Pick<WorldFile, 'answerRate' | 'talkFactor'> => ({
  answerRate: Array.from({ length: 16 }, (_, half) => ({
    fromHour: half / 2,
    value: half % 2 === 0 ? 2 * answerRate : answerRate,
  })),
  talkFactor: [
    { fromHour: 0, value: 1 },
    { fromHour: 4, value: 1.5 },
    { fromHour: 6, value: 1 },
  ],
});
