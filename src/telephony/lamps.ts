import type { LampState } from './ari/port.js';
import type { DirectorySnapshot } from './directory.js';
import { slotsOf } from './parking.js';
import type { AgentState, LiveExtension, LiveSnapshot } from './live.js';

/**
 * What phones can watch with lamp keys (BLF), and how it is now. The name is what the key dials, so that the same key shows
 * and does it: an extension, a park slot, do not disturb of an extension, the availability of an agent.
 */
export function lampsOf(
  now: Pick<LiveSnapshot, 'extensions' | 'agents' | 'calls'>,
  { agents, featureCodes, parking }: Pick<DirectorySnapshot, 'agents' | 'featureCodes' | 'parking'>,
): ReadonlyMap<string, LampState> {
  // What else has the number of a slot is watched instead.
  const lamps = new Map<string, LampState>(slotsOf(parking).map((slot) => [slot, 'NOT_INUSE']));
  for (const { parked } of now.calls) if (parked !== undefined) lamps.set(parked.slot, 'INUSE');
  const quiet = featureCodes['do-not-disturb'];
  for (const extension of now.extensions) {
    lamps.set(extension.number, phoneLamp(extension));
    if (quiet.isEnabled)
      lamps.set(quiet.code + extension.number, extension.doNotDisturb ? 'BUSY' : 'NOT_INUSE');
  }
  const { code, isEnabled } = featureCodes.availability;
  for (const agent of isEnabled ? now.agents : []) {
    const number = agents.get(agent.id)?.number;
    if (number !== undefined) lamps.set(code + number, AGENT_LAMPS[agent.state]);
  }
  return lamps;
}

function phoneLamp({ registered, use, doNotDisturb }: LiveExtension): LampState {
  if (!registered) return 'UNAVAILABLE';
  if (use === 'talking') return 'INUSE';
  if (use === 'ringing') return 'RINGING';
  return doNotDisturb === true ? 'BUSY' : 'NOT_INUSE';
}

/** Dark while the agent is available. */
const AGENT_LAMPS: Readonly<Record<AgentState, LampState>> = {
  'signed-out': 'UNAVAILABLE',
  'not-ready': 'BUSY',
  available: 'NOT_INUSE',
  preview: 'INUSE',
  ringing: 'RINGING',
  talking: 'INUSE',
  'wrap-up': 'INUSE',
  'phone-lost': 'BUSY',
};
