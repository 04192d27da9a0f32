import type { Waiter } from '../../engines/acd/line.js';
import type { CallbackId, CallId } from '../../kernel/ids.js';
import type { Directory, QueueConfig } from '../directory.js';
import type { LiveEstimate, LiveQueue, LiveWaiting } from '../live.js';
import type { AcdRunner } from './acd-runner.js';
import { isQueueOpen } from './route-sources.js';

/** In a line of more than so many only the first ones are drawn; the count is of all. */
const DRAWN_WAITING = 200;

/** What pages show of somebody in line besides what the distribution knows. */
export interface WaitingPerson {
  readonly from: string;
  readonly name: string;
  readonly callbackId?: CallbackId;
  readonly overflowsAt?: number;
}

/** Draws the lines as they are now. */
export function liveQueues(
  acd: AcdRunner,
  directory: Directory,
  at: number,
  person: (call: CallId) => WaitingPerson,
): readonly LiveQueue[] {
  return [...directory.current.queues.values()].map((queue) => {
    const { id, name, maxTalking } = queue;
    const line = acd.engine.line(id);
    const waiting: LiveWaiting[] = [];
    for (const waiter of line?.all ?? []) {
      if (waiting.length >= DRAWN_WAITING) break;
      waiting.push(drawWaiter(acd, waiter, waiting.length + 1, at, person(waiter.call)));
    }
    return {
      id,
      name,
      waiting,
      inService: line?.inService ?? 0,
      maxTalking,
      isOpen: isQueueOpen(directory, queue, at),
      stalledMs: acd.stalledMs(id, at),
      ...newCaller(acd, queue, line?.all.length ?? 0),
      decisions: acd.decisionsOf(id),
    };
  });
}

function newCaller(
  acd: AcdRunner,
  queue: QueueConfig,
  length: number,
): { readonly newCaller?: LiveEstimate } {
  const expectedMs = acd.expectedMs(queue.id, length + 1);
  if (expectedMs === undefined) return {};
  const { samples, errorMs, isAcceptable } = acd.bandOf(queue.id);
  const error = samples === 0 ? {} : { errorMs };
  return { newCaller: { expectedMs, ...error, isTold: queue.tellsWait && isAcceptable } };
}

function drawWaiter(
  acd: AcdRunner,
  waiter: Waiter,
  place: number,
  at: number,
  person: WaitingPerson,
): LiveWaiting {
  const asked = waiter.line.demandsOf(waiter.requirements, at - waiter.enteredAt);
  const names = acd.engine.skillNames;
  const expectedMs = acd.expectedMs(waiter.queue, place);
  return {
    callId: waiter.call,
    ...person,
    since: waiter.enteredAt,
    place,
    priority: waiter.priority,
    offeredTo: waiter.offers.map((agent) => agent.id),
    skills: asked.demands.map(
      ({ skill, minLevel, isRequired }) =>
        `${names.get(skill) ?? String(skill)} ${String(minLevel)}${isRequired ? '' : '?'}`,
    ),
    ...(asked.nextChangeMs === undefined
      ? {}
      : { relaxesAt: waiter.enteredAt + asked.nextChangeMs }),
    ...(waiter.waitsFor === undefined || waiter.sticky === undefined
      ? {}
      : { waitsFor: waiter.sticky }),
    ...(expectedMs === undefined ? {} : { expectedMs }),
    ...(waiter.notBefore > at ? { notBefore: waiter.notBefore } : {}),
  };
}
