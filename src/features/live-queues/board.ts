import type { AgentId, CallId, QueueId } from '../../kernel/ids.js';
import type { Directory } from '../../telephony/directory.js';
import type { LiveDecision, LiveQueue } from '../../telephony/live.js';
import type { Today } from '../home/index.js';
import type { ReasonParts } from '../not-ready-reasons/index.js';
import type { PriorityOrigin } from './live-queue-reports.js';

/** What the live pages show beside the picture of now. Everything is quick and may be unknown yet. */
export interface BoardSources {
  readonly directory: Pick<Directory, 'current'>;
  readonly reasons: ReasonParts;
  /** Calls of today by queue; undefined before the first reading. */
  today(): Today | undefined;
  /** The last decisions of a queue, newest first. */
  decisions(queue: Pick<LiveQueue, 'id' | 'decisions'>): readonly LiveDecision[];
  /** Why a call has this priority. */
  priorityOrigin(call: CallId, priority: number): PriorityOrigin | undefined;
  /** Calls of an agent today; undefined before the first reading. */
  callsToday(agent: AgentId): number | undefined;
  /** Average handle time today in ms of an agent or of a queue; undefined where no call of theirs is over yet. */
  handleTime(of: { readonly agentId: AgentId } | { readonly queueId: QueueId }): number | undefined;
}

/** Somebody waits although an agent who fits is free: after so long it is said. */
export const STALL_MS = 3_000;

export const isStalled = (queue: LiveQueue): boolean => queue.stalledMs >= STALL_MS;

export const queuePath = (id: QueueId): string => `/live/queues/${String(id)}`;
export const callPath = (id: QueueId, call: string): string => `${queuePath(id)}/calls/${call}`;
export const agentPath = (id: AgentId): string => `/live/agents/${String(id)}`;
