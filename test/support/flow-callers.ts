import * as fc from 'fast-check';
import type {
  FlowEffect,
  FlowHappening,
  FlowMoment,
  Variables,
} from '../../src/engines/ivr/effects.js';
import { KEYS } from '../../src/engines/ivr/exits.js';
import type { ExtensionId } from '../../src/kernel/ids.js';

const digits = fc.string({ unit: fc.constantFrom(...KEYS), maxLength: 14 });
const variables: fc.Arbitrary<Variables> = fc.dictionary(
  fc.constantFrom('a', 'b', 'secret_pin', 'customer_name', 'constructor'),
  fc.string({ maxLength: 8 }),
);
const plain = <K extends FlowHappening['kind']>(...kinds: K[]) =>
  fc.record({ kind: fc.constantFrom(...kinds) });

/** Anything that may happen to a call in a flow, in place or not. */
export const anyHappening: fc.Arbitrary<FlowHappening> = fc.oneof(
  plain('played', 'no-key', 'language-set', 'nobody-answered', 'no-input', 'no-rows'),
  plain('not-found', 'pin-ok', 'pin-locked', 'accepted', 'declined', 'survey-done'),
  plain('survey-declined'),
  plain('nothing-recorded', 'sent', 'resumed', 'operator-asked', 'nobody-chosen'),
  fc.record({
    kind: fc.constant('person-chosen' as const),
    ...{ extension: fc.constant(3 as ExtensionId), keys: fc.constant('23') },
  }),
  fc.record({ kind: fc.constant('digit' as const), digit: fc.constantFrom(...KEYS) }),
  fc.record({ kind: fc.constantFrom('entered' as const, 'too-few' as const), digits }),
  fc.record({
    kind: fc.constantFrom('fetched' as const, 'rows' as const, 'found' as const),
    variables,
  }),
  fc.record({
    kind: fc.constant('fetch-failed' as const),
    reason: fc.constant('timeout' as const),
  }),
  fc.record({ kind: fc.constant('look-up-failed' as const), reason: fc.constant('down') }),
  fc.record({ kind: fc.constant('pin-wrong' as const), left: fc.nat(3) }),
  fc.record({ kind: fc.constant('recorded' as const), id: fc.constant('rec') }),
);

/** What a caller makes of an effect who presses `keys` where keys are asked for; '' is silence. */
export function answerOf(effect: FlowEffect, keys: string): FlowHappening {
  switch (effect.kind) {
    case 'play':
    case 'say':
      return { kind: 'played' };
    case 'ask':
    case 'confirm':
      return keys === '' ? { kind: 'no-key' } : { kind: 'digit', digit: keys.slice(0, 1) };
    case 'collect':
      return keys === '' ? { kind: 'no-input' } : { kind: 'entered', digits: keys };
    case 'set-language':
      return { kind: 'language-set' };
    case 'fetch':
      return { kind: 'fetched', variables: {} };
    case 'look-up':
      return { kind: 'no-rows' };
    case 'find-customer':
      return { kind: 'not-found' };
    case 'check-pin':
      return keys === '1' ? { kind: 'pin-ok' } : { kind: 'pin-wrong', left: 1 };
    case 'offer-callback':
      return { kind: 'declined' };
    case 'offer-appointment':
      return { kind: keys === '1' ? 'accepted' : 'declined' };
    case 'ask-directory':
      if (keys === '') return { kind: 'nobody-chosen' };
      return keys === '0'
        ? { kind: 'operator-asked' }
        : { kind: 'person-chosen', extension: 3 as ExtensionId, keys: '23' };
    case 'ask-survey':
      return { kind: keys === '' ? 'survey-declined' : 'survey-done' };
    case 'record-message':
      return { kind: 'nothing-recorded' };
    case 'send-webhook':
      return { kind: 'sent' };
    default:
      return { kind: 'nobody-answered' };
  }
}

/** Effects after which nothing comes back. */
export const isOver = (effect: FlowEffect): boolean =>
  ['go-queue', 'go-conference', 'go-operator', 'go-voicemail', 'hangup', 'stuck'].includes(
    effect.kind,
  );

/** A Sunday in London. */
export const aMoment: FlowMoment = {
  at: Date.UTC(2026, 10, 22),
  zone: 'Europe/London',
  calendars: new Map(),
  call: {
    callId: '01CALL',
    callerNumber: '+442079460123',
    callerName: 'Amy',
    did: '+442079460000',
    didLabel: 'Main',
    language: 'en',
  },
};
