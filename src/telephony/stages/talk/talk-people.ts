import { partiesOf, type TalkState } from '../../../engines/talk/talk.js';
import type { TransferredTo } from '../../../kernel/call-event.js';
import type { ChannelId } from '../../../kernel/ids.js';
import type { Call } from '../../calls/call.js';
import type { CallServices } from '../../calls/services.js';
import type { TalkPartner } from '../../calls/stage.js';
import type { TalkPerson } from '../../calls/talk-desk.js';
import type { LiveRecording, LiveTalk } from '../../live.js';

export const agentIdOf = ({ agentId }: TalkPartner) => (agentId === undefined ? {} : { agentId });

/** The desk phone that the call is about, as a partner; undefined where that is somebody outside. */
export function phoneAtAnchor(s: CallServices, call: Call): TalkPartner | undefined {
  const { channel, anchor, extensionAtAnchor: extensionId } = call;
  if (extensionId === undefined) return undefined;
  const agentId = s.roster.agentAt(extensionId);
  const { number, name } = anchor;
  return {
    ...{ leg: channel, role: 'extension', number, name, extensionId },
    ...(agentId === undefined ? {} : { agentId }),
  };
}

/** The phone of another telephone system that the call is about: it may send its call on, as ours may. */
export function pbxAtAnchor(s: CallServices, call: Call): TalkPartner | undefined {
  const party = anchorAsPartner(s, call);
  const trunk =
    party.trunkId === undefined ? undefined : s.directory.current.trunks.get(party.trunkId);
  return trunk?.pbx === undefined ? undefined : party;
}

/** Whoever the call is about, as a partner in another call. */
export function anchorAsPartner(s: CallServices, call: Call): TalkPartner {
  const { anchor, facts, channel } = call;
  const { number, name } = anchor;
  return (
    phoneAtAnchor(s, call) ??
    anchor.party ?? {
      ...{ leg: channel, role: 'outside', number, name },
      ...(facts.trunkId === undefined ? {} : { trunkId: facts.trunkId }),
    }
  );
}

/** A partner whom the call is about from now on. An agent who dialled out was noted with the number that was dialled. */
export function asAnchor(party: TalkPartner): TalkPartner {
  const { leg, role, number, name, trunkId } = party;
  if (role !== 'outside') return party;
  return {
    ...{ leg, role, number },
    ...(name === undefined ? {} : { name }),
    ...(trunkId === undefined ? {} : { trunkId }),
  };
}

/** Somebody to whom a call was given after a consult, as the ledger notes it. */
export const personOf = ({ role, number, name = '', extensionId }: TalkPartner): TransferredTo => ({
  kind: role === 'outside' ? 'outside' : 'extension',
  number,
  name,
  ...(extensionId === undefined ? {} : { id: Number(extensionId) }),
});

/** The channel of a person who is in the talk. */
export function channelOfPerson(
  state: TalkState,
  anchored: TalkPartner | undefined,
  { agentId, extensionId }: TalkPerson,
): ChannelId | undefined {
  const isAt = (one: TalkPartner | undefined): boolean =>
    extensionId !== undefined && one?.extensionId === extensionId;
  const found = partiesOf(state).find(
    (one) =>
      // Of a call that an agent dialled the agent is noted with the number that was dialled.
      (agentId !== undefined && one.role !== 'outside' && one.agentId === agentId) || isAt(one),
  );
  return found?.leg ?? (isAt(anchored) ? anchored?.leg : undefined);
}

/** A talk as pages show it. */
export function showTalk(
  { partner, others, consult, hold }: TalkState,
  heldSince: number | undefined,
  lastConsult: LiveTalk['lastConsult'],
  recording: LiveRecording,
): LiveTalk {
  const show = (one: TalkPartner, role: LiveTalk['parties'][number]['role']) => ({
    ...{ number: one.number, name: one.name ?? '', role },
    // The agent is not at the end of a number that was dialled.
    ...(one.role === 'outside' ? {} : agentIdOf(one)),
  });
  return {
    parties: [
      show(partner, 'partner'),
      ...others.map((one) => show(one, 'member')),
      ...(consult === undefined ? [] : [show(consult.party, 'consulted')]),
    ],
    ...(hold === undefined ? {} : { hold: { since: hold.at, by: hold.by } }),
    ...(consult === undefined
      ? {}
      : {
          consult: {
            since: consult.at,
            isSwapped: consult.isSwapped,
            ...(consult.party.asks === undefined ? {} : { asks: consult.party.asks }),
            ...(consult.answeredAt === undefined ? {} : { answeredAt: consult.answeredAt }),
          },
        }),
    recording,
    ...(heldSince === undefined ? {} : { heldSince }),
    ...(lastConsult === undefined ? {} : { lastConsult }),
  };
}
