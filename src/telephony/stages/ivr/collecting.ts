import type { CollectEffect, FlowHappening } from '../../../engines/ivr/effects.js';
import type { Scope } from '../../../kernel/scope.js';
import type { Call } from '../../calls/call.js';
import { askKey } from '../../calls/prompts.js';

/** The key that ends an entry may follow one that was full already, because prompts say so: it means nothing any more. */
const SURPLUS_MS = 2_000;

/**
 * Takes an entry of several keys. The first key ends the prompt; keys that were pressed ahead count, whenever that was. Only
 * figures belong to an entry: another key than the one that ends it changes nothing. What comes after the last figure that
 * is allowed stays for the next step, except the key that would have ended the entry.
 */
export async function collect(
  scope: Scope,
  call: Call,
  effect: CollectEffect,
  media: readonly string[],
): Promise<FlowHappening> {
  let digits = effect.typed.slice(0, effect.max);
  let prompt = digits === '' ? media : [];
  let isEnded = false;
  while (!isEnded && digits.length < effect.max) {
    const waitMs = digits === '' ? effect.firstMs : effect.nextMs;
    const key = await askKey(scope, call, prompt, waitMs);
    if (key === undefined) break;
    prompt = [];
    isEnded = effect.endKey !== '' && key === effect.endKey;
    if (!isEnded && /^\d$/.test(key)) digits += key;
  }
  if (!isEnded && digits.length >= effect.max && effect.endKey !== '') {
    const until = call.clock.now() + SURPLUS_MS;
    call.digits.skipNext(({ digit }) => digit === effect.endKey && call.clock.now() < until);
  }
  if (digits === '' && !isEnded) return { kind: 'no-input' };
  return { kind: digits.length < effect.min ? 'too-few' : 'entered', digits };
}
