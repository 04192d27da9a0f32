import type { LiveSnapshot } from '../../telephony/live.js';
import type { LiveTrunk } from '../../telephony/live-trunk.js';
import type { LiveTopic, LiveValue, LiveViewer } from '../../web/kit/index.js';

const row = (
  trunk: LiveTrunk,
  isPbxOnline: boolean,
  viewer: LiveViewer,
): Record<string, LiveValue> => {
  const key = `trunk:${String(trunk.id)}`;
  const health = healthOf(trunk, isPbxOnline);
  const { channels, maxChannels } = trunk;
  return {
    [`${key}.state`]: viewer.t(`trunks.state.${health.state}`),
    [`${key}.tone`]: health.tone,
    [`${key}.icon`]: health.icon,
    [`${key}.help`]: viewer.t(`trunks.state.${health.state}.help`),
    [`${key}.load`]: viewer.t(maxChannels > 0 ? 'trunks.load.limited' : 'trunks.load', {
      channels,
      max: maxChannels,
    }),
  };
};

/** What a trunk's state is called, in which colour. The carrier's refusal says more than its silence. */
export function healthOf(
  trunk: Pick<LiveTrunk, 'online' | 'registration' | 'isRefusing'>,
  isPbxOnline: boolean,
) {
  if (!isPbxOnline) return { state: 'unknown', tone: '', icon: 'help' } as const;
  if (trunk.registration === 'rejected')
    return { state: 'rejected', tone: 'alarm', icon: 'lock' } as const;
  if (trunk.registration === 'unregistered')
    return { state: 'unregistered', tone: 'alarm', icon: 'plug-connected-x' } as const;
  if (!trunk.online) return { state: 'silent', tone: 'alarm', icon: 'plug-connected-x' } as const;
  if (trunk.isRefusing === true)
    return { state: 'refusing', tone: 'alarm', icon: 'plug-connected-x' } as const;
  const state = trunk.registration === 'registered' ? 'registered' : 'online';
  return { state, tone: 'available', icon: 'circle-check' } as const;
}

/** Health and load of each trunk, for the set-up pages. */
export const trunkTopic: LiveTopic = {
  name: 'setup-trunks',
  access: 'trunks.edit',
  values: (snapshot: LiveSnapshot | undefined, viewer: LiveViewer) =>
    Object.assign(
      {},
      ...(snapshot?.trunks ?? []).map((trunk) => row(trunk, snapshot?.pbxOnline === true, viewer)),
    ) as Record<string, LiveValue>,
  sharedBy: (viewer) => viewer.language,
};
