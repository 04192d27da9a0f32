import type { FlowId } from '../../kernel/ids.js';
import type { StuckReason, Variables } from './effects.js';
import { findStep } from './exits.js';
import type { FlowDefinition, FlowStep } from './flow.js';
import { secretNamesOf } from './secret-names.js';

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
  /** Names that become secret whoever sets them: PIN steps compare with them. */
  readonly guarded: readonly string[];
  /** Wrong keys and waits without a key at the current step. */
  readonly tries: number;
  /** What the current step is at: its beginning, after a wrong try, reading an entry back, checking one, somebody was chosen. */
  readonly phase: '' | 'wrong' | 'confirm' | 'check' | 'chosen';
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
  guarded: [],
  tries: 0,
  phase: '',
  entry: '',
  since: 0,
  sinceKey: 0,
  entered: 0,
  ended: false,
};

/** What a call knows from the flows before this one. */
export type Known = Pick<FlowState, 'variables' | 'secret'>;

const NOTHING: Known = { variables: {}, secret: [] };

/** The state before the first step. */
export function freshState(
  { main, subFlows }: FlowProgram,
  { variables, secret }: Known = NOTHING,
): FlowState {
  const guarded = secretNamesOf([main, ...subFlows.values()].map((code) => code.definition));
  const hidden = guarded.filter((name) => Object.hasOwn(variables, name));
  return {
    ...FRESH,
    flow: main.id,
    step: main.definition.start,
    versions: Object.fromEntries([...subFlows.values()].map((code) => [code.id, code.version])),
    ...{ variables, guarded },
    secret: [...new Set([...secret, ...hidden])],
  };
}

/** A state out of the journal: one of an earlier release lacks what that did not have. */
export const completeState = (program: FlowProgram, kept: FlowState): FlowState =>
  Object.hasOwn(kept, 'versions') && Object.hasOwn(kept, 'guarded')
    ? kept
    : { ...freshState(program), ...kept };

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
