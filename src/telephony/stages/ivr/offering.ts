import type { FlowEffect, FlowHappening } from '../../../engines/ivr/effects.js';
import type { Scope } from '../../../kernel/scope.js';
import type { Call } from '../../calls/call.js';
import { askForCallback } from '../../calls/callback-wish.js';
import { askDigits, askKey, playPrompt } from '../../calls/prompts.js';
import type { CallServices } from '../../calls/services.js';

type Offer = Extract<FlowEffect, { readonly kind: 'offer-callback' }>;

/** The key that takes the offer, as the standard sentence says. */
const TAKE_KEY = '1';
const KEY_LIMIT_MS = 8_000;
const MAX_NUMBER = 20;

/** Offers to call back, at the number that the flow knows, else at one that is typed. The place counts from now. */
export async function offerCallback(
  scope: Scope,
  s: CallServices,
  call: Call,
  { queue, number: known, prompt }: Offer,
): Promise<FlowHappening> {
  const own = prompt === undefined ? [] : s.prompts.of(prompt, call);
  const offer = own.length > 0 ? own : s.prompts.named('callback-offer', call);
  if ((await askKey(scope, call, offer, KEY_LIMIT_MS)) !== TAKE_KEY) return { kind: 'declined' };
  const typing = { max: MAX_NUMBER, timeoutMs: KEY_LIMIT_MS };
  const number =
    known === ''
      ? await askDigits(scope, call, s.prompts.named('callback-number', call), typing)
      : known;
  if (number === '') return { kind: 'declined' };
  const answer = await askForCallback(s, call, {
    queueId: queue,
    number,
    priority: 0,
    enteredAt: call.clock.now(),
    requirements: [],
    attributes: call.flows.tags ?? {},
  });
  if (answer === 'not-possible') {
    await playPrompt(scope, call, s.prompts.named('callback-refused', call));
    return { kind: 'declined' };
  }
  call.callbackAsked = true;
  return { kind: 'accepted' };
}
