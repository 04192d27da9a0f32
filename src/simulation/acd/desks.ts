import type { AcdCommand } from '../../engines/acd/acd.js';
import type { AgentId } from '../../kernel/ids.js';
import type { Callers } from './callers.js';
import type { AgentHappening } from './happening.js';
import { SimulatedAgent } from './simulated-agent.js';
import type { SimulatedCall } from './simulated-call.js';
import type { World } from './world.js';

const BREAK = 'break';

/** Everybody who answers: shifts, breaks, phones that ring, talks, and the work after them. */
export class Desks {
  readonly agents: readonly SimulatedAgent[];
  readonly #byId = new Map<AgentId, SimulatedAgent>();

  constructor(
    private readonly world: World,
    private readonly callers: Callers,
  ) {
    this.agents = world.plan.agents.map((agent) => new SimulatedAgent(agent));
    for (const agent of this.agents) this.#byId.set(agent.id, agent);
  }

  /** Shifts and breaks are known beforehand. */
  begin(): void {
    const { clock } = this.world;
    for (const agent of this.agents) {
      const { shifts, breaks } = agent.plan;
      if (shifts.length === 0) clock.schedule(0, { kind: 'shift-begins', agent });
      for (const { fromMs, toMs } of shifts) {
        clock.schedule(fromMs, { kind: 'shift-begins', agent });
        clock.schedule(toMs, { kind: 'shift-ends', agent });
      }
      for (const { atMs, ms } of breaks) clock.schedule(atMs, { kind: 'break', agent, ms });
    }
  }

  /** Does what the engine has decided. */
  obey(command: AcdCommand): void {
    switch (command.kind) {
      case 'offer-call': {
        const [agent, call] = [this.#byId.get(command.agent), this.callers.call(command.call)];
        if (agent !== undefined && call !== undefined) this.#ring(agent, call);
        break;
      }
      case 'withdraw-offer': {
        const [agent, call] = [this.#byId.get(command.agent), this.callers.call(command.call)];
        if (agent !== undefined) agent.offer++;
        // Later, for the engine may have found somebody else in this very step.
        if (call?.isOverflowDue === true)
          this.world.clock.schedule(0, { kind: 'overflow-due', call, queue: call.queue });
        break;
      }
      case 'report-agent': {
        const agent = this.#byId.get(command.agent);
        if (agent !== undefined) this.#follow(agent);
        break;
      }
      case 'keep-waiting':
      case 'report-queue':
      case 'wake-at':
        break;
    }
  }

  happen(thing: AgentHappening): void {
    const { agent } = thing;
    const event = { at: this.world.clock.now, agent: agent.id };
    switch (thing.kind) {
      case 'answer':
        if (agent.offer === thing.offer) this.#answer(agent, thing.call);
        break;
      case 'miss':
        if (agent.offer === thing.offer) this.#miss(agent, thing.call);
        break;
      case 'hang-up':
        this.callers.end(thing.call);
        this.world.send({ ...event, kind: 'talk-ended', call: thing.call.id });
        break;
      case 'shift-begins':
        if (agent.state === 'signed-out') this.world.send({ ...event, kind: 'agent-signed-in' });
        this.world.send({ ...event, kind: 'agent-available' });
        break;
      case 'shift-ends':
        this.world.send({ ...event, kind: 'agent-signed-out' });
        break;
      case 'break':
        if (agent.state === 'signed-out') break;
        agent.breakMs = thing.ms;
        this.world.send({ ...event, kind: 'agent-not-ready', reason: BREAK });
        break;
      case 'return':
        if (this.#isStill(agent, 'not-ready', thing.since))
          this.world.send({ ...event, kind: 'agent-available' });
        break;
      case 'work-done':
        if (!this.#isStill(agent, 'wrap-up', thing.since)) break;
        this.world.send({ ...event, kind: 'code-chosen' });
        this.world.send({ ...event, kind: 'wrap-up-finished' });
    }
  }

  #isStill(agent: SimulatedAgent, state: 'not-ready' | 'wrap-up', since: number): boolean {
    const one = this.world.acd.agent(agent.id);
    return one?.state === state && one.since === since;
  }

  #ring(agent: SimulatedAgent, call: SimulatedCall): void {
    const { clock, behaviour, plan } = this.world;
    const { ring, ringTimeoutMs, missShare } = plan.phones;
    const offer = ++agent.offer;
    const isMissed = missShare > 0 && behaviour() < missShare;
    const ringMs = ring.draw(behaviour);
    if (isMissed || ringMs > ringTimeoutMs)
      clock.schedule(clock.now + ringTimeoutMs, { kind: 'miss', agent, offer, call });
    else clock.schedule(clock.now + Math.round(ringMs), { kind: 'answer', agent, offer, call });
  }

  #answer(agent: SimulatedAgent, call: SimulatedCall): void {
    const { clock } = this.world;
    agent.offer++;
    agent.countCall();
    this.callers.answered(call, agent.id);
    this.world.send({ kind: 'offer-answered', at: clock.now, agent: agent.id, call: call.id });
    clock.schedule(clock.now + Math.round(call.handlingMs), { kind: 'hang-up', agent, call });
  }

  #miss(agent: SimulatedAgent, call: SimulatedCall): void {
    agent.offer++;
    this.world.send({
      kind: 'offer-failed',
      at: this.world.clock.now,
      agent: agent.id,
      call: call.id,
      outcome: 'no-answer',
    });
    this.callers.overflowIfDue(call);
  }

  /** An agent's new state may call for something to be done later. */
  #follow(agent: SimulatedAgent): void {
    const { acd, clock, plan, behaviour } = this.world;
    const one = acd.agent(agent.id);
    if (one === undefined || !agent.follow(one, clock.now)) return;
    if (one.state === 'wrap-up') this.#work(agent, one.since);
    // Whoever has just signed in comes at once.
    if (one.state !== 'not-ready' || one.reason === 'signed-in') return;
    const ms = one.reason === BREAK ? agent.breakMs : plan.phones.returnAfter.draw(behaviour);
    clock.schedule(clock.now + Math.round(ms), { kind: 'return', agent, since: one.since });
  }

  /** As long as the rule gives, or as the agent needs; then more time is asked for while that is allowed. */
  #work(agent: SimulatedAgent, since: number): void {
    const { acd, clock, plan, behaviour } = this.world;
    const event = { at: clock.now, agent: agent.id };
    if (plan.phones.wrapUpWork === undefined) {
      if (acd.agent(agent.id)?.wrapUp?.rule.isCodeNeeded === true)
        this.world.send({ ...event, kind: 'code-chosen' });
      return;
    }
    const doneAt = since + Math.round(plan.phones.wrapUpWork.draw(behaviour));
    for (;;) {
      const one = acd.agent(agent.id);
      if (one?.until === undefined || one.until >= doneAt) break;
      if ((one.wrapUp?.extensionsLeft ?? 0) === 0) break;
      this.world.send({ ...event, kind: 'wrap-up-extended' });
    }
    clock.schedule(doneAt, { kind: 'work-done', agent, since });
  }
}
