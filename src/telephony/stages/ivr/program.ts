import type { FlowCode, FlowProgram, FlowState } from '../../../engines/ivr/state.js';
import type { FlowId } from '../../../kernel/ids.js';
import type { Directory, FlowConfig } from '../../directory.js';

/** A program, and what its flows are called. */
export interface LoadedFlow {
  readonly program: FlowProgram;
  readonly flows: ReadonlyMap<FlowId, FlowConfig>;
}

interface Wanted {
  readonly flow: FlowId;
  readonly version: number;
  /** Absent before the first step. */
  readonly state?: FlowState;
}

/**
 * The flow that a call runs with every flow that it may enter. Versions are fixed when the call comes in: those that are
 * published then, and the same ones for a process that takes the call up. Undefined where the flow itself is gone.
 */
export async function loadFlow(
  directory: Directory,
  { flow, version, state }: Wanted,
): Promise<LoadedFlow | undefined> {
  const main = await directory.flowVersion(flow, version);
  if (main === undefined) return undefined;
  const flows = new Map([[main.id, main]]);
  // A map goes on to what is added while it is read: flows of flows are found too.
  for (const config of flows.values())
    for (const id of subFlowsOf(config)) {
      if (flows.has(id)) continue;
      const found = await subFlow(directory, id, state);
      if (found !== undefined) flows.set(id, found);
    }
  return { program: programOf(main, flows), flows };
}

const subFlowsOf = ({ definition }: FlowConfig): readonly FlowId[] =>
  Object.values(definition.steps).flatMap((step) =>
    step.kind === 'sub-flow' ? [step.flow as FlowId] : [],
  );

function subFlow(
  directory: Directory,
  id: FlowId,
  state: FlowState | undefined,
): Promise<FlowConfig | undefined> {
  // A state of an earlier release knows no versions.
  const versions: FlowState['versions'] | undefined = state?.versions;
  const version = versions?.[id];
  return version === undefined
    ? Promise.resolve(directory.current.flows.get(id))
    : directory.flowVersion(id, version);
}

function programOf(main: FlowConfig, flows: ReadonlyMap<FlowId, FlowConfig>): FlowProgram {
  const subFlows = new Map<FlowId, FlowCode>(flows);
  subFlows.delete(main.id);
  return { main, subFlows };
}
