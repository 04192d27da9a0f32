import type { AgentId } from '../../kernel/ids.js';
import type { AcdEvent, AcdQueue, AgentMembership } from './acd-events.js';
import { Agent, NO_LINE } from './agent.js';
import { skillAndLevel } from './agent-numbers.js';
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
        const fresh = new Agent(membership, this.floor.numbers, this.floor.lineList, event.at);
        this.floor.agents.set(membership.id, fresh);
        this.#known.set(fresh, text);
        isChanged = true;
      } else if (this.#isNew(agent, text, wasKnown)) {
        agent.take(membership);
        this.around.report(agent);
        isChanged = true;
      }
    }
    for (const agent of [...this.floor.agents])
      if (!known.has(agent.id)) {
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
    else if (agent.state === 'talking' && agent.lineIndex !== NO_LINE)
      this.around.talkEnded(agent.lineIndex);
    this.floor.unlist(agent);
    this.floor.releasePersonal(agent);
    this.floor.agents.delete(agent.id);
    agent.dismiss();
  }

  /** Everybody is placed anew: the configuration decides who fits whom. */
  #rebuild(): void {
    for (const line of this.floor.lines) line.members.clear();
    const agents = [...this.floor.agents];
    for (const agent of agents) {
      this.floor.unlist(agent);
      for (const { queue } of agent.queues) this.floor.lineFor(queue).members.add(agent);
    }
    for (const line of this.floor.lines) line.setMembers(this.floor.options.lookedThrough);
    const free: Agent[] = [];
    const indexes: number[] = [];
    const levels: number[] = [];
    for (const agent of agents) {
      const lines = agent.queues.map(({ queue }) => this.floor.lineFor(queue));
      agent.setLines(lines, indexes.length, levels.length);
      for (const { index } of lines) indexes.push(index);
      for (const [skill, level] of agent.skills) levels.push(skillAndLevel(skill, level));
      if (agent.state === 'available') free.push(agent);
    }
    this.floor.numbers.lines = Uint32Array.from(indexes);
    this.floor.numbers.levels = Uint32Array.from(levels);
    for (const waiter of this.floor.waiters) {
      this.floor.takeFromPlace(waiter);
      waiter.line.leave(waiter);
      waiter.line.endRinging(waiter);
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
