import type { Clock } from '../../kernel/clock.js';
import type { ChannelId } from '../../kernel/ids.js';
import type { Scope } from '../../kernel/scope.js';
import { AriError, type AriPort } from '../ari/port.js';
import type { CallLog } from './services.js';

/** How often the channels that are watched are compared with those that a node has. */
export const CHANNELS_LOOK_MS = 10_000;

const NONE: ReadonlySet<ChannelId> = new Set();

/**
 * A channel whose end nobody was told of would keep its call, and its agent, for ever. What two looks in a row do not find at the
 * node is reported as ended, and logged: it is an error somewhere else. One look is not enough, since a channel is watched a
 * moment before it is made.
 */
export function keepChannelsTrue(
  scope: Scope,
  { ari, clock, log }: { readonly ari: AriPort; readonly clock: Clock; readonly log: CallLog },
): void {
  const { events } = ari;
  scope.fork('channel reconciler', async (s) => {
    let before = NONE;
    for (;;) {
      await clock.sleep(CHANNELS_LOOK_MS, s.signal);
      const missing = await missingOf(ari, events.watched);
      for (const channel of missing) {
        if (!before.has(channel)) continue;
        log.error({ node: ari.node, channel }, 'the end of a channel was missed');
        events.lost(channel);
      }
      before = missing;
    }
  });
}

/** Those that are not there; none while the node cannot be asked. */
async function missingOf(
  ari: AriPort,
  watched: readonly ChannelId[],
): Promise<ReadonlySet<ChannelId>> {
  if (watched.length === 0) return NONE;
  const missing = new Set(watched);
  try {
    for (const { id } of await ari.listChannels()) missing.delete(id);
  } catch (error) {
    if (!(error instanceof AriError)) throw error;
    return NONE;
  }
  return missing;
}
