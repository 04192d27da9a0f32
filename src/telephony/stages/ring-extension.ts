import { newBridgeId, newChannelId } from '../../kernel/ids.js';
import type { Scope } from '../../kernel/scope.js';
import type { Call } from '../calls/call.js';
import { dial, PHONE_VARIABLES, type DialOutcome } from '../calls/leg.js';
import type { CallServices } from '../calls/services.js';
import { ended, type Stage, type StageOf, type TalkPartner } from '../calls/stage.js';
import type { ExtensionConfig } from '../directory.js';
import { destroyQuietly } from './talk.js';

/** Rings a desk phone. Nobody there: back into the flow that sent the call, else voicemail, else a message. */
export async function ringExtensionStage(
  s: CallServices,
  call: Call,
  stage: StageOf<'ring-extension'>,
): Promise<Stage> {
  const extension = s.directory.current.extensions.get(stage.extension);
  if (extension === undefined)
    return {
      kind: 'announce',
      prompt: 'unknown-number',
      then: ended('refused', 'system', 1, 'unknown-extension'),
    };
  call.other = extension.number;
  call.changed();
  // A caller who was answered by a menu hears the tone of the country.
  await call.ari.ring(call.channel);
  const bridge = newBridgeId();
  // Also where the caller leaves while it rings.
  call.scope.defer(() => destroyQuietly(call, bridge));
  const outcome = await call.scope.run('ring', (scope) => {
    scope.fork('bridge', () => call.ari.createBridge(bridge, call.id));
    return ringPhone(scope, s, call, extension, extension.ringTimeoutMs);
  });
  if (outcome.kind !== 'answered') {
    await destroyQuietly(call, bridge);
    return nobodyAnswers(call, stage, extension, outcome.kind);
  }
  const { partner } = outcome.leg;
  const internal = call.facts.direction === 'internal';
  return { kind: 'talk', partner, bridge, record: internal ? extension.recordInternal : true };
}

/** Rings one desk phone for a caller. */
export function ringPhone(
  scope: Scope,
  s: CallServices,
  call: Call,
  extension: ExtensionConfig,
  timeoutMs: number,
): Promise<DialOutcome> {
  if (!s.endpoints.isRegistered(extension.number))
    return Promise.resolve({ kind: 'unreachable', cause: 20, techCause: 0 });
  const agentId = s.roster.agentAt(extension.id);
  // Free agents only: an agent who rings or talks for a queue is busy for everybody else.
  const state = agentId === undefined ? undefined : s.roster.state(agentId)?.state;
  if (state === 'ringing' || state === 'talking')
    return Promise.resolve({ kind: 'busy', cause: 17, techCause: 0 });
  const partner: TalkPartner = {
    leg: newChannelId('extension'),
    role: 'extension',
    number: extension.number,
    extensionId: extension.id,
    ...(agentId === undefined ? {} : { agentId }),
  };
  return dial(scope, call, {
    partner,
    endpoint: `PJSIP/${extension.number}`,
    name: extension.name,
    callerNumber: call.facts.from,
    callerName: call.facts.fromName,
    timeoutMs,
    variables: PHONE_VARIABLES,
  });
}

function nobodyAnswers(
  call: Call,
  stage: StageOf<'ring-extension'>,
  extension: ExtensionConfig,
  outcome: Exclude<DialOutcome['kind'], 'answered'>,
): Stage {
  if (stage.back) return { kind: 'ivr', ...stage.back, nobodyAnswered: true };
  if (extension.voicemail) return { kind: 'voicemail', extensionId: extension.id };
  const busy = outcome === 'busy' || outcome === 'declined';
  return {
    kind: 'announce',
    prompt: 'nobody-answers',
    then: busy ? ended('busy', 'callee', 17, outcome) : ended('no-answer', 'callee', 19, outcome),
  };
}
