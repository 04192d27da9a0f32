import type { FlowEffect, FlowHappening, FlowMoment } from '../../engines/ivr/effects.js';
import { exitsOf } from '../../engines/ivr/exits.js';
import type { FlowStep } from '../../engines/ivr/flow.js';
import { advance, startFlow, type FlowResult } from '../../engines/ivr/interpreter.js';
import { stepAt } from '../../engines/ivr/state.js';
import type { CallId } from '../../kernel/ids.js';
import type { Random } from '../random.js';
import type { PlanFlow, PlanShares } from './plan.js';

type QueueEffect = Extract<FlowEffect, { readonly kind: 'go-queue' }>;

/**
 * What became of a caller in the flow: `queue`: waits in line next · `contained`: the flow ended the call · `elsewhere`: rang
 * somebody or left a message outside of any queue · `dropped`: hung up · `stuck`: the flow could not go on.
 */
export type FlowEnd =
  | { readonly kind: 'queue'; readonly effect: QueueEffect }
  | { readonly kind: 'contained' | 'elsewhere' | 'dropped' | 'stuck' };

export interface PlayedFlow {
  readonly ms: number;
  readonly end: FlowEnd;
}

/** Keys of what callers do that is no exit. */
export const NO_KEY = 'none';
export const ANSWERED = 'answered';

/**
 * A caller goes through a flow with the interpreter that runs calls: what callers do and what other systems answer is drawn
 * from the shares of the plan. The whole way is known at once, because nothing that others do changes it.
 */
export function playFlow(flow: PlanFlow, id: CallId, atMs: number, random: Random): PlayedFlow {
  return new Way(flow, id, atMs, random).go();
}

class Way {
  #ms = 0;
  readonly #patienceMs: number;

  constructor(
    private readonly flow: PlanFlow,
    private readonly id: CallId,
    private readonly startMs: number,
    private readonly random: Random,
  ) {
    this.#patienceMs = flow.patience.draw(random);
  }

  go(): PlayedFlow {
    const { program } = this.flow;
    let result = startFlow(program, this.#moment());
    for (;;) {
      const end = endOf(result.effect);
      const happening = end === undefined ? this.#happening(result) : this.#unanswered(result);
      // Whoever loses patience hangs up in the middle of what is said.
      if (this.#ms > this.#patienceMs)
        return { ms: Math.round(this.#patienceMs), end: { kind: 'dropped' } };
      if (happening === undefined)
        return { ms: Math.round(this.#ms), end: end ?? { kind: 'stuck' } };
      result = advance(program, result.state, { ...this.#moment(), ...happening });
    }
  }

  #moment(): FlowMoment {
    const { zone, startAt, calendars, language } = this.flow;
    return {
      at: startAt + this.startMs + Math.round(this.#ms),
      ...{ zone, calendars },
      call: {
        ...{ callId: this.id, callerNumber: '', callerName: '' },
        ...{ did: '', didLabel: '', language },
      },
    };
  }

  /** A phone that is rung may not be answered: then the flow goes on. */
  #unanswered({ state, effect }: FlowResult): FlowHappening | undefined {
    const step = stepAt(this.flow.program, state);
    if (step === undefined || !isRinging(effect)) return undefined;
    if (this.#choice(state.step, [ANSWERED]) === ANSWERED) return undefined;
    this.#ms += 'timeoutS' in step ? step.timeoutS * 1_000 : this.flow.ringMs;
    return { kind: 'nobody-answered' };
  }

  /** What an effect comes to, and how long that takes. */
  #happening({ state, effect }: FlowResult): FlowHappening | undefined {
    const step = stepAt(this.flow.program, state);
    if (step === undefined) return undefined;
    switch (effect.kind) {
      case 'play':
      case 'say':
        this.#spend('prompt');
        return { kind: 'played' };
      case 'ask':
        return this.#key(state.step, step, effect.timeoutMs);
      case 'collect':
        return this.#entry(state.step, step, effect);
      case 'confirm':
        this.#spend('prompt');
        this.#spend('key');
        return { kind: 'digit', digit: '1' };
      case 'set-language':
        return { kind: 'language-set' };
      case 'send-webhook':
        return { kind: 'sent' };
      case 'ask-survey':
        return {
          kind:
            this.#choice(state.step, ['next']) === 'declined' ? 'survey-declined' : 'survey-done',
        };
      default:
        return this.#answer(state.step, step);
    }
  }

  #spend(what: 'prompt' | 'key' | 'system'): void {
    this.#ms += this.flow[what].draw(this.random);
  }

  #key(id: string, step: FlowStep, timeoutMs: number): FlowHappening {
    this.#spend('prompt');
    const keys = exitsOf(step).flatMap(({ name }) =>
      name.startsWith('key-') ? [name.slice('key-'.length)] : [],
    );
    const key = this.#choice(id, keys);
    if (key === undefined || key === NO_KEY) {
      this.#ms += timeoutMs;
      return { kind: 'no-key' };
    }
    this.#spend('key');
    return { kind: 'digit', digit: key };
  }

  #entry(
    id: string,
    step: FlowStep,
    { min, max, typed, firstMs }: Extract<FlowEffect, { readonly kind: 'collect' }>,
  ): FlowHappening {
    if (typed === '') this.#spend('prompt');
    const usual = '1'.repeat(min);
    // Of a PIN the shares say whether it is right.
    const entry = step.kind === 'pin' ? usual : this.#choice(id, [usual]);
    if (entry === undefined || entry === NO_KEY) {
      this.#ms += firstMs;
      return { kind: 'no-input' };
    }
    const digits = `${typed}${entry}`.slice(0, max);
    for (let index = 0; index < digits.length; index++) this.#spend('key');
    return { kind: digits.length < min ? 'too-few' : 'entered', digits };
  }

  /** What another system answers, or a caller who is asked something else, by the exits of the step. */
  #answer(id: string, step: FlowStep): FlowHappening | undefined {
    this.#spend(step.kind === 'callback' || step.kind === 'record' ? 'prompt' : 'system');
    const exits = exitsOf(step).map(({ name }) => name);
    // Callers who are not said to want a callback do not.
    const usual = step.kind === 'callback' ? 'declined' : exits[0];
    switch (this.#choice(id, usual === undefined ? [] : [usual])) {
      case 'next':
        return step.kind === 'http'
          ? { kind: 'fetched', variables: {} }
          : { kind: 'recorded', id: this.id };
      case 'nothing':
        return { kind: 'nothing-recorded' };
      case 'error':
        return step.kind === 'http'
          ? { kind: 'fetch-failed', reason: 'timeout' }
          : { kind: 'look-up-failed', reason: 'timeout' };
      case 'found':
        return { kind: step.kind === 'sql' ? 'rows' : 'found', variables: {} };
      case 'empty':
        return { kind: 'no-rows' };
      case 'unknown':
        return { kind: 'not-found' };
      case 'ok':
        return { kind: 'pin-ok' };
      case 'failed':
        return { kind: 'pin-wrong', left: 1 };
      case 'locked':
        return { kind: 'pin-locked' };
      case 'accepted':
        return { kind: 'accepted' };
      case 'declined':
        return { kind: 'declined' };
      default:
        return undefined;
    }
  }

  /** Draws what happens at a step; where the plan says nothing of it, any of the usual things. */
  #choice(step: string, usual: readonly string[]): string | undefined {
    const shares = this.flow.shares.get(step);
    if (shares !== undefined) return drawShare(shares, this.random);
    return usual[Math.floor(this.random() * usual.length)];
  }
}

function drawShare({ total, parts }: PlanShares, random: Random): string | undefined {
  let left = random() * total;
  for (const { what, share } of parts) {
    left -= share;
    if (left < 0) return what;
  }
  return parts.at(-1)?.what;
}

const isRinging = (effect: FlowEffect): boolean =>
  effect.kind === 'go-extension' || effect.kind === 'go-ring' || effect.kind === 'go-outside';

/** Where an effect leads that the flow does not go on from; undefined where it does. */
function endOf(effect: FlowEffect): FlowEnd | undefined {
  switch (effect.kind) {
    case 'go-queue':
      return { kind: 'queue', effect };
    case 'hangup':
      return { kind: 'contained' };
    case 'go-extension':
    case 'go-ring':
    case 'go-outside':
    case 'go-conference':
    case 'go-voicemail':
      return { kind: 'elsewhere' };
    case 'stuck':
    case 'keep':
      return { kind: 'stuck' };
    default:
      return undefined;
  }
}
