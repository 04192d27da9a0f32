import type { PromptId } from '../../../kernel/ids.js';
import type { FlowEffect, FlowInput, FlowMoment, FlowTrace, StuckReason } from '../effects.js';
import type { ExitName } from '../exits.js';
import type { FlowStep } from '../flow.js';
import type { FlowState } from '../state.js';
import type { Held } from '../variables.js';

/** Where a step stands, and what it can see. */
export interface StepContext {
  readonly state: FlowState;
  readonly moment: FlowMoment;
}

/** What of the state a step may change. */
export type Changes = Partial<
  Pick<FlowState, keyof Held | 'tries' | 'phase' | 'entry' | 'sinceKey'>
>;

/** What a step makes of an input; nothing where the input does not belong here. */
export type Answer =
  | { readonly exit: ExitName; readonly changes?: Changes; readonly trace?: readonly FlowTrace[] }
  | { readonly stay: Changes; readonly trace?: readonly FlowTrace[] }
  | { readonly stuck: StuckReason }
  | undefined;

/** A step that asks something of the call. Both see nothing but the step and where it stands. */
export interface Waiting<S extends FlowStep> {
  effect(step: S, at: StepContext): FlowEffect;
  answer(step: S, at: StepContext, input: FlowInput): Answer;
}

/** A step that is passed at once. */
export type Passed =
  { readonly exit: ExitName; readonly changes?: Changes } | { readonly stuck: StuckReason };

/** Prompts that are there, in order. */
export const promptsOf = (...ids: readonly (number | undefined)[]): readonly PromptId[] =>
  ids.flatMap((id) => (id === undefined ? [] : [id as PromptId]));

/** The same visit of the same step gives the same key, whoever carries it out. */
export const visitKey = ({ state, moment }: StepContext): string =>
  [moment.call.callId, state.flow, state.step, state.entered].join('/');
