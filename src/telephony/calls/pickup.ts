import type { ChannelId } from '../../kernel/ids.js';
import type { ExtensionConfig } from '../directory.js';
import { bringPhone } from './bring-phone.js';
import type { Call } from './call.js';
import type { CallServices } from './services.js';

/** A call that rings at somebody's phone. */
export interface RingingCall {
  readonly call: Call;
  /** The extension at whose phone it rings. */
  readonly at: ExtensionConfig;
  readonly since: number;
}

/**
 * Calls that a phone may take, the one that rings longest first: those at the extension `dialled`, or with '' at phones of its
 * own group. Calls of queues are not taken: they are given to agents.
 */
export function callsToTake(
  s: Pick<CallServices, 'calls' | 'directory'>,
  by: ExtensionConfig,
  dialled: string,
): readonly RingingCall[] {
  const { pickupGroup } = by.handling;
  return ringingCalls(s, by)
    .filter(({ at }) =>
      dialled === ''
        ? pickupGroup !== '' && at.handling.pickupGroup === pickupGroup
        : at.number === dialled,
    )
    .sort((a, b) => a.since - b.since);
}

/**
 * A phone takes a call that rings at another one, see {@link callsToTake}. True where it has it: the channel belongs to that
 * call from now on.
 */
export function pickUp(
  s: CallServices,
  channel: ChannelId,
  by: ExtensionConfig,
  dialled: string,
): boolean {
  return callsToTake(s, by, dialled).some(
    ({ call, at }) =>
      call.ringing?.take(() =>
        bringPhone(s, call, channel, by, (leg) => {
          const { id: extensionId, number, name } = by;
          call.record({ kind: 'picked-up', leg, extensionId, number, name, from: at.number });
        }),
      ) === true,
  );
}

function ringingCalls(
  s: Pick<CallServices, 'calls' | 'directory'>,
  by: ExtensionConfig,
): RingingCall[] {
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
