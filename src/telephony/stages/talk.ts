import { destroyQuietly } from '../calls/bridge.js';
import type { Call } from '../calls/call.js';
import { Leg } from '../calls/leg.js';
import { isHelpNumber } from '../emergency.js';
import type { CallServices } from '../calls/services.js';
import type { Stage, StageOf, TalkPartner } from '../calls/stage.js';
import { afterTalk } from './after-talk.js';
import { connect } from './talk/bridging.js';
import { tellOfRecording } from './talk/recording-notice.js';
import { TalkRoom } from './talk/talk-room.js';

/**
 * People talk. Ends when nobody is left to talk with, or when the call is sent on; until then the bridges, the recording and
 * the agents' states are kept, also by another process that takes the call up. Where the agent hung up, a survey may follow.
 */
export async function talkStage(
  s: CallServices,
  call: Call,
  stage: StageOf<'talk'>,
): Promise<Stage> {
  const { partner, bridge } = stage;
  for (const party of [partner, ...(stage.others ?? []), ...answeredConsult(stage)]) {
    Leg.of(call, party);
    if (party.agentId !== undefined) s.roster.engageAgent(party.agentId, call.id, party.queueId);
  }
  call.agentId = partner.agentId;
  call.queueId = partner.queueId;
  call.trunkId = partner.trunkId ?? call.facts.trunkId;
  call.other = call.channel === call.facts.channel ? partner.number : call.anchor.number;
  call.isForHelp =
    partner.role === 'outside' &&
    isHelpNumber(s.directory.current.emergency, partner.number, s.country);
  call.scope.defer(() => destroyQuietly(call, bridge));
  const { agentId } = partner;
  if (agentId !== undefined)
    call.scope.defer(() => {
      s.roster.talkEnded(agentId, call.id);
    });
  // One that came back tells why until the talk is over.
  const { transfer } = call;
  let connectedAt = stage.connectedAt;
  let next: Stage;
  try {
    if (connectedAt === undefined) {
      await tellOfRecording(s, call, partner, bridge);
      connectedAt = await connect(call, partner, bridge);
    }
    call.connectedAt = connectedAt;
    const connected = { ...stage, connectedAt };
    call.enter(connected);
    const isNew = call.bridged === bridge;
    // Should the node be away for a while, nobody knows who is where.
    call.bridged = undefined;
    next = await call.scope.run('talk', (scope) =>
      new TalkRoom(s, call, connected, scope).run(isNew),
    );
  } finally {
    if (connectedAt !== undefined) {
      const talkedMs = Math.max(0, (call.goneAt ?? call.clock.now()) - connectedAt);
      call.record({ kind: 'disconnected', talkedMs }, call.goneAt);
    }
    call.connectedAt = undefined;
    // Keys pressed into the talk mean nothing behind it.
    call.digits.clear();
    if (call.transfer === transfer) call.transfer = undefined;
  }
  const isCallerLeft = call.channel === call.facts.channel && !call.gone;
  if (!isCallerLeft || next.kind !== 'ended' || next.endedBy !== 'callee') return next;
  // Whoever talked last: the call may have been sent on meanwhile.
  return afterTalk(s, call, call.stage.kind === 'talk' ? call.stage : stage, next);
}

const answeredConsult = ({ consult }: StageOf<'talk'>): readonly TalkPartner[] =>
  consult?.answeredAt === undefined ? [] : [consult.party];
