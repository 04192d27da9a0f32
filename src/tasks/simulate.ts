/**
 * `npm run simulate -- acd ...` or `-- dialer ...`: simulates the distribution of calls, or predictive dialing, and prints how
 * it went; see docs/simulation.md. Exit
 * status 2, with what is wrong, where the options or the scenario cannot be simulated.
 */
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { makePlan } from '../simulation/acd/make-plan.js';
import {
  applyOptions,
  HELP,
  OptionsError,
  parseOptions,
  type SimulateOptions,
} from '../simulation/acd/options.js';
import type { AcdPlan } from '../simulation/acd/plan.js';
import { ScenarioError } from '../simulation/acd/problems.js';
import { parseScenario, plainScenario, type Scenario } from '../simulation/acd/scenario.js';
import { simulateAcd } from '../simulation/acd/summary.js';
import { summaryTable } from '../simulation/acd/summary-table.js';
import {
  DIALER_HELP,
  dialerTable,
  parseDialerRun,
  simulateDialer,
} from '../simulation/dialer/command.js';
import { DistributionError, type ReadText } from '../simulation/distributions.js';

/** Files are read from a folder; the message of one that cannot be says which. */
const readingFrom =
  (folder: string): ReadText =>
  (name) => {
    const path = join(folder, name);
    try {
      return readFileSync(path, 'utf8');
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new DistributionError(`${path} cannot be read: ${reason}`, { cause: error });
    }
  };

const readHere = (name: string): string => readingFrom(name.startsWith('/') ? '/' : '.')(name);

function planOf(options: SimulateOptions): AcdPlan {
  const scenario: Scenario =
    options.scenario === undefined
      ? plainScenario(readHere)
      : parseScenario(
          readHere(options.scenario),
          options.scenario,
          readingFrom(dirname(options.scenario)),
        );
  return makePlan({ ...scenario, file: applyOptions(scenario.file, options) }, options);
}

function dialer(args: readonly string[]): void {
  const run = parseDialerRun(args, readHere, readHere);
  if (run === undefined) {
    console.log(DIALER_HELP);
    return;
  }
  const summary = simulateDialer(run);
  console.log(dialerTable(summary));
  if (run.isJson) console.log(JSON.stringify(summary));
}

function main(args: readonly string[]): void {
  if (args[0] === 'dialer') {
    dialer(args.slice(1));
    return;
  }
  const options = parseOptions(args, readHere);
  if (options.isHelp) {
    console.log(HELP);
    return;
  }
  const plan = planOf(options);
  const startedAt = performance.now();
  const summary = simulateAcd(plan, options.seeds, options.firstSeed);
  const seconds = (performance.now() - startedAt) / 1000;
  console.log(summaryTable(summary));
  const perSecond = Math.round(summary.simulatedCalls / seconds);
  console.log(
    `${String(summary.simulatedCalls)} calls simulated in ${seconds.toFixed(1)} s: ${String(perSecond)} a second.`,
  );
  if (options.isJson) console.log(JSON.stringify(summary));
}

try {
  main(process.argv.slice(2));
} catch (error) {
  const isExpected =
    error instanceof OptionsError ||
    error instanceof ScenarioError ||
    error instanceof DistributionError;
  if (!isExpected) throw error;
  console.error(error.message);
  console.error('npm run simulate -- --help tells the options.');
  process.exitCode = 2;
}
