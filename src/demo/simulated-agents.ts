import type { Logger } from '../adapters/log/logger.js';
import type { Clock } from '../kernel/clock.js';
import type { AgentId, ExtensionId } from '../kernel/ids.js';
import type { Scope } from '../kernel/scope.js';
import type { DeskCommand, Desk } from '../telephony/live.js';
import type { Carrier, Pickup } from './carrier.js';
import type { Chance } from './chance.js';
import { OPERATOR_EXTENSION } from './company.js';

const AGENT_HZ = 600;
/** The people at the other desks call outside this often. */
const DIALS_EVERY_MS = { from: 40_000, to: 120_000 } as const;
/** Numbers of the carrier that answer, are busy, ring out (asterisk/carrier/README.md). */
const OUTSIDE = ['+442079460900', '+442079460907', '+442079460901', '+442079460912'] as const;

/** An agent who works in the demonstration. */
export interface SimulatedAgent {
  readonly id: AgentId;
  readonly extensionId: ExtensionId;
  readonly extension: string;
}

interface AgentsContext {
  readonly carrier: Carrier;
  readonly desk: Desk;
  readonly clock: Clock;
  readonly chance: Chance;
  readonly log: Logger;
}

/** Signs agents in, lets them answer, take breaks and miss calls, and signs them out when the scope ends. */
export function simulateAgents(
  scope: Scope,
  context: AgentsContext,
  agents: readonly SimulatedAgent[],
): void {
  const { carrier, chance, clock } = context;
  for (const agent of agents) {
    scope.defer(carrier.at(agent.extension, desk(context, 0.93)));
    scope.fork(`agent ${agent.extension}`, (own) => work(own, context, agent));
  }
  scope.defer(carrier.at(OPERATOR_EXTENSION, desk(context, 0.8)));
  scope.fork('reception dials', async (own) => {
    for (;;) {
      await clock.sleep(chance.between(DIALS_EVERY_MS.from, DIALS_EVERY_MS.to), own.signal);
      await own.run('call', (call) => dialOut(call, context));
    }
  });
}

/** Picks up after a moment, most of the time, talks for a while and hangs up. */
function desk({ chance, clock, log }: AgentsContext, attention: number): Pickup {
  return async (party) => {
    await party.ring();
    if (!chance.is(attention)) return;
    if (await party.endsWithin(chance.between(1_500, 7_000))) return;
    await party.answer();
    await party.say(AGENT_HZ);
    const answeredAt = clock.now();
    await party.endsWithin(chance.between(10_000, 60_000));
    await party.hangUp();
    log.debug({ phone: party.number, talkedMs: clock.now() - answeredAt }, 'a phone hung up');
  };
}

async function work(scope: Scope, context: AgentsContext, agent: SimulatedAgent): Promise<void> {
  const { chance, clock } = context;
  await order(context, {
    kind: 'agent-sign-in',
    agentId: agent.id,
    extensionId: agent.extensionId,
  });
  scope.defer(async () => {
    await order(context, { kind: 'agent-sign-out', agentId: agent.id });
  });
  for (;;) {
    await order(context, { kind: 'agent-available', agentId: agent.id });
    await clock.sleep(chance.between(60_000, 240_000), scope.signal);
    // Now and then a break; else only a look whether missed calls took the agent off.
    if (!chance.is(0.5)) continue;
    await order(context, { kind: 'agent-not-ready', agentId: agent.id, reason: 'break' });
    await clock.sleep(chance.between(15_000, 45_000), scope.signal);
  }
}

async function dialOut(scope: Scope, { carrier, chance }: AgentsContext): Promise<void> {
  const party = await carrier.dial(OPERATOR_EXTENSION, chance.of(OUTSIDE));
  scope.defer(() => party.hangUp());
  await scope.wait(party.endsWithin(chance.between(8_000, 30_000)));
}

async function order({ desk, log }: AgentsContext, command: DeskCommand): Promise<void> {
  const answer = await desk.ask(command);
  if (!answer.ok) log.info({ command: command.kind, code: answer.code }, 'an order was refused');
}
