import { NO_POOL } from '../../engines/caller-id/choose.js';
import type { TrunkId } from '../../kernel/ids.js';
import { classifyNumber, normaliseNumber } from '../../kernel/numbers.js';
import type { CallbackOutcome } from '../callbacks.js';
import type { Call } from '../calls/call.js';
import { callerIdWishes } from '../calls/caller-id.js';
import { playPrompt } from '../calls/prompts.js';
import type { CallServices } from '../calls/services.js';
import type { FlowDial, ForwardedDial, Stage, StageOf } from '../calls/stage.js';
import { isPermitted } from '../directory.js';
import { outsideProblem } from '../forward-target.js';
import { dialLead } from './dial-lead.js';
import { dialForHelp } from './dial-help.js';
import { nobodyTakes } from './reaching.js';
import { OUTSIDE_RING_MS, refuse, tryTrunks } from './trunk-dialling.js';

/** An extension calls an outside number: the first trunk with a free channel that takes the call. */
export async function dialOutsideStage(
  s: CallServices,
  call: Call,
  stage: StageOf<'dial-outside'>,
): Promise<Stage> {
  if (stage.lead !== undefined) return dialLead(s, call, stage.number, stage.lead);
  if (stage.callback === undefined) return dialOut(s, call, stage);
  const { callback } = stage;
  s.callbacks.begun(callback, call.id);
  // The agent hung up before anybody answered. While we stop it is not over: the next process goes on with the call.
  call.scope.defer(() => {
    if (!s.server.cancelled) s.callbacks.settled(callback, call.id, 'agent-left');
  });
  await whisper(s, call, stage);
  const next = await dialOut(s, call, stage);
  s.callbacks.settled(callback, call.id, callbackOutcome(next));
  return next;
}

/** Says to the agent what the callback is about, as before a caller, and before the customer is dialled. */
async function whisper(
  s: CallServices,
  call: Call,
  { queue: id }: StageOf<'dial-outside'>,
): Promise<void> {
  const queue = id === undefined ? undefined : s.directory.current.queues.get(id);
  if (queue?.whisper === undefined) return;
  const media = s.prompts.of(queue.whisper, call);
  await call.scope.run('whisper', (scope) => playPrompt(scope, call, media));
}

function callbackOutcome(next: Stage): CallbackOutcome {
  if (next.kind === 'talk') return 'answered';
  const end = next.kind === 'announce' ? next.then : next;
  if (end.kind !== 'ended') return 'failed';
  switch (end.result) {
    case 'busy':
    case 'no-answer':
    case 'refused':
      return end.result;
    default:
      return end.reason === 'declined' ? 'declined' : 'failed';
  }
}

async function dialOut(
  s: CallServices,
  call: Call,
  stage: StageOf<'dial-outside'>,
): Promise<Stage> {
  if (stage.flow !== undefined) return dialForFlow(s, call, stage.number, stage.flow);
  if (stage.forwarded !== undefined) return dialForwarded(s, call, stage.number, stage.forwarded);
  if (stage.from !== undefined) return dialThrough(s, call, stage.number, stage.from);
  // Never for somebody else: whoever helps must find who needs it.
  if (stage.isForHelp === true) return dialForHelp(s, call, stage);
  const id = stage.by ?? call.facts.extensionId;
  const extension = id === undefined ? undefined : s.directory.current.extensions.get(id);
  // Only extensions dial out: a call from a trunk never reaches another trunk.
  if (extension === undefined) return refuse(call, 'not-permitted', 'no-extension');
  const numberClass = classifyNumber(stage.number, s.country);
  if (numberClass === 'invalid') return refuse(call, 'bad-number', 'bad-number', 28);
  // A callback was allowed when it was asked for, whosever phone it goes out from.
  if (stage.callback === undefined && !isPermitted(extension.permission, numberClass))
    return refuse(call, 'not-permitted', `not-permitted-${numberClass}`, 21);
  call.other = stage.number;
  call.changed();
  const isSent = stage.by !== undefined;
  if (!call.answered || isSent) await call.ari.ring(call.channel);
  const agentId = s.roster.agentAt(extension.id);
  const { queue: queueId = isSent ? call.queueId : undefined, isWithheld = false } = stage;
  return tryTrunks(s, call, stage.number, {
    wishes: callerIdWishes(s.directory.current, {
      ...{ extension, isWithheld },
      ...(agentId === undefined ? {} : { agentId }),
      ...(queueId === undefined ? {} : { queueId }),
    }),
    turn: s.callerIdTurns.next(agentId),
    ringMs: OUTSIDE_RING_MS,
    agentId: () => (isSent ? undefined : s.roster.agentAt(extension.id)),
    // A callback is one of the queue's.
    ...(stage.callback === undefined ? { payerId: extension.id } : {}),
  });
}

/**
 * A flow sends its caller on to an outside number. Only where the flow's own class allows it, never to a number of ours
 * (the call would come in again), never to an emergency service (whoever called would be someone else to it).
 */
async function dialForFlow(
  s: CallServices,
  call: Call,
  typed: string,
  flow: FlowDial,
): Promise<Stage> {
  const number = normaliseNumber(typed, s.country);
  const { didsByNumber } = s.directory.current;
  const back: Stage = { kind: 'ivr', ...flow.back, nobodyAnswered: true };
  const numberClass = classifyNumber(number, s.country);
  const isAllowed = numberClass !== 'emergency' && isPermitted(flow.permission, numberClass);
  if (!isAllowed || didsByNumber.has(number)) {
    call.record({ kind: 'refused', reason: `not-permitted-${numberClass}` });
    return back;
  }
  call.other = number;
  call.changed();
  const shown = [...didsByNumber.values()].find((did) => did.id === flow.callerId);
  const next = await tryTrunks(s, call, number, {
    wishes: {
      ...{ isWithheld: false, pool: NO_POOL },
      owners: [{ of: 'flow', number: shown?.number ?? '' }],
    },
    turn: 0,
    ringMs: flow.timeoutMs,
    agentId: () => undefined,
  });
  if (next.kind === 'talk') return next;
  call.trunkId = call.facts.trunkId;
  return back;
}

/** An extension sends its caller on to an outside number: whoever called, what counts is what the extension may dial. */
async function dialForwarded(
  s: CallServices,
  call: Call,
  number: string,
  { extension: id, back }: ForwardedDial,
): Promise<Stage> {
  const extension = s.directory.current.extensions.get(id);
  if (extension === undefined) return refuse(call, 'not-permitted', 'no-extension');
  const why = outsideProblem(extension.permission, number, s.country);
  if (why !== undefined) {
    const { id: extensionId, number: from } = extension;
    call.record({ kind: 'not-forwarded', extensionId, number: from, to: number, why });
    return nobodyTakes(s, call, extension, back, 'failed');
  }
  call.other = number;
  call.changed();
  if (!call.answered || call.transfer !== undefined) await call.ari.ring(call.channel);
  const next = await tryTrunks(s, call, number, {
    payerId: extension.id,
    wishes: callerIdWishes(s.directory.current, { extension }),
    turn: 0,
    ringMs: OUTSIDE_RING_MS,
    agentId: () => undefined,
  });
  if (next.kind === 'talk') return next;
  call.trunkId = call.facts.trunkId;
  const isBusy = next.kind === 'ended' && next.result === 'busy';
  return nobodyTakes(s, call, extension, back, isBusy ? 'busy' : 'no-answer');
}

/** Another telephone system dials out through us, as far as its trunk says; what it shows is what its trunk has. */
async function dialThrough(
  s: CallServices,
  call: Call,
  number: string,
  from: TrunkId,
): Promise<Stage> {
  const trunk = s.directory.current.trunks.get(from);
  const numberClass = classifyNumber(number, s.country);
  if (numberClass === 'invalid') return refuse(call, 'bad-number', 'bad-number', 28);
  if (trunk?.pbx === undefined || !isPermitted(trunk.pbx.permission, numberClass))
    return refuse(call, 'not-permitted', `not-permitted-${numberClass}`, 21);
  call.other = number;
  call.changed();
  await call.ari.ring(call.channel);
  return tryTrunks(s, call, number, {
    wishes: {
      ...{ isWithheld: false, pool: NO_POOL },
      owners: [{ of: 'trunk', number: trunk.callerId }],
    },
    turn: 0,
    ringMs: OUTSIDE_RING_MS,
    agentId: () => undefined,
  });
}
