import type { AgentId } from '../../kernel/ids.js';
import type { AcdEvent, AcdQueue, AgentMembership } from './acd-events.js';
import { Agent } from './agent.js';
import type { Distribution } from './agent-states.js';
import type { Floor } from './floor.js';

/** Takes over the configuration; where nothing differs from the last one, nothing happens. */
export class Configuring {
  #known = new Map<object, string>();

  constructor(
    private readonly floor: Floor,
    private readonly around: Distribution,
  ) {}

  configure(event: Extract<AcdEvent, { kind: 'configured' }>): void {
    this.floor.skillNames = event.skillNames ?? this.floor.skillNames;
    const wasKnown = this.#known;
    this.#known = new Map();
    let isChanged = false;
    for (const queue of event.queues) {
      const line = this.floor.lineFor(queue.id);
      if (this.#isNew(line, JSON.stringify(queue), wasKnown)) {
        line.config = inOneShape(queue);
        isChanged = true;
      }
    }
    const known = new Set<AgentId>();
    for (const membership of event.agents) {
      known.add(membership.id);
      const agent = this.floor.agents.get(membership.id);
      const text = textOf(membership);
      if (agent === undefined) {
        const fresh = new Agent(membership, event.at);
        this.floor.agents.set(membership.id, fresh);
        this.#known.set(fresh, text);
        isChanged = true;
      } else if (this.#isNew(agent, text, wasKnown)) {
        agent.take(membership);
        this.around.report(agent);
        isChanged = true;
      }
    }
    for (const [id, agent] of this.floor.agents)
      if (!known.has(id)) {
        this.#dismiss(agent);
        isChanged = true;
      }
    if (isChanged) this.#rebuild();
  }

  #isNew(thing: object, text: string, wasKnown: ReadonlyMap<object, string>): boolean {
    this.#known.set(thing, text);
    return wasKnown.get(thing) !== text;
  }

  #dismiss(agent: Agent): void {
    if (agent.state === 'ringing') this.around.withdraw(agent, 'agent-left');
    else if (agent.state === 'talking' && agent.line !== undefined)
      this.around.talkEnded(agent.line);
    this.floor.unlist(agent);
    this.floor.releasePersonal(agent);
    this.floor.agents.delete(agent.id);
  }

  /** Everybody is placed anew: the configuration decides who fits whom. */
  #rebuild(): void {
    for (const line of this.floor.lines.values()) line.members.clear();
    const free: Agent[] = [];
    for (const agent of this.floor.agents.values()) {
      this.floor.unlist(agent);
      agent.setLines(agent.queues.map(({ queue }) => this.floor.lineFor(queue)));
      for (const line of agent.lines) line.members.add(agent);
      if (agent.state === 'available') free.push(agent);
    }
    for (const waiter of this.floor.waiters.values()) {
      this.floor.takeFromPlace(waiter);
      waiter.line.all.remove(waiter);
      waiter.line.ringing.remove(waiter);
      this.floor.rankAndAdd(waiter);
      if (waiter.offers.length === 0) this.floor.ready.push(waiter);
    }
    this.floor.orderReady();
    free.sort((a, b) => a.idleSince - b.idleSince || a.id - b.id);
    this.floor.freed.push(...free);
  }
}

/** All queues' rules are objects of one shape, however they were made: they are read at each decision. */
const inOneShape = (queue: AcdQueue): AcdQueue => ({
  id: queue.id,
  strategy: queue.strategy,
  weight: queue.weight,
  maxTalking: queue.maxTalking,
  requirements: queue.requirements,
  rejectMemoryMs: queue.rejectMemoryMs,
  missesUntilNotReady: queue.missesUntilNotReady,
  wrapUp: queue.wrapUp,
  weights: queue.weights,
});

const textOf = (m: AgentMembership): string => JSON.stringify([m.name, m.queues, [...m.skills]]);
