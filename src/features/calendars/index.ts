import type { Clock } from '../../kernel/clock.js';
import type { FeatureModule } from '../../web/kit/index.js';
import { knexAuditLog } from '../audit/index.js';
import {
  KnexTargetStore,
  KnexUsageReports,
  type ConfigurationParts,
} from '../configuration/index.js';
import { calendarPages } from './calendar-pages.js';
import { KnexCalendarReports } from './calendar-reports.js';
import { CalendarService } from './calendar-service.js';
import { KnexCalendarStore } from './knex-calendar-store.js';

export type { CalendarDraft, StoredCalendar } from './calendar.js';
export { CalendarService } from './calendar-service.js';
export { textOf, textsOf } from './form-rows.js';
export { readWeek, WEEKDAYS } from './week-rows.js';
export { weekValues, weekView, zoneOptions } from './week-view.js';

/** When somebody is there: weekly periods, holidays, and what happens at any moment. */
export interface CalendarsFeature extends FeatureModule {
  readonly service: CalendarService;
}

/** Wires calendars on MariaDB. */
export function makeCalendarsFeature(
  parts: Pick<ConfigurationParts, 'database' | 'announcer' | 'live'> & { readonly clock: Clock },
): CalendarsFeature {
  const { database, announcer, live, clock } = parts;
  const service = new CalendarService(new KnexCalendarStore(database, knexAuditLog), announcer);
  const usage = new KnexUsageReports(database);
  return {
    name: 'calendars',
    service,
    pages: calendarPages({
      service,
      usage,
      clock,
      reports: new KnexCalendarReports(database),
      targets: new KnexTargetStore(database),
      live,
    }),
    menu: [
      {
        group: 'routing',
        label: 'calendars.title',
        icon: 'calendar',
        href: '/setup/calendars',
        access: 'calendars.edit',
        order: 25,
      },
    ],
  };
}
