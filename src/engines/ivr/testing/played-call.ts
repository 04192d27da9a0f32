import { pickFromJson, pickFromRow } from '../answers.js';
import type { ExtensionId } from '../../../kernel/ids.js';
import type { FetchFailure, FlowEffect, FlowHappening } from '../effects.js';
import type { FlowProblem } from '../problems.js';
import type { Act } from './flow-test.js';

type EffectOf<K extends FlowEffect['kind']> = Extract<FlowEffect, { kind: K }>;
type ActOf<K extends Act['kind']> = Extract<Act, { kind: K }>;

/** What an effect comes to: an input, nothing more (the flow has ended here), or a test that does not say. */
export type Played =
  | { readonly kind: 'happens'; readonly happening: FlowHappening }
  | { readonly kind: 'end' }
  | { readonly kind: 'unsaid'; readonly message: FlowProblem['message'] };

const happens = (happening: FlowHappening): Played => ({ kind: 'happens', happening });

/** Plays the caller and the systems around a call: each act of the test is used once, in order. */
export class PlayedCall {
  readonly #left: Act[];
  /** Keys that were too many for the last entry. */
  #surplus: Act | undefined;
  readonly #wrongPins = new Map<string, number>();

  constructor(
    acts: readonly Act[],
    /** The extension with a number. */
    private readonly numbered: (number: string) => ExtensionId | undefined = () => undefined,
  ) {
    this.#left = [...acts];
  }

  /** Acts that nothing asked for. */
  get left(): readonly Act[] {
    return this.#left;
  }

  /** What an effect of a step comes to. */
  answer(effect: FlowEffect, step: string): Played {
    switch (effect.kind) {
      case 'play':
      case 'say':
        return happens(this.#during(effect, step));
      case 'ask':
        return happens(this.#key(step));
      case 'collect':
        return happens(this.#entry(effect, step));
      case 'confirm':
        return happens(this.#confirmation(step));
      case 'set-language':
        return happens({ kind: 'language-set' });
      case 'send-webhook':
        return happens({ kind: 'sent' });
      case 'ask-survey':
        return happens({
          kind: this.#take('survey', step)?.answered === false ? 'survey-declined' : 'survey-done',
        });
      case 'go-extension':
      case 'go-ring':
      case 'go-outside':
        return this.#take('nobody-answers', step)
          ? happens({ kind: 'nobody-answered' })
          : { kind: 'end' };
      default:
        return this.#system(effect, step);
    }
  }

  #system(effect: FlowEffect, step: string): Played {
    switch (effect.kind) {
      case 'fetch':
        return this.#fetched(effect, step);
      case 'look-up':
        return this.#lookedUp(effect, step);
      case 'ask-directory':
        return this.#asked(step);
      case 'find-customer':
        return happens(this.#customer(step));
      case 'check-pin':
        return this.#pin(effect, step);
      case 'offer-callback': {
        const act = this.#take('callback', step);
        return happens({ kind: act?.accepted === true ? 'accepted' : 'declined' });
      }
      case 'offer-appointment': {
        if (!effect.asks)
          return happens({ kind: effect.times.length > 0 ? 'accepted' : 'declined' });
        const act = this.#take('appointment', step);
        const isTaken = act?.accepted === true && effect.times.length > 0;
        return happens({ kind: isTaken ? 'accepted' : 'declined' });
      }
      case 'record-message': {
        this.#forgetSurplus();
        const act = this.#take('message', step);
        return happens(
          act?.left === false ? { kind: 'nothing-recorded' } : { kind: 'recorded', id: 'test' },
        );
      }
      default:
        return { kind: 'end' };
    }
  }

  /** Whoever wrote the test says whom the caller asks for: who works in the company is not part of a test. */
  #asked(step: string): Played {
    const act = this.#take('asks-for', step);
    if (act === undefined) return { kind: 'unsaid', message: 'flow.test.no-person' };
    if (act.who === 'operator') return happens({ kind: 'operator-asked' });
    const extension = this.numbered(act.who);
    return extension === undefined
      ? happens({ kind: 'nobody-chosen' })
      : happens({ kind: 'person-chosen', extension, keys: act.who });
  }

  /** The first act of a kind that is for this step or for any. */
  #find<K extends Act['kind']>(kind: K, step: string): ActOf<K> | undefined {
    return this.#left.find(
      (act): act is ActOf<K> => act.kind === kind && (act.step === undefined || act.step === step),
    );
  }

  #take<K extends Act['kind']>(kind: K, step: string): ActOf<K> | undefined {
    const act = this.#find(kind, step);
    if (act !== undefined) this.#left.splice(this.#left.indexOf(act), 1);
    return act;
  }

  /** The next of keys and silence, whichever comes first. */
  #next(step: string): ActOf<'keys'> | ActOf<'silence'> | undefined {
    const both = [this.#find('keys', step), this.#find('silence', step)];
    const places = both.flatMap((act) => (act === undefined ? [] : [this.#left.indexOf(act)]));
    const act = places.length === 0 ? undefined : this.#left[Math.min(...places)];
    return act?.kind === 'keys' || act?.kind === 'silence' ? act : undefined;
  }

  #drop(act: Act): void {
    this.#left.splice(this.#left.indexOf(act), 1);
  }

  /** Takes one key; what is left of the act stays for the next step that asks. */
  #press(act: ActOf<'keys'>): string {
    this.#leave(act, act.keys.slice(1));
    return act.keys.slice(0, 1);
  }

  /** What is read back, and a message, hear no key that was pressed before. */
  #forgetSurplus(): void {
    const surplus = this.#surplus;
    if (surplus !== undefined && this.#left.includes(surplus)) this.#drop(surplus);
  }

  /** What an act has left when a step has taken what it asked for. */
  #leave(act: Act, keys: string): void {
    this.#surplus = keys === '' ? undefined : { kind: 'keys', keys };
    if (this.#surplus === undefined) this.#drop(act);
    else this.#left[this.#left.indexOf(act)] = this.#surplus;
  }

  #during(effect: EffectOf<'play'> | EffectOf<'say'>, step: string): FlowHappening {
    const act = this.#left.find((one) => one.kind === 'keys' && one.step === step);
    if (!effect.bargeIn || act?.kind !== 'keys') return { kind: 'played' };
    return { kind: 'digit', digit: this.#press(act) };
  }

  #key(step: string): FlowHappening {
    const act = this.#next(step);
    if (act?.kind === 'keys') return { kind: 'digit', digit: this.#press(act) };
    if (act !== undefined) this.#drop(act);
    return { kind: 'no-key' };
  }

  #entry(effect: EffectOf<'collect'>, step: string): FlowHappening {
    const { endKey, max, min } = effect;
    let digits = effect.typed.slice(0, max);
    const act = digits.length < max ? this.#next(step) : undefined;
    let rest = act?.kind === 'keys' ? act.keys : '';
    let isEnded = false;
    while (rest !== '' && !isEnded && digits.length < max) {
      const key = rest.slice(0, 1);
      rest = rest.slice(1);
      isEnded = key === endKey;
      if (!isEnded && /^\d$/.test(key)) digits += key;
    }
    if (!isEnded && endKey !== '' && rest.startsWith(endKey)) rest = rest.slice(1);
    if (act !== undefined) this.#leave(act, rest);
    if (digits === '' && !isEnded) return { kind: 'no-input' };
    return { kind: digits.length < min ? 'too-few' : 'entered', digits };
  }

  /** Callers find right what they entered, unless the test names this step once more. Surplus keys say nothing of it. */
  #confirmation(step: string): FlowHappening {
    this.#forgetSurplus();
    const act = this.#left.find((one) => one.kind === 'keys' && one.step === step);
    return { kind: 'digit', digit: act?.kind === 'keys' ? this.#press(act) : '1' };
  }

  #fetched(effect: EffectOf<'fetch'>, step: string): Played {
    const act = this.#take('http', step);
    if (act === undefined) return { kind: 'unsaid', message: 'flow.test.no-http' };
    if (act.failure !== undefined)
      return happens({ kind: 'fetch-failed', reason: act.failure as FetchFailure });
    const answer = parsed(act.answer ?? '');
    if (answer === undefined && effect.answers.length > 0)
      return happens({ kind: 'fetch-failed', reason: 'not-json' });
    const variables = pickFromJson(answer?.value, effect.answers);
    return variables === undefined
      ? happens({ kind: 'fetch-failed', reason: 'missing-field' })
      : happens({ kind: 'fetched', variables });
  }

  #lookedUp(effect: EffectOf<'look-up'>, step: string): Played {
    const act = this.#take('sql', step);
    if (act === undefined) return { kind: 'unsaid', message: 'flow.test.no-sql' };
    if (act.failure !== undefined) return happens({ kind: 'look-up-failed', reason: act.failure });
    if (act.row === undefined) return happens({ kind: 'no-rows' });
    const variables = pickFromRow(act.row, effect.answers);
    return variables === undefined
      ? happens({ kind: 'look-up-failed', reason: 'missing-field' })
      : happens({ kind: 'rows', variables });
  }

  #customer(step: string): FlowHappening {
    const known = this.#take('customer', step)?.known;
    if (known === undefined) return { kind: 'not-found' };
    const variables = Object.fromEntries(
      Object.entries(known).map(([name, value]) => [`customer_${name}`, value]),
    );
    return { kind: 'found', variables };
  }

  /** Without an act a plain PIN is compared; a hash cannot be. Wrong ones of one subject lock it, as over all calls. */
  #pin(effect: EffectOf<'check-pin'>, step: string): Played {
    const act = this.#take('pin', step);
    if (act === undefined && effect.expected.startsWith('$'))
      return { kind: 'unsaid', message: 'flow.test.no-pin' };
    const { entered, expected, lockAfter, subject } = effect;
    const before = this.#wrongPins.get(subject) ?? 0;
    const isRight = expected !== '' && entered === expected;
    const result = act?.result ?? (before >= lockAfter ? 'locked' : isRight ? 'ok' : 'wrong');
    if (result === 'locked') return happens({ kind: 'pin-locked' });
    this.#wrongPins.set(subject, result === 'ok' ? 0 : before + 1);
    if (result === 'ok') return happens({ kind: 'pin-ok' });
    return happens({ kind: 'pin-wrong', left: Math.max(0, lockAfter - before - 1) });
  }
}

function parsed(text: string): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) };
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
