import type { z } from 'zod';
import { erlangA, erlangC } from '../../src/engines/forecast/erlang.js';
import { makePlan } from '../../src/simulation/acd/make-plan.js';
import type { AcdPlan } from '../../src/simulation/acd/plan.js';
import { parseScenario } from '../../src/simulation/acd/scenario.js';
import type { scenarioFile } from '../../src/simulation/acd/scenario-file.js';
import type { SpanWishes } from '../../src/simulation/acd/span.js';
import type { AcdSummary } from '../../src/simulation/acd/summary.js';
import { DistributionError } from '../../src/simulation/distributions.js';
import type { Estimate } from '../../src/simulation/statistics.js';

/** A scenario as a file may give it: what has a default may be absent. */
export type ScenarioInput = z.input<typeof scenarioFile>;

const noFile = (name: string): string => {
  throw new DistributionError(`${name} cannot be read`);
};

/** The plan of a scenario given as an object. */
export const planOf = (scenario: ScenarioInput, wishes: SpanWishes = {}): AcdPlan =>
  makePlan(parseScenario(JSON.stringify(scenario, undefined, 1), 'test.json', noFile), wishes);

/** The sites whose exact figures are known: agents, calls an hour, mean handling and mean patience in seconds. */
export const THEORY_ROWS = [
  { agents: 10, callsPerHour: 100, handlingS: 270, patienceS: 60 },
  { agents: 100, callsPerHour: 1_100, handlingS: 300, patienceS: 60 },
  { agents: 500, callsPerHour: 5_800, handlingS: 300, patienceS: 90 },
  { agents: 1_000, callsPerHour: 11_800, handlingS: 300, patienceS: 120 },
] as const;
export type TheoryRow = (typeof THEORY_ROWS)[number];
export type TheoryModel = 'erlang-c' | 'erlang-a';

/** One queue, equal agents. */
export const theoryPlan = (row: TheoryRow, model: TheoryModel, wishes: SpanWishes): AcdPlan =>
  planOf(
    {
      queues: [
        {
          name: 'Queue',
          callsPerHour: row.callsPerHour,
          handling: `exponential:${String(row.handlingS)}`,
          patience: model === 'erlang-a' ? `exponential:${String(row.patienceS)}` : 'infinite',
        },
      ],
      agents: [{ name: 'Agent', count: row.agents }],
    },
    wishes,
  );

/** A simulated figure beside the exact one. */
export interface TheoryCheck {
  readonly figure: string;
  readonly exact: number;
  readonly simulated: Estimate;
}

/** The figures of the row that a simulation must meet. */
export function theoryChecks(
  row: TheoryRow,
  model: TheoryModel,
  { total }: AcdSummary,
): readonly TheoryCheck[] {
  const queue = { ...row, handlingMs: row.handlingS * 1000 };
  const exact = model === 'erlang-c' ? erlangC(queue) : erlangA(queue, row.patienceS * 1000);
  const of = (figure: string, value: number, simulated: Estimate | null): TheoryCheck => {
    if (simulated === null) throw new Error(`${figure} was not measured`);
    return { figure, exact: value, simulated };
  };
  return [
    of('P(wait)', exact.pWait, total.pWait),
    of('wait of all', exact.waitMs / 1000, total.asaAllS),
    of('in 20 s', exact.serviceLevel(20_000), total.serviceLevel),
    ...(model === 'erlang-a' ? [of('P(ab)', exact.pAbandon, total.pAbandon)] : []),
    of('occupancy', exact.occupancy, total.occupancy),
  ];
}

/**
 * As many agents and calls as the row has, with one queue and one skill for each group of agents. In the ring group i serves
 * queues i and i + 1; pooled, everybody serves all. Callers of one seed are the same in both, so that they compare well.
 */
export function groupsPlan(
  row: TheoryRow,
  groups: number,
  kind: 'ring' | 'pooled',
  wishes: SpanWishes,
): AcdPlan {
  const name = (at: number): string => `Skill ${String((at % groups) + 1)}`;
  const all = Array.from({ length: groups }, (_, at) => at);
  return planOf(
    {
      queues: all.map((at) => ({
        name: name(at),
        callsPerHour: row.callsPerHour / groups,
        handling: `exponential:${String(row.handlingS)}`,
        requirements: [{ skill: name(at), minLevel: 50 }],
      })),
      agents: all.map((at) => {
        const queues = kind === 'ring' ? [name(at), name(at + 1)] : all.map(name);
        return {
          name: `Group ${String(at + 1)}`,
          count: row.agents / groups,
          queues,
          skills: Object.fromEntries(queues.map((skill) => [skill, 60])),
        };
      }),
    },
    wishes,
  );
}
