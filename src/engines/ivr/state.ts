import type { FlowId } from '../../kernel/ids.js';
import type { StuckReason, Variables } from './effects.js';
import { findStep } from './exits.js';
import type { FlowDefinition, FlowStep } from './flow.js';

/** Steps that a call may enter without a key from its caller; at the limit the flow ends as `stuck`. */
export const MAX_STEPS_WITHOUT_KEY = 100;
/** Steps that one call may enter in all; at the limit the flow ends as `stuck`. */
export const MAX_STEPS = 1_000;
/** Sub-flows within each other; at the limit the flow ends as `stuck`. */
export const MAX_DEPTH = 8;

/** A flow in one version. */
export interface FlowCode {
  readonly id: FlowId;
  readonly version: number;
  readonly definition: FlowDefinition;
}

/** What a call runs: the flow that it entered and every flow that this one may enter, in fixed versions. */
export interface FlowProgram {
  readonly main: FlowCode;
  readonly subFlows: ReadonlyMap<FlowId, FlowCode>;
}

/** A program of one flow. */
export const soleFlow = (main: FlowCode): FlowProgram => ({ main, subFlows: new Map() });

/** A sub-flow step whose flow has not returned yet. */
interface Frame {
  readonly flow: FlowId;
  readonly step: string;
  readonly since: number;
}

/** Where a call stands in its flow. Plain data: the journal keeps it. */
export interface FlowState {
  readonly flow: FlowId;
  readonly step: string;
  /** The flows that wait for this one to return, the outermost first. */
  readonly stack: readonly Frame[];
  /** Versions of sub-flows as they were when the call came in, by flow: a process that takes over loads the same. */
  readonly versions: Readonly<Record<string, number>>;
  readonly variables: Variables;
  /** Names of variables that nobody may see. */
  readonly secret: readonly string[];
  /** Wrong keys and waits without a key at the current step. */
  readonly tries: number;
  /** What the current step is at: at its beginning, after a wrong try, reading an entry back, checking one. */
  readonly phase: '' | 'wrong' | 'confirm' | 'check';
  /** Keys that the current step has and has not taken yet. */
  readonly entry: string;
  /** When the current step was entered. */
  readonly since: number;
  /** Steps entered since the caller last pressed a key that counted. */
  readonly sinceKey: number;
  /** Steps entered since the call came in. */
  readonly entered: number;
  /** True after an effect that nothing comes back from: only `resumed` is answered any more. */
  readonly ended: boolean;
  readonly stuck?: StuckReason;
}

const FRESH: Omit<FlowState, 'flow' | 'step'> = {
  stack: [],
  versions: {},
  variables: {},
  secret: [],
  tries: 0,
  phase: '',
  entry: '',
  since: 0,
  sinceKey: 0,
  entered: 0,
  ended: false,
};

/** The state before the first step. */
export const freshState = ({ main, subFlows }: FlowProgram): FlowState => ({
  ...FRESH,
  flow: main.id,
  step: main.definition.start,
  versions: Object.fromEntries([...subFlows.values()].map((code) => [code.id, code.version])),
});

/** A state out of the journal: one of an earlier release lacks what that did not have. */
export const completeState = (program: FlowProgram, kept: FlowState): FlowState => ({
  ...freshState(program),
  ...kept,
});

/** The flow in which a state stands. */
export function definitionOf(program: FlowProgram, flow: FlowId): FlowDefinition | undefined {
  return flow === program.main.id
    ? program.main.definition
    : program.subFlows.get(flow)?.definition;
}

/** The step at which a state stands. */
export function stepAt(
  program: FlowProgram,
  { flow, step }: Pick<FlowState, 'flow' | 'step'>,
): FlowStep | undefined {
  const definition = definitionOf(program, flow);
  return definition && findStep(definition, step);
}
