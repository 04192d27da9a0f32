import type { DirectorySnapshot } from '../directory.js';
import type { AgentRoster } from './agent-roster.js';

/** The not-ready reason of agents whose phone must not be disturbed. */
export const QUIET = 'do-not-disturb';

/** Agents whose phone was put on do not disturb get no calls of queues, and get them again when it is taken off. */
export function followQuietPhones(roster: AgentRoster, { extensions }: DirectorySnapshot): void {
  for (const { id, state, reason, next } of roster.liveAgents) {
    const phone = roster.phoneOf(id);
    if (phone === undefined || state === 'signed-out') continue;
    const isQuiet = extensions.get(phone)?.handling.doNotDisturb === true;
    const leaves = state === 'not-ready' || next !== undefined;
    if (isQuiet && !leaves) roster.notReady(id, QUIET);
    if (!isQuiet && leaves && reason === QUIET) roster.available(id);
  }
}
