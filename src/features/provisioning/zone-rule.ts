/** When the clocks change, as phones are told: the n-th weekday of a month (week 5 is the last one). */
export interface ClockChange {
  /** 1 to 12. */
  readonly month: number;
  readonly week: number;
  /** 0 is Sunday. */
  readonly weekday: number;
  /** By the clock before the change. */
  readonly hour: number;
}

/** A time zone without its name: phones know few names, and not the same ones. */
export interface ZoneRule {
  /** East of Greenwich, in winter. */
  readonly standardMinutes: number;
  /** Absent where the clocks do not change. */
  readonly summer?: {
    readonly savedMinutes: number;
    readonly start: ClockChange;
    readonly end: ClockChange;
  };
}

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** The rule of an IANA zone in the year of an instant; that of UTC for a zone that is not known. */
export function zoneRule(zone: string, now: number): ZoneRule {
  const offset = offsetsOf(zone);
  if (offset === undefined) return { standardMinutes: 0 };
  const year = new Date(now).getUTCFullYear();
  const begin = Date.UTC(year, 0, 1);
  const changes: { readonly at: number; readonly before: number; readonly after: number }[] = [];
  for (let day = begin; day < Date.UTC(year + 1, 0, 1); day += DAY_MS) {
    const [before, after] = [offset(day), offset(day + DAY_MS)];
    if (before === after) continue;
    let at = day;
    while (offset(at) === before) at += HOUR_MS;
    changes.push({ at, before, after });
  }
  const start = changes.find((change) => change.after > change.before);
  const end = changes.find((change) => change.after < change.before);
  if (changes.length !== 2 || start === undefined || end === undefined)
    return { standardMinutes: offset(now) };
  return {
    standardMinutes: start.before,
    summer: {
      savedMinutes: start.after - start.before,
      start: changeOf(start.at, start.before),
      end: changeOf(end.at, end.before),
    },
  };
}

/** The clock of the wall just before, `offset` minutes from UTC. */
function changeOf(at: number, offset: number): ClockChange {
  const wall = new Date(at + offset * 60_000);
  const day = wall.getUTCDate();
  const days = new Date(Date.UTC(wall.getUTCFullYear(), wall.getUTCMonth() + 1, 0)).getUTCDate();
  return {
    month: wall.getUTCMonth() + 1,
    week: day + 7 > days ? 5 : Math.ceil(day / 7),
    weekday: wall.getUTCDay(),
    hour: wall.getUTCHours(),
  };
}

/** Minutes from UTC at an instant. */
function offsetsOf(zone: string): ((at: number) => number) | undefined {
  try {
    const format = new Intl.DateTimeFormat('en-US', { timeZone: zone, timeZoneName: 'longOffset' });
    return (at) => {
      const name =
        format.formatToParts(at).find(({ type }) => type === 'timeZoneName')?.value ?? '';
      const [, sign, hours, minutes] = /^GMT([+-])(\d{2}):(\d{2})$/.exec(name) ?? [];
      return (sign === '-' ? -1 : 1) * (Number(hours ?? 0) * 60 + Number(minutes ?? 0));
    };
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/** As POSIX writes zones, with its signs: west of Greenwich is positive. */
export function posixZone({ standardMinutes, summer }: ZoneRule): string {
  const clock = (minutes: number): string => {
    const text = `${minutes > 0 ? '-' : ''}${String(Math.floor(Math.abs(minutes) / 60))}`;
    const rest = Math.abs(minutes) % 60;
    return rest === 0 ? text : `${text}:${String(rest).padStart(2, '0')}`;
  };
  const standard = `STD${clock(standardMinutes)}`;
  if (summer === undefined) return standard;
  const change = ({ month, week, weekday, hour }: ClockChange): string =>
    `M${String(month)}.${String(week)}.${String(weekday)}/${String(hour)}`;
  const daylight = `DST${clock(standardMinutes + summer.savedMinutes)}`;
  return `${standard}${daylight},${change(summer.start)},${change(summer.end)}`;
}
