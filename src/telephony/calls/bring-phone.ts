import type { ChannelId } from '../../kernel/ids.js';
import { AriError } from '../ari/port.js';
import type { ExtensionConfig } from '../directory.js';
import type { Call } from './call.js';
import { showParty } from './displays.js';
import { Leg } from './leg.js';
import type { CallServices } from './services.js';
import type { TalkPartner } from './stage.js';
import { shownCaller } from './transfer.js';

/**
 * Makes a phone that dialled a code the called side of a call; undefined where it has hung up meanwhile. `note` writes into the
 * ledger why it is there.
 */
export async function bringPhone(
  s: CallServices,
  call: Call,
  channel: ChannelId,
  by: ExtensionConfig,
  note: (leg: ChannelId) => void,
): Promise<Leg | undefined> {
  const leg = Leg.of(call, partnerAt(s, channel, by));
  const { id: extensionId, number, name } = by;
  call.record({ kind: 'leg-started', leg: channel, role: 'extension', number, name, extensionId });
  note(channel);
  try {
    await call.ari.watchChannel(channel);
    await showParty(call.ari, channel, shownCaller(call));
    await call.ari.answer(channel);
  } catch (error) {
    if (!(error instanceof AriError)) throw error;
    await leg.release();
    return undefined;
  }
  call.record({ kind: 'leg-answered', leg: channel });
  return leg;
}

/** The called side of a talk, at a desk phone. */
function partnerAt(s: CallServices, leg: ChannelId, at: ExtensionConfig): TalkPartner {
  const agentId = s.roster.agentAt(at.id);
  return {
    leg,
    role: 'extension',
    number: at.number,
    name: at.name,
    extensionId: at.id,
    ...(agentId === undefined ? {} : { agentId }),
  };
}
