import { parseDistribution, type Distribution, type ReadText } from '../distributions.js';
import type { Random } from '../random.js';
import type { Step, WorldFile } from './world-file.js';

const SECOND_MS = 1_000;
const HOUR_MS = 3_600_000;

/** The people who are called and the agents who call them, as a simulation plays them. Instants are ms since the start. */
export interface World {
  readonly name: string;
  /** Agents logged in at a time. */
  readonly agentsAt: (at: number) => number;
  /** Chance that a person answers a call that is started then. */
  readonly answerRateAt: (at: number) => number;
  /** How much more often than others the next number answers; whether anybody knows it. */
  readonly drawFactor: (random: Random) => number;
  readonly areScored: boolean;
  readonly waves: { readonly cv: number; readonly lasting: Distribution } | undefined;
  readonly brokenShareAt: (at: number) => number;
  readonly detection:
    | {
        readonly delay: Distribution;
        readonly machinesMissed: number;
        readonly peopleTakenForMachines: number;
      }
    | undefined;
  readonly breaks: { readonly after: Distribution; readonly length: Distribution } | undefined;
  readonly inbound:
    | {
        readonly callsPerHourAt: (at: number) => number;
        readonly talk: Distribution;
        readonly patience: Distribution;
      }
    | undefined;
  /** Chance that a machine does. */
  readonly machineRate: number;
  /** Ring time until somebody, or something, answers. */
  readonly ring: Distribution;
  /** How long it takes until an agent who is free has the call that was answered. */
  readonly connecting: Distribution;
  readonly talk: Distribution;
  /** How long an agent listens to a machine. */
  readonly machineTalk: Distribution;
  /** Talks last so many times as long at a time. */
  readonly talkFactorAt: (at: number) => number;
  readonly wrapUp: Distribution;
  /** Of those who do not answer so many fail at once (busy, invalid), after {@link failing}. */
  readonly failShare: number;
  readonly failing: Distribution;
  /** A line that nobody answers is cut after so long. */
  readonly ringLimitMs: number;
  /** So many calls at most ring or wait or talk at once; so many are started a second; so many contacts are there. */
  readonly lines: number;
  readonly callsPerSecond: number;
  readonly contacts: number;
  readonly hours: number;
}

/** The value of the last step that has begun. */
function stepsOf(value: number | readonly Step[]): (at: number) => number {
  if (typeof value === 'number') return () => value;
  const steps = [...value].sort((a, b) => a.fromHour - b.fromHour);
  return (at) => {
    let now = steps[0]?.value ?? 0;
    for (const step of steps) if (step.fromHour * HOUR_MS <= at) now = step.value;
    return now;
  };
}

/** A factor with mean 1 and this coefficient of variation. */
export function lognormalFactor(cv: number, random: Random): number {
  const variance = Math.log(1 + cv * cv);
  // Box and Muller.
  const normal = Math.sqrt(-2 * Math.log(random())) * Math.cos(2 * Math.PI * random());
  return Math.exp(Math.sqrt(variance) * normal - variance / 2);
}

/** Draws a factor of the answer rate for the next number. */
function factorsOf(leads: WorldFile['leads']): (random: Random) => number {
  if (leads.length === 0) return () => 1;
  const all = leads.reduce((sum, { share }) => sum + share, 0);
  return (random) => {
    let left = random() * all;
    for (const { share, factor } of leads) {
      left -= share;
      if (left < 0) return factor;
    }
    return 1;
  };
}

/** @throws {DistributionError} where a text is no distribution */
export function makeWorld(name: string, file: WorldFile, readText: ReadText): World {
  const time = (text: string): Distribution => parseDistribution(text, readText);
  const { waves, detection, breaks, inbound } = file;
  return {
    name,
    agentsAt: stepsOf(file.agents),
    answerRateAt: stepsOf(file.answerRate),
    drawFactor: factorsOf(file.leads),
    areScored: file.areScored,
    waves: waves && { cv: waves.cv, lasting: time(waves.lasting) },
    brokenShareAt: stepsOf(file.brokenShare),
    detection: detection && { ...detection, delay: time(detection.delay) },
    breaks: breaks && { after: time(breaks.after), length: time(breaks.length) },
    inbound: inbound && {
      callsPerHourAt: stepsOf(inbound.callsPerHour),
      talk: time(inbound.talk),
      patience: time(inbound.patience),
    },
    machineRate: file.machineRate,
    ring: time(file.ring),
    connecting: time(file.connecting),
    talk: time(file.talk),
    machineTalk: time(file.machineTalk),
    talkFactorAt: stepsOf(file.talkFactor),
    wrapUp: time(file.wrapUp),
    failShare: file.failShare,
    failing: time(file.failing),
    ringLimitMs: file.ringLimitSeconds * SECOND_MS,
    lines: file.lines ?? Infinity,
    callsPerSecond: file.callsPerSecond ?? Infinity,
    contacts: file.contacts ?? Infinity,
    hours: file.hours,
  };
}
