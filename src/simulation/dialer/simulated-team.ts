import type { Random } from '../random.js';
import type { Policy } from './policy.js';
import type { World } from './world.js';

export interface SimulatedAgent {
  readonly id: number;
  state: 'out' | 'idle' | 'busy' | 'away';
  /** Leaves as soon as the call is over: for the day, or for a break. */
  leaves: 'out' | 'away' | undefined;
  /** Which break it is; an older one that was planned before a shift ended is none. */
  breaks: number;
}

/** The agents of a simulated day: who is there, who is free, whose turn is next. Whoever has a call leaves behind it. */
export class SimulatedTeam {
  readonly #agents: SimulatedAgent[] = [];
  /** The agent who idles longest in front. */
  readonly #idle: SimulatedAgent[] = [];
  busy = 0;
  present = 0;

  constructor(
    private readonly world: World,
    private readonly policy: Policy,
    private readonly random: Random,
    private readonly plan: {
      /** A break of the agent begins then. */
      readonly breakAt: (agent: SimulatedAgent, at: number) => void;
      readonly backAt: (agent: SimulatedAgent, at: number) => void;
      /** An agent is free: true where a call takes the agent at once. */
      readonly isTaken: (agent: SimulatedAgent, at: number) => boolean;
    },
  ) {}

  /** The agent who idles longest has a call now; undefined where nobody is free. */
  take(at: number): SimulatedAgent | undefined {
    const agent = this.#idle.shift();
    if (agent !== undefined) this.takeFreed(agent, at);
    return agent;
  }

  /** The same for an agent who has just got free. */
  takeFreed(agent: SimulatedAgent, at: number): void {
    agent.state = 'busy';
    this.busy++;
    this.policy.agentTalking(agent.id, at);
  }

  /** Wrap-up is over. */
  done(agent: SimulatedAgent, at: number): void {
    this.busy--;
    if (agent.leaves === undefined) this.#free(agent, at);
    else this.#leave(agent, agent.leaves, at);
  }

  /** As many agents as the world has now. */
  staff(at: number): void {
    const wanted = this.world.agentsAt(at);
    while (this.#agents.length < wanted)
      this.#agents.push({ id: this.#agents.length, state: 'out', leaves: undefined, breaks: 0 });
    for (const agent of this.#agents) {
      const isWanted = agent.id < wanted;
      if (isWanted && agent.state === 'out') this.#come(agent, at);
      if (isWanted && agent.leaves === 'out') agent.leaves = undefined;
      if (isWanted || agent.state === 'out') continue;
      if (agent.state === 'busy') agent.leaves = 'out';
      else if (agent.state === 'away') agent.state = 'out';
      else this.#go(agent, 'out', at);
    }
  }

  breakBegins(agent: SimulatedAgent, which: number, at: number): void {
    if (agent.breaks !== which || agent.state === 'out') return;
    if (agent.state === 'busy') agent.leaves ??= 'away';
    else if (agent.state === 'idle') this.#go(agent, 'away', at);
  }

  breakEnds(agent: SimulatedAgent, which: number, at: number): void {
    if (agent.state === 'away' && agent.breaks === which) this.#come(agent, at);
  }

  #come(agent: SimulatedAgent, at: number): void {
    this.present++;
    agent.breaks++;
    const { breaks } = this.world;
    if (breaks !== undefined) this.plan.breakAt(agent, at + breaks.after.draw(this.random));
    this.#free(agent, at);
  }

  #free(agent: SimulatedAgent, at: number): void {
    agent.state = 'idle';
    this.policy.agentIdle(agent.id, at);
    if (!this.plan.isTaken(agent, at)) this.#idle.push(agent);
  }

  #go(agent: SimulatedAgent, to: 'out' | 'away', at: number): void {
    this.#idle.splice(this.#idle.indexOf(agent), 1);
    this.#leave(agent, to, at);
  }

  #leave(agent: SimulatedAgent, to: 'out' | 'away', at: number): void {
    agent.state = to;
    agent.leaves = undefined;
    this.present--;
    this.policy.agentGone(agent.id);
    const { breaks } = this.world;
    if (to === 'away' && breaks !== undefined)
      this.plan.backAt(agent, at + breaks.length.draw(this.random));
  }
}
