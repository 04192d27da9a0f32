import type { OfferFailure } from '../../engines/acd/acd.js';
import type { Scope } from '../../kernel/scope.js';
import type { AriEventOf } from '../ari/events.js';
import { AriError, quietly, type AriPort, type OriginateOptions } from '../ari/port.js';
import { outcomeOf } from './leg.js';

/**
 * Rings a phone that becomes a call of its own when it is answered. `take` is told of the answer and says whether it is
 * still wanted. Undefined: it was answered; else why not. Cancelled or not wanted, the phone stops.
 */
export async function ringPhone(
  scope: Scope,
  ari: AriPort,
  options: OriginateOptions,
  take: (event: AriEventOf<'StasisStart'>) => boolean,
): Promise<OfferFailure | undefined> {
  const { channel } = options;
  const events = ari.events.inbox(scope, channel, ['StasisStart', 'ChannelDestroyed']);
  const phone = { isRinging: true };
  scope.defer(async () => {
    if (phone.isRinging) await quietly(() => ari.hangup(channel));
  });
  try {
    await ari.originate(options);
  } catch (error) {
    if (!(error instanceof AriError)) throw error;
    phone.isRinging = false;
    return error.failure === 'refused' ? 'unreachable' : 'failed';
  }
  const event = await events.next();
  if (event.type === 'ChannelDestroyed') {
    phone.isRinging = false;
    return outcomeOf(event);
  }
  phone.isRinging = !take(event);
  return undefined;
}
