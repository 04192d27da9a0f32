import type { LiveSnapshot } from '../../telephony/live.js';
import type { LiveTopic, LiveValue, LiveViewer } from '../../web/kit/index.js';

/** Whether each phone is registered, for the set-up pages. */
export const extensionTopic: LiveTopic = {
  name: 'setup-extensions',
  access: 'extensions.edit',
  values: (snapshot: LiveSnapshot | undefined, viewer: LiveViewer) => {
    const values: Record<string, LiveValue> = {};
    for (const { id, registered } of snapshot?.extensions ?? []) {
      const key = `extension:${String(id)}`;
      const state = snapshot?.pbxOnline !== true ? 'unknown' : registered ? 'registered' : 'away';
      values[`${key}.state`] = viewer.t(`extensions.state.${state}`);
      values[`${key}.help`] = viewer.t(`extensions.state.${state}.help`);
      values[`${key}.tone`] = state === 'registered' ? 'available' : '';
      values[`${key}.icon`] = ICONS[state];
    }
    return values;
  },
  sharedBy: (viewer) => viewer.language,
};

const ICONS = { registered: 'circle-check', away: 'plug-connected-x', unknown: 'help' } as const;
