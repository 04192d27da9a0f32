import type { AcdAgent } from '../../engines/acd/acd.js';
import type { Clock } from '../../kernel/clock.js';
import type { AgentId, CallId } from '../../kernel/ids.js';
import type { Scope } from '../../kernel/scope.js';
import type { AgentRoster } from './agent-roster.js';
import type { Call } from './call.js';
import type { CallLog } from './services.js';

/** How often agents are compared with living calls. */
export const RECONCILE_MS = 5_000;

/** What an agent's state says and the living calls do not. */
export interface Drift {
  readonly agent: AgentId;
  readonly call: CallId;
  /** talks-alone and rings-alone: the call is over. unnoticed: the agent talks, and the state does not say so. */
  readonly kind: 'talks-alone' | 'rings-alone' | 'unnoticed';
}

/**
 * Compares agents' states with the calls that live: an agent who is held to talk or ring for a call that is no more would
 * never get another one.
 */
export function findDrift(
  agents: Iterable<AcdAgent>,
  calls: ReadonlyMap<CallId, Pick<Call, 'id' | 'stage'>>,
  /** Tries of callbacks ring at agents before they are calls. */
  isTry: (call: CallId) => boolean,
): readonly Drift[] {
  const drifts: Drift[] = [];
  const talkingTo = new Map<AgentId, CallId>();
  for (const { id, stage } of calls.values())
    if (stage.kind === 'talk' && stage.connectedAt !== undefined && stage.partner.agentId)
      talkingTo.set(stage.partner.agentId, id);
  for (const { id, state, call } of agents) {
    const isGone = call !== undefined && !calls.has(call) && !isTry(call);
    if (state === 'talking' && call !== undefined && isGone)
      drifts.push({ agent: id, call, kind: 'talks-alone' });
    else if (state === 'ringing' && call !== undefined && isGone)
      drifts.push({ agent: id, call, kind: 'rings-alone' });
    const talk = talkingTo.get(id);
    if (talk !== undefined && state !== 'talking' && state !== 'signed-out')
      drifts.push({ agent: id, call: talk, kind: 'unnoticed' });
  }
  return drifts;
}

interface ReconcilerDependencies {
  readonly clock: Clock;
  readonly log: CallLog;
  readonly roster: AgentRoster;
  readonly calls: ReadonlyMap<CallId, Call>;
  readonly isTry: (call: CallId) => boolean;
}

/**
 * Heals what two looks in a row have seen, and logs it: it is an error somewhere else. One look is not enough, since states
 * and calls do not change in the same instant.
 */
export function keepRosterTrue(scope: Scope, deps: ReconcilerDependencies): void {
  scope.fork('roster reconciler', async (s) => {
    let before = new Set<string>();
    for (;;) {
      await deps.clock.sleep(RECONCILE_MS, s.signal);
      const drifts = findDrift(deps.roster.acd.engine.agents, deps.calls, deps.isTry);
      const keyOf = ({ agent, call, kind }: Drift): string => `${String(agent)} ${call} ${kind}`;
      for (const drift of drifts) if (before.has(keyOf(drift))) heal(deps, drift);
      before = new Set(drifts.map(keyOf));
    }
  });
}

function heal({ log, roster }: ReconcilerDependencies, { agent, call, kind }: Drift): void {
  log.error({ agentId: agent, callId: call, kind }, 'an agent’s state was healed');
  switch (kind) {
    case 'talks-alone':
      roster.talkEnded(agent, call);
      return;
    case 'rings-alone':
      roster.failed(call, agent, 'failed');
      return;
    case 'unnoticed':
      roster.engageAgent(agent, call);
  }
}
