import type { TrunkConfig } from '../directory.js';
import type { Call } from './call.js';
import type { CallServices } from './services.js';

/** How long a call that is ended may take to free its line. */
const FREE_LIMIT_MS = 2_000;
const LOOK_MS = 20;

/**
 * Ends another call on a trunk, so that a call for help has its line: one that rings before one in which people talk, the
 * youngest first, never another call for help. False where there is none.
 */
export async function freeLine(s: CallServices, call: Call, trunk: TrunkConfig): Promise<boolean> {
  const [victim] = [...s.calls.values()]
    .filter((one) => one !== call && !one.isForHelp && one.trunks.includes(trunk.id))
    .sort(
      (a, b) =>
        Number(a.connectedAt !== undefined) - Number(b.connectedAt !== undefined) ||
        b.facts.startedAt - a.facts.startedAt,
    );
  if (victim === undefined) return false;
  call.record({ kind: 'line-freed', trunkId: trunk.id, name: trunk.name, freed: victim.id });
  victim.endedFor = 'emergency-needs-line';
  await victim.hangup(victim.channel);
  const until = call.clock.now() + FREE_LIMIT_MS;
  while (s.calls.has(victim.id) && call.clock.now() < until)
    await call.clock.sleep(LOOK_MS, call.scope.signal);
  return true;
}
