import type { OfferFailure } from '../../engines/acd/acd.js';
import { newChannelId, type AgentId, type CallId } from '../../kernel/ids.js';
import type { Scope } from '../../kernel/scope.js';
import type { AriEventOf } from '../ari/events.js';
import type { AriPort } from '../ari/port.js';
import type { Callback } from '../callbacks.js';
import type { Directory } from '../directory.js';
import type { AgentRoster } from './agent-roster.js';
import { AUTO_ANSWER_VARIABLES, PHONE_VARIABLES } from './leg.js';
import { ringPhone } from './phone-ring.js';

/** How long the phone rings where the queue is not known any more. */
const RING_MS = 20_000;

/** What ringing an agent for a callback needs. */
export interface RingParts {
  readonly ari: AriPort;
  readonly roster: AgentRoster;
  readonly directory: Directory;
  readonly isRegistered: (extension: string) => boolean;
}

interface Ringing {
  readonly callback: Callback;
  readonly call: CallId;
  readonly agent: AgentId;
}

/**
 * Rings an agent's phone for a callback. `take` is told of the answer and says whether it is still wanted. Undefined: it was
 * answered; else why not. Cancelled or not wanted, the phone stops.
 */
export async function ringAgent(
  scope: Scope,
  parts: RingParts,
  { callback, call, agent }: Ringing,
  take: (event: AriEventOf<'StasisStart'>) => boolean,
): Promise<OfferFailure | undefined> {
  const { ari, roster, directory } = parts;
  const extensionId = roster.phoneOf(agent);
  const extension =
    extensionId === undefined ? undefined : directory.current.extensions.get(extensionId);
  if (extension === undefined || !parts.isRegistered(extension.number)) return 'unreachable';
  const queue = directory.current.queues.get(callback.queueId);
  return ringPhone(
    scope,
    ari,
    {
      channel: newChannelId('extension'),
      endpoint: `PJSIP/${extension.number}`,
      appArgs: ['callback', call],
      callerNumber: callback.number,
      callerName: `${queue?.name ?? ''} · ${callback.name === '' ? callback.number : callback.name}`,
      timeoutMs: queue?.ringTimeoutMs ?? RING_MS,
      variables:
        queue?.autoAnswers === true
          ? { ...PHONE_VARIABLES, ...AUTO_ANSWER_VARIABLES }
          : PHONE_VARIABLES,
    },
    take,
  );
}
