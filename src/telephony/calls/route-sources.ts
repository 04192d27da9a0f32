import { overflowFor } from '../../engines/acd/overflow.js';
import { stateAt } from '../../engines/routing/calendar.js';
import { calendarAt } from '../../engines/routing/next-change.js';
import { regionOf } from '../../engines/routing/region.js';
import type { CalendarId, QueueId, SkillId } from '../../kernel/ids.js';
import type { Directory, QueueConfig, Target } from '../directory.js';
import type { LiveView } from '../live.js';
import { isInForce, openingAt, type QueueChange } from '../queue-changes.js';
import type { RouteSources } from './route.js';

/** What routing looks up, from the configuration in memory. */
export const routeSources = (directory: Directory): RouteSources => ({
  regionOf: (number) => regionOf(directory.current.regions, number)?.region.id,
  openCalendars: (at) =>
    new Map<CalendarId, boolean>(
      [...directory.current.calendars.values()].map((calendar) => [
        calendar.id,
        stateAt(calendar, at).isOpen,
      ]),
    ),
  skillNames: () =>
    new Map<SkillId, string>(
      [...directory.current.skills.values()].map((skill) => [skill.id, skill.name]),
    ),
});

/** Whether a queue is open: as a supervisor says, else its calendar; true where it has none, or one that is gone. */
export function isQueueOpen(directory: Directory, queue: QueueConfig, at: number): boolean {
  if (queue.byHand !== undefined && isInForce(queue.byHand, at)) return queue.byHand.isOpen;
  if (queue.calendarId === undefined) return true;
  const calendar = directory.current.calendars.get(queue.calendarId);
  return calendar === undefined || stateAt(calendar, at).isOpen;
}

/** Whether a queue is open; where not, when it opens next, as far as that is known. */
export interface NextOpening {
  readonly isOpen: boolean;
  readonly opensAt?: number;
}

/** Looks ahead: past what a supervisor says by hand, the calendar counts again. */
export function nextOpening(directory: Directory, queue: QueueConfig, at: number): NextOpening {
  if (isQueueOpen(directory, queue, at)) return { isOpen: true };
  const { byHand, calendarId } = queue;
  const isByHand = byHand !== undefined && isInForce(byHand, at);
  const closedUntil = isByHand ? byHand.until : at;
  if (closedUntil === undefined) return { isOpen: false };
  const calendar = calendarId && directory.current.calendars.get(calendarId);
  if (calendar === undefined) return { isOpen: false, opensAt: closedUntil };
  const { isOpen, nextChangeAt } = calendarAt(calendar, closedUntil);
  const opensAt = isOpen ? closedUntil : nextChangeAt;
  return { isOpen: false, ...(opensAt === undefined ? {} : { opensAt }) };
}

/** Whether a queue takes callers at an instant, as far as it is known now, and where they go where not. */
export interface QueueOpening {
  readonly isOpen: boolean;
  /** What is changed by hand now. */
  readonly changes: readonly QueueChange[];
  readonly overflow: Target;
}

/** Tells pages of a queue's opening: from the configuration, and what the picture of now has of changes by hand. */
export const queueOpenings =
  (directory: Directory, live: LiveView) =>
  (id: QueueId, at: number): QueueOpening | undefined => {
    const queue = directory.current.queues.get(id);
    if (queue === undefined) return undefined;
    const changes = changesNow(live, id);
    const isOpen = openingAt(changes, at)?.isOpen ?? isQueueOpen(directory, queue, at);
    return { isOpen, changes, overflow: overflowFor(queue, 'queue-closed') };
  };

/** What is changed by hand in a queue, as the picture of now has it. */
export const changesNow = ({ current }: LiveView, id: QueueId): readonly QueueChange[] =>
  current?.queues.find((queue) => queue.id === id)?.changes ?? [];
