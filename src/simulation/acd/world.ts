import { Acd, type AcdCommand, type AcdEvent } from '../../engines/acd/acd.js';
import { randomSeries, type Random } from '../random.js';
import { VirtualClock } from '../virtual-clock.js';
import type { Happening } from './happening.js';
import type { AcdPlan } from './plan.js';

/** What a test sees of each step: the event, what the engine decided, and the engine after it. */
export interface SimulationStep {
  readonly acd: Acd;
  readonly event: AcdEvent;
  readonly commands: readonly AcdCommand[];
}

/** Series of random numbers that have nothing to do with each other. */
const STREAMS = { behaviour: 1, flow: 2, choices: 3, firstQueue: 8, perQueue: 4 };

/** The engine that distributes real calls, on a virtual clock. Its decisions are carried out by `obey`. */
export class World {
  readonly acd: Acd;
  readonly clock = new VirtualClock<Happening>();
  /** How people at phones behave. */
  readonly behaviour: Random;
  /** When the engine wants to be woken. */
  wakeAt = Infinity;
  obey: (command: AcdCommand) => void = () => undefined;

  constructor(
    readonly plan: AcdPlan,
    private readonly seed: number,
    private readonly observe: ((step: SimulationStep) => void) | undefined,
  ) {
    this.acd = new Acd({ pointMs: plan.pointMs, seed });
    this.behaviour = randomSeries(seed, STREAMS.behaviour);
  }

  /** A series of one queue's own: what one queue draws does not depend on the others. */
  chanceOf(queue: number, what: 'handling' | 'patience' | 'arrivals'): Random {
    const which = { handling: 0, patience: 1, arrivals: 2 }[what];
    return randomSeries(this.seed, STREAMS.firstQueue + queue * STREAMS.perQueue + which);
  }

  /** When callers of the flow come, and what they do in it. */
  flowChance(what: 'flow' | 'choices'): Random {
    return randomSeries(this.seed, STREAMS[what]);
  }

  /** Tells the engine, and does what it says. */
  send(event: AcdEvent): readonly AcdCommand[] {
    const commands = this.acd.handle(event);
    this.observe?.({ acd: this.acd, event, commands });
    for (const command of commands)
      if (command.kind === 'wake-at') this.wakeAt = Math.min(this.wakeAt, command.at);
      else this.obey(command);
    return commands;
  }

  /** Lets the engine look at what is due. */
  wake(): void {
    const at = this.wakeAt;
    this.wakeAt = Infinity;
    this.clock.advanceTo(at);
    this.send({ kind: 'time-passed', at: this.clock.now });
  }
}
