import { stateAt } from '../../engines/routing/calendar.js';
import { regionOf } from '../../engines/routing/region.js';
import type { CalendarId, SkillId } from '../../kernel/ids.js';
import type { Directory, QueueConfig } from '../directory.js';
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

/** Whether a queue's calendar says open; true where it has none, or one that is not there any more. */
export function isQueueOpen(directory: Directory, queue: QueueConfig, at: number): boolean {
  if (queue.calendarId === undefined) return true;
  const calendar = directory.current.calendars.get(queue.calendarId);
  return calendar === undefined || stateAt(calendar, at).isOpen;
}
