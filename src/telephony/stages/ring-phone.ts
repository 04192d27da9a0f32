import { decideReach, PLAIN_HANDLING } from '../../engines/reach/reach.js';
import { newChannelId, type ChannelId, type ExtensionId } from '../../kernel/ids.js';
import type { Scope } from '../../kernel/scope.js';
import type { Call } from '../calls/call.js';
import { AUTO_ANSWER_VARIABLES, dial, PHONE_VARIABLES, type DialOutcome } from '../calls/leg.js';
import type { RingPhone } from '../calls/ringing.js';
import type { CallServices } from '../calls/services.js';
import { shownCaller } from '../calls/transfer.js';
import type { ExtensionConfig } from '../directory.js';
import { phoneNow } from './reaching.js';

/** How one desk phone of several rings. */
export interface PhoneRing {
  readonly timeoutMs: number;
  /** Shown before the caller. */
  readonly prefix?: string;
  /** Where it rings for somebody else than whom the call is about. */
  readonly instead?: { readonly leg: ChannelId; readonly shown: ReturnType<typeof shownCaller> };
  /** Phones that can are told to answer by themselves. */
  readonly answersItself?: boolean;
}

/** One desk phone of several; one that is not there, has a call, or must not be disturbed is left out. */
export const phoneOf = (
  s: CallServices,
  call: Call,
  id: ExtensionId,
  ring: PhoneRing,
): RingPhone => ({
  extension: id,
  ring: (scope) => ringExtension(scope, s, call, id, ring),
});

function ringExtension(
  scope: Scope,
  s: CallServices,
  call: Call,
  id: ExtensionId,
  ring: PhoneRing,
): Promise<DialOutcome> {
  const extension = s.directory.current.extensions.get(id);
  if (extension === undefined)
    return Promise.resolve({ kind: 'unreachable', cause: 20, techCause: 0 });
  const { isRegistered, lines, isTaken } = phoneNow(s, call, extension);
  if (!isRegistered) return Promise.resolve({ kind: 'unreachable', cause: 20, techCause: 0 });
  if (isTaken || lines > 0 || extension.handling.doNotDisturb)
    return Promise.resolve({ kind: 'busy', cause: 17, techCause: 0 });
  return dialPhone(scope, s, call, extension, ring);
}

/** Rings the phone of somebody who is asked in person: no forward is followed, but do not disturb and call waiting hold. */
export function ringInPerson(
  scope: Scope,
  s: CallServices,
  call: Call,
  extension: ExtensionConfig,
  ring: PhoneRing,
): Promise<DialOutcome> {
  const { number, handling } = extension;
  const { forwards, followMe } = PLAIN_HANDLING;
  const reach = decideReach({
    number,
    handling: { ...handling, forwards, followMe },
    phone: phoneNow(s, call, extension),
    hops: [],
  });
  if (reach.kind === 'ring') return dialPhone(scope, s, call, extension, ring);
  return Promise.resolve(
    reach.kind === 'nobody' && reach.why === 'unreachable'
      ? { kind: 'unreachable', cause: 20, techCause: 0 }
      : { kind: 'busy', cause: 17, techCause: 0 },
  );
}

/** Rings a desk phone, whatever it does. */
export function dialPhone(
  scope: Scope,
  s: CallServices,
  call: Call,
  extension: ExtensionConfig,
  { timeoutMs, prefix = '', instead, answersItself = false }: PhoneRing,
): Promise<DialOutcome> {
  const agentId = s.roster.agentAt(extension.id);
  const { leg, shown } = instead ?? { leg: newChannelId('extension'), shown: shownCaller(call) };
  const caller = shown.name === '' ? shown.number : shown.name;
  return dial(scope, call, {
    partner: {
      leg,
      role: 'extension',
      number: extension.number,
      name: extension.name,
      extensionId: extension.id,
      ...(agentId === undefined ? {} : { agentId }),
    },
    endpoint: `PJSIP/${extension.number}`,
    name: extension.name,
    callerNumber: shown.number,
    callerName: prefix === '' ? shown.name : `${prefix} · ${caller}`,
    timeoutMs,
    variables: answersItself ? { ...PHONE_VARIABLES, ...AUTO_ANSWER_VARIABLES } : PHONE_VARIABLES,
  });
}
