import type { RingStep } from '../../engines/reach/ring-plan.js';
import { newBridgeId } from '../../kernel/ids.js';
import { destroyQuietly } from '../calls/bridge.js';
import type { Call } from '../calls/call.js';
import { Ringing, type Rang, type RingPhone } from '../calls/ringing.js';
import type { CallServices } from '../calls/services.js';
import type { StageOf } from '../calls/stage.js';

/** The talk with whoever answered first, or why nobody did. */
export async function ringMany(
  s: CallServices,
  call: Call,
  steps: readonly RingStep<RingPhone>[],
): Promise<StageOf<'talk'> | Extract<Rang, { kind: 'nobody' }>> {
  // A caller who was answered by a menu hears the tone of the country.
  await call.ari.ring(call.channel);
  return firstOf(s, call, steps);
}

/** The same where the caller hears something else meanwhile. */
export async function firstOf(
  s: CallServices,
  call: Call,
  steps: readonly RingStep<RingPhone>[],
): Promise<StageOf<'talk'> | Extract<Rang, { kind: 'nobody' }>> {
  const bridge = newBridgeId();
  // Also where the caller leaves while it rings.
  call.scope.defer(() => destroyQuietly(call, bridge));
  const rang = await call.scope.run('ring many', (scope) => {
    scope.fork('bridge', () => call.ari.createBridge(bridge, call.id));
    const ringing = new Ringing(call, steps);
    call.ringing = ringing;
    scope.defer(() => {
      call.ringing = undefined;
    });
    return ringing.firstAnswer(scope);
  });
  if (rang.kind === 'nobody') {
    await destroyQuietly(call, bridge);
    return rang;
  }
  const { partner } = rang.leg;
  return { kind: 'talk', partner, bridge };
}
