import type { AcdPlan } from './plan.js';
import { planFlow } from './plan-flow.js';
import { planAgents } from './plan-agents.js';
import { planPhones, planQueues } from './plan-queues.js';
import { planTrace } from './plan-trace.js';
import { Planning } from './planning.js';
import type { Scenario } from './scenario.js';
import { spanOf, type SpanWishes } from './span.js';

/** Works a scenario out: names become ids, units ms, texts distributions. @throws {ScenarioError} saying all that is wrong. */
export function makePlan(scenario: Scenario, wishes: SpanWishes = {}): AcdPlan {
  const planning = new Planning(scenario);
  const { file } = planning;
  const phones = planPhones(planning);
  const queues = planQueues(planning);
  const agents = planAgents(planning);
  const trace = planTrace(planning);
  const flow = planFlow(planning);
  const sources = [...queues, ...(flow === undefined ? [] : [flow])];
  if (trace === undefined && sources.every(({ arrivals }) => arrivals.length === 0))
    planning.refuse(['queues'], 'nobody calls: give callsPerHour, arrivals or a trace');
  planning.throwIfRefused();
  return {
    name: file.name ?? '',
    queues,
    agents,
    skillNames: planning.skillNames,
    trace,
    flow,
    phones,
    pointMs: file.pointSeconds * 1000,
    thresholdMs: file.serviceLevelSeconds * 1000,
    span: spanOf({ queues, agents, trace, flow, phones }, wishes),
  };
}
