import type { SkillRequirement } from '../../engines/acd/requirement.js';
import type { CallId } from '../../kernel/ids.js';
import type { Random } from '../random.js';
import { FlowTally } from './flow-tally.js';
import type { PlanFlow } from './plan.js';
import { playFlow, type PlayedFlow } from './play-flow.js';
import type { World } from './world.js';

/** Somebody in the flow. */
export interface FlowCaller {
  readonly id: CallId;
  /** False where the call came in the warm-up. */
  readonly isCounted: boolean;
  readonly played: PlayedFlow;
}

/** What the flow gives a call on its way into a queue. */
export interface FlowRequest {
  readonly queue: number;
  readonly priority: number;
  readonly requirements: readonly SkillRequirement[];
}

/** Those who call the flow: they go through it, and out of it into a queue, or out of it for good. */
export class FlowCallers {
  readonly tally = new FlowTally();
  /** In the flow now. */
  present = 0;
  readonly #choices: Random;

  constructor(
    private readonly world: World,
    private readonly flow: PlanFlow,
  ) {
    this.#choices = world.flowChance('choices');
  }

  enter(id: CallId, isCounted: boolean): void {
    const { clock } = this.world;
    const played = playFlow(this.flow, id, clock.now, this.#choices);
    this.present++;
    clock.schedule(clock.now + played.ms, {
      kind: 'flow-left',
      caller: { id, isCounted, played },
    });
  }

  /** Books it. Undefined: the caller goes to no queue. */
  leave({ isCounted, played }: FlowCaller): FlowRequest | undefined {
    this.present--;
    if (isCounted) this.tally.add(played);
    const { end } = played;
    if (end.kind !== 'queue') return undefined;
    const { queues, skills } = this.flow;
    const queue = queues.get(end.effect.queue);
    if (queue === undefined) throw new RangeError(`no queue ${String(end.effect.queue)}`);
    return {
      queue,
      priority: end.effect.priority,
      requirements: end.effect.skills.flatMap(({ skill, level, required }) => {
        const known = skills.get(skill);
        return known === undefined
          ? []
          : [{ skill: known, minLevel: level, isRequired: required, relax: [] }];
      }),
    };
  }
}
