import { addDays, instantOf, startOfDay, wallTime } from '../../engines/routing/wall-clock.js';
import type { CampaignSettings } from './campaign.js';

/** Where a campaign that is started stands by its schedule. */
export type ScheduleState =
  | { readonly kind: 'open' }
  /** `at`: the instant at which it opens. */
  | { readonly kind: 'waits'; readonly at: number }
  | { readonly kind: 'over' };

/** So many days are looked at for one on which it runs: a week and a bit. */
const DAYS_LOOKED_AT = 8;

/** What the schedule says of an instant, by the clock of the campaign's zone. */
export function scheduleAt(
  { schedule, zone }: Pick<CampaignSettings, 'schedule' | 'zone'>,
  now: number,
): ScheduleState {
  const from = schedule.from === '' ? undefined : instantOf(schedule.from, zone);
  const until = schedule.until === '' ? undefined : instantOf(schedule.until, zone);
  if (until !== undefined && now >= until) return { kind: 'over' };
  const earliest = Math.max(now, from ?? now);
  const first = wallTime(earliest, zone);
  for (let days = 0; days < DAYS_LOOKED_AT; days += 1) {
    const weekday = ((first.weekday - 1 + days) % 7) + 1;
    if (!schedule.days.includes(weekday)) continue;
    const at = days === 0 ? earliest : startOfDay(addDays(first.date, days), zone);
    if (until !== undefined && at >= until) return { kind: 'over' };
    return at <= now ? { kind: 'open' } : { kind: 'waits', at };
  }
  return { kind: 'over' };
}
