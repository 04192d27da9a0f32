import { exitsOf, findStep, followersOf } from '../exits.js';
import type { FlowDefinition, FlowStep } from '../flow.js';
import { finishOrder } from '../graph.js';
import type { FlowKnowledge } from '../knowledge.js';
import { problem, type FlowProblem } from '../problems.js';
import { familyOf, readsOf, setBy, targetsOf } from '../step-variables.js';
import { isBuiltIn, MAX_VARIABLES } from '../variables.js';

/** A variable without a value on some way to a step. */
interface Unset {
  readonly step: string;
  readonly field: string;
  readonly name: string;
  /** Labels of the steps on the shortest such way. */
  readonly path: readonly string[];
  /** Nothing before sets it on any way. */
  readonly isNever: boolean;
}

/** What one flow does with variables. */
interface Usage {
  readonly unset: readonly Unset[];
  /** Names that have a value whenever the flow returns. */
  readonly setAtReturn: readonly string[];
  /** Names that it or a flow below sets on some way. */
  readonly maySet: readonly string[];
}

/** Steps of a way that a problem names; of a longer one the beginning and the end. */
const MAX_WAY = 9;
/** In place of the step before: there is none, and not looked at yet. */
const NO_STEP = -1;
const UNSEEN = -2;

interface Edge {
  readonly to: number;
  /** Bits of the variables that have a value after it. */
  readonly sets: bigint;
  /** As `sets`, with those that a sub-flow may set. */
  readonly maySet: bigint;
}

/** Variables that have no value where they are read, names that cannot be set, and too many of them. */
export function variableProblems(flow: FlowDefinition, knowledge: FlowKnowledge): FlowProblem[] {
  const usage = new VariableFlow(flow, knowledge, new Map()).usage();
  const isSubFlow = Object.values(flow.steps).some((step) => step.kind === 'return');
  const problems = usage.unset.map((found) => unsetProblem(flow, knowledge, found, isSubFlow));
  if (usage.maySet.length > MAX_VARIABLES)
    problems.push(problem('error', '', '', 'too-many-variables', { max: MAX_VARIABLES }));
  return problems;
}

function unsetProblem(
  flow: FlowDefinition,
  knowledge: FlowKnowledge,
  { step: id, field, name, path, isNever }: Unset,
  isSubFlow: boolean,
): FlowProblem {
  const step = findStep(flow, id);
  const steps = path.join(' → ');
  if (step?.kind === 'sub-flow') {
    const entered = knowledge.flows.get(step.flow)?.name ?? '';
    return problem('warning', id, field, 'sub-flow-needs', { name, flow: entered, steps });
  }
  if (!isNever) return problem('warning', id, field, 'variable-maybe-unset', { name, steps });
  return isSubFlow
    ? problem('warning', id, field, 'variable-from-outside', { name })
    : problem('error', id, field, 'variable-never-set', { name });
}

/** Follows which variables have a value, from step to step, over every way through a flow. */
class VariableFlow {
  readonly #ids: readonly string[];
  readonly #index: ReadonlyMap<string, number>;
  readonly #bits = new Map<string, bigint>();
  readonly #waysWithout = new Map<bigint, Int32Array>();
  readonly #edges: readonly (readonly Edge[])[];
  /** Steps that are reached, each before those that it leads to, circles aside. */
  readonly #order: readonly number[];

  constructor(
    private readonly flow: FlowDefinition,
    private readonly knowledge: FlowKnowledge,
    /** Flows whose usage is known or, where undefined, being found out. */
    private readonly usages: Map<number, Usage | undefined>,
  ) {
    this.#ids = Object.keys(flow.steps);
    this.#index = new Map(this.#ids.map((id, index) => [id, index]));
    this.#edges = this.#ids.map((id) => this.#edgesOf(this.#step(id)));
    this.#order = finishOrder([flow.start], (id) => followersOf(flow, id))
      .reverse()
      .flatMap((id) => this.#index.get(id) ?? []);
  }

  usage(): Usage {
    const start = this.#index.get(this.flow.start);
    if (start === undefined) return { unset: [], setAtReturn: [], maySet: [] };
    const always = this.#solve(start, (one, other) => one & other, 'sets');
    const sometimes = this.#solve(start, (one, other) => one | other, 'maySet');
    const unset = this.#ids.flatMap((id, at) => {
      const known = always[at];
      if (known === undefined) return [];
      return this.#needed(this.#step(id))
        .filter(({ name }) => (known & this.#bit(name)) === 0n)
        .map(({ field, name }) => ({
          ...{ step: id, field, name },
          path: this.#wayWithout(start, at, this.#bit(name)),
          isNever: ((sometimes[at] ?? 0n) & this.#bit(name)) === 0n,
        }));
    });
    return { unset, setAtReturn: this.#setAtReturn(always), maySet: [...this.#maySet()] };
  }

  #step(id: string): FlowStep | undefined {
    return findStep(this.flow, id);
  }

  #bit(name: string): bigint {
    const family = familyOf(name);
    const known = this.#bits.get(family);
    if (known !== undefined) return known;
    const bit = 1n << BigInt(this.#bits.size);
    this.#bits.set(family, bit);
    return bit;
  }

  #mask(names: readonly string[]): bigint {
    return names.reduce((mask, name) => mask | this.#bit(name), 0n);
  }

  #edgesOf(step: FlowStep | undefined): readonly Edge[] {
    if (step === undefined) return [];
    const below = step.kind === 'sub-flow' ? this.#below(step.flow) : undefined;
    return exitsOf(step).flatMap(({ name, to }): Edge[] => {
      const target = this.#index.get(to);
      if (target === undefined) return [];
      const sets = this.#mask([...setBy(step, name), ...(below?.setAtReturn ?? [])]);
      return [{ to: target, sets, maySet: sets | this.#mask(below?.maySet ?? []) }];
    });
  }

  /** What a flow does that this one enters; nothing where it is not known or enters itself. */
  #below(id: number): Usage | undefined {
    if (this.usages.has(id)) return this.usages.get(id);
    const definition = this.knowledge.flows.get(id)?.definition;
    this.usages.set(id, undefined);
    if (definition === undefined) return undefined;
    const usage = new VariableFlow(definition, this.knowledge, this.usages).usage();
    this.usages.set(id, usage);
    return usage;
  }

  /** What a step reads, each name once; of a sub-flow what that reads without setting it. */
  #needed(step: FlowStep | undefined) {
    if (step === undefined) return [];
    const read =
      step.kind === 'sub-flow'
        ? (this.#below(step.flow)?.unset ?? []).map(({ name }) => ({ field: 'flow', name }))
        : readsOf(step).filter(({ name }) => !isBuiltIn(name));
    return [...new Map(read.map((one) => [familyOf(one.name), one])).values()];
  }

  /** For each step what holds on arrival, joined over all ways to it; undefined where no way leads. */
  #solve(
    start: number,
    join: (one: bigint, other: bigint) => bigint,
    kind: 'sets' | 'maySet',
  ): readonly (bigint | undefined)[] {
    const arrived: (bigint | undefined)[] = [];
    arrived[start] = 0n;
    // Steps before those that they lead to: all but circles is done after one round.
    for (let changed = true; changed;) {
      changed = false;
      for (const at of this.#order)
        for (const edge of this.#edges[at] ?? []) {
          const comes = (arrived[at] ?? 0n) | edge[kind];
          const before = arrived[edge.to];
          const joined = before === undefined ? comes : join(before, comes);
          if (joined === before) continue;
          arrived[edge.to] = joined;
          changed = true;
        }
    }
    return arrived;
  }

  /** Labels on the shortest way to a step on which the variable gets no value; of a long one its ends. */
  #wayWithout(start: number, end: number, bit: bigint): readonly string[] {
    const from = this.#waysWithout.get(bit) ?? this.#searchWithout(start, bit);
    this.#waysWithout.set(bit, from);
    const way: number[] = [];
    for (let at = end; at !== NO_STEP; at = from[at] ?? NO_STEP) way.push(at);
    way.reverse();
    const label = (at: number): string => {
      const id = this.#ids[at] ?? '';
      return this.#step(id)?.label ?? id;
    };
    if (way.length <= MAX_WAY) return way.map(label);
    return [...way.slice(0, 3).map(label), '…', ...way.slice(4 - MAX_WAY).map(label)];
  }

  /** For each step the one before it on the shortest way on which the variable gets no value. */
  #searchWithout(start: number, bit: bigint): Int32Array {
    const from = new Int32Array(this.#ids.length).fill(UNSEEN);
    from[start] = NO_STEP;
    const open = [start];
    for (const at of open)
      for (const edge of this.#edges[at] ?? [])
        if (from[edge.to] === UNSEEN && (edge.sets & bit) === 0n) {
          from[edge.to] = at;
          open.push(edge.to);
        }
    return from;
  }

  #setAtReturn(always: readonly (bigint | undefined)[]): readonly string[] {
    const returns = this.#ids.flatMap((id, at) => {
      const known = always[at];
      return this.#step(id)?.kind === 'return' && known !== undefined ? [known] : [];
    });
    const [first, ...others] = returns;
    if (first === undefined) return [];
    const common = others.reduce((a, b) => a & b, first);
    return [...this.#bits].filter(([, bit]) => (common & bit) !== 0n).map(([name]) => name);
  }

  #maySet(): ReadonlySet<string> {
    return new Set(
      Object.values(this.flow.steps).flatMap((step) => [
        ...targetsOf(step)
          .map(({ name }) => familyOf(name))
          .filter((name) => name !== ''),
        ...exitsOf(step).flatMap((exit) => setBy(step, exit.name)),
        ...(step.kind === 'sub-flow' ? (this.#below(step.flow)?.maySet ?? []) : []),
      ]),
    );
  }
}
