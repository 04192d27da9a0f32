import type { AgentId, QueueId } from '../../kernel/ids.js';

/** What some contacts of an agent in a queue were worth, from 0 (nothing was solved) to 1 each. */
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
  readonly contacts: number;
}

/** So many contacts of the queue's mean are thought of beside an agent's own: few contacts say little. */
export const USUAL_CONTACTS = 20;

/**
 * Past results by agent and queue: the mean worth of an agent's contacts, drawn towards the mean of all contacts of the
 * queue: `(worth + 20 * mean) / (contacts + 20)`, in whole hundredths. Where samples come from makes no difference here:
 * first-contact resolution today; several samples of one agent add up.
 */
export function pastResults(samples: readonly ResultSample[]): readonly PastResult[] {
  const teams = new Map<QueueId, { contacts: number; worth: number }>();
  const own = new Map<string, { -readonly [K in keyof ResultSample]: ResultSample[K] }>();
  for (const sample of samples) {
    if (sample.contacts <= 0) continue;
    const team = teams.get(sample.queue) ?? { contacts: 0, worth: 0 };
    team.contacts += sample.contacts;
    team.worth += sample.worth;
    teams.set(sample.queue, team);
    const key = `${String(sample.queue)} ${String(sample.agent)}`;
    const known = own.get(key);
    if (known === undefined) own.set(key, { ...sample });
    else {
      known.contacts += sample.contacts;
      known.worth += sample.worth;
    }
  }
  return [...own.values()].map(({ queue, agent, contacts, worth }) => {
    const team = teams.get(queue) ?? { contacts: 1, worth: 0 };
    const mean = team.worth / team.contacts;
    const drawn = (worth + USUAL_CONTACTS * mean) / (contacts + USUAL_CONTACTS);
    return { queue, agent, contacts, result: Math.round(100 * drawn) };
  });
}
