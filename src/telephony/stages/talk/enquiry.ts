import type { TalkState } from '../../../engines/talk/talk.js';
import { newCallId, newChannelId, type CallId, type ChannelId } from '../../../kernel/ids.js';
import type { Scope } from '../../../kernel/scope.js';
import type { Call } from '../../calls/call.js';
import type { CallFacts } from '../../calls/journal.js';
import { dial, type DialOutcome } from '../../calls/leg.js';
import type { CallServices } from '../../calls/services.js';
import type { Stage, TalkPartner } from '../../calls/stage.js';
import { openTarget, type OpenTarget } from './transfer-target.js';

/** Context of the dialplan; see `asterisk/etc/extensions.conf`. */
export const ENQUIRY_CONTEXT = 'enquiry';
/** Lines and flows have limits of their own. */
const LONGEST_MS = 3_600_000;

type Consult = NonNullable<TalkState['consult']>;

/**
 * A queue, a flow or a ring group is asked by an enquiry: a call of its own, as if the phone had dialled it on a second line. One
 * half of its channel is in the bridge of the consult and lets the line be heard, the other is the caller there. Whoever answers
 * is joined at once: comes into the talk, and the enquiry is over.
 */
export function enquiryParty({ stage, to }: OpenTarget): TalkPartner | undefined {
  const { number, name } = to;
  const asks = ASKS.get(stage.kind);
  return asks && { leg: newChannelId('extension'), role: 'extension', number, name, asks };
}

const ASKS: ReadonlyMap<Stage['kind'], NonNullable<TalkPartner['asks']>> = new Map([
  ['queue', 'line'],
  ['ivr', 'flow'],
  ['ring-group', 'group'],
]);

/** The enquiry whose half `leg` is in a talk, once it is there. */
export const enquiryWith = (s: Pick<CallServices, 'calls'>, leg: ChannelId): Call | undefined =>
  [...s.calls.values()].find(({ facts }) => facts.enquiry?.leg === leg);

/** Begins one; resolves when it is over. */
export const enquire = (
  scope: Scope,
  call: Call,
  { party, bridge }: Consult,
  by: TalkPartner,
): Promise<DialOutcome> =>
  dial(scope, call, {
    partner: party,
    endpoint: `Local/${call.id}@enquiries/n`,
    name: party.name ?? '',
    ...{ callerNumber: by.number, callerName: by.name ?? '', timeoutMs: LONGEST_MS },
    ...{ earlyMedia: bridge, hearer: by.leg, enquiry: newChannelId('extension') },
  });

/** The call that begins when the far half of an enquiry arrives; undefined where nobody asks any more. */
export function enquiryCall(
  s: CallServices,
  node: string,
  channel: ChannelId,
  of: CallId,
): { readonly facts: CallFacts; readonly asker: Call; readonly first: Stage } | undefined {
  const asker = s.calls.get(of);
  if (asker?.stage.kind !== 'talk') return undefined;
  const { consult, partner } = asker.stage;
  if (consult?.party.asks === undefined) return undefined;
  const opened = openTarget(s, asker, consult.target, partner.extensionId);
  if (!opened.ok) return undefined;
  const { number, name } = opened.to;
  return {
    asker,
    first: opened.stage,
    facts: {
      ...{ id: newCallId(), node, channel, startedAt: s.clock.now(), direction: 'internal' },
      ...{ from: partner.number, fromName: partner.name ?? '', to: number === '' ? name : number },
      enquiry: { of, leg: consult.party.leg },
    },
  };
}

/** The place in line at which an enquiry waits, for the caller; the enquiry has it no more. Undefined where it waits in none. */
export function takePlace(s: CallServices, { party, target }: Consult): OpenTarget | undefined {
  const enquiry = enquiryWith(s, party.leg);
  if (enquiry?.stage.kind !== 'queue') return undefined;
  const { enteredAt, joining, ...line } = enquiry.stage;
  const queue = s.directory.current.queues.get(line.queue);
  if (enteredAt === undefined || joining !== undefined || queue === undefined) return undefined;
  s.roster.leave(enquiry.id);
  const name = target.kind === 'queue' ? queue.name : (party.name ?? queue.name);
  return {
    ok: true,
    stage: { ...line, since: line.since ?? enteredAt, isRouted: true },
    to: { kind: 'queue', id: Number(queue.id), number: party.number, name },
    isPending: false,
  };
}
