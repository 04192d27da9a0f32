import type {
  AgentId,
  BridgeId,
  ChannelId,
  ExtensionId,
  QueueId,
  TrunkId,
} from '../../kernel/ids.js';

/** Somebody in a talk besides its anchor. */
export interface TalkPartner {
  readonly leg: ChannelId;
  readonly role: 'agent' | 'extension' | 'outside';
  readonly number: string;
  readonly name?: string;
  readonly agentId?: AgentId;
  readonly queueId?: QueueId;
  readonly extensionId?: ExtensionId;
  readonly trunkId?: TrunkId;
  /** Somebody outside: the extension that answers for what the call to them costs. */
  readonly payerId?: ExtensionId;
  /** Nobody yet: a call of its own that waits in a line, goes through a flow or rings a group, and is heard meanwhile. */
  readonly asks?: 'line' | 'flow' | 'group';
}

/** Where somebody is sent, as it is carried out: an id that is known, or a number that is dialled. */
export type TransferTarget =
  | { readonly kind: 'extension'; readonly id: ExtensionId }
  | { readonly kind: 'queue'; readonly id: QueueId }
  | { readonly kind: 'flow'; readonly id: number }
  /** '' is the first slot that is free. */
  | { readonly kind: 'park'; readonly slot: string }
  /** Dialled digits, as a phone would send them. */
  | { readonly kind: 'number'; readonly number: string };

/** Somebody whom the partner asks while the anchor waits. */
export interface Consult {
  readonly party: TalkPartner;
  readonly target: TransferTarget;
  readonly bridge: BridgeId;
  readonly at: number;
  /** Absent while it rings. */
  readonly answeredAt?: number;
  /** The partner is back with the anchor for a while, and the consulted party waits. */
  readonly isSwapped: boolean;
}

/**
 * Who is in a talk, and how. The anchor is the one whom the call is about: it stays when the partner goes. The partner has the
 * call: may hold it, consult, transfer. All others are in a conference with the two.
 *
 *   together ──hold──▶ held            (resume leads back)
 *      │  ▲
 *      │  └────────── drop, or the consulted party leaves ─────────┐
 *      └──consult──▶ consulting: ringing ──answered──▶ private ◀─swap─▶ swapped
 *                                  │                      ├──complete──▶ together, with the consulted party as the partner
 *                                  │                      └──conference─▶ together, one more
 *      transfer: the partner leaves, the anchor goes on elsewhere ◀── the partner hangs up while it rings
 */
export interface TalkState {
  readonly anchor: ChannelId;
  readonly partner: TalkPartner;
  readonly others: readonly TalkPartner[];
  readonly hold?: { readonly at: number; readonly by: 'page' | 'phone' };
  readonly consult?: Consult;
}

export type TalkInput =
  | { readonly kind: 'hold' | 'resume'; readonly by: 'page' | 'phone' }
  | {
      readonly kind: 'consult';
      readonly party: TalkPartner;
      readonly target: TransferTarget;
      readonly bridge: BridgeId;
    }
  /** `by`: who answered, where it was an enquiry that rang. */
  | { readonly kind: 'consult-answered'; readonly leg: ChannelId; readonly by?: TalkPartner }
  | { readonly kind: 'consult-failed'; readonly leg: ChannelId }
  /** The same person on another channel: the next trunk is tried. */
  | { readonly kind: 'consult-retried'; readonly leg: ChannelId; readonly party: TalkPartner }
  | { readonly kind: 'swap' | 'complete' | 'conference' | 'drop' }
  | { readonly kind: 'transfer'; readonly target: TransferTarget }
  /** Somebody hung up, or was lost. */
  | { readonly kind: 'left'; readonly leg: ChannelId }
  /** Somebody from another talk of the partner takes the partner's place. */
  | { readonly kind: 'replace'; readonly by: TalkPartner }
  /** Whoever is the anchor acts: the two change places. `as`: the anchor as a partner. */
  | { readonly kind: 'turn'; readonly as: TalkPartner };

export type TalkRefusal =
  | 'consult-under-way'
  | 'no-consult'
  | 'not-answered-yet'
  | 'held-by-phone'
  | 'in-conference'
  | 'not-allowed-now';

/** What becomes of a talk. `leaving`: whose channels are to be hung up; whoever hung up is not among them. */
export type TalkStep =
  | { readonly kind: 'refused'; readonly reason: TalkRefusal }
  | {
      readonly kind: 'goes-on';
      readonly state: TalkState;
      readonly leaving: readonly TalkPartner[];
    }
  /** The talk is over, the call is not: the anchor goes on to the target. */
  | {
      readonly kind: 'transfers';
      readonly target: TransferTarget;
      readonly leaving: readonly TalkPartner[];
    }
  | {
      readonly kind: 'over';
      readonly by: 'caller' | 'callee';
      readonly leaving: readonly TalkPartner[];
    };

const refused = (reason: TalkRefusal): TalkStep => ({ kind: 'refused', reason });
const goesOn = (state: TalkState, leaving: readonly TalkPartner[] = []): TalkStep => ({
  kind: 'goes-on',
  state,
  leaving,
});

function without(state: TalkState, key: 'hold' | 'consult'): TalkState {
  const { hold, consult, ...rest } = state;
  if (key === 'hold') return consult === undefined ? rest : { ...rest, consult };
  return hold === undefined ? rest : { ...rest, hold };
}

/** What an input leads to at an instant. An input that comes too late, or about somebody who is not there, changes nothing. */
export function stepTalk(state: TalkState, input: TalkInput, at: number): TalkStep {
  const { consult, hold, others } = state;
  switch (input.kind) {
    case 'hold':
      if (consult !== undefined)
        return input.by === 'phone' ? goesOn(state) : refused('consult-under-way');
      if (others.length > 0) return input.by === 'phone' ? goesOn(state) : refused('in-conference');
      return goesOn(hold === undefined ? { ...state, hold: { at, by: input.by } } : state);
    case 'resume':
      // The phone's own key also ends a hold of the page: it must work when the page does not.
      if (hold?.by === 'phone' && input.by === 'page') return refused('held-by-phone');
      return goesOn(without(state, 'hold'));
    case 'consult':
      if (consult !== undefined) return refused('consult-under-way');
      if (hold?.by === 'phone') return refused('held-by-phone');
      return goesOn({
        ...without(state, 'hold'),
        consult: {
          party: input.party,
          target: input.target,
          bridge: input.bridge,
          at,
          isSwapped: false,
        },
      });
    case 'consult-answered':
      return consult?.party.leg === input.leg && consult.answeredAt === undefined
        ? goesOn({
            ...state,
            consult: { ...consult, party: input.by ?? consult.party, answeredAt: at },
          })
        : goesOn(state);
    case 'consult-failed':
      return goesOn(consult?.party.leg === input.leg ? without(state, 'consult') : state);
    case 'consult-retried':
      return goesOn(
        consult?.party.leg === input.leg
          ? { ...state, consult: { ...consult, party: input.party } }
          : state,
      );
    case 'transfer':
      if (consult !== undefined) return refused('consult-under-way');
      if (others.length > 0) return refused('in-conference');
      return { kind: 'transfers', target: input.target, leaving: [state.partner] };
    case 'replace':
      if (consult !== undefined) return refused('consult-under-way');
      return goesOn({ ...without(state, 'hold'), partner: input.by }, [state.partner]);
    case 'turn':
      if (consult !== undefined || others.length > 0) return refused('not-allowed-now');
      return goesOn({ ...state, anchor: state.partner.leg, partner: input.as });
    case 'swap':
    case 'complete':
    case 'conference':
    case 'drop':
      return consult === undefined ? refused('no-consult') : decide(state, consult, input.kind);
    case 'left':
      return leave(state, input.leg);
  }
}

/** What the partner does with a consult. */
function decide(
  state: TalkState,
  consult: Consult,
  what: 'swap' | 'complete' | 'conference' | 'drop',
): TalkStep {
  const { party, target, answeredAt } = consult;
  const after = without(state, 'consult');
  if (what === 'drop') return goesOn(after, [party]);
  if (answeredAt === undefined) {
    // Completed while it rings: nobody talks any more, and the anchor waits for the answer instead.
    if (what !== 'complete') return refused('not-answered-yet');
    if (state.others.length > 0) return refused('in-conference');
    return { kind: 'transfers', target, leaving: [party, state.partner] };
  }
  switch (what) {
    case 'swap':
      return goesOn({ ...state, consult: { ...consult, isSwapped: !consult.isSwapped } });
    case 'complete':
      return goesOn({ ...after, partner: party }, [state.partner]);
    case 'conference':
      return goesOn({ ...after, others: [...after.others, party] });
  }
}

function leave(state: TalkState, leg: ChannelId): TalkStep {
  const { anchor, partner, others, consult } = state;
  if (leg === consult?.party.leg) return goesOn(without(state, 'consult'));
  if (others.some((one) => one.leg === leg))
    return goesOn({ ...state, others: others.filter((one) => one.leg !== leg) });
  if (leg === partner.leg) return partnerLeft(state);
  if (leg === anchor) return anchorLeft(state);
  return goesOn(state);
}

/** Who goes on as the partner: somebody of ours before an outside number. */
function partnerLeft(state: TalkState): TalkStep {
  const { others, consult } = state;
  const after = without(without(state, 'consult'), 'hold');
  if (consult?.answeredAt !== undefined) return goesOn({ ...after, partner: consult.party });
  const next = others.find((one) => one.role !== 'outside') ?? others[0];
  if (next !== undefined)
    return goesOn(
      { ...after, partner: next, others: others.filter((one) => one !== next) },
      consult === undefined ? [] : [consult.party],
    );
  return consult === undefined
    ? { kind: 'over', by: 'callee', leaving: [] }
    : { kind: 'transfers', target: consult.target, leaving: [consult.party] };
}

/** Those who remain talk on: the one who is least one of ours becomes the anchor. */
function anchorLeft(state: TalkState): TalkStep {
  const { partner, others, consult } = state;
  const heir = others.find((one) => one.role === 'outside') ?? others[0];
  if (heir !== undefined)
    return goesOn({
      ...state,
      anchor: heir.leg,
      others: others.filter((one) => one !== heir),
    });
  if (consult?.answeredAt !== undefined)
    return goesOn({ ...without(state, 'consult'), anchor: consult.party.leg });
  return {
    kind: 'over',
    by: 'caller',
    leaving: consult === undefined ? [partner] : [consult.party, partner],
  };
}

/** The anchor hears music instead of the partner. */
export const isAnchorHeld = ({ hold, consult, others }: TalkState): boolean =>
  others.length === 0 && (hold !== undefined || (consult !== undefined && !consult.isSwapped));

/** Everybody in the talk but the anchor. */
export const partiesOf = ({ partner, others, consult }: TalkState): readonly TalkPartner[] => [
  partner,
  ...others,
  ...(consult === undefined ? [] : [consult.party]),
];

/** Where a channel has to be: in a bridge, hearing music, hearing that somebody else rings, or where it is. */
export type Seat =
  { readonly bridge: BridgeId } | 'music' | 'ringing-tone' | /** It rings itself. */ 'unanswered';

/** What an outside number's carrier says before the answer, or the music of a line, is heard in the bridge of the consult. */
export const isHeardEarly = ({ role, asks }: TalkPartner): boolean =>
  role === 'outside' || asks !== undefined;

/** Everybody's seat. `bridge`: that of the talk. */
export function seatsOf(state: TalkState, bridge: BridgeId): ReadonlyMap<ChannelId, Seat> {
  const { anchor, partner, others, consult } = state;
  const seats = new Map<ChannelId, Seat>([
    [anchor, isAnchorHeld(state) ? 'music' : { bridge }],
    ...others.map((one): [ChannelId, Seat] => [one.leg, { bridge }]),
  ]);
  if (consult === undefined) return seats.set(partner.leg, { bridge });
  const { party, answeredAt, isSwapped } = consult;
  const isPrivate = !isSwapped;
  const apart: Seat = { bridge: consult.bridge };
  if (answeredAt === undefined)
    return seats
      .set(partner.leg, isHeardEarly(party) ? apart : 'ringing-tone')
      .set(party.leg, isHeardEarly(party) ? apart : 'unanswered');
  return seats
    .set(partner.leg, isPrivate ? apart : { bridge })
    .set(party.leg, isPrivate ? apart : 'music');
}
