import { digitsPhrase } from '../../engines/speech/digits.js';
import type { Language } from '../../kernel/call-event.js';
import type { ChannelId } from '../../kernel/ids.js';
import type { ExtensionConfig } from '../directory.js';
import { isSlot, slotsOf } from '../parking.js';
import { bringPhone } from './bring-phone.js';
import type { Call } from './call.js';
import type { CallServices } from './services.js';

/** The slot where a call waits, or is just being brought to. */
const slotOf = ({ stage, parksAt }: Call): string | undefined =>
  stage.kind === 'parked' ? stage.slot : parksAt;

/** A slot where nobody waits: the one `wanted`, or with '' the first. Undefined where there is none. */
export function freeSlot(s: CallServices, wanted: string): string | undefined {
  const { current } = s.directory;
  const taken = new Set([...s.calls.values()].map(slotOf));
  const slots = wanted === '' ? slotsOf(current.parking) : [wanted];
  return slots.find((slot) => isSlot(current, slot) && !taken.has(slot));
}

/**
 * A phone takes the call that waits at a slot. True where it has it: the channel belongs to that call from now on. Of two
 * phones at the same moment one has it.
 */
export function retrieve(
  s: CallServices,
  channel: ChannelId,
  by: ExtensionConfig,
  slot: string,
): boolean {
  const { id: extensionId, number, name } = by;
  return [...s.calls.values()].some(
    (call) =>
      call.stage.kind === 'parked' &&
      call.stage.slot === slot &&
      // The own phone hears music there: nobody talks to themselves.
      call.extensionAtAnchor !== by.id &&
      call.ringing?.take(() =>
        bringPhone(s, call, channel, by, (leg) => {
          call.record({ kind: 'retrieved', slot, leg, extensionId, number, name });
        }),
      ) === true,
  );
}

/** What somebody hears who has parked a call. */
export const slotInWords = (
  s: CallServices,
  hearer: { readonly language: Language },
  slot: string,
): readonly string[] => [
  ...s.prompts.named('parked-at', hearer),
  ...s.prompts.spoken((language) => digitsPhrase(language, slot) ?? [], hearer),
];

/** Parks the talk that a phone has, and dialled a code beside: where, or why not. */
export async function parkHeld(
  s: CallServices,
  beside: Call,
  by: ExtensionConfig,
): Promise<{ readonly slot: string } | { readonly why: 'nothing-to-park' | 'no-free-slot' }> {
  const talks = [...s.calls.values()].flatMap((call) => {
    const channel = call === beside ? undefined : call.talk?.channelOf({ extensionId: by.id });
    return channel === undefined ? [] : [{ call, channel }];
  });
  const since = (call: Call): number => call.talk?.live.hold?.since ?? 0;
  // The one that was put on hold last: to dial the code.
  const [last] = talks.sort((a, b) => since(b.call) - since(a.call));
  if (last === undefined) return { why: 'nothing-to-park' };
  const target = { kind: 'park', slot: '' } as const;
  const answer = await last.call.talk?.ask(last.channel, {
    kind: 'transfer',
    target,
    via: 'phone',
  });
  const slot = slotOf(last.call);
  if (answer?.ok === true && slot !== undefined) return { slot };
  const isFull = answer?.ok === false && answer.code === 'no-free-slot';
  return { why: isFull ? 'no-free-slot' : 'nothing-to-park' };
}
