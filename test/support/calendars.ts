import * as fc from 'fast-check';
import type { Calendar, DayPeriod } from '../../src/engines/routing/calendar.js';

/** Zones with summer time, without, with half an hour of it, and with midnights that are skipped and repeated. */
export const ZONES = [
  'Europe/London',
  'America/New_York',
  'Asia/Shanghai',
  'Australia/Lord_Howe',
  'America/Havana',
  'Asia/Beirut',
  'Etc/UTC',
] as const;

export const zoneArbitrary = fc.constantFrom(...ZONES);
const minute = fc.oneof(
  fc.constantFrom(0, 30, 60, 90, 120, 540, 1_020, 1_380),
  fc.integer({ min: 0, max: 1_439 }),
);
const dayPeriod: fc.Arbitrary<DayPeriod> = fc
  .tuple(minute, fc.integer({ min: 1, max: 1_440 }))
  .map(([fromMinute, length]) => ({ fromMinute, toMinute: Math.min(1_440, fromMinute + length) }));
export const weeklyPeriodArbitrary = fc
  .tuple(fc.subarray([1, 2, 3, 4, 5, 6, 7], { minLength: 1 }), dayPeriod)
  .map(([days, period]) => ({ days, ...period }));

const isoDay = (at: number): string => new Date(at).toISOString().slice(0, 10);
/** Instants that properties look at: two years in which the clocks change. */
export const instantArbitrary = fc.integer({
  min: Date.UTC(2026, 0),
  max: Date.UTC(2028, 0),
});
export const exceptionArbitrary = fc
  .record({
    name: fc.constantFrom('Christmas', '春节', 'Stock-taking'),
    start: instantArbitrary,
    days: fc.integer({ min: 0, max: 10 }),
    yearly: fc.boolean(),
    periods: fc.array(dayPeriod, { maxLength: 2 }),
  })
  .map(({ start, days, ...rest }) => ({
    ...rest,
    from: isoDay(start),
    to: isoDay(start + days * 86_400_000),
  }));

/** Any calendar: no periods or several a day, exceptions that overlap. */
export const calendarArbitrary: fc.Arbitrary<Calendar> = fc.record({
  zone: zoneArbitrary,
  weekly: fc.array(weeklyPeriodArbitrary, { maxLength: 4 }),
  exceptions: fc.array(exceptionArbitrary, { maxLength: 4 }),
});

/** Monday to Friday with a lunch hour, closed on every 25 December, short on 24 December 2026. */
export const officeHours: Calendar = {
  zone: 'Europe/London',
  weekly: [
    { days: [1, 2, 3, 4, 5], fromMinute: 540, toMinute: 750 },
    { days: [1, 2, 3, 4, 5], fromMinute: 810, toMinute: 1_020 },
  ],
  exceptions: [
    {
      name: 'Christmas Day',
      ...{ from: '2026-12-25', to: '2026-12-25', yearly: true, periods: [] },
    },
    {
      name: 'Christmas Eve',
      ...{ from: '2026-12-24', to: '2026-12-24', yearly: false },
      periods: [{ fromMinute: 540, toMinute: 720 }],
    },
  ],
};
