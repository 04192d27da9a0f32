import {
  newCallId,
  type CallId,
  type ConferenceId,
  type ExtensionId,
  type TrunkId,
} from '../../kernel/ids.js';
import { normaliseNumber } from '../../kernel/numbers.js';
import type { AriEventOf } from '../ari/events.js';
import { readCode } from '../feature-codes.js';
import { variablesOf } from '../calls/campaigns/merge-fields.js';
import { withVariables, type CallContext } from '../calls/call-context.js';
import { NO_FLOWS, type FlowMemory } from '../calls/flow-memory.js';
import { INVITE_CONTEXT, readInvite } from '../calls/rooms/room-desk.js';
import { PREVIEW_CONTEXT } from '../calls/previews/own-phone.js';
import type { CallFacts } from '../calls/journal.js';
import type { CallServices } from '../calls/services.js';
import { ended, type Stage } from '../calls/stage.js';
import type { Language } from '../../kernel/call-event.js';
import type { ExtensionConfig } from '../directory.js';
import type { PreviewCall } from '../previews.js';
import type { PbxTrunk } from '../other-pbx.js';
import { versionOfTrial, type FlowTrial } from '../flow-trials.js';
import { ENQUIRY_CONTEXT, enquiryCall } from './talk/enquiry.js';
import { fromOtherPbx } from './other-pbx-arrival.js';
import { whereTo } from './number-plan.js';
import { stageOfTarget } from './target.js';

/** How long numbers and names from outside may be before they are cut: they are user input. */
const MAX_NUMBER = 64;
const MAX_NAME = 120;

/** Contexts of phones that we rang. */
const ANSWERED_CONTEXTS: ReadonlySet<string> = new Set([
  ...['desk-dial', 'outside-dial', 'callback', PREVIEW_CONTEXT, 'record-prompt', 'try-flow'],
  'campaign',
]);

/** The third argument of a call that the dialplan kept: for how many seconds. */
const keptSeconds = (args: readonly string[]): number => Math.max(0, Number(args[2] ?? 0) || 0);

export interface Arrival {
  readonly facts: CallFacts;
  readonly language: Language;
  readonly first: Stage;
  /** The channel has been answered already: a phone that we rang to dial from the page. */
  readonly answered: boolean;
  /** What flows know from the beginning. */
  readonly flows?: FlowMemory;
  /** What is known of the call from the beginning, for whoever takes it. */
  readonly context?: CallContext;
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
 * over, an unknown context). `trial`: set where a phone was rung for it.
 */
export function arrive(
  s: CallServices,
  event: AriEventOf<'StasisStart'>,
  node: string,
  trial?: FlowTrial,
): Arrival | undefined {
  const [context = '', dialled = event.snapshot.exten] = event.args;
  const keptMs = keptSeconds(event.args) * 1000;
  // The dialplan has answered whom it kept.
  const answered = keptMs > 0 || ANSWERED_CONTEXTS.has(context);
  switch (context) {
    case 'trunk':
      return { ...fromAnyTrunk(s, event, node, dialled), answered, keptMs };
    case 'phone':
    case 'desk-dial':
      return { ...fromPhone(s, event, node, dialled), answered, keptMs };
    case 'outside-dial': {
      const route = fromOutsidePhone(s, event, node, dialled);
      return route && { ...route, answered, keptMs };
    }
    case 'callback': {
      const route = fromCallback(s, event, node, dialled as CallId);
      return route && { ...route, answered, keptMs };
    }
    case PREVIEW_CONTEXT: {
      const route = fromPreview(s, event, node, dialled as CallId);
      return route && { ...route, answered, keptMs };
    }
    case 'campaign': {
      const route = fromCampaign(s, event, node, dialled as CallId);
      return route && { ...route, answered, keptMs: 0 };
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
    case INVITE_CONTEXT: {
      const route = fromRoom(s, event, node);
      return route && { ...route, answered: false, keptMs: 0 };
    }
    case ENQUIRY_CONTEXT: {
      const enquiry = enquiryCall(s, node, event.channel, dialled as CallId);
      if (enquiry === undefined) return undefined;
      const { facts, first, asker } = enquiry;
      const { language, context } = asker;
      return { facts, first, language, context, answered: false, keptMs: 0 };
    }
    case 'try-flow':
      return trial && { ...fromTrial(s, event, node, trial), answered, keptMs };
    default:
      return undefined;
  }
}

function fromAnyTrunk(
  s: CallServices,
  event: AriEventOf<'StasisStart'>,
  node: string,
  dialled: string,
): Route {
  const id = Number(/^trunk-(\d+)$/.exec(endpointOf(event.snapshot.name))?.[1] ?? 0) as TrunkId;
  const route = fromTrunk(s, event, node, dialled, id);
  const trunk = s.directory.current.trunks.get(id);
  if (trunk?.pbx === undefined) return route;
  return fromOtherPbx(s, route, trunk as PbxTrunk, clean(dialled, MAX_NUMBER), event.args);
}

function fromTrunk(
  s: CallServices,
  { channel, snapshot }: AriEventOf<'StasisStart'>,
  node: string,
  dialled: string,
  trunkId: TrunkId,
): Route {
  const { current } = s.directory;
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
  const code = readCode(current.featureCodes, digits);
  const preview = code?.name === 'preview-call' ? s.previews.at(extension.id) : undefined;
  if (preview !== undefined) return toLead(s, preview, extension, base);
  const { number, isWithheld } = meant(s, extension.id, digits);
  const { first: plain, to, direction } = whereTo(s, number);
  const first: Stage =
    isWithheld && plain.kind === 'dial-outside' ? { ...plain, isWithheld } : plain;
  if (first.kind !== 'desk-code' && first.kind !== 'unpark' && number !== '')
    s.dialled.note(extension.id, number);
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

/** An agent lifted a phone outside to dial from there: the call is one of the agent's extension. */
function fromOutsidePhone(
  s: CallServices,
  { channel, args }: AriEventOf<'StasisStart'>,
  node: string,
  dialled: string,
): Route | undefined {
  const { current } = s.directory;
  const [, , , extensionOf, trunkOf, phone = ''] = args;
  const extension = current.extensions.get(Number(extensionOf ?? 0) as ExtensionId);
  if (extension === undefined) return undefined;
  const trunkId = Number(trunkOf ?? 0) as TrunkId;
  const { first, to, direction } = whereTo(s, dialled);
  const { number: from, name: fromName, id: extensionId, language } = extension;
  return {
    facts: {
      ...{ id: newCallId(), node, channel, startedAt: s.clock.now() },
      ...{ direction, from, fromName, to, extensionId },
      outsidePhone: phone,
      ...(current.trunks.has(trunkId) ? { trunkId } : {}),
    },
    language,
    first: { kind: 'confirm-dial', then: first },
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
    context: withVariables(callback.context, callback.attributes),
    first: {
      ...{ kind: 'dial-outside', number: callback.number, callback: callback.id },
      queue: callback.queueId,
    },
  };
}

/** The phone of an agent who looked at a record was answered: the customer is dialled next. */
function fromPreview(
  s: CallServices,
  { channel, snapshot }: AriEventOf<'StasisStart'>,
  node: string,
  id: CallId,
): Route | undefined {
  const preview = s.previews.callOf(id);
  const extension = s.directory.current.extensionsByNumber.get(endpointOf(snapshot.name));
  if (preview === undefined || extension === undefined) return undefined;
  return toLead(s, preview, extension, { id, node, channel });
}

const toLead = (
  s: CallServices,
  { lead, dial }: PreviewCall,
  { id: extensionId, number, name, language }: ExtensionConfig,
  base: Pick<CallFacts, 'id' | 'node' | 'channel'>,
): Route => ({
  facts: {
    ...{ ...base, direction: 'outbound', startedAt: s.clock.now() },
    ...{ from: number, fromName: name, to: lead.number, extensionId },
  },
  language,
  first: { kind: 'dial-outside', number: lead.number, lead: dial },
});

/** Somebody whom a campaign called has answered. */
function fromCampaign(
  s: CallServices,
  { channel }: AriEventOf<'StasisStart'>,
  node: string,
  call: CallId,
): Route | undefined {
  const line = s.campaigns.callOf(call);
  if (line === undefined) return undefined;
  const { lead, about: campaign, callerId: from, trunkId, first, dialledAt: startedAt } = line;
  return {
    facts: {
      ...{ id: call, node, channel, startedAt, trunkId, campaign },
      ...{ direction: 'outbound', from, fromName: campaign.name, to: lead.number },
    },
    language: lead.language,
    first,
    flows: { ...NO_FLOWS, variables: variablesOf(lead) },
  };
}

/** A room calls somebody. */
function fromRoom(
  s: CallServices,
  { channel, snapshot, args }: AriEventOf<'StasisStart'>,
  node: string,
): Route | undefined {
  const { current } = s.directory;
  const { room: id, number, by } = readInvite(args);
  const room = current.conferences.get(id);
  if (room === undefined) return undefined;
  const extension = current.extensionsByNumber.get(number);
  const trunkId = Number(/@trunk-(\d+)$/.exec(snapshot.name)?.[1] ?? 0) as TrunkId;
  const isOutside = current.trunks.has(trunkId);
  return {
    facts: {
      ...{ id: newCallId(), node, channel, startedAt: s.clock.now() },
      direction: isOutside ? 'outbound' : 'internal',
      ...{ from: room.number, fromName: room.name, to: number },
      ...(isOutside ? { trunkId } : {}),
      ...(extension === undefined ? {} : { extensionId: extension.id }),
    },
    language: extension?.language ?? languageIn(s, id),
    first: {
      kind: 'conference-invite',
      room: id,
      guest: { number, name: extension?.name ?? '' },
      by,
      confirms: isOutside,
    },
  };
}

/** What is spoken in a room: the language of whoever has been in it longest. */
function languageIn(s: CallServices, id: ConferenceId): Language {
  const [first] = s.rooms.inUse(id)?.state.members ?? [];
  return (first && s.calls.get(first.call)?.language) ?? 'en';
}

/** A phone was answered to hear the draft of a flow, as somebody who calls the number would. */
function fromTrial(
  s: CallServices,
  event: AriEventOf<'StasisStart'>,
  node: string,
  { id, flow, to, from, fromName, moment, handsOver }: FlowTrial,
): Route {
  const { facts, language } = fromPhone(s, event, node, '');
  const did = s.directory.current.didsByNumber.get(to);
  const shiftMs = moment === undefined ? 0 : moment - facts.startedAt;
  return {
    facts: {
      ...facts,
      direction: 'internal',
      from: from === '' ? facts.from : from,
      fromName,
      to,
      trial: { id, shiftMs, handsOver },
      ...(did === undefined ? {} : { didId: did.id }),
    },
    language: did?.language ?? language,
    first: { kind: 'ivr', flow, version: versionOfTrial(id) },
  };
}

/** What somebody means who dials a short code, or what was dialled last: the call is one to that number. */
function meant(
  s: CallServices,
  extension: ExtensionId,
  digits: string,
): { readonly number: string; readonly isWithheld: boolean } {
  const { featureCodes, speedDials, ownSpeedDials } = s.directory.current;
  const code = digits.startsWith('*') ? readCode(featureCodes, digits) : undefined;
  switch (code?.name) {
    case 'speed-dial': {
      const dial = ownSpeedDials.get(extension)?.get(code.rest) ?? speedDials.get(code.rest);
      return { number: dial?.number ?? digits, isWithheld: false };
    }
    case 'redial':
      return { number: s.dialled.last(extension) ?? digits, isWithheld: false };
    case 'withhold-number':
      return { number: code.rest, isWithheld: true };
    default:
      return { number: digits, isWithheld: false };
  }
}
