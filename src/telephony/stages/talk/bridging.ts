import type { BridgeId } from '../../../kernel/ids.js';
import type { Call } from '../../calls/call.js';
import type { TalkPartner } from '../../calls/stage.js';
import { openKeys } from './phone-keys.js';

/** Bridges the caller with the partner; resolves with the moment from which they hear each other. */
export async function connect(call: Call, partner: TalkPartner, bridge: BridgeId): Promise<number> {
  await call.answer();
  // They hear each other a moment before the talk is there that heeds their keys.
  for (const channel of [call.channel, partner.leg])
    call.phoneKeys.set(channel, openKeys(call, call.scope, channel));
  await call.ari.addToBridge(bridge, [call.channel, partner.leg]);
  call.bridged = bridge;
  call.hasTalked = true;
  const { agentId } = partner;
  call.record({
    kind: 'connected',
    leg: partner.leg,
    ...(agentId === undefined ? {} : { agentId }),
  });
  return call.clock.now();
}
