import { newBridgeId, newChannelId, newPlaybackId, type ChannelId } from '../../../kernel/ids.js';
import { Cancelled, type Scope } from '../../../kernel/scope.js';
import { AriError, quietly } from '../../ari/port.js';
import type { Call } from '../../calls/call.js';

/** How long a few words may take: what is played into a bridge does not say when it has ended. */
const WORDS_MS = 10_000;

/**
 * Says something to people who talk, each for themselves, over what they hear, without waiting for its end. Not into their bridge:
 * Asterisk mixes a bridge of three in another way than one of two, and on the way back the sound between the two was lost in
 * one case of three.
 */
export function whisper(
  scope: Scope,
  call: Call,
  channels: readonly ChannelId[],
  media: readonly string[],
): void {
  if (media.length === 0) return;
  for (const channel of channels)
    scope.fork('whisper', async (within) => {
      try {
        await speak(within, call, channel, media);
      } catch (error) {
        // Whoever has hung up hears nothing.
        if (!(error instanceof AriError || error instanceof Cancelled)) throw error;
      }
    });
}

async function speak(
  scope: Scope,
  call: Call,
  channel: ChannelId,
  media: readonly string[],
): Promise<void> {
  const { ari, clock } = call;
  const [speaker, bridge] = [newChannelId('snoop'), newBridgeId()] as const;
  scope.defer(() => quietly(() => ari.destroyBridge(bridge)));
  scope.defer(() => quietly(() => ari.hangup(speaker)));
  await ari.snoop(channel, speaker, 'in', 'out');
  await ari.createBridge(bridge, 'whisper');
  await ari.addToBridge(bridge, [speaker]);
  await ari.playToBridge(bridge, newPlaybackId(), media);
  await clock.sleep(WORDS_MS, scope.signal);
}
