import { parseArgs } from 'node:util';
import type { z } from 'zod';
import { OptionsError } from '../acd/options.js';
import { ScenarioError } from '../acd/problems.js';
import {
  DISTRIBUTION_FORMS,
  DistributionError,
  parseDistribution,
  type ReadText,
} from '../distributions.js';
import { estimate } from '../statistics.js';
import { DialerSimulation, type DialerResult } from './dialer-simulation.js';
import { ADAPTIVE_DEFAULTS, AdaptiveHardLimit, cordboard, FixedRatio } from './policies.js';
import type { Policy } from './policy.js';
import { MAX_AGENTS, MAX_HOURS, worldFile, type WorldFile } from './world-file.js';
import { makeWorld, type World } from './world.js';

const MAX_SEEDS = 1_000;
const HOUR_MS = 3_600_000;
const MAX_WINDOW_HOURS = 720;

export const DIALER_HELP = `Usage: npm run simulate -- dialer [options]

Runs predictive dialing on a virtual clock, from a cold start, and says how it went.

  --world FILE.json    the world: see docs/simulation.md. Options go before it.
  --agents N           agents who call all day
  --answer-rate SHARE  of the calls that a person answers, from 0 to 1
  --machine-rate SHARE of the calls that a machine answers
  --ring DIST          until an answer; uniform:5,25
  --talk DIST          with a person; lognormal:120,1
  --wrap DIST          work after the call; lognormal:15,0.5
  --limit SHARE        of answered calls that may be abandoned; 0.03
  --window HOURS       over which they are counted; 720 (30 days)
  --policy NAME        cordboard, ratio:R for R lines for each idle agent, or
                       adaptive for the usual method of the field
  --hours H            length of a day; 8
  --seeds N            independent days; 6
  --seed N             seed of the first one; 1
  --json               one JSON line last
  --help               this text

DIST is ${DISTRIBUTION_FORMS}.`;

const TEXTS = {
  world: { type: 'string' },
  agents: { type: 'string' },
  'answer-rate': { type: 'string' },
  'machine-rate': { type: 'string' },
  ring: { type: 'string' },
  talk: { type: 'string' },
  wrap: { type: 'string' },
  limit: { type: 'string' },
  window: { type: 'string' },
  policy: { type: 'string' },
  hours: { type: 'string' },
  seeds: { type: 'string' },
  seed: { type: 'string' },
} as const;
type OptionName = keyof typeof TEXTS;

/** What is simulated and how often. */
export interface DialerRun {
  readonly world: World;
  readonly limit: number;
  readonly windowMs: number;
  readonly policy: string;
  readonly seeds: number;
  readonly firstSeed: number;
  readonly isJson: boolean;
}

/** Reads what stands behind `simulate -- dialer`; undefined where help is wanted. `readWorld` reads the file of `--world`.
 * @throws {OptionsError} listing all that is wrong with the options
 * @throws {ScenarioError} listing all that is wrong with the world's file */
export function parseDialerRun(
  args: readonly string[],
  readWorld: ReadText,
  readText: ReadText,
): DialerRun | undefined {
  const values = split(args);
  if (values.help === true) return undefined;
  const problems: string[] = [];
  const number = (name: OptionName, min: number, max: number, isWhole: boolean) => {
    const text = values[name];
    if (text === undefined) return undefined;
    const value = text.trim() === '' ? NaN : Number(text);
    if (value >= min && value <= max && (!isWhole || Number.isInteger(value))) return value;
    const kind = isWhole ? 'a whole number' : 'a number';
    problems.push(`--${name}: "${text}" is not ${kind} from ${String(min)} to ${String(max)}`);
    return undefined;
  };
  const distribution = (name: OptionName): string | undefined => {
    const text = values[name];
    if (text === undefined) return undefined;
    try {
      if (parseDistribution(text, readText).kind === 'infinite')
        problems.push(`--${name}: must end some time`);
    } catch (error) {
      if (!(error instanceof DistributionError)) throw error;
      problems.push(`--${name}: ${error.message}`);
    }
    return text;
  };
  const given = clean({
    agents: number('agents', 1, MAX_AGENTS, true),
    answerRate: number('answer-rate', 0, 1, false),
    machineRate: number('machine-rate', 0, 1, false),
    ring: distribution('ring'),
    talk: distribution('talk'),
    wrapUp: distribution('wrap'),
    hours: number('hours', 0.01, MAX_HOURS, false),
  });
  const limit = number('limit', 0, 1, false) ?? 0.03;
  const windowMs = HOUR_MS * (number('window', 1, MAX_WINDOW_HOURS, false) ?? MAX_WINDOW_HOURS);
  const seeds = number('seeds', 1, MAX_SEEDS, true) ?? 6;
  const firstSeed = number('seed', 0, 2_000_000_000, true) ?? 1;
  const policy = values.policy ?? 'cordboard';
  if (!['cordboard', 'adaptive'].includes(policy) && !(ratioOf(policy) > 0))
    problems.push(`--policy: "${policy}" is neither cordboard, adaptive nor ratio:R`);
  if (values.world === undefined)
    for (const name of ['agents', 'answer-rate'] as const)
      if (values[name] === undefined) problems.push(`--${name} or --world is needed`);
  if (problems.length > 0) throw new OptionsError(problems.join('\n'));
  const file = values.world === undefined ? {} : parsed(values.world, readWorld(values.world));
  const name = values.world ?? 'plain';
  const world = makeWorld(name, checked(name, { ...file, ...given }), readText);
  return { world, limit, windowMs, policy, seeds, firstSeed, isJson: values.json === true };
}

const ratioOf = (policy: string): number => {
  const ratio = Number(/^ratio:(.+)$/.exec(policy)?.[1]);
  return Number.isFinite(ratio) ? ratio : NaN;
};

function split(args: readonly string[]) {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { ...TEXTS, json: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } },
    });
    if (positionals.length > 0) throw new OptionsError(`"${String(positionals[0])}" is no option`);
    return values;
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw new OptionsError(message.split('. ')[0] ?? message);
  }
}

/** Without what was not given. */
const clean = <T extends object>(values: T): Partial<T> =>
  Object.fromEntries(
    Object.entries(values).filter(([, value]) => value !== undefined),
  ) as Partial<T>;

function parsed(name: string, text: string): object {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null) return value;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new ScenarioError([`${name}: is no JSON: ${error.message}`]);
  }
  throw new ScenarioError([`${name}: is no object`]);
}

function checked(name: string, value: object): WorldFile {
  const result = worldFile.safeParse(value);
  if (result.success) return result.data;
  const { issues } = result.error satisfies z.ZodError;
  throw new ScenarioError(
    issues.map((issue) => `${name}: ${issue.path.join('.') || 'the world'}: ${issue.message}`),
  );
}

function policyOf({ policy, world, limit, windowMs }: DialerRun): Policy {
  if (policy === 'cordboard') return cordboard(world, limit, windowMs);
  if (policy === 'adaptive') return new AdaptiveHardLimit(limit, ADAPTIVE_DEFAULTS, 'default');
  return new FixedRatio(ratioOf(policy));
}

/** Means over the days, shares in per cent. */
export interface DialerSummary {
  readonly policy: string;
  readonly days: number;
  readonly utilisation: ReturnType<typeof estimate>;
  /** Over all days together. */
  readonly abandonment: number;
  readonly worstDay: number;
  /** By how many calls the limit was passed at worst in any rolling window; 0 where it never was. */
  readonly mostOver: number;
  /** Of the people who answered, those whom machine detection hung up on. */
  readonly takenForMachines: number;
  readonly idlePerCallS: number;
  readonly answered: number;
  readonly callsPerAnswer: number;
  readonly givenUpShare: number;
  readonly mostLines: number;
  /** Enough for 99 % of the time. */
  readonly linesNeeded: number;
  /** Callers on the line who were answered, and how long they waited, in seconds; absent where nobody called. */
  readonly callers?: number;
  readonly callersWaitS?: number;
  readonly decisionP99us: number;
}

export function simulateDialer(run: DialerRun): DialerSummary {
  const results = Array.from({ length: run.seeds }, (_, at) =>
    new DialerSimulation(run.world, policyOf(run), run.firstSeed + at, run).run(),
  );
  const sum = (of: (one: DialerResult) => number): number =>
    results.reduce((total, one) => total + of(one), 0);
  const answered = sum((one) => one.answered);
  const share = (part: number, whole: number): number => (whole === 0 ? 0 : (100 * part) / whole);
  return {
    policy: run.policy,
    days: run.seeds,
    utilisation: estimate(results.map((one) => 100 * one.utilisation)),
    abandonment: share(
      sum((one) => one.abandoned),
      answered,
    ),
    mostOver: Math.max(...results.map((one) => one.mostOver)),
    takenForMachines: sum((one) => one.takenForMachine),
    worstDay: Math.max(...results.map((one) => share(one.abandoned, one.answered))),
    idlePerCallS: sum((one) => one.idlePerCallS) / run.seeds,
    answered,
    callsPerAnswer: answered === 0 ? 0 : sum((one) => one.started) / answered,
    givenUpShare: share(
      sum((one) => one.givenUp),
      sum((one) => one.started),
    ),
    mostLines: Math.max(...results.map((one) => one.mostLines)),
    linesNeeded: Math.max(...results.map((one) => one.linesP99)),
    ...(run.world.inbound && {
      callers: sum((one) => one.callers),
      callersWaitS: sum((one) => one.callersWaitMs) / 1_000 / run.seeds,
    }),
    decisionP99us: Math.max(...results.map((one) => one.decisionP99us)),
  };
}

export function dialerTable(summary: DialerSummary): string {
  const { utilisation } = summary;
  const interval =
    utilisation?.ci95 === undefined
      ? ''
      : ` (95 %: ${utilisation.ci95.map((one) => one.toFixed(2)).join(' to ')})`;
  return [
    `${summary.policy}, ${String(summary.days)} days`,
    `  agents' time used      ${(utilisation?.mean ?? 0).toFixed(2)} %${interval}`,
    `  answered calls         ${String(summary.answered)}`,
    `  abandoned              ${summary.abandonment.toFixed(2)} % (worst day ${summary.worstDay.toFixed(2)} %; at worst ${summary.mostOver.toFixed(1)} calls over the limit)`,
    ...(summary.takenForMachines > 0
      ? [`  taken for machines     ${String(summary.takenForMachines)}`]
      : []),
    `  idle for each call     ${summary.idlePerCallS.toFixed(1)} s`,
    `  calls for each answer  ${summary.callsPerAnswer.toFixed(1)}, of which given up ${summary.givenUpShare.toFixed(1)} %`,
    `  lines                  ${String(summary.linesNeeded)} for 99 % of the time, ${String(summary.mostLines)} at most`,
    ...(summary.callers === undefined
      ? []
      : [
          `  callers on the line    ${String(summary.callers)} answered after ${(summary.callersWaitS ?? 0).toFixed(1)} s`,
        ]),
    `  decision, p99          ${summary.decisionP99us.toFixed(0)} µs`,
  ].join('\n');
}
