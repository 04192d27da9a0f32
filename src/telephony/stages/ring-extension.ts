import { followsMe } from '../../engines/reach/reach.js';
import { planFollowMe, type RingStep } from '../../engines/reach/ring-plan.js';
import type { Call } from '../calls/call.js';
import type { RingPhone } from '../calls/ringing.js';
import type { CallServices } from '../calls/services.js';
import { ended, type Stage, type StageOf } from '../calls/stage.js';
import type { ExtensionConfig } from '../directory.js';
import { outsideProblem } from '../forward-target.js';
import { pbxOf } from '../other-pbx.js';
import { goElsewhere, nobodyTakes } from './reaching.js';
import { ringMany } from './ring-many.js';
import { ringOutside } from './ring-outside.js';
import { dialPhone, phoneOf } from './ring-phone.js';

/** Rings a desk phone, unless its owner wants the call elsewhere; also after it has rung in vain. */
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
  const elsewhere = goElsewhere(s, call, extension, stage.back);
  if (elsewhere !== undefined) return elsewhere;
  const ring = { timeoutMs: extension.ringTimeoutMs };
  const phone: RingPhone = {
    extension: extension.id,
    ring: (scope) =>
      s.endpoints.isRegistered(extension.number)
        ? dialPhone(scope, s, call, extension, ring)
        : Promise.resolve({ kind: 'unreachable', cause: 20, techCause: 0 }),
  };
  const next = await ringMany(s, call, stepsFor(s, call, extension, phone));
  if (next.kind === 'talk') return next;
  return (
    goElsewhere(s, call, extension, stage.back, next.why) ??
    nobodyTakes(s, call, extension, stage.back, next.why)
  );
}

/** The own phone, and those at which its owner is followed. */
function stepsFor(
  s: CallServices,
  call: Call,
  { id: payerId, handling, permission, callerId }: ExtensionConfig,
  own: RingPhone,
): readonly RingStep<RingPhone>[] {
  if (!followsMe(handling)) return [[own]];
  const { entries, confirms } = handling.followMe;
  return planFollowMe(own, entries, ({ number, ringMs: timeoutMs }): RingPhone => {
    const inside = s.directory.current.extensionsByNumber.get(number);
    if (inside !== undefined) return phoneOf(s, call, inside.id, { timeoutMs });
    const isAtPbx = pbxOf(s.directory.current, number) !== undefined;
    const why = isAtPbx ? undefined : outsideProblem(permission, number, s.country);
    const ring = { number, timeoutMs, confirms, callerId, payerId };
    return {
      ring: (scope) =>
        why === undefined
          ? ringOutside(scope, s, call, ring)
          : Promise.resolve({ kind: 'failed', cause: 21, techCause: 0 }),
    };
  });
}
