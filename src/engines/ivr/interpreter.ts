import type { FlowEffect, FlowInput, FlowMoment, FlowTrace, StuckReason } from './effects.js';
import { exitTo, findStep, type ExitName } from './exits.js';
import type { FlowStep, StepKind, StepOf } from './flow.js';
import {
  completeState,
  definitionOf,
  freshState,
  MAX_DEPTH,
  MAX_STEPS,
  MAX_STEPS_WITHOUT_KEY,
  stepAt,
  type FlowProgram,
  type FlowState,
  type Known,
} from './state.js';
import { customer, http, sql, webhook } from './steps/asking.js';
import { passStep } from './steps/deciding.js';
import { collect, menu, pin, takesAhead } from './steps/keys.js';
import {
  appointment,
  callback,
  conference,
  dialExtension,
  dialName,
  extension,
  hangup,
  outside,
  queue,
  returning,
  ring,
  voicemail,
} from './steps/leading.js';
import { language, play, record, say, survey } from './steps/spoken.js';
import type { Answer, Changes, Waiting } from './steps/waiting.js';

/**
 * Runs an IVR flow, one decision at a time. Pure: time, zone, calendars and the facts of the call come in with each
 * input; what the flow asks of the call goes out as one effect, which is answered by one input.
 *
 *   startFlow ──▶ effect ──input──▶ advance ──▶ effect ──input──▶ advance ──▶ ... ──▶ go-... · hangup · stuck
 *
 * Steps that ask nothing of the call (opening hours, set, condition, sub-flow, return) are passed on the way.
 */

export interface FlowResult {
  readonly state: FlowState;
  readonly effect: FlowEffect;
  readonly trace: readonly FlowTrace[];
}

type SilentKind = 'hours' | 'set' | 'condition' | 'sub-flow';
const WAITING: { readonly [K in Exclude<StepKind, SilentKind>]: Waiting<StepOf<K>> } = {
  ...{ play, say, language, survey, record },
  ...{ menu, collect, pin },
  ...{ http, sql, customer, webhook },
  ...{ queue, extension, ring, outside, conference, callback, appointment, voicemail, hangup },
  'dial-extension': dialExtension,
  'dial-name': dialName,
  return: returning,
};

/** What a step does that asks something of the call. */
const waitingOf = (step: FlowStep): Waiting<FlowStep> | undefined =>
  (WAITING as Readonly<Partial<Record<StepKind, Waiting<FlowStep>>>>)[step.kind];

/** Effects after which the flow is over, unless nobody answers. */
const ENDS: ReadonlySet<FlowEffect['kind']> = new Set([
  ...(['go-queue', 'go-conference', 'go-operator', 'go-voicemail', 'hangup', 'stuck'] as const),
]);

/** A flow on the way, with everything that decisions need. */
interface Run {
  readonly program: FlowProgram;
  readonly moment: FlowMoment;
  readonly trace: FlowTrace[];
}

/** Begins a flow at its first step. `known`: what an earlier flow of the call left. */
export function startFlow(program: FlowProgram, moment: FlowMoment, known?: Known): FlowResult {
  const state = freshState(program, known);
  return enter({ program, moment, trace: [] }, state, state.step);
}

/** Takes what happened and says what to do next. Never throws; an input out of place gives `keep`. */
export function advance(program: FlowProgram, kept: FlowState, input: FlowInput): FlowResult {
  const state = completeState(program, kept);
  const run: Run = { program, moment: input, trace: [] };
  const step = stepAt(program, state);
  const waiting = step && waitingOf(step);
  if (input.kind === 'resumed' && (state.ended || waiting !== undefined))
    return { state, effect: effectOf(run, step, state), trace: [] };
  if (state.ended) return { state, effect: { kind: 'keep' }, trace: [] };
  if (step === undefined || waiting === undefined) return stuck(run, state, 'unknown-step');
  if (input.kind === 'digit' && endsByKey(step)) return pressAhead(run, state, step, input.digit);
  return follow(run, state, step, waiting.answer(step, { state, moment: input }, input));
}

/** What the answer of a step leads to. */
function follow(run: Run, state: FlowState, step: FlowStep, answer: Answer): FlowResult {
  if (answer === undefined) return { state, effect: { kind: 'keep' }, trace: [] };
  if ('stuck' in answer) return stuck(run, state, answer.stuck);
  run.trace.push(...(answer.trace ?? []));
  if ('exit' in answer) return leave(run, state, step, answer);
  const stays = { ...state, ...answer.stay };
  const effect = effectOf(run, step, stays);
  const ended = ENDS.has(effect.kind);
  return { state: ended ? { ...stays, ended } : stays, effect, trace: run.trace };
}

/** Leaves a step by an exit and enters what it leads to. */
function leave(
  run: Run,
  state: FlowState,
  step: FlowStep,
  { exit, changes }: { readonly exit: ExitName; readonly changes?: Changes },
): FlowResult {
  run.trace.push(left(run, state, exit));
  return enter(run, { ...state, ...changes }, exitTo(step, exit) ?? '');
}

const left = (
  { moment }: Run,
  { flow, step, since }: Pick<FlowState, 'flow' | 'step' | 'since'>,
  exit: ExitName,
): FlowTrace => ({
  ...{ kind: 'step-left', flowId: flow, step, exit },
  ms: Math.max(0, moment.at - since),
});

/** Enters a step, passes what can be passed, and stops where something is asked of the call. */
function enter(run: Run, before: FlowState, first: string): FlowResult {
  let state = before;
  let next = first;
  for (;;) {
    state = arriveAt(run, state, next);
    const step = stepAt(run.program, state);
    const limit = step === undefined ? 'unknown-step' : limitReached(state);
    if (step === undefined || limit !== undefined)
      return stuck(run, state, limit ?? 'unknown-step');
    run.trace.push({
      ...{ kind: 'step-entered', flowId: state.flow, step: next },
      ...{ stepKind: step.kind, label: step.label },
    });
    const onward = passOn(run, state, step);
    if (onward === undefined) return arrive(run, state, step);
    if ('stuck' in onward) return stuck(run, state, onward.stuck);
    ({ state, next } = onward);
  }
}

const arriveAt = ({ moment }: Run, state: FlowState, step: string): FlowState => ({
  ...state,
  ...{ step, tries: 0, phase: '', entry: '', since: moment.at },
  sinceKey: state.sinceKey + 1,
  entered: state.entered + 1,
});

function limitReached(state: FlowState): StuckReason | undefined {
  if (state.sinceKey > MAX_STEPS_WITHOUT_KEY) return 'too-many-steps-without-key';
  return state.entered > MAX_STEPS ? 'too-many-steps' : undefined;
}

type Onward =
  | { readonly state: FlowState; readonly next: string }
  | { readonly stuck: StuckReason }
  | undefined;

/** Where a step leads that is passed at once. */
function passOn(run: Run, state: FlowState, step: FlowStep): Onward {
  if (step.kind === 'sub-flow') return enterSubFlow(run, state, step);
  if (step.kind === 'return') return comeBack(run, state);
  const passed = passStep(step, { state, moment: run.moment });
  if (passed === undefined || 'stuck' in passed) return passed;
  run.trace.push(left(run, state, passed.exit));
  return { state: { ...state, ...passed.changes }, next: exitTo(step, passed.exit) ?? '' };
}

function enterSubFlow({ program }: Run, state: FlowState, step: StepOf<'sub-flow'>): Onward {
  const code = [...program.subFlows.values()].find(({ id }) => id === step.flow);
  if (code === undefined) return { stuck: 'unknown-flow' };
  if (state.stack.length >= MAX_DEPTH) return { stuck: 'too-deep' };
  const { flow, step: id, since } = state;
  const stack = [...state.stack, { flow, step: id, since }];
  return { state: { ...state, flow: code.id, stack }, next: code.definition.start };
}

/** Back to the step that entered this flow; nothing where no flow waits. */
function comeBack(run: Run, state: FlowState): Onward {
  const frame = state.stack.at(-1);
  if (frame === undefined) return undefined;
  const definition = definitionOf(run.program, frame.flow);
  const outer = definition && findStep(definition, frame.step);
  if (outer === undefined) return { stuck: 'unknown-flow' };
  run.trace.push(left(run, frame, 'next'));
  const stack = state.stack.slice(0, -1);
  return { state: { ...state, flow: frame.flow, stack }, next: exitTo(outer, 'next') ?? '' };
}

function arrive(run: Run, state: FlowState, step: FlowStep): FlowResult {
  if (step.kind === 'language')
    run.trace.push({ kind: 'language-chosen', language: step.language });
  const effect = effectOf(run, step, state);
  if (effect.kind === 'stuck') return stuck(run, state, effect.reason);
  const ended = ENDS.has(effect.kind);
  return { state: ended ? { ...state, ended } : state, effect, trace: run.trace };
}

function effectOf({ moment }: Run, step: FlowStep | undefined, state: FlowState): FlowEffect {
  const waiting = step && waitingOf(step);
  const reason = state.stuck ?? 'unknown-step';
  if (step === undefined || waiting === undefined || state.stuck !== undefined)
    return { kind: 'stuck', reason, step: state.step };
  return waiting.effect(step, { state, moment });
}

const stuck = (run: Run, state: FlowState, reason: StuckReason): FlowResult => ({
  state: { ...state, ended: true, stuck: reason },
  effect: { kind: 'stuck', reason, step: state.step },
  trace: run.trace,
});

const endsByKey = (step: FlowStep | undefined): step is StepOf<'play'> | StepOf<'say'> =>
  (step?.kind === 'play' || step?.kind === 'say') && step.bargeIn;

/**
 * A key during a prompt ends it. Where a step follows that takes the key, past further prompts that a key may end, it is
 * the answer to that: callers who know the menu press at once. Any other key only skips the prompt.
 */
function pressAhead(run: Run, before: FlowState, prompt: FlowStep, digit: string): FlowResult {
  const skip = { exit: 'next', changes: { sinceKey: 0 } } as const;
  const once = leave({ ...run, trace: [] }, before, prompt, skip);
  let ahead = once;
  let step = stepAt(run.program, ahead.state);
  while (!ahead.state.ended && endsByKey(step)) {
    ahead = leave({ ...run, trace: [...ahead.trace] }, ahead.state, step, { exit: 'next' });
    step = stepAt(run.program, ahead.state);
  }
  if (step === undefined || ahead.state.ended || !takesAhead(step, digit)) {
    const pressed = {
      kind: 'key-pressed',
      step: before.step,
      digits: digit,
      accepted: true,
    } as const;
    return { ...once, trace: [pressed, ...once.trace] };
  }
  if (step.kind !== 'menu') {
    const state = { ...ahead.state, entry: digit };
    return { state, effect: effectOf(run, step, state), trace: ahead.trace };
  }
  const input = { ...run.moment, kind: 'digit', digit } as const;
  const at = { state: ahead.state, moment: run.moment };
  return follow(
    { ...run, trace: [...ahead.trace] },
    ahead.state,
    step,
    menu.answer(step, at, input),
  );
}
