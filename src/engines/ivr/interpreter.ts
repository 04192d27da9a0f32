import type { CallEventBody, Language } from '../../kernel/call-event.js';
import type { CalendarId, ExtensionId, PromptId, QueueId } from '../../kernel/ids.js';
import { stateAt, type Calendar } from '../routing/calendar.js';
import { isKnownZone } from '../routing/wall-clock.js';
import type { FlowDefinition, FlowStep, StepOf } from './flow.js';
import { isOpenAt } from './opening-hours.js';

/**
 * Runs an IVR flow, one decision at a time. Pure: time, zone and calendars come in with each input.
 *
 *   startFlow ──▶ play ──played/digit──▶ next ...
 *             ├─▶ ask ──digit/no-key──▶ the key's step, the menu again, or its no-key / wrong-key exit
 *             ├─▶ set-language ──language-set──▶ next ...
 *             ├─▶ go-extension ──nobody-answered──▶ its no-answer step, or stuck
 *             └─▶ go-queue · go-voicemail · hangup · stuck (the flow has ended)
 */

/** Steps that a call may enter without a key from its caller; at the limit the flow ends as `stuck`. */
export const MAX_STEPS_WITHOUT_KEY = 50;
/** Steps that one call may enter in all; at the limit the flow ends as `stuck`. */
export const MAX_STEPS = 1_000;

/** Where a call stands in its flow. Plain data: the journal keeps it. */
export interface FlowState {
  readonly step: string;
  /** Wrong keys and waits without a key at the current menu. */
  readonly tries: number;
  /** Steps entered since the caller last pressed a key that counted. */
  readonly sinceKey: number;
  /** Steps entered since the call came in. */
  readonly entered: number;
  /** True after a terminal effect other than `go-extension`: nothing that comes in changes anything any more. */
  readonly ended: boolean;
}

/** What opening hours are decided by. */
export interface FlowMoment {
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** The site's IANA zone: hours that a step has of its own are in it; calendars have theirs. */
  readonly zone: string;
  /** By id; archived ones too, which older versions of flows may still name. */
  readonly calendars: ReadonlyMap<CalendarId, Calendar>;
}

/** What happened, and when. */
export type FlowInput = FlowMoment &
  (
    | { readonly kind: 'played' | 'no-key' | 'language-set' | 'nobody-answered' }
    /** The process that ran the flow is gone: gives the effect of the current step again, without a trace. */
    | { readonly kind: 'resumed' }
    | { readonly kind: 'digit'; readonly digit: string }
  );

export type StuckReason =
  | 'unknown-step'
  | 'too-many-steps-without-key'
  | 'too-many-steps'
  | 'voicemail-without-owner'
  | 'unknown-zone'
  | 'unknown-calendar'
  | 'nowhere-after-no-answer';

/** What the call has to do next. */
export type FlowEffect =
  /** Play, then `played`. With `bargeIn` a key ends it: then `digit` instead of `played`. */
  | { readonly kind: 'play'; readonly prompts: readonly PromptId[]; readonly bargeIn: boolean }
  /** Play (a key ends it at any moment), then wait `timeoutMs` for one key: `digit` or `no-key`. */
  | { readonly kind: 'ask'; readonly prompts: readonly PromptId[]; readonly timeoutMs: number }
  /** Prompts are in this language from now on; then `language-set`. */
  | { readonly kind: 'set-language'; readonly language: Language }
  | { readonly kind: 'go-queue'; readonly queue: QueueId; readonly priority: number }
  /** Where `noAnswerStep` is given, keep the state: `nobody-answered` takes the call back into the flow. */
  | {
      readonly kind: 'go-extension';
      readonly extension: ExtensionId;
      readonly noAnswerStep?: string;
    }
  /** Exactly one of the two owns the message. */
  | {
      readonly kind: 'go-voicemail';
      readonly extension?: ExtensionId;
      readonly queue?: QueueId;
      readonly greeting?: PromptId;
    }
  | { readonly kind: 'hangup'; readonly prompt?: PromptId }
  /** The flow cannot go on; the caller deserves a message and the administrator an entry. */
  | { readonly kind: 'stuck'; readonly reason: StuckReason; readonly step: string }
  /** The input does not belong here: go on with what is under way. */
  | { readonly kind: 'keep' };

type BodyOf<K extends CallEventBody['kind']> = Extract<CallEventBody, { kind: K }>;
/** What happened on the way, as ledger events without the flow's id. */
export type FlowTrace =
  | Omit<BodyOf<'step-entered'>, 'flowId'>
  | BodyOf<'key-pressed'>
  | BodyOf<'no-key'>
  | BodyOf<'language-chosen'>;

export interface FlowResult {
  readonly state: FlowState;
  readonly effect: FlowEffect;
  readonly trace: readonly FlowTrace[];
}

/** Begins a flow at its first step. */
export function startFlow(definition: FlowDefinition, moment: FlowMoment): FlowResult {
  const state = { step: definition.start, tries: 0, sinceKey: 0, entered: 0, ended: false };
  return enter(definition, state, definition.start, moment, []);
}

/** Takes what happened and says what to do next. Never throws; an input out of place gives `keep`. */
export function advance(
  definition: FlowDefinition,
  state: FlowState,
  input: FlowInput,
): FlowResult {
  const keep: FlowResult = { state, effect: { kind: 'keep' }, trace: [] };
  if (state.ended) return keep;
  const step = stepOf(definition, state.step);
  if (step === undefined) return stuck(state, 'unknown-step', []);
  if (input.kind === 'resumed') return { state, effect: effectOf(step, state), trace: [] };
  switch (step.kind) {
    case 'play':
      if (input.kind === 'played') return enter(definition, state, step.next, input, []);
      if (input.kind === 'digit' && step.bargeIn) return bargeIn(definition, state, step, input);
      return keep;
    case 'language':
      return input.kind === 'language-set' ? enter(definition, state, step.next, input, []) : keep;
    case 'menu':
      if (input.kind === 'digit') return answerMenu(definition, state, step, input, []);
      if (input.kind === 'no-key') return repeatMenu(definition, state, step, input);
      return keep;
    case 'extension':
      if (input.kind !== 'nobody-answered') return keep;
      return step.noAnswer === undefined
        ? stuck(state, 'nowhere-after-no-answer', [])
        : enter(definition, state, step.noAnswer, input, []);
    default:
      return keep;
  }
}

type Digit = FlowMoment & { readonly digit: string };

const stepOf = (definition: FlowDefinition, id: string): FlowStep | undefined =>
  Object.hasOwn(definition.steps, id) ? definition.steps[id] : undefined;

const choiceOf = (menu: StepOf<'menu'>, digit: string): string | undefined =>
  Object.hasOwn(menu.choices, digit) ? menu.choices[digit] : undefined;

const stuck = (state: FlowState, reason: StuckReason, trace: readonly FlowTrace[]): FlowResult => ({
  state: { ...state, ended: true },
  effect: { kind: 'stuck', reason, step: state.step },
  trace,
});

/** Enters steps until one of them gives something to do. */
function enter(
  definition: FlowDefinition,
  before: FlowState,
  id: string,
  moment: FlowMoment,
  earlier: readonly FlowTrace[],
): FlowResult {
  const trace = [...earlier];
  let state = before;
  let next = id;
  for (;;) {
    const step = stepOf(definition, next);
    state = {
      ...state,
      step: next,
      tries: 0,
      sinceKey: state.sinceKey + 1,
      entered: state.entered + 1,
    };
    if (step === undefined) return stuck(state, 'unknown-step', trace);
    if (state.sinceKey > MAX_STEPS_WITHOUT_KEY)
      return stuck(state, 'too-many-steps-without-key', trace);
    if (state.entered > MAX_STEPS) return stuck(state, 'too-many-steps', trace);
    trace.push({ kind: 'step-entered', step: next, stepKind: step.kind, label: step.label });
    if (step.kind !== 'hours') return arrive(step, state, trace);
    const hours = lookAtHours(step, moment);
    if (typeof hours === 'string') return stuck(state, hours, trace);
    next = hours.isOpen ? step.open : step.closed;
  }
}

/** By the calendar that the step names, or by its own periods. */
function lookAtHours(
  step: StepOf<'hours'>,
  { at, zone, calendars }: FlowMoment,
): { readonly isOpen: boolean } | StuckReason {
  if (step.calendar === undefined)
    return isKnownZone(zone) ? { isOpen: isOpenAt(step, at, zone) } : 'unknown-zone';
  const calendar = calendars.get(step.calendar as CalendarId);
  if (calendar === undefined) return 'unknown-calendar';
  return isKnownZone(calendar.zone) ? stateAt(calendar, at) : 'unknown-zone';
}

function arrive(step: FlowStep, state: FlowState, trace: FlowTrace[]): FlowResult {
  if (step.kind === 'language') trace.push({ kind: 'language-chosen', language: step.language });
  const effect = effectOf(step, state);
  const ended = isEnd(effect);
  return { state: ended ? { ...state, ended } : state, effect, trace };
}

const isEnd = (effect: FlowEffect): boolean =>
  ['go-queue', 'go-voicemail', 'hangup', 'stuck'].includes(effect.kind);

function effectOf(step: FlowStep, state: FlowState): FlowEffect {
  switch (step.kind) {
    case 'play':
      return { kind: 'play', prompts: [step.prompt as PromptId], bargeIn: step.bargeIn };
    case 'menu':
      return ask(step, [step.prompt]);
    case 'language':
      return { kind: 'set-language', language: step.language };
    case 'queue':
      return { kind: 'go-queue', queue: step.queue as QueueId, priority: step.priority };
    case 'extension':
      return {
        kind: 'go-extension',
        extension: step.extension as ExtensionId,
        ...(step.noAnswer === undefined ? {} : { noAnswerStep: step.noAnswer }),
      };
    case 'voicemail':
      return voicemail(step, state);
    case 'hangup':
      return step.prompt === undefined
        ? { kind: 'hangup' }
        : { kind: 'hangup', prompt: step.prompt as PromptId };
    default:
      // Only reached by a state that was not made here: `enter` passes opening hours by itself.
      return { kind: 'stuck', reason: 'unknown-step', step: state.step };
  }
}

const ask = (menu: StepOf<'menu'>, prompts: readonly number[]): FlowEffect => ({
  kind: 'ask',
  prompts: prompts as readonly PromptId[],
  timeoutMs: menu.timeoutS * 1_000,
});

function voicemail(step: StepOf<'voicemail'>, state: FlowState): FlowEffect {
  const greeting = step.greeting === undefined ? {} : { greeting: step.greeting as PromptId };
  if (step.extension !== undefined)
    return { kind: 'go-voicemail', extension: step.extension as ExtensionId, ...greeting };
  if (step.queue !== undefined)
    return { kind: 'go-voicemail', queue: step.queue as QueueId, ...greeting };
  return { kind: 'stuck', reason: 'voicemail-without-owner', step: state.step };
}

/**
 * A key during a prompt ends it. Where a menu follows that knows the key, it is the answer (callers who know the menu
 * press at once); any other key only skips the prompt.
 */
function bargeIn(
  definition: FlowDefinition,
  state: FlowState,
  step: StepOf<'play'>,
  input: Digit,
): FlowResult {
  const awake = { ...state, sinceKey: 0 };
  const skipped = enter(definition, awake, step.next, input, []);
  const menu = skipped.state.ended ? undefined : stepOf(definition, skipped.state.step);
  if (menu?.kind === 'menu' && choiceOf(menu, input.digit) !== undefined)
    return answerMenu(definition, skipped.state, menu, input, skipped.trace);
  const key: FlowTrace = {
    kind: 'key-pressed',
    step: state.step,
    digits: input.digit,
    accepted: true,
  };
  return { ...skipped, trace: [key, ...skipped.trace] };
}

function answerMenu(
  definition: FlowDefinition,
  state: FlowState,
  menu: StepOf<'menu'>,
  input: Digit,
  earlier: readonly FlowTrace[],
): FlowResult {
  const target = choiceOf(menu, input.digit);
  const accepted = target !== undefined;
  const trace: FlowTrace[] = [
    ...earlier,
    { kind: 'key-pressed', step: state.step, digits: input.digit, accepted },
  ];
  if (accepted) return enter(definition, { ...state, sinceKey: 0 }, target, input, trace);
  const tries = state.tries + 1;
  if (tries > menu.retries) return enter(definition, state, menu.wrongKey, input, trace);
  const prompts = menu.wrongPrompt === undefined ? [menu.prompt] : [menu.wrongPrompt, menu.prompt];
  return { state: { ...state, tries }, effect: ask(menu, prompts), trace };
}

function repeatMenu(
  definition: FlowDefinition,
  state: FlowState,
  menu: StepOf<'menu'>,
  input: FlowMoment,
): FlowResult {
  const tries = state.tries + 1;
  const trace: FlowTrace[] = [{ kind: 'no-key', step: state.step, tries }];
  if (tries > menu.retries) return enter(definition, state, menu.noInput, input, trace);
  return { state: { ...state, tries }, effect: ask(menu, [menu.prompt]), trace };
}
