import type { FlowDefinition } from '../flow.js';
import type { FlowKnowledge } from '../knowledge.js';
import { problem, type FlowProblem } from '../problems.js';
import { subFlowsOf } from '../references.js';
import { MAX_DEPTH } from '../state.js';

/** Flows that enter each other without end, and flows within flows beyond what a call may enter. */
export function subFlowProblems(flow: FlowDefinition, knowledge: FlowKnowledge): FlowProblem[] {
  const nameOf = (id: number): string => knowledge.flows.get(id)?.name ?? String(id);
  return Object.entries(flow.steps).flatMap(([id, step]): FlowProblem[] => {
    if (step.kind !== 'sub-flow') return [];
    const found = badChain(step.flow, knowledge);
    if (found === undefined) return [];
    const flows = found.chain.map(nameOf).join(' → ');
    return found.isCircle
      ? [problem('error', id, 'flow', 'sub-flow-circle', { flows })]
      : [problem('error', id, 'flow', 'sub-flow-too-deep', { flows, max: MAX_DEPTH })];
  });
}

interface Chain {
  readonly chain: readonly number[];
  readonly isCircle: boolean;
}

/** The first chain of flows from this one that comes back to itself or to the checked flow, or is too long. */
function badChain(first: number, knowledge: FlowKnowledge): Chain | undefined {
  const done = new Set<number>();
  const walk = (id: number, above: readonly number[]): Chain | undefined => {
    const chain = [...above, id];
    if (id === knowledge.self || above.includes(id)) return { chain, isCircle: true };
    if (chain.length > MAX_DEPTH) return { chain, isCircle: false };
    if (done.has(id)) return undefined;
    for (const next of subFlowsOf(knowledge.flows.get(id)?.definition?.steps ?? {})) {
      const found = walk(next, chain);
      if (found !== undefined) return found;
    }
    done.add(id);
    return undefined;
  };
  return walk(first, []);
}
