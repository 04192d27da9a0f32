import type { FlowEffect, FlowHappening } from '../../../engines/ivr/effects.js';
import { wallText } from '../../../engines/routing/wall-clock.js';
import type { Scope } from '../../../kernel/scope.js';
import type { Call } from '../../calls/call.js';
import { askDigits, askKey, playPrompt } from '../../calls/prompts.js';
import type { CallServices } from '../../calls/services.js';

type Offer = Extract<FlowEffect, { readonly kind: 'offer-appointment' }>;
/** A value in sounds. */
type Say = (value: string, as: 'date' | 'time' | 'digits') => readonly string[];

/** More than a caller keeps in mind at a time. */
const TIMES_AT_ONCE = 3;
const MORE_KEY = '9';
const KEY_LIMIT_MS = 8_000;
const MAX_NUMBER = 20;

/**
 * Offers times by keys, a few at a time, and books the one that is chosen: at the number that the flow knows, else at one that
 * is typed. A test call hears the same, and nothing is booked.
 */
export async function offerAppointment(
  scope: Scope,
  s: CallServices,
  call: Call,
  offer: Offer,
  say: Say,
): Promise<FlowHappening> {
  const at = offer.asks ? await choose(scope, s, call, offer, say) : offer.times[0];
  if (at === undefined) {
    if (offer.times.length === 0)
      await playPrompt(scope, call, s.prompts.named('appointment-refused', call));
    return { kind: 'declined' };
  }
  const number = await numberOf(scope, s, call, offer);
  if (number === '') return { kind: 'declined' };
  const { campaign } = offer;
  const wish = { campaign, callId: call.id, number, language: call.language, at };
  const name = number === call.facts.from ? call.facts.fromName : '';
  const isBooked = call.isTest || (await s.appointments.book({ ...wish, name }));
  const done = isBooked
    ? [...spoken(at, offer.zone, say), ...s.prompts.named('appointment-booked', call)]
    : s.prompts.named('appointment-refused', call);
  await playPrompt(scope, call, done);
  return { kind: isBooked ? 'accepted' : 'declined' };
}

/** The time that the caller chose; undefined where no key, or another one, was pressed. */
async function choose(
  scope: Scope,
  s: CallServices,
  call: Call,
  { times, zone, prompt }: Offer,
  say: Say,
): Promise<number | undefined> {
  const own = prompt === undefined ? [] : s.prompts.of(prompt, call);
  let before = own.length > 0 ? own : s.prompts.named('appointment-offer', call);
  for (let first = 0; first < times.length; first += TIMES_AT_ONCE) {
    const some = times.slice(first, first + TIMES_AT_ONCE);
    const isLast = first + TIMES_AT_ONCE >= times.length;
    const media = [
      ...before,
      ...some.flatMap((at, index) => [
        ...spoken(at, zone, say),
        ...s.prompts.named('appointment-press', call),
        ...say(String(index + 1), 'digits'),
      ]),
      ...(isLast ? [] : s.prompts.named('appointment-more', call)),
    ];
    const key = await askKey(scope, call, media, KEY_LIMIT_MS);
    if (key !== MORE_KEY || isLast) return some[Number(key) - 1];
    before = [];
  }
  return undefined;
}

const spoken = (at: number, zone: string, say: Say): readonly string[] => {
  const [day = '', time = ''] = wallText(at, zone).split('T');
  return [...say(day, 'date'), ...say(time, 'time')];
};

const numberOf = async (
  scope: Scope,
  s: CallServices,
  call: Call,
  { number }: Offer,
): Promise<string> =>
  number === ''
    ? await askDigits(scope, call, s.prompts.named('callback-number', call), {
        max: MAX_NUMBER,
        timeoutMs: KEY_LIMIT_MS,
      })
    : number;
