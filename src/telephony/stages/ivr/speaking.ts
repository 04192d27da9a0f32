import type { FlowEffect, FlowHappening } from '../../../engines/ivr/effects.js';
import { phrase } from '../../../engines/speech/phrase.js';
import type { SpokenForm } from '../../../engines/ivr/schema/spoken-steps.js';
import { wallTime, isKnownZone } from '../../../engines/routing/wall-clock.js';
import type { PromptId } from '../../../kernel/ids.js';
import type { Scope } from '../../../kernel/scope.js';
import type { Call } from '../../calls/call.js';
import { askKey, playPrompt } from '../../calls/prompts.js';
import type { CallServices } from '../../calls/services.js';

type Effect<K extends FlowEffect['kind']> = Extract<FlowEffect, { readonly kind: K }>;

/** How long a caller may think before an entry that was read back counts as not answered. */
const CONFIRM_MS = 6_000;

/** What flows say: prompts, values and entries, in the call's language. */
export class Speaking {
  constructor(
    private readonly s: CallServices,
    private readonly call: Call,
  ) {}

  async play(scope: Scope, effect: Effect<'play'>): Promise<FlowHappening> {
    return this.#say(scope, this.prompts(effect.prompts), effect.bargeIn);
  }

  /** `unspoken` is told how long it took to learn that no voice speaks the text. */
  async say(
    scope: Scope,
    effect: Effect<'say'>,
    unspoken: (ms: number) => void,
  ): Promise<FlowHappening> {
    const before = effect.prompt === undefined ? [] : this.prompts([effect.prompt]);
    const words = await this.#words(effect, unspoken);
    return this.#say(scope, [...before, ...words], effect.bargeIn);
  }

  async ask(scope: Scope, effect: Effect<'ask'>): Promise<FlowHappening> {
    return keyOrNot(await askKey(scope, this.call, this.prompts(effect.prompts), effect.timeoutMs));
  }

  /** Reads an entry back and asks whether it is right. Keys that were too many for the entry say nothing of that. */
  async confirm(scope: Scope, { digits, as }: Effect<'confirm'>): Promise<FlowHappening> {
    const { s, call } = this;
    call.digits.clear();
    const media = [
      ...s.prompts.named('you-entered', call),
      ...this.value({ value: digits, as }),
      ...s.prompts.named('confirm-entry', call),
    ];
    return keyOrNot(await askKey(scope, call, media, CONFIRM_MS));
  }

  prompts(ids: readonly PromptId[]): readonly string[] {
    return ids.flatMap((id) => this.s.prompts.of(id, this.call));
  }

  async #say(scope: Scope, media: readonly string[], bargeIn: boolean): Promise<FlowHappening> {
    if (!bargeIn) {
      await playPrompt(scope, this.call, media);
      return { kind: 'played' };
    }
    const digit = await askKey(scope, this.call, media, 0);
    return digit === undefined ? { kind: 'played' } : { kind: 'digit', digit };
  }

  /** A text is spoken as it is; where no voice can, and for anything else, in pieces. */
  async #words(effect: Effect<'say'>, unspoken: (ms: number) => void): Promise<readonly string[]> {
    if (effect.as !== 'text' || effect.value.trim() === '') return this.value(effect);
    const { call, s } = this;
    const since = call.clock.now();
    const spoken = await s.prompts.text(effect.value, call);
    if (spoken.length > 0) return spoken;
    unspoken(call.clock.now() - since);
    return this.value(effect);
  }

  /** A value in pieces. What cannot be said as it should be is spelled; what cannot be spelled is silence. */
  value(said: {
    readonly value: string;
    readonly as: SpokenForm;
    readonly currency?: string;
  }): readonly string[] {
    const { s, call } = this;
    const { value, currency } = said;
    const as = said.as === 'text' ? 'spelled' : said.as;
    const options = { ...(currency === undefined ? {} : { currency }), ...this.#here() };
    return s.prompts.spoken((language) => {
      const right = phrase(language, value, as, options);
      if (right.kind === 'said') return right.sounds;
      const spelled = phrase(language, value, 'spelled');
      return spelled.kind === 'said' ? spelled.sounds : [];
    }, call);
  }

  #here(): { readonly today?: string; readonly zone?: string } {
    const { zone } = this.s;
    return isKnownZone(zone) ? { today: wallTime(this.call.wallNow, zone).date, zone } : {};
  }
}

const keyOrNot = (digit: string | undefined): FlowHappening =>
  digit === undefined ? { kind: 'no-key' } : { kind: 'digit', digit };
