/**
 * Waiting in a queue with N equal agents, Poisson arrivals and exponential handling times, in closed form.
 *
 * Erlang C (A. K. Erlang, 1917): callers wait for ever. Erlang A (C. Palm, 1946; Garnett, Mandelbaum, Reiman, Manufacturing &
 * Service Operations Management 4 (2002) 208-227; Mandelbaum and Zeltyn, "The Palm/Erlang-A queue", 2005): their patience is
 * exponential. Callers are served in the order of their coming, and every agent serves every call.
 */
export interface QueueLoad {
  /** N: at least 1. */
  readonly agents: number;
  readonly callsPerHour: number;
  /** Mean time for which a call takes an agent, wrap-up and all. */
  readonly handlingMs: number;
}

/** What callers live through on average. Shares are from 0 to 1 of all callers. */
export interface QueueForecast {
  /** Share of those who find every agent taken. */
  readonly pWait: number;
  /** Share of those who give up. */
  readonly pAbandon: number;
  /** Mean wait of all, those who give up too; Infinity where the line grows without end. */
  readonly waitMs: number;
  /** Share of the agents' time that calls take. */
  readonly occupancy: number;
  /** Share of all callers who are answered within this time. */
  readonly serviceLevel: (withinMs: number) => number;
}

const HOUR_MS = 3_600_000;
/** States less likely than this, relative to what is summed, end a sum that has no end. */
const NEGLIGIBLE = 1e-16;

/** Mean number of calls at agents, where nobody is lost: arrivals in one handling time. */
export const offeredLoad = ({ callsPerHour, handlingMs }: QueueLoad): number =>
  (callsPerHour * handlingMs) / HOUR_MS;

/**
 * Erlang B: the share of calls that find all agents taken, where such calls are turned away. By the recursion
 * 1/B(n) = 1 + n/a * 1/B(n-1), which neither over- nor underflows.
 */
export function erlangB(agents: number, load: number): number {
  if (load <= 0) return agents > 0 ? 0 : 1;
  let inverse = 1;
  for (let n = 1; n <= agents; n++) {
    inverse = 1 + (n / load) * inverse;
    if (inverse === Infinity) return 0;
  }
  return 1 / inverse;
}

/** Erlang C. Where the load is not below the number of agents everybody waits, without end. */
export function erlangC(queue: QueueLoad): QueueForecast {
  const { agents, handlingMs } = queue;
  const load = offeredLoad(queue);
  if (load >= agents)
    return {
      pWait: 1,
      pAbandon: 0,
      waitMs: Infinity,
      occupancy: 1,
      serviceLevel: () => 0,
    };
  const occupancy = load / agents;
  const blocking = erlangB(agents, load);
  const pWait = blocking / (1 - occupancy * (1 - blocking));
  return {
    pWait,
    pAbandon: 0,
    waitMs: (pWait * handlingMs) / (agents - load),
    occupancy,
    serviceLevel: (withinMs) =>
      withinMs < 0 ? 0 : 1 - pWait * Math.exp((-(agents - load) * withinMs) / handlingMs),
  };
}

/**
 * Erlang A, by the birth-death chain: of n calls min(n, N) end at the rate of handling, and those in line give up at the rate
 * of patience. `patienceMs` is the mean patience; Infinity gives Erlang C, and 0 turns away whoever cannot be served at once.
 */
export function erlangA(queue: QueueLoad, patienceMs: number): QueueForecast {
  if (patienceMs === Infinity) return erlangC(queue);
  const { agents, handlingMs } = queue;
  const load = offeredLoad(queue);
  const blocking = erlangB(agents, load);
  if (patienceMs <= 0 || load <= 0)
    return {
      pWait: blocking,
      pAbandon: blocking,
      waitMs: 0,
      occupancy: (load * (1 - blocking)) / agents,
      serviceLevel: (withinMs) => (withinMs < 0 ? 0 : 1 - blocking),
    };
  const line = linePast(agents, load, handlingMs / patienceMs);
  // Of the states up to N the last one has the share B; those past it come on top.
  const scale = blocking / (1 + blocking * line.mass);
  const pAbandon = ((scale * line.people) / load) * (handlingMs / patienceMs);
  const pWait = scale * (1 + line.mass);
  return {
    pWait,
    pAbandon,
    waitMs: pAbandon * patienceMs,
    occupancy: (load * (1 - pAbandon)) / agents,
    serviceLevel: (withinMs) =>
      withinMs < 0
        ? 0
        : 1 - pWait + scale * servedWithin(line.weights, queue, patienceMs, withinMs),
  };
}

interface LinePast {
  /** Weight of "j in line", j = 0, 1, ..., in units of that of "all taken, nobody in line". */
  readonly weights: readonly number[];
  /** Sum of the weights from j = 1 on. */
  readonly mass: number;
  /** Sum of j times the weight. */
  readonly people: number;
}

/** `ratio` is mean handling over mean patience. */
function linePast(agents: number, load: number, ratio: number): LinePast {
  const weights = [1];
  let [weight, mass, people] = [1, 0, 0];
  for (let j = 1; ; j++) {
    weight *= load / (agents + j * ratio);
    weights.push(weight);
    mass += weight;
    people += j * weight;
    if (weight <= NEGLIGIBLE * (1 + mass) && load < agents + j * ratio) break;
  }
  return { weights, mass, people };
}

/**
 * Weight of those who have to wait and are answered in time. Whoever finds j in line waits for j + 1 departures, at the rates
 * N mu + k theta, k = 0..j: with a = N mu / theta, exp(-theta V) of that wait V has the distribution Beta(a, j + 1), and is the
 * chance to stay that long. So the chance to be answered within t is a/(a+j+1) * (1 - I_x(a+1, j+1)), x = exp(-theta t), and
 * I_x(a+1, j+1) = I_x(a+1, j) + x^(a+1) (1-x)^j * (a+1)(a+2)...(a+j)/j!.
 */
function servedWithin(
  weights: readonly number[],
  { agents, handlingMs }: QueueLoad,
  patienceMs: number,
  withinMs: number,
): number {
  const a = (agents * patienceMs) / handlingMs;
  const stay = Math.exp(-withinMs / patienceMs);
  // As a logarithm: x^(a+1) alone may be too small for a number.
  let logTerm = (-(a + 1) * withinMs) / patienceMs;
  let beta = Math.exp(logTerm);
  let sum = 0;
  weights.forEach((weight, j) => {
    if (j > 0) {
      logTerm += Math.log(1 - stay) + Math.log((a + j) / j);
      beta += Math.exp(logTerm);
    }
    sum += weight * (a / (a + j + 1)) * Math.max(0, 1 - beta);
  });
  return sum;
}
