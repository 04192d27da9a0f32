import type { LiveExtension, LiveSnapshot } from '../../telephony/live.js';
import {
  formatPhone,
  type LiveTopic,
  type LiveValue,
  type LiveViewer,
} from '../../web/kit/index.js';

/** What each phone does and where its calls go, for the set-up pages. */
export const extensionTopic: LiveTopic = {
  name: 'setup-extensions',
  access: 'extensions.edit',
  values: (snapshot: LiveSnapshot | undefined, viewer: LiveViewer) => {
    const values: Record<string, LiveValue> = {};
    for (const extension of snapshot?.extensions ?? [])
      Object.assign(values, extensionValues(snapshot, viewer, extension));
    return values;
  },
  sharedBy: (viewer) => viewer.language,
};

/** The values of one extension, with keys that begin with `extension:<id>.`. */
export function extensionValues(
  snapshot: LiveSnapshot | undefined,
  viewer: Pick<LiveViewer, 't' | 'language' | 'country' | 'zone'>,
  extension: LiveExtension,
): Readonly<Record<string, LiveValue>> {
  const key = `extension:${String(extension.id)}`;
  const state = stateOf(snapshot, extension);
  return {
    [`${key}.state`]: viewer.t(`extensions.state.${state}`),
    [`${key}.help`]: viewer.t(`extensions.state.${state}.help`),
    [`${key}.tone`]: TONES[state],
    [`${key}.icon`]: ICONS[state],
    [`${key}.handling`]: handlingText(viewer, extension),
    [`${key}.callsBack`]: extension.callsBack ?? null,
  };
}

const TONES = {
  registered: 'available',
  ringing: 'ringing',
  talking: 'talking',
  away: '',
  unknown: '',
} as const;
const ICONS = {
  registered: 'circle-check',
  ringing: 'phone-ringing',
  talking: 'phone-filled',
  away: 'plug-connected-x',
  unknown: 'help',
} as const;

function stateOf(
  snapshot: LiveSnapshot | undefined,
  { registered, use }: LiveExtension,
): keyof typeof ICONS {
  if (snapshot?.pbxOnline !== true) return 'unknown';
  if (use !== undefined) return use;
  return registered ? 'registered' : 'away';
}

/** What keeps calls from the phone now, or where they ring besides; null where they ring there only. */
function handlingText(
  viewer: Pick<LiveViewer, 't' | 'language' | 'country' | 'zone'>,
  { doNotDisturb, followsMe, forwardsTo }: LiveExtension,
): string | null {
  if (forwardsTo !== undefined)
    return viewer.t('extensions.handling.forwarded', { number: formatPhone(forwardsTo, viewer) });
  if (doNotDisturb === true) return viewer.t('extensions.handling.quiet');
  return followsMe === true ? viewer.t('extensions.handling.follow-me') : null;
}
