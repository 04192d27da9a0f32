import type { AcdAgent } from '../../engines/acd/acd.js';
import type { Clock } from '../../kernel/clock.js';
import type { AgentId, CallId, ExtensionId, QueueId } from '../../kernel/ids.js';
import type { Scope } from '../../kernel/scope.js';
import type { AgentRoster } from './agent-roster.js';
import { agentAtAnchor } from './anchor-agent.js';
import type { Call } from './call.js';
import type { CallLog } from './services.js';
import type { Stage, TalkPartner } from './stage.js';

/** How often agents are compared with living calls. */
export const RECONCILE_MS = 5_000;

/** What an agent's state says and the living calls do not. */
export interface Drift {
  readonly agent: AgentId;
  /** Absent where no call matters. */
  readonly call?: CallId;
  /**
   * talks-alone, rings-alone and dials-alone: the call is over, or without the agent. unnoticed: the agent talks, and the state does not say
   * so. phone-back: the phone is said to be lost, and is there.
   */
  readonly kind: 'talks-alone' | 'rings-alone' | 'dials-alone' | 'unnoticed' | 'phone-back';
  /** Of what is unnoticed: the queue that the talk came from. */
  readonly queueId?: QueueId;
}

/** A call as it is compared with agents' states. */
type ComparedCall = Pick<Call, 'id' | 'stage' | 'legs' | 'extensionAtAnchor'>;

/**
 * Compares agents' states with the calls that live: an agent who is held to talk or ring for a call that is no more would
 * never get another one.
 */
export function findDrift(
  agents: Iterable<AcdAgent>,
  calls: ReadonlyMap<CallId, ComparedCall>,
  parts: {
    readonly roster: Pick<AgentRoster, 'agentAt' | 'phoneOf'>;
    /** Tries of callbacks and previews ring at agents before they are calls. */
    readonly isTry: (call: CallId) => boolean;
    readonly isThere: (phone: ExtensionId) => boolean;
  },
): readonly Drift[] {
  const { roster, isTry, isThere } = parts;
  const drifts: Drift[] = [];
  const talkingTo = new Map<AgentId, { readonly call: CallId; readonly queueId?: QueueId }>();
  for (const call of calls.values()) {
    const anchored = agentAtAnchor(roster, call, call.stage);
    if (anchored !== undefined) talkingTo.set(anchored, { call: call.id });
    for (const { agentId, queueId } of talkersIn(call.stage))
      if (agentId !== undefined)
        talkingTo.set(agentId, { call: call.id, ...(queueId === undefined ? {} : { queueId }) });
  }
  for (const { id, state, call } of agents) {
    const own = call === undefined ? undefined : calls.get(call);
    const isOver = call !== undefined && own === undefined && !isTry(call);
    const isLeft = own !== undefined && !talkingTo.has(id) && !hasLegOf(own, id);
    if (state === 'talking' && call !== undefined && (isOver || isLeft))
      drifts.push({ agent: id, call, kind: 'talks-alone' });
    else if (state === 'ringing' && call !== undefined && (isOver || isLeft))
      drifts.push({ agent: id, call, kind: 'rings-alone' });
    else if (state === 'preview' && call !== undefined && isOver)
      drifts.push({ agent: id, call, kind: 'dials-alone' });
    const talk = talkingTo.get(id);
    if (talk !== undefined && state !== 'talking' && state !== 'signed-out')
      drifts.push({ agent: id, ...talk, kind: 'unnoticed' });
    const phone = state === 'phone-lost' ? roster.phoneOf(id) : undefined;
    if (phone !== undefined && isThere(phone)) drifts.push({ agent: id, kind: 'phone-back' });
  }
  return drifts;
}

/** Those who hear somebody in a talk; one who is asked in a consult, once the phone was answered. */
function talkersIn(stage: Stage): readonly TalkPartner[] {
  if (stage.kind !== 'talk' || stage.connectedAt === undefined) return [];
  const { partner, others = [], consult } = stage;
  return [partner, ...others, ...(consult?.answeredAt === undefined ? [] : [consult.party])];
}

const hasLegOf = ({ legs }: ComparedCall, agent: AgentId): boolean =>
  [...legs.values()].some(({ partner }) => partner.agentId === agent);

interface ReconcilerDependencies {
  readonly clock: Clock;
  readonly log: CallLog;
  readonly roster: AgentRoster;
  readonly calls: ReadonlyMap<CallId, Call>;
  readonly isTry: (call: CallId) => boolean;
  /** Whether this phone is registered. */
  readonly isThere: (phone: ExtensionId) => boolean;
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
      const drifts = findDrift(deps.roster.acd.engine.agents, deps.calls, deps);
      const keyOf = ({ agent, call, kind }: Drift): string =>
        `${String(agent)} ${call ?? ''} ${kind}`;
      for (const drift of drifts) if (before.has(keyOf(drift))) heal(deps, drift);
      before = new Set(drifts.map(keyOf));
    }
  });
}

function heal({ log, roster, clock }: ReconcilerDependencies, drift: Drift): void {
  const { agent, call, kind, queueId } = drift;
  log.error({ agentId: agent, callId: call, kind }, 'an agent’s state was healed');
  if (kind === 'phone-back') {
    const phone = roster.phoneOf(agent);
    if (phone !== undefined) roster.phoneChanged(phone, true);
    return;
  }
  if (call === undefined) return;
  switch (kind) {
    case 'talks-alone':
      roster.talkEnded(agent, call);
      return;
    case 'rings-alone':
      roster.failed(call, agent, 'failed');
      return;
    case 'dials-alone':
      roster.handle({ kind: 'preview-ended', agent, at: clock.now() });
      return;
    case 'unnoticed':
      roster.engageAgent(agent, call, queueId);
  }
}
