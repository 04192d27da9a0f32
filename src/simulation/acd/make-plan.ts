import type { AcdQueue, AgentMembership } from '../../engines/acd/acd-events.js';
import type { SkillRequirement } from '../../engines/acd/requirement.js';
import type { AgentId, QueueId, SkillId } from '../../kernel/ids.js';
import { DistributionError, parseDistribution, type Distribution } from '../distributions.js';
import type { JsonPath } from '../json-lines.js';
import type {
  AcdPlan,
  ArrivalPiece,
  PlanAgent,
  PlanOverflow,
  PlanPhones,
  PlanQueue,
  TraceCall,
} from './plan.js';
import { ScenarioError, type ScenarioProblem } from './problems.js';
import type { Scenario } from './scenario.js';
import {
  MAX_AGENTS,
  timeOfDayMs,
  type ScenarioAgent,
  type ScenarioFile,
  type ScenarioQueue,
  type ScenarioRequirement,
  type TraceRow,
} from './scenario-file.js';
import { spanOf, type SpanWishes } from './span.js';
import { parseTrace } from './trace.js';

const SECOND_MS = 1000;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** Handling of queues that say nothing of it: five minutes on average. */
export const DEFAULT_HANDLING = 'exponential:300';
export const DEFAULT_PATIENCE = 'infinite';

/** Works a scenario out: names become ids, units ms, texts distributions. @throws {ScenarioError} */
export function makePlan(scenario: Scenario, wishes: SpanWishes = {}): AcdPlan {
  return new Planner(scenario).plan(wishes);
}

class Planner {
  readonly #file: ScenarioFile;
  readonly #problems: ScenarioProblem[] = [];
  readonly #queues = new Map<string, number>();
  readonly #skills = new Map<string, SkillId>();

  constructor(private readonly scenario: Scenario) {
    this.#file = scenario.file;
  }

  plan(wishes: SpanWishes): AcdPlan {
    const file = this.#file;
    for (const name of file.skills) this.#skills.set(name, (this.#skills.size + 1) as SkillId);
    file.queues.forEach(({ name }, index) => {
      if (this.#queues.has(name))
        this.#refuse(['queues', index, 'name'], `there is a queue "${name}" already`);
      this.#queues.set(name, index);
    });
    const phones = this.#phones();
    const queues = file.queues.map((queue, index) => this.#queue(queue, index));
    this.#checkOverflowCircles(queues);
    const agents = this.#agents();
    const trace = this.#trace();
    if (trace === undefined && queues.every(({ arrivals }) => arrivals.length === 0))
      this.#refuse(['queues'], 'nobody calls: give callsPerHour, arrivals or a trace');
    if (this.#problems.length > 0)
      throw new ScenarioError(
        this.#problems.map(({ path, message }) => `${this.scenario.where(path)}: ${message}`),
      );
    return {
      name: file.name ?? '',
      queues,
      agents,
      skillNames: new Map([...this.#skills].map(([name, id]) => [id, name])),
      trace,
      phones,
      pointMs: file.pointSeconds * SECOND_MS,
      thresholdMs: file.serviceLevelSeconds * SECOND_MS,
      span: spanOf({ queues, agents, trace, phones }, wishes),
    };
  }

  #refuse(path: JsonPath, message: string): void {
    this.#problems.push({ path, message });
  }

  #phones(): PlanPhones {
    const { phones } = this.#file;
    const finite = (field: 'ring' | 'returnAfter' | 'wrapUpWork', text: string): Distribution =>
      this.#distribution(text, ['phones', field], true);
    return {
      ring: finite('ring', phones.ring),
      ringTimeoutMs: phones.ringTimeoutSeconds * SECOND_MS,
      missShare: phones.missShare,
      returnAfter: finite('returnAfter', phones.returnAfter),
      wrapUpWork:
        phones.wrapUpWork === undefined ? undefined : finite('wrapUpWork', phones.wrapUpWork),
    };
  }

  #queue(queue: ScenarioQueue, index: number): PlanQueue {
    const path = ['queues', index];
    if (queue.wrapUp.untilDone && this.#file.phones.wrapUpWork === undefined)
      this.#refuse(
        [...path, 'wrapUp', 'untilDone'],
        'needs phones.wrapUpWork: how long the agents work after a call',
      );
    return {
      name: queue.name,
      rules: this.#rules(queue, index),
      priority: queue.priority,
      arrivals: this.#arrivals(queue, index),
      handling: this.#distribution(queue.handling ?? DEFAULT_HANDLING, [...path, 'handling'], true),
      patience: this.#distribution(
        queue.patience ?? DEFAULT_PATIENCE,
        [...path, 'patience'],
        false,
      ),
      lastAgentMs: queue.lastAgentSeconds * SECOND_MS,
      overflow: this.#overflow(queue, index),
    };
  }

  #rules(queue: ScenarioQueue, index: number): AcdQueue {
    const { seconds, untilDone, extensions, extendBySeconds, codeNeeded } = queue.wrapUp;
    return {
      id: (index + 1) as QueueId,
      strategy: queue.strategy,
      weight: queue.weight,
      maxTalking: queue.maxTalking,
      requirements: this.#requirements(queue.requirements, ['queues', index, 'requirements']),
      rejectMemoryMs: queue.rejectMemorySeconds * SECOND_MS,
      missesUntilNotReady: queue.missesUntilNotReady,
      wrapUp: {
        ms: seconds * SECOND_MS,
        isUntilDone: untilDone,
        extensions,
        extendByMs: extendBySeconds * SECOND_MS,
        isCodeNeeded: codeNeeded,
      },
      weights: queue.weights,
    };
  }

  #requirements(list: readonly ScenarioRequirement[], path: JsonPath): readonly SkillRequirement[] {
    return list.map(({ skill, minLevel, required, relax }, index) => {
      relax.forEach((step, at) => {
        const before = relax[at - 1];
        const isEarlier = before !== undefined && step.afterSeconds <= before.afterSeconds;
        if (isEarlier || step.minLevel >= (before?.minLevel ?? minLevel))
          this.#refuse(
            [...path, index, 'relax', at],
            'each step must come later than the one before, and ask for less',
          );
      });
      return {
        skill: this.#skill(skill, [...path, index, 'skill']),
        minLevel,
        isRequired: required,
        relax: relax.map((step) => ({
          afterMs: step.afterSeconds * SECOND_MS,
          minLevel: step.minLevel,
        })),
      };
    });
  }

  /** Where skills are listed a name that is not among them is a typing error; otherwise names are skills by being used. */
  #skill(name: string, path: JsonPath): SkillId {
    const known = this.#skills.get(name);
    if (known !== undefined) return known;
    if (this.#file.skills.length > 0) this.#refuse(path, `there is no skill "${name}" in skills`);
    const fresh = (this.#skills.size + 1) as SkillId;
    this.#skills.set(name, fresh);
    return fresh;
  }

  #arrivals(queue: ScenarioQueue, index: number): readonly ArrivalPiece[] {
    const { arrivals, callsPerHour } = queue;
    const path = ['queues', index];
    if (arrivals !== undefined && callsPerHour !== undefined)
      this.#refuse([...path, 'arrivals'], 'give either callsPerHour or arrivals');
    if (this.#file.trace !== undefined && (arrivals !== undefined || (callsPerHour ?? 0) > 0))
      this.#refuse(
        [...path, arrivals === undefined ? 'callsPerHour' : 'arrivals'],
        'the trace gives all calls: leave this out',
      );
    if (arrivals === undefined)
      return (callsPerHour ?? 0) > 0
        ? [{ fromMs: 0, toMs: Infinity, callsPerMs: (callsPerHour ?? 0) / HOUR_MS }]
        : [];
    const startMs = timeOfDayMs(arrivals.from);
    const lengthMs = arrivals.intervalMinutes * 60 * SECOND_MS;
    return arrivals.calls.map((calls, at) => ({
      fromMs: startMs + at * lengthMs,
      toMs: startMs + (at + 1) * lengthMs,
      callsPerMs: calls / lengthMs,
    }));
  }

  #overflow({ overflow }: ScenarioQueue, index: number): PlanOverflow | undefined {
    if (overflow === undefined) return undefined;
    const path = ['queues', index, 'overflow'];
    if (overflow.waitSeconds === undefined && overflow.length === undefined)
      this.#refuse(path, 'needs waitSeconds or length');
    const to = overflow.to === undefined ? undefined : this.#queues.get(overflow.to);
    if (overflow.to !== undefined && to === undefined)
      this.#refuse([...path, 'to'], `there is no queue "${overflow.to}"`);
    return {
      waitMs: (overflow.waitSeconds ?? Infinity) * SECOND_MS,
      length: overflow.length ?? Infinity,
      to,
    };
  }

  #checkOverflowCircles(queues: readonly PlanQueue[]): void {
    queues.forEach(({ name }, index) => {
      const seen = new Set<number>();
      let at = queues[index]?.overflow?.to;
      while (at !== undefined && at !== index && !seen.has(at)) {
        seen.add(at);
        at = queues[at]?.overflow?.to;
      }
      if (at === index)
        this.#refuse(['queues', index, 'overflow', 'to'], `"${name}" overflows into itself`);
    });
  }

  #agents(): readonly PlanAgent[] {
    const agents: PlanAgent[] = [];
    const total = this.#file.agents.reduce((sum, { count }) => sum + count, 0);
    if (total === 0) this.#refuse(['agents'], 'there is no agent');
    if (total > MAX_AGENTS) {
      this.#refuse(
        ['agents'],
        `there are ${String(total)} agents; at most ${String(MAX_AGENTS)} are simulated`,
      );
      return agents;
    }
    this.#file.agents.forEach((group, index) => {
      const membership = this.#membership(group, index);
      const shifts = this.#shifts(group, index);
      const breaks = group.breaks.map(({ at, minutes }) => ({
        atMs: timeOfDayMs(at),
        ms: minutes * 60 * SECOND_MS,
      }));
      for (let one = 1; one <= group.count; one++) {
        const position = agents.length;
        agents.push({
          membership: {
            ...membership,
            id: (position + 1) as AgentId,
            name: group.count === 1 ? group.name : `${group.name} ${String(one)}`,
            queues: membership.queues.map(({ queue }) => ({ queue, position })),
          },
          shifts,
          breaks,
        });
      }
    });
    return agents;
  }

  #membership(group: ScenarioAgent, index: number): Omit<AgentMembership, 'id' | 'name'> {
    const names = group.queues ?? this.#file.queues.map(({ name }) => name);
    const queues = names.map((name, at) => {
      const queue = this.#queues.get(name);
      if (queue === undefined)
        this.#refuse(['agents', index, 'queues', at], `there is no queue "${name}"`);
      return { queue: ((queue ?? 0) + 1) as QueueId, position: 0 };
    });
    const skills = Object.entries(group.skills).map(
      ([name, level]) => [this.#skill(name, ['agents', index, 'skills', name]), level] as const,
    );
    return { queues, skills: new Map(skills), result: group.result };
  }

  #shifts(group: ScenarioAgent, index: number): PlanAgent['shifts'] {
    const shifts = group.shifts.map(({ from, to }) => {
      const [fromMs, toMs] = [timeOfDayMs(from), timeOfDayMs(to)];
      return { fromMs, toMs: toMs <= fromMs ? toMs + DAY_MS : toMs };
    });
    shifts.sort((a, b) => a.fromMs - b.fromMs);
    shifts.forEach((shift, at) => {
      if (shift.fromMs < (shifts[at - 1]?.toMs ?? 0))
        this.#refuse(['agents', index, 'shifts'], 'shifts overlap');
    });
    return shifts;
  }

  #trace(): readonly TraceCall[] | undefined {
    const { trace } = this.#file;
    if (trace === undefined) return undefined;
    const isFile = typeof trace === 'string';
    const rows = isFile ? this.#readTrace(trace) : trace;
    const calls = rows.map((row, index) =>
      this.#traceCall(row, isFile ? ['trace'] : ['trace', index]),
    );
    if (calls.length === 0) this.#refuse(['trace'], 'holds no call');
    // Calls of one moment come in the order of the rows.
    return calls.sort((a, b) => a.atMs - b.atMs);
  }

  #readTrace(fileName: string): readonly TraceRow[] {
    return parseTrace(this.scenario.readText(fileName), fileName);
  }

  #traceCall(row: TraceRow, path: JsonPath): TraceCall {
    const queue = this.#queues.get(row.queue);
    if (queue === undefined) this.#refuse([...path, 'queue'], `there is no queue "${row.queue}"`);
    const ms = (seconds: number | undefined): number | undefined =>
      seconds === undefined ? undefined : seconds * SECOND_MS;
    return {
      atMs: Math.round(typeof row.at === 'number' ? row.at * SECOND_MS : timeOfDayMs(row.at)),
      queue: queue ?? 0,
      number: row.number,
      priority: row.priority,
      handlingMs: ms(row.handlingSeconds),
      patienceMs: ms(row.patienceSeconds),
      requirements:
        row.requirements === undefined
          ? undefined
          : this.#requirements(row.requirements, [...path, 'requirements']),
    };
  }

  #distribution(text: string, path: JsonPath, isFinite: boolean): Distribution {
    try {
      const distribution = parseDistribution(text, this.scenario.readText);
      if (isFinite && distribution.kind === 'infinite') this.#refuse(path, 'must end some time');
      return distribution;
    } catch (error) {
      if (!(error instanceof DistributionError)) throw error;
      this.#refuse(path, error.message);
      return parseDistribution('constant:0', this.scenario.readText);
    }
  }
}
