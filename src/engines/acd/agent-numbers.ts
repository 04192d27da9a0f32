/** Instants an agent. */
export const TIMES = 4;
/** A level takes so many bits; the skill is above them, so that an agent's ten skills are one line of the cache. */
export const LEVEL_BITS = 7;
export const LEVEL_MASK = (1 << LEVEL_BITS) - 1;
/** Skill ids below 2^25 can be kept so; a database that counts from 1 on never gets there. */
export const skillAndLevel = (skill: number, level: number): number =>
  ((skill << LEVEL_BITS) | level) >>> 0;
const AGENTS_AT_FIRST = 64;

/**
 * What decisions read of all agents, as numbers that lie close together: one agent's times, lines and levels are a line of
 * the processor's cache each. As fields and lists of objects they would be somewhere else in memory each, which is what a
 * decision waits for where there are thousands of agents.
 */
export class AgentNumbers {
  /** {@link TIMES} instants an agent. */
  times = new Float64Array(AGENTS_AT_FIRST * TIMES);
  /** Indexes of lines, those of one agent together. */
  lines = new Uint32Array(0);
  /** Skills with their levels: see {@link skillAndLevel}. Those of one agent together. */
  levels = new Uint32Array(0);
  /** 1 for an agent who is available. */
  available = new Uint8Array(AGENTS_AT_FIRST);
  #used = 0;
  readonly #free: number[] = [];

  /** A number for a new agent, whose instants are all set to `at`. */
  take(at: number): number {
    const number = this.#free.pop() ?? this.#next();
    this.times.fill(at, number * TIMES, (number + 1) * TIMES);
    this.available[number] = 0;
    return number;
  }

  /** The agent is no more: another may have its number. */
  release(number: number): void {
    this.available[number] = 0;
    this.#free.push(number);
  }

  #next(): number {
    if (this.#used === this.available.length) {
      const times = new Float64Array(this.times.length * 2);
      times.set(this.times);
      this.times = times;
      const available = new Uint8Array(this.available.length * 2);
      available.set(this.available);
      this.available = available;
    }
    return this.#used++;
  }
}
