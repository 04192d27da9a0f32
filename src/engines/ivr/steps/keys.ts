import type { FlowInput, FlowTrace } from '../effects.js';
import { exitTo } from '../exits.js';
import type { FlowStep, StepKind, StepOf } from '../flow.js';
import { covered, fill, withVariable } from '../variables.js';
import { promptsOf, type Answer, type StepContext, type Waiting } from './waiting.js';

/** Keys of a PIN, in seconds: nobody chooses these. */
const PIN_FIRST_MS = 10_000;
const PIN_NEXT_MS = 5_000;
const TAKE = '1';
const AGAIN = '2';

/** What is said before a step waits for keys: after a wrong try with a word about that. */
const promptsNow = (
  step: StepOf<'menu'> | StepOf<'collect'> | StepOf<'pin'>,
  { state }: StepContext,
) => (state.phase === 'wrong' ? promptsOf(step.wrongPrompt, step.prompt) : promptsOf(step.prompt));

const noKey = ({ state }: StepContext): FlowTrace => ({
  kind: 'no-key',
  step: state.step,
  tries: state.tries + 1,
});
const keys = ({ state }: StepContext, digits: string, accepted: boolean): FlowTrace => ({
  kind: 'key-pressed',
  step: state.step,
  digits,
  accepted,
});

/** One more try, or the way out after the last. */
const tryAgain = (
  { state }: StepContext,
  {
    retries,
    phase,
    exit,
  }: {
    retries: number;
    phase: '' | 'wrong';
    exit: 'no-input' | 'wrong-key' | 'wrong-input' | 'failed';
  },
  trace: readonly FlowTrace[],
): Answer =>
  state.tries >= retries
    ? { exit, trace }
    : { stay: { tries: state.tries + 1, phase, entry: '' }, trace };

/** Where a key of a menu leads. */
export const choiceOf = (menu: StepOf<'menu'>, digit: string): string | undefined =>
  exitTo(menu, `key-${digit}`);

/** Steps that take several keys. */
const ENTRIES: readonly StepKind[] = ['collect', 'pin', 'dial-extension', 'dial-name'];

/** True for steps that a key pressed before they speak may be meant for. */
export function takesAhead(step: FlowStep | undefined, digit: string): boolean {
  if (step?.kind === 'menu') return choiceOf(step, digit) !== undefined;
  return step !== undefined && ENTRIES.includes(step.kind) && /^\d$/.test(digit);
}

export const menu: Waiting<StepOf<'menu'>> = {
  effect: (step, at) => ({
    kind: 'ask',
    prompts: promptsNow(step, at),
    timeoutMs: step.timeoutS * 1_000,
  }),
  answer(step, at, input) {
    const { retries } = step;
    if (input.kind === 'no-key')
      return tryAgain(at, { retries, phase: '', exit: 'no-input' }, [noKey(at)]);
    if (input.kind !== 'digit') return undefined;
    const { digit } = input;
    if (choiceOf(step, digit) === undefined)
      return tryAgain(at, { retries, phase: 'wrong', exit: 'wrong-key' }, [keys(at, digit, false)]);
    return { exit: `key-${digit}`, changes: { sinceKey: 0 }, trace: [keys(at, digit, true)] };
  },
};

export const collect: Waiting<StepOf<'collect'>> = {
  effect(step, at) {
    const { phase, entry } = at.state;
    if (phase === 'confirm')
      return {
        kind: 'confirm',
        digits: entry,
        as: step.confirm === 'number' ? 'number' : 'digits',
      };
    return {
      kind: 'collect',
      prompts: promptsNow(step, at),
      min: step.minDigits,
      max: step.maxDigits,
      endKey: step.endKey,
      firstMs: step.firstDigitS * 1_000,
      nextMs: step.nextDigitS * 1_000,
      typed: entry,
      sensitive: isSensitive(step, at),
    };
  },
  answer(step, at, input) {
    if (at.state.phase === 'confirm') return confirmed(step, at, input);
    const { retries } = step;
    if (input.kind === 'no-input')
      return tryAgain(at, { retries, phase: '', exit: 'no-input' }, [noKey(at)]);
    if (input.kind !== 'entered' && input.kind !== 'too-few') return undefined;
    const digits = onlyKeys(input.digits).slice(0, step.maxDigits);
    if (digits.length < step.minDigits) {
      const shown = isSensitive(step, at) ? covered(digits) : digits;
      const trace = [keys(at, shown, false)];
      return tryAgain(at, { retries, phase: 'wrong', exit: 'wrong-input' }, trace);
    }
    return step.confirm === 'none'
      ? taken(step, at, digits)
      : { stay: { phase: 'confirm', entry: digits, sinceKey: 0 } };
  },
};

const onlyKeys = (text: string): string => text.replace(/[^0-9*#]/g, '');

/** The caller heard the entry and says whether it is right. */
function confirmed(step: StepOf<'collect'>, at: StepContext, input: FlowInput): Answer {
  const { retries } = step;
  if (input.kind === 'digit' && input.digit === TAKE) return taken(step, at, at.state.entry);
  if (input.kind === 'digit' && input.digit === AGAIN)
    return tryAgain(at, { retries, phase: '', exit: 'wrong-input' }, []);
  if (input.kind !== 'digit' && input.kind !== 'no-key') return undefined;
  const trace = input.kind === 'digit' ? keys(at, input.digit, false) : noKey(at);
  return at.state.tries >= retries
    ? { exit: input.kind === 'digit' ? 'wrong-input' : 'no-input', trace: [trace] }
    : { stay: { tries: at.state.tries + 1 }, trace: [trace] };
}

/** What a PIN is compared with is as secret as the PIN. */
const isSensitive = (step: StepOf<'collect'>, { state }: StepContext): boolean =>
  step.sensitive || state.guarded.includes(step.variable);

function taken(step: StepOf<'collect'>, at: StepContext, digits: string): Answer {
  const { state } = at;
  const { variable } = step;
  const sensitive = isSensitive(step, at);
  const told: FlowTrace = {
    kind: 'input-collected',
    flowId: state.flow,
    step: state.step,
    label: step.label,
    variable,
    length: digits.length,
    sensitive,
    ...(sensitive ? {} : { value: digits }),
  };
  const held = withVariable(state, variable, digits, sensitive);
  return { exit: 'next', changes: { ...held, sinceKey: 0 }, trace: [told] };
}

export const pin: Waiting<StepOf<'pin'>> = {
  effect(step, at) {
    const { state, moment } = at;
    if (state.phase === 'check')
      return {
        kind: 'check-pin',
        entered: state.entry,
        expected: fill(state, moment, step.expected),
        subject: fill(state, moment, step.subject),
        lockAfter: step.lockAfter,
        lockMs: step.lockMinutes * 60_000,
      };
    return {
      kind: 'collect',
      prompts: promptsNow(step, at),
      ...{ min: step.digits, max: step.digits, endKey: '#' },
      ...{ firstMs: PIN_FIRST_MS, nextMs: PIN_NEXT_MS },
      typed: state.entry,
      sensitive: true,
    };
  },
  answer(step, at, input) {
    const retries = step.tries - 1;
    const wrong = { retries, phase: 'wrong', exit: 'failed' } as const;
    if (at.state.phase === 'check') {
      if (input.kind === 'pin-ok') return { exit: 'ok', changes: { sinceKey: 0 } };
      if (input.kind === 'pin-locked') return { exit: 'locked' };
      if (input.kind !== 'pin-wrong') return undefined;
      return input.left <= 0 ? { exit: 'locked' } : tryAgain(at, wrong, []);
    }
    if (input.kind === 'no-input') return tryAgain(at, { ...wrong, phase: '' }, [noKey(at)]);
    if (input.kind !== 'entered' && input.kind !== 'too-few') return undefined;
    const digits = onlyKeys(input.digits);
    const trace = [keys(at, covered(digits), digits.length === step.digits)];
    // Where nobody knows whose PIN it is, no PIN is right; counting would lock all such callers together.
    if (fill(at.state, at.moment, step.subject).trim() === '') return { exit: 'failed', trace };
    return digits.length === step.digits
      ? { stay: { phase: 'check', entry: digits, sinceKey: 0 }, trace }
      : tryAgain(at, wrong, trace);
  },
};
