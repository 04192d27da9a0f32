import { THIRTY_DAYS_MS, type AbandonmentRule } from '../../engines/dialer/abandonment.js';
import { randomSeries } from '../random.js';
import { VirtualClock } from '../virtual-clock.js';
import { DayCount, type DialerResult } from './day-count.js';
import { InboundCallers, type SimulatedCaller } from './inbound-callers.js';
import type { Policy } from './policy.js';
import { SimulatedTeam, type SimulatedAgent } from './simulated-team.js';
import { lognormalFactor, type World } from './world.js';

export type { DialerResult } from './day-count.js';

const HOUR_MS = 3_600_000;
const SECOND_MS = 1_000;
/** So long an answered call waits for an agent. */
const PATIENCE_MS = 2_000;
/** No line may be given up before. */
const MINIMUM_RING_MS = 15_000;
/** How often the number of agents is looked at. */
const STAFF_MS = 60_000;
const USUAL_RULE: AbandonmentRule = { limit: 0.03, windowMs: THIRTY_DAYS_MS };

type Happening =
  | { readonly kind: 'decide' | 'staff' | 'wave' | 'caller' }
  | { readonly kind: 'line-ends' | 'heard'; readonly line: SimulatedLine }
  | { readonly kind: 'patience-ends'; readonly line: SimulatedLine }
  | { readonly kind: 'connected'; readonly line: SimulatedLine; readonly agent: SimulatedAgent }
  | { readonly kind: 'caller-gives-up'; readonly caller: SimulatedCaller }
  | { readonly kind: 'talk-ends'; readonly agent: SimulatedAgent; readonly hasLine: boolean }
  | { readonly kind: 'wrap-up-ends'; readonly agent: SimulatedAgent }
  | { readonly kind: 'break-begins'; readonly agent: SimulatedAgent; readonly which: number }
  | { readonly kind: 'break-ends'; readonly agent: SimulatedAgent; readonly which: number };

interface SimulatedLine {
  readonly id: string;
  readonly startedAt: number;
  readonly answer: 'person' | 'machine' | undefined;
  /** Counts as answered since then. */
  answeredAt: number;
  isOver: boolean;
  /** Whose phone is being connected with it. */
  agent: SimulatedAgent | undefined;
}

/**
 * One day of a campaign on a virtual clock: every call's fate is drawn when it starts, the policy sees only what a dialer
 * sees. An answered call waits at most two seconds, first come first served and before callers on the line, for the agent who
 * idles longest.
 */
export class DialerSimulation {
  readonly #clock = new VirtualClock<Happening>();
  readonly #waiting: SimulatedLine[] = [];
  readonly #lines = new Map<string, SimulatedLine>();
  /** Answered, and being listened to. */
  #heard = 0;
  /** Answered, with an agent whose phone is not connected yet. */
  #connecting = 0;
  /** Lines that an agent talks on, and callers whom agents talk with. */
  #talking = 0;
  readonly #lineRandom;
  readonly #agentRandom;
  readonly #waveRandom;
  readonly #count: DayCount;
  readonly #team: SimulatedTeam;
  readonly #callers: InboundCallers | undefined;
  /** How much more often than others the next numbers answer. */
  readonly #next: number[] = [];
  #wave = 1;
  #lastAt = 0;

  constructor(
    private readonly world: World,
    private readonly policy: Policy,
    seed: number,
    rule = USUAL_RULE,
  ) {
    this.#lineRandom = randomSeries(seed, 1);
    this.#agentRandom = randomSeries(seed, 2);
    this.#waveRandom = randomSeries(seed, 3);
    this.#count = new DayCount(rule);
    this.#callers =
      world.inbound && new InboundCallers(world.inbound, randomSeries(seed, 4), this.#count);
    this.#team = new SimulatedTeam(world, policy, randomSeries(seed, 5), {
      breakAt: (agent, at) => {
        this.#clock.schedule(at, { kind: 'break-begins', agent, which: agent.breaks });
      },
      backAt: (agent, at) => {
        this.#clock.schedule(at, { kind: 'break-ends', agent, which: agent.breaks });
      },
      isTaken: (agent, at) => this.#findWork(agent, at),
    });
  }

  run(): DialerResult {
    const endAt = this.world.hours * HOUR_MS;
    if (this.world.waves !== undefined) this.#clock.schedule(0, { kind: 'wave' });
    this.#clock.schedule(0, { kind: 'staff' });
    this.#clock.schedule(0, { kind: 'decide' });
    if (this.#callers) this.#clock.schedule(this.#callers.nextAfter(0), { kind: 'caller' });
    while (this.#clock.nextAt <= endAt) {
      const happening = this.#clock.next();
      if (happening === undefined) break;
      this.#passTo(this.#clock.now);
      this.#happen(happening, this.#clock.now);
    }
    this.#passTo(endAt);
    return this.#count.result;
  }

  #passTo(at: number): void {
    if (at <= this.#lastAt) return;
    const { busy, present } = this.#team;
    this.#count.pass(this.#lastAt, at, { busy, present, lines: this.#used });
    this.#lastAt = at;
  }

  #happen(happening: Happening, at: number): void {
    switch (happening.kind) {
      case 'decide':
        this.#decide(at, Infinity);
        this.#clock.schedule(at + this.policy.everyMs, happening);
        return;
      case 'staff':
        this.#team.staff(at);
        this.#clock.schedule(at + STAFF_MS, happening);
        return;
      case 'wave': {
        const { waves } = this.world;
        if (waves === undefined) return;
        this.#wave = lognormalFactor(waves.cv, this.#waveRandom);
        this.#clock.schedule(at + waves.lasting.draw(this.#waveRandom), happening);
        return;
      }
      case 'line-ends':
        this.#endLine(happening.line, at);
        return;
      case 'heard':
        this.#hear(happening.line, at);
        return;
      case 'patience-ends':
        this.#losePatience(happening.line, at);
        return;
      case 'connected':
        this.#connected(happening.agent, happening.line, at);
        return;
      case 'talk-ends':
        if (happening.hasLine) this.#talking--;
        this.policy.agentWrapsUp(happening.agent.id, at);
        this.#clock.schedule(at + this.world.wrapUp.draw(this.#agentRandom), {
          ...{ kind: 'wrap-up-ends', agent: happening.agent },
        });
        return;
      case 'wrap-up-ends':
        this.#team.done(happening.agent, at);
        return;
      case 'break-begins':
        this.#team.breakBegins(happening.agent, happening.which, at);
        return;
      case 'break-ends':
        this.#team.breakEnds(happening.agent, happening.which, at);
        return;
      case 'caller':
        this.#callIn(at);
        return;
      case 'caller-gives-up':
        this.#callers?.giveUp(happening.caller);
    }
  }

  /** Lines of the trunks: ringing, listened to, waiting and talking. */
  get #used(): number {
    return this.#lines.size + this.#waiting.length + this.#heard + this.#connecting + this.#talking;
  }

  #decide(at: number, room: number): void {
    const limit = Math.min(room, this.#room());
    const scoreOf = (place: number): number => this.#factorOf(place);
    const from = process.cpuUsage();
    const { start, giveUp } = this.world.areScored
      ? this.policy.decide(at, limit, scoreOf)
      : this.policy.decide(at, limit);
    const { user, system } = process.cpuUsage(from);
    this.#count.decided(user + system);
    for (const id of giveUp) {
      const line = this.#lines.get(id);
      if (line === undefined)
        throw new Error(`${this.policy.name} gave up a line that does not ring`);
      line.isOver = true;
      this.#lines.delete(id);
      this.#count.gaveUp(at - line.startedAt);
      if (at - line.startedAt < MINIMUM_RING_MS)
        throw new Error(
          `${this.policy.name} gave a line up that rang ${String(at - line.startedAt)} ms`,
        );
    }
    for (let i = 0; i < start; i++) this.#start(at);
  }

  /** By lines, contacts and call rate. */
  #room(): number {
    const { lines, contacts, callsPerSecond } = this.world;
    const rate = Math.floor((callsPerSecond * this.policy.everyMs) / SECOND_MS);
    return Math.max(0, Math.min(lines - this.#used, contacts - this.#count.started, rate));
  }

  /** Contacts are called in their order: how often does one of the next answer? */
  #factorOf(place: number): number {
    while (this.#next.length <= place) this.#next.push(this.world.drawFactor(this.#lineRandom));
    return this.#next[place] ?? 1;
  }

  #start(at: number): void {
    const { world } = this;
    const random = this.#lineRandom;
    const factor = this.#factorOf(0);
    this.#next.shift();
    const rate = Math.min(1, world.answerRateAt(at) * factor * this.#wave);
    const drawn = random();
    const broken = world.brokenShareAt(at);
    const isBroken = broken > 0 && random() < broken;
    const answer = isBroken
      ? undefined
      : drawn < rate
        ? 'person'
        : drawn < rate + world.machineRate
          ? 'machine'
          : undefined;
    const ringMs = answer
      ? world.ring.draw(random)
      : isBroken || random() < world.failShare
        ? world.failing.draw(random)
        : Infinity;
    const line: SimulatedLine = {
      id: String(this.#count.started),
      startedAt: at,
      // Nobody lets it ring longer.
      answer: ringMs < world.ringLimitMs ? answer : undefined,
      answeredAt: 0,
      isOver: false,
      agent: undefined,
    };
    this.#count.add('started');
    this.#lines.set(line.id, line);
    this.policy.lineStarted(line.id, at, world.areScored ? factor : undefined);
    this.#clock.schedule(at + Math.min(ringMs, world.ringLimitMs), { kind: 'line-ends', line });
  }

  #endLine(line: SimulatedLine, at: number): void {
    if (line.isOver) return;
    line.isOver = true;
    this.#lines.delete(line.id);
    const { detection } = this.world;
    if (line.answer !== undefined && detection !== undefined) {
      this.#heard++;
      this.policy.lineDetecting(line.id);
      this.#clock.schedule(at + detection.delay.draw(this.#lineRandom), { kind: 'heard', line });
    } else this.#answer(line, line.answer !== undefined, at);
  }

  /** It is known now, rightly or not, what has answered. A machine is hung up on. */
  #hear(line: SimulatedLine, at: number): void {
    const { detection } = this.world;
    this.#heard--;
    const drawn = this.#lineRandom();
    const isPerson = line.answer === 'person';
    const seemsPerson = isPerson
      ? drawn >= (detection?.peopleTakenForMachines ?? 0)
      : drawn < (detection?.machinesMissed ?? 0);
    if (isPerson && !seemsPerson) this.#count.add('takenForMachine');
    this.#answer(line, seemsPerson, at);
  }

  #answer(line: SimulatedLine, needsAgent: boolean, at: number): void {
    this.policy.lineEnded(line.id, needsAgent ? 'answered' : 'failed', at);
    if (!needsAgent) return;
    line.answeredAt = at;
    if (line.answer === 'person') this.#count.answered(at);
    const agent = this.#team.take(at);
    if (agent !== undefined) this.#connect(agent, line, at);
    else this.#waiting.push(line);
    // Whom an agent has by now waits no more.
    if (agent === undefined || line.agent !== undefined)
      this.#clock.schedule(at + PATIENCE_MS, { kind: 'patience-ends', line });
    if (this.policy.asksOnAnswer) this.#decide(at, 0);
  }

  /** The agent's phone takes some time. */
  #connect(agent: SimulatedAgent, line: SimulatedLine, at: number): void {
    const ms = this.world.connecting.draw(this.#agentRandom);
    line.agent = agent;
    this.#connecting++;
    if (ms > 0) this.#clock.schedule(at + ms, { kind: 'connected', agent, line });
    else this.#connected(agent, line, at);
  }

  #connected(agent: SimulatedAgent, line: SimulatedLine, at: number): void {
    if (line.agent !== agent) return;
    line.agent = undefined;
    this.#connecting--;
    this.#count.waited(at - line.answeredAt);
    if (line.answer === 'person') this.#count.add('connected');
    this.#talking++;
    this.policy.connected(line.id, at);
    const talkMs =
      line.answer === 'machine'
        ? this.world.machineTalk.draw(this.#agentRandom)
        : this.world.talk.draw(this.#agentRandom) * this.world.talkFactorAt(at);
    this.#clock.schedule(at + talkMs, { kind: 'talk-ends', agent, hasLine: true });
  }

  #losePatience(line: SimulatedLine, at: number): void {
    const place = this.#waiting.indexOf(line);
    const { agent } = line;
    if (place < 0 && agent === undefined) return;
    if (place >= 0) this.#waiting.splice(place, 1);
    if (line.answer === 'person') this.#count.abandoned(at, at - line.answeredAt);
    this.policy.lost(line.id, 'abandoned', at);
    if (agent === undefined) return;
    // Too late: there is nobody to talk with.
    line.agent = undefined;
    this.#connecting--;
    this.#team.done(agent, at);
  }

  /** An agent who is free takes whoever has answered, then whoever has called. */
  #findWork(agent: SimulatedAgent, at: number): boolean {
    const line = this.#waiting.shift();
    if (line !== undefined) {
      this.#team.takeFreed(agent, at);
      this.#connect(agent, line, at);
      return true;
    }
    const caller = this.#callers?.next(at);
    if (caller === undefined) return false;
    this.#team.takeFreed(agent, at);
    this.#clock.schedule(at + caller.talkMs, { kind: 'talk-ends', agent, hasLine: false });
    return true;
  }

  #callIn(at: number): void {
    const callers = this.#callers;
    if (callers === undefined) return;
    const caller = callers.come(at);
    const agent = this.#team.take(at);
    if (agent !== undefined) {
      callers.next(at);
      this.#clock.schedule(at + caller.talkMs, { kind: 'talk-ends', agent, hasLine: false });
    } else this.#clock.schedule(at + caller.patienceMs, { kind: 'caller-gives-up', caller });
    this.#clock.schedule(callers.nextAfter(at), { kind: 'caller' });
  }
}
