import {
  decideReach,
  type Hop,
  type NobodyWhy,
  type RingFailure,
} from '../../engines/reach/reach.js';
import type { Call } from '../calls/call.js';
import { linesOf } from '../calls/phone-lines.js';
import type { CallServices } from '../calls/services.js';
import { ended, type FlowReturn, type Stage } from '../calls/stage.js';
import type { ExtensionConfig } from '../directory.js';
import { whereTo } from './number-plan.js';

/**
 * Where a call to an extension goes now; undefined: its phone rings. `rang`: how ringing it ended, absent before. `back`: the
 * flow that sent the call, which goes on where nobody takes it.
 */
export function goElsewhere(
  s: CallServices,
  call: Call,
  extension: ExtensionConfig,
  back: FlowReturn | undefined,
  rang?: RingFailure,
): Stage | undefined {
  const { id: extensionId, number } = extension;
  const reach = decideReach({
    number,
    handling: extension.handling,
    phone: phoneNow(s, call, extension),
    hops: call.hops,
    ...(rang === undefined ? {} : { rang }),
  });
  for (const { to, why } of reach.refused)
    call.record({ kind: 'not-forwarded', extensionId, number, to, why });
  switch (reach.kind) {
    case 'ring':
      return undefined;
    case 'forward':
      return forward(s, call, extension, reach.hop, back);
    case 'nobody':
      if (rang === undefined && reach.why !== 'no-answer')
        call.record({ kind: 'not-rung', extensionId, number, why: reach.why });
      return nobodyTakes(s, call, extension, back, reach.why);
  }
}

/** An extension's phone as it is now, for this call. */
export function phoneNow(s: CallServices, call: Call, extension: ExtensionConfig) {
  const agent = s.roster.agentAt(extension.id);
  const state = agent === undefined ? undefined : s.roster.state(agent)?.state;
  return {
    isRegistered: s.endpoints.isRegistered(extension.number),
    lines: linesOf(s.calls.values(), extension.id).count,
    // An agent who rings or talks for a queue is busy for everybody else; so is a phone for its own call.
    isTaken: state === 'ringing' || state === 'talking' || call.extensionAtAnchor === extension.id,
  };
}

function forward(
  s: CallServices,
  call: Call,
  extension: ExtensionConfig,
  hop: Hop,
  back: FlowReturn | undefined,
): Stage {
  const { id: extensionId, number } = extension;
  call.hops = [...call.hops, hop];
  call.record({ kind: 'forwarded', extensionId, number, to: hop.to, why: hop.reason });
  call.changed();
  const { first } = whereTo(s, hop.to);
  const way = back === undefined ? {} : { back };
  switch (first.kind) {
    case 'ring-extension':
    case 'ring-group':
      return { ...first, ...way };
    case 'dial-outside':
    case 'dial-pbx':
      return { ...first, forwarded: { extension: extensionId, ...way } };
    case 'page':
    case 'desk-code':
      // Whoever calls in must not speak from all phones, nor dial codes in the name of one.
      return nobodyTakes(s, call, extension, back, 'unreachable');
    default:
      return first;
  }
}

/**
 * Nobody takes a call to an extension: back into the flow that sent it, else to the mailbox of whoever was called first and
 * has one, else a message. Nobody is dropped without a word.
 */
export function nobodyTakes(
  s: CallServices,
  call: Call,
  extension: ExtensionConfig,
  back: FlowReturn | undefined,
  why: NobodyWhy | 'failed',
): Stage {
  if (back) return { kind: 'ivr', ...back, nobodyAnswered: true };
  call.lastDial = why;
  const { extensionsByNumber } = s.directory.current;
  const called = [...call.hops.map((hop) => extensionsByNumber.get(hop.from)), extension];
  const mailbox = called.find((one) => one?.voicemail === true);
  if (mailbox !== undefined) return { kind: 'voicemail', extensionId: mailbox.id };
  const isBusy = why === 'busy' || why === 'do-not-disturb';
  return {
    kind: 'announce',
    prompt: isBusy && call.facts.direction === 'internal' ? 'extension-busy' : 'nobody-answers',
    then: isBusy ? ended('busy', 'callee', 17, why) : ended('no-answer', 'callee', 19, why),
  };
}
