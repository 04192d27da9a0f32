import type { Call } from './call.js';
import type { Stage } from './stage.js';

/**
 * Where a call goes that somebody sent on. Nobody took it: it comes back to the sender, whose phone rings again. Nobody takes
 * it there either: what the sender's extension says (a mailbox), else back into the line that the talk came from.
 */
export function afterTransfer(call: Call, next: Stage): Stage {
  const { transfer } = call;
  if (transfer === undefined) return next;
  switch (next.kind) {
    // Still on its way: forwarded, or the next phone is tried.
    case 'ring-extension':
    case 'ring-group':
    case 'dial-outside':
    case 'dial-pbx':
    case 'parked':
      return next;
    case 'talk':
      // One that came back tells why, until the talk is over.
      if (transfer.returned === undefined) call.transfer = undefined;
      return next;
    case 'announce':
    case 'goodbye':
    case 'campaign-message':
      return failed(call, next, next.then.reason);
    case 'ended':
      return failed(call, next, next.reason);
    case 'voicemail':
      return failed(call, next, call.lastDial ?? 'unreachable');
    default:
      call.transfer = undefined;
      return next;
  }
}

function failed(call: Call, next: Stage, reason: string): Stage {
  const { transfer } = call;
  if (transfer === undefined || call.gone) return next;
  const { sender, to, queue, returned } = transfer;
  if (returned === undefined) {
    call.transfer = { ...transfer, returned: reason };
    // From the sender it may go on anywhere, and to the sender's own mailbox.
    call.hops = [];
    call.record({ kind: 'transfer-returned', to, reason, extensionId: sender });
    return { kind: 'ring-extension', extension: sender };
  }
  call.transfer = undefined;
  if (next.kind === 'voicemail' || queue === undefined) return next;
  const { id, since } = queue;
  return { kind: 'queue', queue: id, priority: 0, from: [], since, isRouted: true };
}

/** Whom a phone shows that rings for the call. One that comes back is marked: nobody took it there. */
export function shownCaller({ anchor, transfer }: Call): {
  readonly number: string;
  readonly name: string;
} {
  const { number, name } = anchor;
  return transfer?.returned === undefined
    ? { number, name }
    : { number, name: `↩ ${transfer.to} · ${name === '' ? number : name}` };
}
