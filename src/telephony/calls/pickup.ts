import type { ChannelId } from '../../kernel/ids.js';
import type { ExtensionConfig } from '../directory.js';
import { bringPhone } from './bring-phone.js';
import type { Call } from './call.js';
import type { CallServices } from './services.js';

/** A call that rings at somebody's phone. */
interface RingingCall {
  readonly call: Call;
  /** The extension at whose phone it rings. */
  readonly at: ExtensionConfig;
  readonly since: number;
}

/**
 * A phone takes a call that rings at another one: at the extension `dialled`, or with '' at a phone of its own group, the one
 * that rings longest. True where it has it: the channel belongs to that call from now on. Calls of queues are not taken:
 * they are given to agents.
 */
export function pickUp(
  s: CallServices,
  channel: ChannelId,
  by: ExtensionConfig,
  dialled: string,
): boolean {
  const { pickupGroup } = by.handling;
  const found = ringingCalls(s, by).filter(({ at }) =>
    dialled === ''
      ? pickupGroup !== '' && at.handling.pickupGroup === pickupGroup
      : at.number === dialled,
  );
  return found
    .sort((a, b) => a.since - b.since)
    .some(
      ({ call, at }) =>
        call.ringing?.take(() =>
          bringPhone(s, call, channel, by, (leg) => {
            const { id: extensionId, number, name } = by;
            call.record({ kind: 'picked-up', leg, extensionId, number, name, from: at.number });
          }),
        ) === true,
    );
}

function ringingCalls(s: CallServices, by: ExtensionConfig): RingingCall[] {
  const { extensions } = s.directory.current;
  return [...s.calls.values()].flatMap((call) => {
    const { ringing } = call;
    // Nobody takes what rings at a colleague because of the own phone.
    if (ringing === undefined || call.extensionAtAnchor === by.id) return [];
    return [...extensions.values()].flatMap((at) => {
      const since = at.id === by.id ? undefined : ringing.ringsAt(at.id);
      return since === undefined ? [] : [{ call, at, since }];
    });
  });
}
