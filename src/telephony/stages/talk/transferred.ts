import type { ChannelId } from '../../../kernel/ids.js';
import { Cancelled } from '../../../kernel/scope.js';
import { quietly } from '../../ari/port.js';
import type { Call } from '../../calls/call.js';

/** How long a phone has to hang up by itself once it was told that its transfer is done. */
const LEAVES_WITHIN_MS = 500;

/**
 * The phone hears that it did what it asked for, and hangs up by itself (RFC 5589, section 6). One that does not is hung up a
 * moment later: where the end came at once, phones took it for the end of a transfer that had failed.
 */
export async function tellTransferred(call: Call, channel: ChannelId): Promise<void> {
  await call.scope
    .run('transferred', async (scope) => {
      const events = call.ari.events.inbox(scope, channel, ['ChannelDestroyed']);
      scope.fork('limit', async (s) => {
        await call.clock.sleep(LEAVES_WITHIN_MS, s.signal);
        scope.cancel('stays');
      });
      await quietly(() => call.ari.transferProgress(channel, 'answered'));
      await events.next();
    })
    .catch((error: unknown) => {
      if (!(error instanceof Cancelled)) throw error;
    });
}
