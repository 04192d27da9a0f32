import { isAnchorHeld, partiesOf, type TalkState } from '../../../engines/talk/talk.js';
import type { CallEventBody, ConsultOutcome } from '../../../kernel/call-event.js';
import type { TalkPartner } from '../../calls/stage.js';

const agentOf = ({ agentId }: TalkPartner) => (agentId === undefined ? {} : { agentId });

/** What the ledger is told of a change, in order. `outcome`: of a consult that is over. */
export function talkEvents(
  before: TalkState,
  after: TalkState,
  outcome: ConsultOutcome,
): readonly CallEventBody[] {
  const events: CallEventBody[] = [];
  const wasHeld = isAnchorHeld(before);
  const isHeld = isAnchorHeld(after);
  if (wasHeld && !isHeld) events.push({ kind: 'resumed', leg: before.partner.leg });
  const [asked, asks] = [before.consult, after.consult];
  if (asked !== undefined && asked.party.leg !== asks?.party.leg)
    events.push({ kind: 'consult-ended', leg: asked.party.leg, outcome });
  if (asks !== undefined && asks.party.leg !== asked?.party.leg)
    events.push({ kind: 'consult-started', leg: asks.party.leg, by: after.partner.leg });
  if (asks?.answeredAt !== undefined && asked?.answeredAt === undefined)
    events.push({ kind: 'consult-answered', leg: asks.party.leg, ...agentOf(asks.party) });
  const talked = talkers(before);
  const talk = talkers(after);
  for (const one of talked.values())
    if (!talk.has(one.leg) && one.leg !== after.anchor)
      events.push({ kind: 'party-left', leg: one.leg, ...agentOf(one) });
  for (const one of talk.values())
    if (!talked.has(one.leg) && one.leg !== before.anchor)
      events.push({ kind: 'connected', leg: one.leg, ...agentOf(one) });
  if (!wasHeld && isHeld) events.push({ kind: 'held', leg: after.partner.leg });
  return events;
}

/** Everybody who talks with the anchor, or may at once. */
const talkers = ({ partner, others }: TalkState): ReadonlyMap<string, TalkPartner> =>
  new Map([partner, ...others].map((one) => [one.leg, one]));

/** Agents who are busy with this talk. One who is asked is, once the phone was answered. */
export const agentsOf = (state: TalkState): ReadonlySet<NonNullable<TalkPartner['agentId']>> =>
  new Set(
    partiesOf(state).flatMap(({ leg, agentId }) =>
      agentId === undefined ||
      (leg === state.consult?.party.leg && state.consult.answeredAt === undefined)
        ? []
        : [agentId],
    ),
  );
