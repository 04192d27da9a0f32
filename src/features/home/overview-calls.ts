import type { LiveCall, LiveSnapshot } from '../../telephony/live.js';
import type { LiveTrunk } from '../../telephony/live-trunk.js';
import {
  DIRECTION_LOOKS,
  formatPhone,
  NO_VALUE,
  stageLook,
  type LiveValue,
  type LiveViewer,
} from '../../web/kit/index.js';

/** Calls listed at most; the rest is counted. */
const CALLS_SHOWN = 12;
/** On the page of calls. */
export const ALL_CALLS_SHOWN = 200;
/** Width of a trunk's bar in pixels. */
const TRUNK_BAR = 60;

/** Calls in progress, the newest first. */
export function callValues(
  snapshot: LiveSnapshot | undefined,
  viewer: LiveViewer,
  most = CALLS_SHOWN,
): Record<string, LiveValue> {
  const calls = [...(snapshot?.calls ?? [])].sort((a, b) => b.startedAt - a.startedAt);
  const shown = calls.slice(0, most);
  const more = calls.length - shown.length;
  const values: Record<string, LiveValue> = {
    calls: shown.map((call) => call.id).join(' '),
    'calls.count': viewer.t('home.calls-count', { count: calls.length }),
    'calls.none': calls.length === 0,
    'calls.more': more === 0 ? '' : viewer.t('home.calls-more', { count: more }),
  };
  for (const call of shown) Object.assign(values, callRow(call, snapshot, viewer));
  return values;
}

function callRow(
  call: LiveCall,
  snapshot: LiveSnapshot | undefined,
  viewer: LiveViewer,
): Record<string, LiveValue> {
  const key = `call:${call.id}`;
  const look = stageLook(call.stage);
  const direction = DIRECTION_LOOKS[call.direction];
  const agent = snapshot?.agents.find((candidate) => candidate.id === call.agentId);
  const queue = snapshot?.queues.find((candidate) => candidate.id === call.queueId);
  return {
    [`${key}.href`]: `/calls/${call.id}`,
    [`${key}.direction`]: viewer.t(direction.label),
    [`${key}.directionIcon`]: direction.icon,
    [`${key}.name`]: call.fromName,
    [`${key}.from`]: formatPhone(call.from, viewer),
    [`${key}.to`]: formatPhone(call.to, viewer),
    [`${key}.stage`]: viewer.t(look.label),
    [`${key}.icon`]: look.icon,
    [`${key}.tone`]: look.tone,
    [`${key}.since`]: call.connectedAt ?? call.stageSince,
    [`${key}.queue`]: queue?.name ?? NO_VALUE,
    [`${key}.agent`]: agent?.name ?? call.other ?? NO_VALUE,
  };
}

/** Trunks with their load, and the tile that adds them up. */
export function trunkValues(
  snapshot: LiveSnapshot | undefined,
  viewer: LiveViewer,
): Record<string, LiveValue> {
  const trunks = snapshot?.trunks ?? [];
  const used = trunks.reduce((sum, trunk) => sum + trunk.channels, 0);
  const isLimited = trunks.length > 0 && trunks.every((trunk) => trunk.maxChannels > 0);
  const most = trunks.reduce((sum, trunk) => sum + trunk.maxChannels, 0);
  const offline = trunks.filter((trunk) => !trunk.online).length;
  const values: Record<string, LiveValue> = {
    trunks: trunks.map((trunk) => trunk.id).join(' '),
    'trunks.none': trunks.length === 0,
    'kpi.channels': snapshot ? used : NO_VALUE,
    'kpi.channels-of': isLimited ? viewer.t('home.of', { count: most }) : '',
    'kpi.channels-note': viewer.t('home.trunks-offline', { count: offline }),
    'kpi.channels-tone': offline > 0 ? 'bad' : '',
  };
  for (const trunk of trunks) Object.assign(values, trunkRow(trunk, viewer));
  return values;
}

function trunkRow(trunk: LiveTrunk, viewer: LiveViewer): Record<string, LiveValue> {
  const key = `trunk:${String(trunk.id)}`;
  const { channels, maxChannels } = trunk;
  return {
    [`${key}.name`]: trunk.name,
    [`${key}.icon`]: trunk.online ? 'circle-check' : 'plug-connected-x',
    [`${key}.tone`]: trunk.online ? 'available' : 'alarm',
    [`${key}.state`]: viewer.t(trunk.online ? 'home.trunk-online' : 'home.trunk-offline'),
    [`${key}.load`]:
      maxChannels > 0
        ? viewer.t('home.channels-of', { channels, max: maxChannels })
        : viewer.t('home.channels', { channels }),
    [`${key}.width`]:
      maxChannels > 0 ? Math.round(Math.min(1, channels / maxChannels) * TRUNK_BAR) : 0,
  };
}
