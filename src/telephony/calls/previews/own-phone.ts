import type { OfferFailure } from '../../../engines/acd/acd.js';
import { newChannelId, type CallId } from '../../../kernel/ids.js';
import type { Scope } from '../../../kernel/scope.js';
import type { AriEventOf } from '../../ari/events.js';
import type { AriPort } from '../../ari/port.js';
import type { Directory } from '../../directory.js';
import type { AgentRoster } from '../agent-roster.js';
import { AUTO_ANSWER_VARIABLES, PHONE_VARIABLES } from '../leg.js';
import { ringPhone } from '../phone-ring.js';
import type { Preview } from './preview.js';

/** How long the phone rings where the queue is not known any more. */
const RING_MS = 20_000;

/** The first argument of a desk phone that was rung for a preview; the second is the call that it becomes. */
export const PREVIEW_CONTEXT = 'preview';

export interface OwnPhoneParts {
  readonly ari: AriPort;
  readonly roster: AgentRoster;
  readonly directory: Directory;
  readonly isRegistered: (extension: string) => boolean;
}

/**
 * Rings the desk phone of whoever looks at a record; one that answers by itself, where the queue says so. `take` is told of the
 * answer and says whether it is still wanted. Undefined: it was answered; else why not.
 */
export async function ringOwnPhone(
  scope: Scope,
  { ari, roster, directory, isRegistered }: OwnPhoneParts,
  { agent, lead, campaign }: Preview,
  call: CallId,
  take: (event: AriEventOf<'StasisStart'>) => boolean,
): Promise<OfferFailure | undefined> {
  const { extensions, queues, numberPrivacy } = directory.current;
  const id = roster.phoneOf(agent);
  const phone = id === undefined ? undefined : extensions.get(id);
  if (phone === undefined || !isRegistered(phone.number)) return 'unreachable';
  const queue = queues.get(campaign.queueId);
  // Displays remember whom they have shown.
  const number = numberPrivacy.isMasked ? '' : lead.number;
  return ringPhone(
    scope,
    ari,
    {
      channel: newChannelId('extension'),
      endpoint: `PJSIP/${phone.number}`,
      appArgs: [PREVIEW_CONTEXT, call],
      callerNumber: number,
      callerName: [campaign.name, lead.name === '' ? number : lead.name].join(' · '),
      timeoutMs: queue?.ringTimeoutMs ?? RING_MS,
      variables:
        queue?.autoAnswers === true
          ? { ...PHONE_VARIABLES, ...AUTO_ANSWER_VARIABLES }
          : PHONE_VARIABLES,
    },
    take,
  );
}
