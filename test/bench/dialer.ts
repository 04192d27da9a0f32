/**
 * npm run bench:dialer [-- --seeds 6 --only plain,drift --agents 10,50 --ours --workers 2]
 *
 * Predictive pacing in the worlds that are published with figures (plain, mixed, scored, drift) and in others: agents, answer
 * rate, ring 5 to 25 s, talk 120 s and wrap-up 15 s on average, eight hours from a cold start, at most 3 % abandoned. Beside our
 * engine the fixed ratio that is best in hindsight (searched on two days) and the adaptive method of the field, as it comes and
 * as it is best tuned; not with `--ours`. Prints one JSON line last; utilisation and abandonment are percentages.
 */
import { fork } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import type { DialerResult } from '../../src/simulation/dialer/dialer-simulation.js';
import { WORLD_NAMES, type Cell, type WorldName } from './dialer-worlds.js';

const WORKER = fileURLToPath(new URL('./dialer-worker.ts', import.meta.url));
const LARGE_TEAM = 2_000;
/** Decisions of a team of this size have to be quick. */
const USUAL_TEAM = 200;

const option = (name: string): string | undefined => {
  const at = process.argv.indexOf(`--${name}`);
  return at < 0 ? undefined : process.argv[at + 1];
};
const seeds = Number(option('seeds') ?? 6);
const only = option('only')?.split(',');
const sizes = (option('agents') ?? '10,50,200').split(',').map(Number);
const workers = Number(option('workers') ?? availableParallelism());

/** Which cells, and how many days of each: those that are compared with published figures have all of them. */
function wantedCells(): readonly (readonly [Cell, number])[] {
  const wanted: (readonly [Cell, number])[] = [];
  const add = (world: WorldName, agents: number, answerRate: number, days: number): void => {
    wanted.push([{ world, agents, answerRate, policy: 'cordboard' }, days]);
  };
  const few = Math.min(3, seeds);
  for (const agents of sizes) {
    for (const answerRate of [0.15, 0.3]) {
      add('plain', agents, answerRate, seeds);
      if (!process.argv.includes('--ours'))
        for (const policy of ['best fixed ratio', 'adaptive, default', 'adaptive, tuned'] as const)
          wanted.push([{ world: 'plain', agents, answerRate, policy }, seeds]);
      add('mixed', agents, answerRate, few);
      add('scored', agents, answerRate, few);
    }
    add('drift', agents, 0.15, Math.min(4, seeds));
    for (const world of WORLD_NAMES.slice(4)) if (world !== 'large') add(world, agents, 0.15, few);
  }
  add('large', LARGE_TEAM, 0.15, 1);
  return wanted.filter(([{ world }]) => only?.includes(world) ?? true);
}

const round = (value: number, digits: number): number => Number(value.toFixed(digits));

function pool(days: readonly DialerResult[]) {
  const sum = (of: (one: DialerResult) => number): number =>
    days.reduce((total, one) => total + of(one), 0);
  const answered = sum((one) => one.answered);
  return {
    utilisation: round((100 * sum((one) => one.utilisation)) / days.length, 2),
    abandonment: round((100 * sum((one) => one.abandoned)) / answered, 2),
    worstRun: round(100 * Math.max(...days.map((one) => one.abandoned / one.answered)), 2),
    mostOver: round(Math.max(...days.map((one) => one.mostOver)), 1),
    idlePerCallS: round(sum((one) => one.idlePerCallS) / days.length, 1),
    dialsPerAnswer: round(sum((one) => one.started) / answered, 1),
    givenUp: round((100 * sum((one) => one.givenUp)) / sum((one) => one.started), 1),
    decisionP99us: round(Math.max(...days.map((one) => one.decisionP99us)), 0),
  };
}
type Pooled = Cell & ReturnType<typeof pool>;

function describe(found: Pooled): string {
  const { agents, answerRate, world, policy } = found;
  return (
    `${String(agents)} agents, ${String(answerRate)}, ${world}, ${policy}: ${found.utilisation.toFixed(2)} % used, ` +
    `${found.abandonment.toFixed(2)} % abandoned (worst day ${found.worstRun.toFixed(2)}, ${String(found.mostOver)} calls over), ` +
    `${String(found.dialsPerAnswer)} calls an answer, ${String(found.givenUp)} % given up, ` +
    `decision ${String(found.decisionP99us)} µs`
  );
}

/** Plays the cells on several cores, in any order. */
async function playAll(wanted: readonly (readonly [Cell, number])[]): Promise<readonly Pooled[]> {
  const found = new Map<Cell, Pooled>();
  const left = [...wanted];
  const work = (): Promise<void> =>
    new Promise((resolve, reject) => {
      // Infinity, which says that nothing happened, does not survive JSON.
      const worker = fork(WORKER, { serialization: 'advanced' });
      let cell: Cell | undefined;
      const next = (): void => {
        const job = left.shift();
        if (job === undefined) {
          worker.removeAllListeners('exit');
          worker.kill();
          resolve();
          return;
        }
        cell = job[0];
        worker.send({ cell, days: job[1] });
      };
      worker.on('message', (days: readonly DialerResult[]) => {
        if (cell === undefined) return;
        const pooled = { ...cell, ...pool(days) };
        found.set(cell, pooled);
        console.log(describe(pooled));
        next();
      });
      worker.on('error', reject);
      worker.on('exit', (code) => {
        reject(new Error(`a worker ended with ${String(code)}`));
      });
      next();
    });
  await Promise.all(Array.from({ length: Math.min(workers, wanted.length) }, work));
  return wanted.flatMap(([cell]) => found.get(cell) ?? []);
}

const cells = await playAll(wantedCells());
const slowest = (agents: number): number =>
  Math.max(
    0,
    ...cells
      .filter((cell) => cell.policy === 'cordboard' && cell.agents === agents)
      .map(({ decisionP99us }) => decisionP99us),
  );
console.log(
  JSON.stringify({
    ...{ bench: 'dialer', cells, decisionP99us: slowest(USUAL_TEAM) },
    largeDecisionP99us: slowest(LARGE_TEAM),
  }),
);
