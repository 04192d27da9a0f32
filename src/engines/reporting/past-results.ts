import type { AgentId, QueueId } from '../../kernel/ids.js';

/** What some contacts of an agent in a queue were worth, from 0 to 1 each: whether it was solved at once, or how it was rated. */
export interface ResultSample {
  readonly queue: QueueId;
  readonly agent: AgentId;
  readonly contacts: number;
  /** The sum of their worths: at most `contacts`. */
  readonly worth: number;
}

/** How good an agent's contacts in a queue were, from 0 to 100. */
export interface PastResult {
  readonly queue: QueueId;
  readonly agent: AgentId;
  readonly result: number;
  /** Contacts of which is known whether they were solved at once. */
  readonly contacts: number;
  /** How many of them were. */
  readonly worth: number;
}

/** So many contacts of the queue's mean are thought of beside an agent's own: few contacts say little. */
export const USUAL_CONTACTS = 20;

/**
 * Past results by agent and queue, in whole hundredths: the mean of first-contact resolution and of what callers said in
 * surveys, each drawn towards the mean of all contacts of the queue, `(worth + 20 * mean) / (contacts + 20)`. Where nobody
 * was asked in a queue, or nothing is known of its first contacts, the other one alone counts.
 */
export function pastResults(
  firstContacts: readonly ResultSample[],
  ratings: readonly ResultSample[] = [],
): readonly PastResult[] {
  const solved = new Measure(firstContacts);
  const rated = new Measure(ratings);
  const keys = new Map([...solved.own, ...rated.own]);
  return [...keys].map(([key, { queue, agent }]) => {
    const known = [solved.drawn(queue, key), rated.drawn(queue, key)].filter(
      (one) => one !== undefined,
    );
    const mean = known.reduce((sum, one) => sum + one, 0) / known.length;
    const { contacts = 0, worth = 0 } = solved.own.get(key) ?? {};
    return { queue, agent, contacts, worth, result: Math.round(100 * mean) };
  });
}

/** One way to judge contacts: sums by agent and queue, and by queue. */
class Measure {
  readonly own = new Map<string, { -readonly [K in keyof ResultSample]: ResultSample[K] }>();
  readonly #teams = new Map<QueueId, { contacts: number; worth: number }>();

  constructor(samples: readonly ResultSample[]) {
    for (const sample of samples) {
      if (sample.contacts <= 0) continue;
      const { queue, agent, contacts, worth } = sample;
      const team = this.#teams.get(queue) ?? { contacts: 0, worth: 0 };
      this.#teams.set(queue, {
        contacts: team.contacts + contacts,
        worth: team.worth + worth,
      });
      const key = `${String(queue)} ${String(agent)}`;
      const known = this.own.get(key);
      if (known === undefined) this.own.set(key, { ...sample });
      else {
        known.contacts += contacts;
        known.worth += worth;
      }
    }
  }

  /** From 0 to 1; undefined where nothing of this kind is known of the queue. */
  drawn(queue: QueueId, key: string): number | undefined {
    const team = this.#teams.get(queue);
    if (team === undefined) return undefined;
    const { contacts = 0, worth = 0 } = this.own.get(key) ?? {};
    return (worth + (USUAL_CONTACTS * team.worth) / team.contacts) / (contacts + USUAL_CONTACTS);
  }
}
