import { expect } from 'chai';
import fc from 'fast-check';
import {
  isAnchorHeld,
  partiesOf,
  seatsOf,
  stepTalk,
  type TalkInput,
  type TalkPartner,
  type TalkState,
} from '../../../src/engines/talk/talk.js';
import type { BridgeId, ChannelId, ExtensionId } from '../../../src/kernel/ids.js';

const BRIDGE = 'talk-bridge' as BridgeId;
const TARGET = { kind: 'extension', id: 9 as ExtensionId } as const;

const party = (name: string, role: TalkPartner['role'] = 'extension'): TalkPartner => ({
  leg: name as ChannelId,
  role,
  number: name,
});

/** What somebody does, about one of those who are there; `pick` chooses whom. */
interface Deed {
  readonly what: TalkInput['kind'];
  readonly pick: number;
  readonly isOutside: boolean;
  readonly by: 'page' | 'phone';
}

const deed: fc.Arbitrary<Deed> = fc.record({
  what: fc.constantFrom(
    ...(['hold', 'resume', 'consult', 'consult-answered', 'consult-failed', 'swap'] as const),
    ...(['complete', 'conference', 'drop', 'transfer', 'left', 'left', 'replace', 'turn'] as const),
    'consult-retried' as const,
  ),
  pick: fc.nat(5),
  isOutside: fc.boolean(),
  by: fc.constantFrom('page', 'phone'),
});

/** Everybody who is there. */
const present = (state: TalkState): readonly ChannelId[] => [
  state.anchor,
  ...partiesOf(state).map(({ leg }) => leg),
];

function inputOf({ what, pick, isOutside, by }: Deed, state: TalkState, n: number): TalkInput {
  const fresh = party(`leg-${String(n)}`, isOutside ? 'outside' : 'extension');
  const asked = state.consult?.party.leg ?? state.partner.leg;
  switch (what) {
    case 'hold':
    case 'resume':
      return { kind: what, by };
    case 'consult':
      return {
        kind: what,
        party: pick === 0 ? { ...fresh, role: 'extension', asks: 'line' } : fresh,
        target: TARGET,
        bridge: `${fresh.leg}-bridge` as BridgeId,
      };
    case 'consult-answered':
      return {
        ...{ kind: what, leg: asked },
        ...(state.consult?.party.asks === undefined ? {} : { by: fresh }),
      };
    case 'consult-failed':
      return { kind: what, leg: asked };
    case 'consult-retried':
      return { kind: what, leg: asked, party: fresh };
    case 'transfer':
      return { kind: what, target: TARGET };
    case 'left': {
      const everybody = present(state);
      return { kind: what, leg: everybody[pick % everybody.length] ?? state.anchor };
    }
    case 'replace':
      return { kind: what, by: fresh };
    case 'turn':
      return { kind: what, as: party(state.anchor) };
    default:
      return { kind: what };
  }
}

const FIRST: TalkState = { anchor: 'caller' as ChannelId, partner: party('agent'), others: [] };

/** Whoever is in the state is seated once, and nobody sits in a bridge alone who does not wait for somebody there. */
function isWellSeated(state: TalkState): void {
  const legs = present(state);
  expect(new Set(legs).size, 'nobody twice').to.equal(legs.length);
  const seats = seatsOf(state, BRIDGE);
  expect([...seats.keys()]).to.have.members(legs);
  const members = new Map<string, ChannelId[]>();
  for (const [leg, seat] of seats)
    if (typeof seat === 'object')
      members.set(seat.bridge, [...(members.get(seat.bridge) ?? []), leg]);
  for (const [bridge, inside] of members) {
    const isWaiting =
      inside[0] === state.partner.leg &&
      (isAnchorHeld(state) || (state.consult?.bridge === bridge && !state.consult.answeredAt));
    expect(inside.length > 1 || isWaiting, `${bridge}: ${inside.join()}`).to.equal(true);
  }
  if (isAnchorHeld(state)) expect(seats.get(state.anchor)).to.equal('music');
}

describe('a talk, whatever happens in it', () => {
  it('seats everybody once, nobody alone, keeps nobody who left, and ends once', () => {
    fc.assert(
      fc.property(fc.array(deed, { maxLength: 25, size: 'max' }), (deeds) => {
        let state = FIRST;
        for (const [n, one] of deeds.entries()) {
          const input = inputOf(one, state, n);
          const before = present(state);
          const step = stepTalk(state, input, n + 1);
          if (step.kind === 'refused') continue;
          const gone = input.kind === 'left' ? [input.leg] : [];
          const leaving = step.leaving.map(({ leg }) => leg);
          expect(leaving, 'whoever hung up is not hung up').to.not.include.members(
            gone.length === 0 ? ['nobody'] : gone,
          );
          if (step.kind !== 'goes-on') {
            // Everybody but the anchor, whom the call hangs up or sends on, is hung up.
            const rest = before.filter((leg) => !gone.includes(leg) && !leaving.includes(leg));
            expect(rest).to.deep.equal(
              step.kind === 'over' && step.by === 'caller' ? [] : [state.anchor],
            );
            return;
          }
          ({ state } = step);
          isWellSeated(state);
          const after = present(state);
          for (const leg of [...gone, ...leaving]) expect(after).to.not.include(leg);
          // Nobody is lost: whoever was there is there, or was told to leave, or left, or was failed to be reached.
          const ended =
            input.kind === 'consult-failed' ||
            input.kind === 'consult-retried' ||
            (input.kind === 'consult-answered' && input.by !== undefined)
              ? [input.leg]
              : [];
          for (const leg of before)
            expect([...after, ...gone, ...leaving, ...ended], `${input.kind} ${leg}`).to.include(
              leg,
            );
        }
      }),
      { numRuns: 3_000 },
    );
  });
});
