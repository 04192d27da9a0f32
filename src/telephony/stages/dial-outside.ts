import type { PermissionClass } from '../directory.js';
import { PERMISSION_CLASSES, type TrunkConfig } from '../directory.js';
import { newBridgeId, newChannelId, type AgentId } from '../../kernel/ids.js';
import { classifyNumber, normaliseNumber, type NumberClass } from '../../kernel/numbers.js';
import type { CallbackOutcome } from '../callbacks.js';
import type { Call } from '../calls/call.js';
import { dial, type DialOutcome } from '../calls/leg.js';
import type { CallServices } from '../calls/services.js';
import {
  ended,
  type FlowDial,
  type Stage,
  type StageOf,
  type TalkPartner,
} from '../calls/stage.js';
import { destroyQuietly } from './talk.js';

/** How long an outside number may ring; carriers end it themselves after about as long. */
export const OUTSIDE_RING_MS = 90_000;

/** May an extension of this class dial such a number? Emergency numbers always pass. */
export function isPermitted(permission: PermissionClass, number: NumberClass): boolean {
  if (number === 'emergency') return true;
  if (number === 'invalid') return false;
  return PERMISSION_CLASSES.indexOf(permission) >= PERMISSION_CLASSES.indexOf(number);
}

/** An extension calls an outside number: the first trunk with a free channel that takes the call. */
export async function dialOutsideStage(
  s: CallServices,
  call: Call,
  stage: StageOf<'dial-outside'>,
): Promise<Stage> {
  if (stage.callback === undefined) return dialOut(s, call, stage);
  const { callback } = stage;
  s.callbacks.begun(callback, call.id);
  // The agent hung up before anybody answered. While we stop it is not over: the next process goes on with the call.
  call.scope.defer(() => {
    if (!s.server.cancelled) s.callbacks.settled(callback, call.id, 'agent-left');
  });
  const next = await dialOut(s, call, stage);
  s.callbacks.settled(callback, call.id, callbackOutcome(next));
  return next;
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
  const { facts } = call;
  const extension =
    facts.extensionId === undefined
      ? undefined
      : s.directory.current.extensions.get(facts.extensionId);
  // Only extensions dial out: a call from a trunk never reaches another trunk.
  if (extension === undefined) return refuse(call, 'not-permitted', 'no-extension');
  const numberClass = classifyNumber(stage.number, s.country);
  if (numberClass === 'invalid') return refuse(call, 'bad-number', 'bad-number', 28);
  // A callback was allowed when it was asked for, whosever phone it goes out from.
  if (stage.callback === undefined && !isPermitted(extension.permission, numberClass))
    return refuse(call, 'not-permitted', `not-permitted-${numberClass}`, 21);
  call.other = stage.number;
  call.changed();
  if (!call.answered) await call.ari.ring(call.channel);
  const agent = s.roster.engage(extension.id, call.id);
  if (agent !== undefined)
    call.scope.defer(() => {
      s.roster.talkEnded(agent, call.id);
    });
  return tryTrunks(s, call, stage.number, {
    callerId: extension.callerId,
    ringMs: OUTSIDE_RING_MS,
    agentId: () => s.roster.agentAt(extension.id),
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
    callerId: shown?.number ?? '',
    ringMs: flow.timeoutMs,
    agentId: () => undefined,
  });
  if (next.kind === 'talk') return next;
  call.trunkId = call.facts.trunkId;
  return back;
}

/** Who dials: what the called side sees, how long it rings, and which agent talks once it is answered. */
interface Dialler {
  /** '' for the trunk's. */
  readonly callerId: string;
  readonly ringMs: number;
  readonly agentId: () => AgentId | undefined;
}

function refuse(
  call: Call,
  prompt: 'not-permitted' | 'bad-number',
  reason: string,
  cause = 21,
): Stage {
  call.record({ kind: 'refused', reason });
  return { kind: 'announce', prompt, then: ended('refused', 'system', cause, reason) };
}

/** Usable trunks, best first: enabled, answering ones before silent ones, by priority, with a free channel. */
export function trunksFor(s: CallServices): readonly TrunkConfig[] {
  const used = new Map<number, number>();
  for (const { trunkId } of s.calls.values())
    if (trunkId !== undefined) used.set(trunkId, (used.get(trunkId) ?? 0) + 1);
  return [...s.directory.current.trunks.values()]
    .filter((t) => t.enabled && (t.maxChannels === 0 || (used.get(t.id) ?? 0) < t.maxChannels))
    .sort(
      (a, b) =>
        Number(s.endpoints.isTrunkOnline(b.id)) - Number(s.endpoints.isTrunkOnline(a.id)) ||
        a.priority - b.priority ||
        a.id - b.id,
    );
}

/** The far end has spoken: another trunk would say the same. */
const isFinal = (kind: DialOutcome['kind'], cause: number): boolean =>
  kind === 'busy' || kind === 'no-answer' || kind === 'declined' || cause === 1 || cause === 28;

async function tryTrunks(
  s: CallServices,
  call: Call,
  number: string,
  dialler: Dialler,
): Promise<Stage> {
  const trunks = trunksFor(s);
  let last: Exclude<DialOutcome, { kind: 'answered' }> = {
    kind: 'failed',
    cause: 34,
    techCause: 0,
  };
  for (const trunk of trunks) {
    const bridge = newBridgeId();
    // Also where the caller leaves while it rings.
    call.scope.defer(() => destroyQuietly(call, bridge));
    const partner: TalkPartner = {
      leg: newChannelId('outside'),
      role: 'outside',
      number,
      trunkId: trunk.id,
    };
    call.trunkId = trunk.id;
    const outcome = await call.scope.run('trunk', async (scope) => {
      await call.ari.createBridge(bridge, call.id);
      return dial(scope, call, {
        partner,
        endpoint: `PJSIP/${number}@trunk-${String(trunk.id)}`,
        name: trunk.name,
        callerNumber: dialler.callerId === '' ? trunk.callerId : dialler.callerId,
        callerName: '',
        timeoutMs: dialler.ringMs,
        earlyMedia: bridge,
      });
    });
    if (outcome.kind === 'answered') {
      const agentId = dialler.agentId();
      return {
        kind: 'talk',
        partner: { ...partner, ...(agentId === undefined ? {} : { agentId }) },
        bridge,
        record: true,
      };
    }
    await destroyQuietly(call, bridge);
    last = outcome;
    if (isFinal(outcome.kind, outcome.cause)) break;
  }
  call.trunkId = undefined;
  return outsideFailed(last, trunks.length === 0);
}

function outsideFailed(last: Exclude<DialOutcome, { kind: 'answered' }>, noTrunk: boolean): Stage {
  if (noTrunk)
    return {
      kind: 'announce',
      prompt: 'all-lines-busy',
      then: ended('failed', 'system', 34, 'no-trunk'),
    };
  switch (last.kind) {
    case 'busy':
      return ended('busy', 'callee', 17, 'busy');
    case 'no-answer':
      return ended('no-answer', 'callee', 19, 'no-answer');
    case 'declined':
      return ended('failed', 'callee', 21, 'declined');
    default: {
      const unknown = last.cause === 1 || last.cause === 28;
      return {
        kind: 'announce',
        prompt: unknown ? 'bad-number' : 'all-lines-busy',
        then: ended('failed', 'callee', last.cause === 0 ? 34 : last.cause, last.kind),
      };
    }
  }
}
