import type { BridgeId } from '../../kernel/ids.js';
import { Cancelled } from '../../kernel/scope.js';
import { AriError } from '../ari/port.js';
import type { Call } from './call.js';

/** A bridge that is gone already, or whose node is away, needs no destroying by us. */
export async function destroyQuietly(call: Call, bridge: BridgeId): Promise<void> {
  try {
    await call.ari.destroyBridge(bridge);
  } catch (error) {
    if (!(error instanceof AriError || error instanceof Cancelled)) throw error;
  }
}
