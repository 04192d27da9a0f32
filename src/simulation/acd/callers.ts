import type { AgentId, CallId } from '../../kernel/ids.js';
import type { Random } from '../random.js';
import { PoissonArrivals, TraceArrivals, type ArrivalSource } from './arrivals.js';
import { FlowCallers, type FlowCaller } from './flow-callers.js';
import type { FlowFigures } from './flow-tally.js';
import type { CallerHappening } from './happening.js';
import type { PlanQueue, TraceCall } from './plan.js';
import { simulatedCallId, type SimulatedCall } from './simulated-call.js';
import { Tally } from './tally.js';
import type { World } from './world.js';

const NOTHING_ASKED: SimulatedCall['requirements'] = [];

interface QueueChance {
  readonly handling: Random;
  readonly patience: Random;
}

/** Everybody who calls: they come, wait, give up, overflow, and hang up. */
export class Callers {
  readonly tallies: readonly Tally[];
  readonly total = new Tally();
  /** Calls that came, those that do not count too. */
  count = 0;
  /** Calls count from the end of the warm-up on. */
  isWarm = false;
  /** When the last call came; Infinity before. */
  closedAt = Infinity;
  /** When the last call was over. */
  lastEndAt = 0;
  onClose: () => void = () => undefined;
  readonly #calls = new Map<CallId, SimulatedCall>();
  readonly #lastAgents = new Map<string, AgentId>();
  readonly #chances: readonly QueueChance[];
  readonly #trace: TraceArrivals | undefined;
  readonly #flow: FlowCallers | undefined;
  #sources = 0;
  #counted = 0;

  constructor(private readonly world: World) {
    const { queues, trace, flow } = world.plan;
    this.tallies = queues.map(() => new Tally());
    this.#chances = queues.map((_, index) => ({
      handling: world.chanceOf(index, 'handling'),
      patience: world.chanceOf(index, 'patience'),
    }));
    this.#trace = trace === undefined ? undefined : new TraceArrivals(trace);
    this.#flow = flow === undefined ? undefined : new FlowCallers(world, flow);
  }

  /** The first call of each queue is on its way. */
  begin(): void {
    const { queues, flow } = this.world.plan;
    const sources: (readonly [ArrivalSource, number | 'flow'])[] = queues.flatMap(
      ({ arrivals }, queue) =>
        arrivals.length === 0
          ? []
          : [
              [
                new PoissonArrivals(arrivals, this.world.chanceOf(queue, 'arrivals')),
                queue,
              ] as const,
            ],
    );
    if (this.#trace !== undefined) sources.push([this.#trace, 0]);
    if (flow !== undefined && flow.arrivals.length > 0)
      sources.push([new PoissonArrivals(flow.arrivals, this.world.flowChance('flow')), 'flow']);
    this.#sources = sources.length;
    for (const [source, queue] of sources) this.#scheduleArrival(source, queue);
  }

  get isOver(): boolean {
    return this.closedAt !== Infinity;
  }
  get present(): number {
    return this.#calls.size + (this.#flow?.present ?? 0);
  }
  /** What became of those who came into the flow; undefined where there is none. */
  get flowFigures(): FlowFigures | undefined {
    return this.#flow?.tally.figures;
  }
  call(id: CallId): SimulatedCall | undefined {
    return this.#calls.get(id);
  }

  happen(thing: CallerHappening): void {
    switch (thing.kind) {
      case 'arrival':
        this.#arrive(thing.source, thing.queue);
        break;
      case 'flow-left':
        this.#leaveFlow(thing.caller);
        break;
      case 'patience-over':
        this.#giveUp(thing.call);
        break;
      case 'overflow-due':
        if (thing.call.queue !== thing.queue) break;
        thing.call.isOverflowDue = true;
        this.overflowIfDue(thing.call);
    }
  }

  /** Books the wait of a call that an agent answers now. */
  answered(call: SimulatedCall, agent: AgentId): void {
    call.state = 'talking';
    const waitMs = this.world.clock.now - call.arrivedAt;
    for (const tally of this.#talliesOf(call)) {
      tally.answered++;
      tally.answeredWaitMs += waitMs;
      if (waitMs <= this.world.plan.thresholdMs) tally.answeredInTime++;
      tally.longestWaitMs = Math.max(tally.longestWaitMs, waitMs);
    }
    if (call.number !== undefined) this.#lastAgents.set(call.number, agent);
  }

  end(call: SimulatedCall): void {
    call.state = 'gone';
    this.lastEndAt = this.world.clock.now;
    this.#calls.delete(call.id);
  }

  /** A call for which a phone rings stays until that is over. */
  overflowIfDue(call: SimulatedCall): void {
    const { acd, clock } = this.world;
    if (call.state !== 'waiting' || !call.isOverflowDue) return;
    if ((acd.waiter(call.id)?.offers.length ?? 0) > 0) return;
    this.world.send({ kind: 'caller-left', at: clock.now, call: call.id });
    this.#overflow(call);
  }

  #scheduleArrival(source: ArrivalSource, queue: number | 'flow'): void {
    const at = source.nextAt();
    if (at !== Infinity && at <= this.world.plan.span.endMs)
      this.world.clock.schedule(at, { kind: 'arrival', source, queue });
    else if (--this.#sources === 0) this.#close();
  }

  /** No call comes any more. */
  #close(): void {
    this.closedAt = this.world.clock.now;
    this.onClose();
  }

  #arrive(source: ArrivalSource, queue: number | 'flow'): void {
    if (this.isOver) return;
    const id = simulatedCallId(this.count++);
    if (this.isWarm) this.#counted++;
    if (queue === 'flow') this.#flow?.enter(id, this.isWarm);
    else {
      const given = this.#trace?.current;
      this.#come(this.#makeCall(id, given?.queue ?? queue, given ?? {}, this.isWarm));
    }
    if (this.#counted === this.world.plan.span.calls) this.#close();
    else this.#scheduleArrival(source, queue);
  }

  /** A call comes to its first queue. */
  #come(call: SimulatedCall): void {
    if (call.isCounted) this.total.offered++;
    this.#calls.set(call.id, call);
    this.#enter(call);
    const { clock } = this.world;
    if (call.state === 'waiting' && call.patienceMs !== Infinity)
      clock.schedule(clock.now + Math.round(call.patienceMs), { kind: 'patience-over', call });
  }

  #leaveFlow(caller: FlowCaller): void {
    const request = this.#flow?.leave(caller);
    if (request === undefined) this.lastEndAt = this.world.clock.now;
    else this.#come(this.#makeCall(caller.id, request.queue, request, caller.isCounted));
  }

  /** What is not given is drawn. */
  #makeCall(
    id: CallId,
    queue: number,
    given: Partial<TraceCall>,
    isCounted: boolean,
  ): SimulatedCall {
    const plan = this.#queue(queue);
    const chance = this.#chances[queue];
    if (chance === undefined) throw new RangeError(`no queue ${String(queue)}`);
    return {
      id,
      arrivedAt: this.world.clock.now,
      number: given.number,
      handlingMs: given.handlingMs ?? plan.handling.draw(chance.handling),
      patienceMs: given.patienceMs ?? plan.patience.draw(chance.patience),
      priority: given.priority ?? plan.priority,
      requirements: given.requirements ?? NOTHING_ASKED,
      isCounted,
      queue,
      state: 'waiting',
      hasWaited: false,
      isOverflowDue: false,
    };
  }

  #queue(index: number): PlanQueue {
    const queue = this.world.plan.queues[index];
    if (queue === undefined) throw new RangeError(`no queue ${String(index)}`);
    return queue;
  }

  /** That of the queue and that of all; none for a call that does not count. */
  #talliesOf({ isCounted, queue }: SimulatedCall): readonly Tally[] {
    const own = this.tallies[queue];
    return isCounted && own !== undefined ? [own, this.total] : [];
  }

  /** Comes into the line of its queue, or goes on at once where that is too long. */
  #enter(call: SimulatedCall): void {
    const { acd, clock } = this.world;
    const { rules, overflow } = this.#queue(call.queue);
    const own = call.isCounted ? this.tallies[call.queue] : undefined;
    if (own !== undefined) own.offered++;
    call.isOverflowDue = false;
    if (overflow !== undefined && (acd.line(rules.id)?.length ?? 0) >= overflow.length) {
      this.#overflow(call);
      return;
    }
    if (!this.#queueCall(call)) {
      if (own !== undefined) own.waited++;
      if (call.isCounted && !call.hasWaited) this.total.waited++;
      call.hasWaited = true;
    }
    if (overflow !== undefined)
      clock.schedule(call.arrivedAt + overflow.waitMs, {
        kind: 'overflow-due',
        call,
        queue: call.queue,
      });
  }

  /** True where the call is offered to somebody at once. */
  #queueCall(call: SimulatedCall): boolean {
    const { now } = this.world.clock;
    const { rules, lastAgentMs } = this.#queue(call.queue);
    const isKnown = lastAgentMs > 0 && call.number !== undefined;
    const last = isKnown ? this.#lastAgents.get(call.number) : undefined;
    const commands = this.world.send({
      kind: 'call-queued',
      at: now,
      call: call.id,
      queue: rules.id,
      priority: call.priority,
      enteredAt: call.arrivedAt,
      requirements: call.requirements,
      ...(last === undefined ? {} : { sticky: { agent: last, until: now + lastAgentMs } }),
    });
    return commands.some((one) => one.kind === 'offer-call' && one.call === call.id);
  }

  #giveUp(call: SimulatedCall): void {
    if (call.state !== 'waiting') return;
    const { now } = this.world.clock;
    const waitMs = now - call.arrivedAt;
    this.world.send({ kind: 'caller-left', at: now, call: call.id });
    this.end(call);
    for (const tally of this.#talliesOf(call)) {
      tally.abandoned++;
      tally.abandonedWaitMs += waitMs;
      tally.longestWaitMs = Math.max(tally.longestWaitMs, waitMs);
    }
  }

  #overflow(call: SimulatedCall): void {
    const own = call.isCounted ? this.tallies[call.queue] : undefined;
    if (own !== undefined) own.overflowed++;
    const to = this.#queue(call.queue).overflow?.to;
    if (to === undefined) {
      if (call.isCounted) this.total.overflowed++;
      this.end(call);
    } else {
      call.queue = to;
      this.#enter(call);
    }
  }
}
