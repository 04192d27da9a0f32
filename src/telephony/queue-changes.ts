import type { AgentId, QueueId } from '../kernel/ids.js';
import type { DirectorySnapshot, QueueConfig } from './directory.js';

/**
 * What a supervisor can change in a queue for a while. It lies over the configuration and never in it.
 * opening: open or closed, whatever the calendar says · max-wait: another longest wait, 0 is without limit · helper: an agent
 * who is no member takes its calls, too.
 */
export type HandChange =
  | { readonly kind: 'opening'; readonly isOpen: boolean }
  | { readonly kind: 'max-wait'; readonly maxWaitMs: number }
  | { readonly kind: 'helper'; readonly agentId: AgentId };

/** A change that is in force, and whose. Instants in ms. */
export type QueueChange = HandChange & {
  readonly queueId: QueueId;
  readonly at: number;
  /** When it ends by itself; absent where it stands until somebody undoes it. */
  readonly until?: number;
  readonly by: string;
  /** Why, in the supervisor's words; '' where nobody was asked. */
  readonly why: string;
};

/** What a change replaces: of one key the newest counts. */
export const changeKey = (change: HandChange & { readonly queueId: QueueId }): string =>
  change.kind === 'helper'
    ? `${String(change.queueId)}-helper-${String(change.agentId)}`
    : `${String(change.queueId)}-${change.kind}`;

/** True while the change counts. */
export const isInForce = ({ until }: Pick<QueueChange, 'until'>, at: number): boolean =>
  until === undefined || at < until;

/** What is said by hand of a queue's opening at an instant; undefined where its calendar decides. */
export const openingAt = (
  changes: readonly QueueChange[],
  at: number,
): Extract<QueueChange, { kind: 'opening' }> | undefined =>
  changes.find(
    (change): change is Extract<QueueChange, { kind: 'opening' }> =>
      change.kind === 'opening' && isInForce(change, at),
  );

/** The configuration with what was changed by hand; queues and agents that are not there any more are passed over. */
export function withChanges(
  snapshot: DirectorySnapshot,
  changes: readonly QueueChange[],
): DirectorySnapshot {
  if (changes.length === 0) return snapshot;
  const queues = new Map(snapshot.queues);
  const agents = new Map(snapshot.agents);
  for (const change of changes) {
    const queue = queues.get(change.queueId);
    if (queue === undefined) continue;
    const next = changed(queue, change);
    if (change.kind !== 'helper') {
      queues.set(queue.id, next);
      continue;
    }
    const agent = agents.get(change.agentId);
    if (agent === undefined || queue.members.includes(agent.id)) continue;
    queues.set(queue.id, next);
    agents.set(agent.id, { ...agent, queues: [...agent.queues, queue.id] });
  }
  return { ...snapshot, queues, agents };
}

function changed(queue: QueueConfig, change: QueueChange): QueueConfig {
  switch (change.kind) {
    case 'opening': {
      const { isOpen, until } = change;
      return { ...queue, byHand: { isOpen, ...(until === undefined ? {} : { until }) } };
    }
    case 'max-wait':
      return { ...queue, maxWaitMs: change.maxWaitMs };
    case 'helper':
      return { ...queue, members: [...queue.members, change.agentId] };
  }
}
