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

  async say(scope: Scope, effect: Effect<'say'>): Promise<FlowHappening> {
    const before = effect.prompt === undefined ? [] : this.prompts([effect.prompt]);
    return this.#say(scope, [...before, ...(await this.#words(effect))], effect.bargeIn);
  }

  async ask(scope: Scope, effect: Effect<'ask'>): Promise<FlowHappening> {
    return keyOrNot(await askKey(scope, this.call, this.prompts(effect.prompts), effect.timeoutMs));
  }

  /** Reads an entry back and asks whether it is right. */
  async confirm(scope: Scope, { digits, as }: Effect<'confirm'>): Promise<FlowHappening> {
    const { s, call } = this;
    const media = [
      ...s.prompts.named('you-entered', call),
      ...this.#value({ value: digits, as }),
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
  async #words(effect: Effect<'say'>): Promise<readonly string[]> {
    const spoken = effect.as === 'text' ? await this.s.prompts.text(effect.value, this.call) : [];
    return spoken.length > 0 ? spoken : this.#value(effect);
  }

  /** A value in pieces. What cannot be said as it should be is spelled; what cannot be spelled is silence. */
  #value(said: {
    readonly value: string;
    readonly as: SpokenForm;
    readonly currency?: string;
  }): readonly string[] {
    const { s, call } = this;
    const { value, currency } = said;
    const as = said.as === 'text' ? 'spelled' : said.as;
    const options = { ...(currency === undefined ? {} : { currency }), ...this.#today() };
    return s.prompts.spoken((language) => {
      const right = phrase(language, value, as, options);
      if (right.kind === 'said') return right.sounds;
      const spelled = phrase(language, value, 'spelled');
      return spelled.kind === 'said' ? spelled.sounds : [];
    }, call);
  }

  #today(): { readonly today?: string } {
    const { zone } = this.s;
    return isKnownZone(zone) ? { today: wallTime(this.call.clock.now(), zone).date } : {};
  }
}

const keyOrNot = (digit: string | undefined): FlowHappening =>
  digit === undefined ? { kind: 'no-key' } : { kind: 'digit', digit };
