import type { AgentState, LiveSnapshot } from '../../telephony/live.js';
import type { LiveTopic, LiveValue, LiveViewer } from '../../web/kit/index.js';

/** How a state looks, besides its word. */
const LOOKS: Readonly<Record<AgentState, { readonly tone: string; readonly icon: string }>> = {
  available: { tone: 'available', icon: 'circle-check-filled' },
  preview: { tone: 'hold', icon: 'address-book' },
  ringing: { tone: 'ringing', icon: 'bell-ringing' },
  talking: { tone: 'talking', icon: 'phone-filled' },
  'wrap-up': { tone: 'wrapup', icon: 'pencil' },
  'not-ready': { tone: '', icon: 'circle-minus' },
  'phone-lost': { tone: 'alarm', icon: 'plug-connected-x' },
  'signed-out': { tone: '', icon: 'circle-dashed' },
};

/** The state of each agent, for the set-up pages. */
export const agentTopic: LiveTopic = {
  name: 'setup-agents',
  access: 'agents.edit',
  values: (snapshot: LiveSnapshot | undefined, viewer: LiveViewer) => {
    const values: Record<string, LiveValue> = {};
    for (const { id, state, extension } of snapshot?.agents ?? []) {
      const key = `agent:${String(id)}`;
      values[`${key}.state`] = viewer.t(`state.${state}`);
      values[`${key}.tone`] = LOOKS[state].tone;
      values[`${key}.icon`] = LOOKS[state].icon;
      values[`${key}.help`] =
        extension === '' ? null : viewer.t('agents.at-extension', { extension });
    }
    return values;
  },
  sharedBy: (viewer) => viewer.language,
};
