import { Cancelled } from '../../kernel/scope.js';
import { AriError } from '../ari/port.js';
import type { Call } from '../calls/call.js';
import { Leg } from '../calls/leg.js';
import { CallRecording } from '../calls/recording.js';
import type { CallServices } from '../calls/services.js';
import { ended, type Stage, type StageOf, type TalkPartner } from '../calls/stage.js';

/**
 * Two people talk. Ends when either hangs up; until then the bridge, the recording and the agent's state are kept, also by
 * another process that takes the call up.
 */
export async function talkStage(
  s: CallServices,
  call: Call,
  stage: StageOf<'talk'>,
): Promise<Stage> {
  const { partner } = stage;
  const leg = Leg.of(call, partner);
  const agent = partner.agentId;
  if (agent !== undefined) s.roster.engageAgent(agent, call.id, partner.queueId);
  call.agentId = agent;
  call.queueId = partner.queueId;
  call.trunkId = partner.trunkId ?? call.facts.trunkId;
  call.other = partner.number;
  call.scope.defer(() => destroyQuietly(call, stage.bridge));
  if (agent !== undefined)
    call.scope.defer(() => {
      s.roster.talkEnded(agent, call.id);
    });
  let connectedAt = stage.connectedAt;
  try {
    connectedAt ??= await connect(call, partner, stage.bridge);
    call.connectedAt = connectedAt;
    call.enter({ ...stage, connectedAt });
    return await call.scope.run('talk', async (talk) => {
      const kept: { recording?: CallRecording } = {};
      talk.defer(async () => {
        // Who has hung up is free at once: clearing the call away takes a while longer.
        if (call.gone || leg.gone) await letGo(s, call, leg);
        await kept.recording?.finish();
      });
      const recording = await keepRecording(s, call, {
        ...stage,
        connectedAt: call.connectedAt ?? 0,
      });
      if (recording !== undefined) kept.recording = recording;
      watchHold(call, talk, leg);
      const end = await leg.ended(talk);
      return ended('answered', 'callee', 16, `hung-up-${String(end.cause)}`);
    });
  } finally {
    if (connectedAt !== undefined) {
      const talkedMs = Math.max(0, (call.goneAt ?? call.clock.now()) - connectedAt);
      call.record({ kind: 'disconnected', talkedMs }, call.goneAt);
    }
    call.connectedAt = undefined;
  }
}

/** Puts the agent's phone on the hook first: the next call must not find it busy. */
async function letGo(s: CallServices, call: Call, leg: Leg): Promise<void> {
  await leg.release();
  const { agentId } = leg.partner;
  if (agentId !== undefined) s.roster.talkEnded(agentId, call.id);
}

/** Bridges the caller with the partner; resolves with the moment from which they hear each other. */
export async function connect(
  call: Call,
  partner: TalkPartner,
  bridge: StageOf<'talk'>['bridge'],
): Promise<number> {
  await call.answer();
  await call.ari.addToBridge(bridge, [call.channel, partner.leg]);
  const { agentId } = partner;
  call.record({
    kind: 'connected',
    leg: partner.leg,
    ...(agentId === undefined ? {} : { agentId }),
  });
  return call.clock.now();
}

/** Starts the recording, or takes up the one that a former process started; undefined where there is none. */
async function keepRecording(
  s: CallServices,
  call: Call,
  stage: StageOf<'talk'>,
): Promise<CallRecording | undefined> {
  if (stage.recording) return CallRecording.resume(call, s.server, stage.recording);
  if (!stage.record) return undefined;
  const recording = await CallRecording.start(call, s.server);
  if (recording === undefined) return undefined;
  call.enter({ ...stage, recording: recording.state });
  return recording;
}

function watchHold(call: Call, talk: Call['scope'], leg: Leg): void {
  for (const channel of [call.channel, leg.channel])
    talk.fork('hold', async (scope) => {
      const events = call.ari.events.inbox(scope, channel, ['ChannelHold', 'ChannelUnhold']);
      for (;;) {
        const event = await events.next();
        call.record({ kind: event.type === 'ChannelHold' ? 'held' : 'resumed', leg: channel });
        call.changed();
      }
    });
}

/** A bridge that is gone already, or whose node is away, needs no destroying by us. */
export async function destroyQuietly(call: Call, bridge: StageOf<'talk'>['bridge']): Promise<void> {
  try {
    await call.ari.destroyBridge(bridge);
  } catch (error) {
    if (!(error instanceof AriError || error instanceof Cancelled)) throw error;
  }
}
