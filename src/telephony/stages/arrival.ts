import { newCallId, type CallId, type TrunkId } from '../../kernel/ids.js';
import { normaliseNumber } from '../../kernel/numbers.js';
import type { AriEventOf } from '../ari/events.js';
import type { CallFacts } from '../calls/journal.js';
import type { CallServices } from '../calls/services.js';
import { ended, type Stage } from '../calls/stage.js';
import type { Language } from '../../kernel/call-event.js';
import { stageOfTarget } from './target.js';

/** How long numbers and names from outside may be before they are cut: they are user input. */
const MAX_NUMBER = 64;
const MAX_NAME = 120;

/** The third argument of a call that the dialplan kept: for how many seconds. */
const keptSeconds = (args: readonly string[]): number => Math.max(0, Number(args[2] ?? 0) || 0);

export interface Arrival {
  readonly facts: CallFacts;
  readonly language: Language;
  readonly first: Stage;
  /** The channel has been answered already: a phone that we rang to dial from the page. */
  readonly answered: boolean;
  /** How long the node's dialplan kept the caller while the program was away; 0 for most. */
  readonly keptMs: number;
}

type Route = Omit<Arrival, 'answered' | 'keptMs'>;

const clean = (text: string, limit: number): string =>
  text
    .replace(/[\p{Cc}\p{Zl}\p{Zp}]/gu, ' ')
    .trim()
    .slice(0, limit);

/** How carriers write that a caller shows no number (RFC 3323 §4.1.1.3 and habits). */
const WITHHELD = /^(anonymous|restricted|unavailable|unknown|private)$/i;

/** E.164 where it parses; names (SIP addresses need no number) as they are; '' where the caller shows none. */
function numberOf(text: string, country: string): string {
  const cleaned = clean(text, MAX_NUMBER);
  const number = normaliseNumber(cleaned, country);
  return number !== '' || WITHHELD.test(cleaned) ? number : cleaned;
}

/** `PJSIP/trunk-3-0000001a` → `trunk-3` */
export const endpointOf = (channelName: string): string =>
  channelName.replace(/^[^/]*\//, '').replace(/-[0-9a-f]{8}$/, '');

/**
 * What a channel that enters the application is, and where it goes first. Undefined: no call of ours (a leg whose call is
 * over, an unknown context).
 */
export function arrive(
  s: CallServices,
  event: AriEventOf<'StasisStart'>,
  node: string,
): Arrival | undefined {
  const [context = '', dialled = event.snapshot.exten] = event.args;
  const keptMs = keptSeconds(event.args) * 1000;
  // The dialplan has answered whom it kept.
  const answered = keptMs > 0 || ['desk-dial', 'callback', 'record-prompt'].includes(context);
  switch (context) {
    case 'trunk':
      return { ...fromTrunk(s, event, node, dialled), answered, keptMs };
    case 'phone':
    case 'desk-dial':
      return { ...fromPhone(s, event, node, dialled), answered, keptMs };
    case 'callback': {
      const route = fromCallback(s, event, node, dialled as CallId);
      return route && { ...route, answered, keptMs };
    }
    case 'record-prompt': {
      const route = fromPhone(s, event, node, '');
      const { facts } = route;
      if (facts.extensionId === undefined) return undefined;
      const first: Stage = { kind: 'record-prompt', take: dialled };
      return {
        ...{ ...route, first, answered, keptMs },
        facts: { ...facts, direction: 'internal', to: facts.from },
      };
    }
    default:
      return undefined;
  }
}

function fromTrunk(
  s: CallServices,
  { channel, snapshot }: AriEventOf<'StasisStart'>,
  node: string,
  dialled: string,
): Route {
  const { current } = s.directory;
  const trunkId = Number(/^trunk-(\d+)$/.exec(endpointOf(snapshot.name))?.[1] ?? 0) as TrunkId;
  const to = numberOf(dialled, s.country);
  const did = current.didsByNumber.get(to) ?? current.didsByNumber.get(clean(dialled, MAX_NUMBER));
  const from = numberOf(snapshot.callerNumber, s.country);
  const name = clean(snapshot.callerName, MAX_NAME);
  const facts: CallFacts = {
    id: newCallId(),
    node,
    channel,
    direction: 'inbound',
    from,
    // Carriers repeat the number where they have no name.
    fromName: name === clean(snapshot.callerNumber, MAX_NUMBER) ? '' : name,
    to,
    startedAt: s.clock.now(),
    ...(current.trunks.has(trunkId) ? { trunkId } : {}),
    ...(did === undefined ? {} : { didId: did.id }),
  };
  const first: Stage =
    did === undefined
      ? {
          kind: 'announce',
          prompt: 'unknown-number',
          then: ended('refused', 'system', 1, 'unknown-did'),
        }
      : stageOfTarget(s, did.target);
  return { facts, language: did?.language ?? 'en', first };
}

function fromPhone(
  s: CallServices,
  { channel, snapshot }: AriEventOf<'StasisStart'>,
  node: string,
  dialled: string,
): Route {
  const { current } = s.directory;
  const extension = current.extensionsByNumber.get(endpointOf(snapshot.name));
  const base = { id: newCallId(), node, channel, startedAt: s.clock.now() };
  const digits = clean(dialled, MAX_NUMBER);
  if (extension === undefined)
    return {
      facts: {
        ...base,
        direction: 'internal',
        from: endpointOf(snapshot.name),
        fromName: '',
        to: digits,
      },
      language: 'en',
      first: {
        kind: 'announce',
        prompt: 'not-permitted',
        then: ended('refused', 'system', 21, 'unknown-extension'),
      },
    };
  const { first, to, direction } = whereTo(s, digits);
  return {
    facts: {
      ...base,
      direction,
      from: extension.number,
      fromName: extension.name,
      to,
      extensionId: extension.id,
    },
    language: extension.language,
    first,
  };
}

/** An agent's phone was answered for a callback: the customer is dialled next. */
function fromCallback(
  s: CallServices,
  { channel, snapshot }: AriEventOf<'StasisStart'>,
  node: string,
  id: CallId,
): Route | undefined {
  const tried = s.callbacks.callOf(id);
  const extension = s.directory.current.extensionsByNumber.get(endpointOf(snapshot.name));
  if (tried === undefined || extension === undefined) return undefined;
  const { callback } = tried;
  return {
    facts: {
      id,
      node,
      channel,
      direction: 'outbound',
      from: extension.number,
      fromName: extension.name,
      to: callback.number,
      startedAt: s.clock.now(),
      extensionId: extension.id,
    },
    language: callback.language,
    first: { kind: 'dial-outside', number: callback.number, callback: callback.id },
  };
}

function whereTo(
  s: CallServices,
  digits: string,
): { readonly first: Stage; readonly to: string; readonly direction: 'internal' | 'outbound' } {
  const { current } = s.directory;
  if (digits.startsWith('*'))
    return { first: { kind: 'desk-code', code: digits }, to: digits, direction: 'internal' };
  const colleague = current.extensionsByNumber.get(digits);
  if (colleague)
    return {
      first: { kind: 'ring-extension', extension: colleague.id },
      to: digits,
      direction: 'internal',
    };
  const room = current.conferencesByNumber.get(digits);
  if (room)
    return { first: { kind: 'conference', room: room.id }, to: digits, direction: 'internal' };
  const number = normaliseNumber(digits, s.country);
  const did = current.didsByNumber.get(number);
  // Our own number: no need to pay a carrier for the way round.
  if (did) return { first: stageOfTarget(s, did.target), to: number, direction: 'internal' };
  return { first: { kind: 'dial-outside', number }, to: number, direction: 'outbound' };
}
