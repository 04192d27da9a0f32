import { parseArgs } from 'node:util';
import { STRATEGIES, type Strategy } from '../../engines/acd/acd-events.js';
import {
  DISTRIBUTION_FORMS,
  DistributionError,
  parseDistribution,
  type ReadText,
} from '../distributions.js';
import { MAX_AGENTS, type ScenarioFile } from './scenario-file.js';

/** What is wrong with the options, one line each. */
export class OptionsError extends Error {
  override readonly name = 'OptionsError';
}

/** The options of `simulate acd`; what is undefined was not given. */
export interface SimulateOptions {
  readonly isHelp: boolean;
  readonly isJson: boolean;
  readonly scenario: string | undefined;
  readonly agents: number | undefined;
  readonly callsPerHour: number | undefined;
  readonly handling: string | undefined;
  readonly patience: string | undefined;
  readonly ring: string | undefined;
  readonly missShare: number | undefined;
  readonly wrapUpSeconds: number | undefined;
  readonly strategy: Strategy | undefined;
  readonly serviceLevelSeconds: number | undefined;
  readonly seeds: number;
  readonly firstSeed: number;
  readonly calls: number | undefined;
  readonly hours: number | undefined;
  readonly warmUpSeconds: number | undefined;
}

const DEFAULT_SEEDS = 5;
const MAX_SEEDS = 1000;

/** What `--help` prints. */
export const HELP = `Usage: npm run simulate -- acd [options]

Runs the distribution of calls on a virtual clock and says how it went.

  --scenario FILE.json     queues, skills, rules, agents and calls: see docs/simulation.md. Options go before it.
  --agents N               equal agents who serve every queue with every skill
  --calls-per-hour N       of all queues together; their shares stay as the scenario has them
  --handling DIST          time with a caller (without work after the call); exponential:300
  --patience DIST          how long callers wait; infinite
  --strategy NAME          ${STRATEGIES.join(', ')}
  --ring DIST              from the offer to the answer; constant:0
  --miss SHARE             share of offers that nobody takes, from 0 to 1
  --wrap-up SECONDS        fixed work after each call
  --service-level SECONDS  threshold of the service level; 20

  --seeds N                independent replications; ${String(DEFAULT_SEEDS)}
  --seed N                 seed of the first one; 1
  --calls N                calls that count in each replication; 100000 where the scenario has no end of its own
  --hours H                or: hours of arrivals that count
  --warm-up SECONDS        what comes before is not counted; by default long enough for a steady state
  --json                   one JSON line last
  --help                   this text

DIST is ${DISTRIBUTION_FORMS}.`;

const TEXTS = {
  scenario: { type: 'string' },
  agents: { type: 'string' },
  'calls-per-hour': { type: 'string' },
  handling: { type: 'string' },
  patience: { type: 'string' },
  ring: { type: 'string' },
  miss: { type: 'string' },
  'wrap-up': { type: 'string' },
  strategy: { type: 'string' },
  'service-level': { type: 'string' },
  seeds: { type: 'string' },
  seed: { type: 'string' },
  calls: { type: 'string' },
  hours: { type: 'string' },
  'warm-up': { type: 'string' },
} as const;
type OptionName = keyof typeof TEXTS;

/** Reads what stands behind `npm run simulate --`. @throws {OptionsError} listing all that is wrong. */
export function parseOptions(args: readonly string[], readText: ReadText): SimulateOptions {
  const { values, positionals } = split(args);
  const problems: string[] = [];
  if (values.help !== true) {
    const [kind, extra] = positionals;
    if (kind !== 'acd')
      problems.push(
        kind === undefined
          ? 'say what to simulate: npm run simulate -- acd ... or dialer ...'
          : `"${kind}" cannot be simulated; there are: acd, dialer`,
      );
    if (extra !== undefined) problems.push(`"${extra}" is no option`);
  }
  const text = (name: OptionName): string | undefined => values[name];
  const number = (
    name: OptionName,
    min: number,
    max: number,
    isWhole: boolean,
  ): number | undefined => {
    const value = text(name);
    if (value === undefined) return undefined;
    const parsed = value.trim() === '' ? NaN : Number(value);
    const isGood = parsed >= min && parsed <= max && (!isWhole || Number.isInteger(parsed));
    if (isGood) return parsed;
    const kind = isWhole ? 'a whole number' : 'a number';
    problems.push(`--${name}: "${value}" is not ${kind} from ${String(min)} to ${String(max)}`);
    return undefined;
  };
  const distribution = (name: OptionName, mayBeInfinite: boolean): string | undefined => {
    const value = text(name);
    if (value !== undefined)
      problems.push(...distributionProblems(name, value, mayBeInfinite, readText));
    return value;
  };
  const options: SimulateOptions = {
    isHelp: values.help === true,
    isJson: values.json === true,
    scenario: text('scenario'),
    agents: number('agents', 1, MAX_AGENTS, true),
    callsPerHour: number('calls-per-hour', 0.001, 10_000_000, false),
    handling: distribution('handling', false),
    patience: distribution('patience', true),
    ring: distribution('ring', false),
    missShare: number('miss', 0, 1, false),
    wrapUpSeconds: number('wrap-up', 0, 86_400, false),
    strategy: strategyOf(text('strategy'), problems),
    serviceLevelSeconds: number('service-level', 0, 86_400, false),
    seeds: number('seeds', 1, MAX_SEEDS, true) ?? DEFAULT_SEEDS,
    firstSeed: number('seed', 0, 2_000_000_000, true) ?? 1,
    calls: number('calls', 1, 1_000_000_000, true),
    hours: number('hours', 0.01, 100_000, false),
    warmUpSeconds: number('warm-up', 0, 31_536_000, false),
  };
  if (problems.length === 0 && !options.isHelp) problems.push(...missing(options));
  if (problems.length > 0) throw new OptionsError(problems.join('\n'));
  return options;
}

function split(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { ...TEXTS, json: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } },
    });
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    // The first sentence says what is wrong; the others advise what does not fit here.
    throw new OptionsError(message.split('. ')[0] ?? message);
  }
}

/** Without a scenario the options must say it all. */
function missing(options: SimulateOptions): readonly string[] {
  if (options.scenario !== undefined) return [];
  const problems: string[] = [];
  if (options.agents === undefined) problems.push('--agents or --scenario is needed');
  if (options.callsPerHour === undefined) problems.push('--calls-per-hour or --scenario is needed');
  return problems;
}

function strategyOf(name: string | undefined, problems: string[]): Strategy | undefined {
  const known = STRATEGIES.find((strategy) => strategy === name);
  if (name !== undefined && known === undefined)
    problems.push(`--strategy: there is no "${name}"; there are: ${STRATEGIES.join(', ')}`);
  return known;
}

function distributionProblems(
  name: string,
  text: string,
  mayBeInfinite: boolean,
  readText: ReadText,
): readonly string[] {
  try {
    const { kind } = parseDistribution(text, readText);
    return kind === 'infinite' && !mayBeInfinite ? [`--${name}: must end some time`] : [];
  } catch (error) {
    if (!(error instanceof DistributionError)) throw error;
    return [`--${name}: ${error.message}`];
  }
}

/** The scenario with what the options say instead. @throws {OptionsError} where they contradict it. */
export function applyOptions(file: ScenarioFile, options: SimulateOptions): ScenarioFile {
  const { strategy, handling, patience, ring, missShare, wrapUpSeconds } = options;
  const sources = atRate(file, options.callsPerHour);
  const queues = sources.queues.map((queue) => ({
    ...queue,
    ...(strategy === undefined ? {} : { strategy }),
    ...(handling === undefined ? {} : { handling }),
    ...(patience === undefined ? {} : { patience }),
    ...(wrapUpSeconds === undefined
      ? {}
      : { wrapUp: { ...queue.wrapUp, seconds: wrapUpSeconds, untilDone: false } }),
  }));
  return {
    ...file,
    queues,
    ...(sources.flow === undefined ? {} : { flow: sources.flow }),
    serviceLevelSeconds: options.serviceLevelSeconds ?? file.serviceLevelSeconds,
    agents: options.agents === undefined ? file.agents : equalAgents(file, options.agents),
    phones: {
      ...file.phones,
      ...(ring === undefined ? {} : { ring }),
      ...(missShare === undefined ? {} : { missShare }),
    },
  };
}

function equalAgents(file: ScenarioFile, count: number): ScenarioFile['agents'] {
  const skills = new Set(file.skills);
  for (const { requirements } of file.queues)
    for (const { skill } of requirements) skills.add(skill);
  return [
    {
      name: 'Agent',
      count,
      skills: Object.fromEntries([...skills].map((skill) => [skill, 100])),
      result: 0,
      shifts: [],
      breaks: [],
    },
  ];
}

type Source = Pick<ScenarioFile['queues'][number], 'callsPerHour' | 'arrivals'>;

/** The calls of all queues and of the flow, scaled so that they are so many an hour together; alike where none says how many. */
function atRate(
  file: ScenarioFile,
  perHour: number | undefined,
): Pick<ScenarioFile, 'queues' | 'flow'> {
  const { queues, flow, trace } = file;
  if (perHour === undefined) return { queues, flow };
  if (trace !== undefined)
    throw new OptionsError('--calls-per-hour: the scenario has a trace, which gives all calls');
  const total = [...queues, flow ?? {}].map(meanRate).reduce((sum, rate) => sum + rate, 0);
  if (total === 0)
    // With a flow everybody calls that.
    return flow === undefined
      ? {
          queues: queues.map((queue) => ({ ...queue, callsPerHour: perHour / queues.length })),
          flow,
        }
      : { queues, flow: { ...flow, callsPerHour: perHour } };
  const factor = perHour / total;
  return {
    queues: queues.map((queue) => scaled(queue, factor)),
    flow: flow && scaled(flow, factor),
  };
}

const scaled = <S extends Source>(source: S, factor: number): S => ({
  ...source,
  ...(source.callsPerHour === undefined ? {} : { callsPerHour: source.callsPerHour * factor }),
  ...(source.arrivals === undefined
    ? {}
    : {
        arrivals: {
          ...source.arrivals,
          calls: source.arrivals.calls.map((calls) => calls * factor),
        },
      }),
});

/** Calls an hour, on average over the intervals. */
function meanRate({ callsPerHour, arrivals }: Source): number {
  if (arrivals === undefined) return callsPerHour ?? 0;
  const calls = arrivals.calls.reduce((sum, one) => sum + one, 0);
  return (calls / arrivals.calls.length) * (60 / arrivals.intervalMinutes);
}
