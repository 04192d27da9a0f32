import type { Waiter } from '../../engines/acd/waiter.js';
import type { CallbackId, CallId, FollowUpId, QueueId } from '../../kernel/ids.js';
import type { Directory, QueueConfig } from '../directory.js';
import type { LiveEstimate, LiveLinePart, LiveQueue, LiveWaiting } from '../live.js';
import type { AcdRunner } from './acd-runner.js';
import type { CallContext } from './call-context.js';
import { isQueueOpen } from './route-sources.js';
import type { QueueChanges } from './steered-directory.js';

/** In a line of more than so many only the first ones are in the picture; pages ask for the others. */
const DRAWN_WAITING = 200;
/** A part of a line is at most so long. */
const MAX_PART = 200;

/** What pages show of somebody in line besides what the distribution knows. */
export interface WaitingPerson {
  readonly from: string;
  readonly name: string;
  readonly callbackId?: CallbackId;
  readonly followUpId?: FollowUpId;
  readonly overflowsAt?: number;
  /** What is known of somebody who is not on the line. */
  readonly context?: CallContext;
}

/** Draws the lines as they are now. */
export function liveQueues(
  acd: AcdRunner,
  directory: Directory,
  changes: Pick<QueueChanges, 'of'>,
  at: number,
  person: (call: CallId) => WaitingPerson,
): readonly LiveQueue[] {
  return [...directory.current.queues.values()].map((queue) => {
    const { id, name, maxTalking } = queue;
    const line = acd.engine.line(id);
    return {
      id,
      name,
      ...drawLine(acd, line?.everybody ?? [], at, person),
      inService: line?.inService ?? 0,
      maxTalking,
      isOpen: isQueueOpen(directory, queue, at),
      changes: changes.of(id),
      stalledMs: acd.stalledMs(id, at),
      ...newCaller(acd, queue, line?.length ?? 0),
      decisions: acd.decisionsOf(id),
    };
  });
}

/** The first of a line, and what is to be said of all of it. */
function drawLine(
  acd: AcdRunner,
  line: readonly Waiter[],
  at: number,
  person: (call: CallId) => WaitingPerson,
): Pick<LiveQueue, 'waiting' | 'waitingCount' | 'callbackCount' | 'longestSince'> {
  const waiting: LiveWaiting[] = [];
  let waitingCount = 0;
  let callbackCount = 0;
  let longestSince = Infinity;
  for (const waiter of line) {
    waitingCount += 1;
    longestSince = Math.min(longestSince, waiter.enteredAt);
    const who = person(waiter.call);
    if (who.callbackId !== undefined || who.followUpId !== undefined) callbackCount += 1;
    if (waitingCount <= DRAWN_WAITING) waiting.push(drawWaiter(acd, waiter, waitingCount, at, who));
  }
  const longest = waitingCount === 0 ? {} : { longestSince };
  return { waiting, waitingCount, callbackCount, ...longest };
}

/** A part of a line as pages ask for it: from a place on, or one call wherever it stands. */
export function readLine(
  acd: AcdRunner,
  wanted: { queueId: QueueId; fromPlace: number; limit: number; callId?: CallId },
  at: number,
  person: (call: CallId) => WaitingPerson,
): LiveLinePart {
  const waiting: LiveWaiting[] = [];
  const limit = Math.min(MAX_PART, wanted.limit);
  let place = 0;
  for (const waiter of acd.engine.line(wanted.queueId)?.everybody ?? []) {
    place += 1;
    const isWanted =
      wanted.callId === undefined
        ? place >= wanted.fromPlace && waiting.length < limit
        : waiter.call === wanted.callId;
    if (isWanted) waiting.push(drawWaiter(acd, waiter, place, at, person(waiter.call)));
  }
  return { waiting, waitingCount: place };
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
  const expectedMs = acd.expectedMs(waiter.queue, place);
  return {
    callId: waiter.call,
    ...person,
    since: waiter.enteredAt,
    place,
    priority: waiter.priority,
    offeredTo: waiter.offers.map((agent) => agent.id),
    skills: asked.demands,
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
