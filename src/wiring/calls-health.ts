import type { AsteriskAri } from '../adapters/asterisk-ari/asterisk-ari.js';
import type { openLedger } from '../adapters/ledger/index.js';
import { publishHealth } from '../adapters/redis/health.js';
import type { Scope } from '../kernel/scope.js';
import type { AgentRoster } from '../telephony/calls/agent-roster.js';
import type { SipWatch } from '../telephony/sip-watch.js';
import type { Foundation } from './foundation.js';

const MEGABYTE = 1_048_576;

interface CallsHealthParts {
  readonly calls: ReadonlyMap<unknown, unknown>;
  readonly ari: AsteriskAri;
  readonly roster: AgentRoster;
  readonly sip: SipWatch;
  readonly ledger: Awaited<ReturnType<typeof openLedger>>;
}

/** How the role of calls is, for the page of health. Calls and inboxes are zero when no call is left; a test of each call ends with that. */
export function publishCallsHealth(
  server: Scope,
  base: Foundation,
  { calls, ari, roster, sip, ledger }: CallsHealthParts,
): void {
  publishHealth(server, base, 'calls', () => ({
    calls: calls.size,
    inboxes: ari.events.channels,
    illegalEvents: roster.illegalEvents,
    pbxOnline: ari.isUp,
    sip: sip.state,
    ari: ari.counters,
    ledger: ledger.counters(),
    // Neither may grow with the calls that were: `npm run soak` compares them.
    heapMb: Math.round(process.memoryUsage().heapUsed / MEGABYTE),
    timers: process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length,
  }));
}
