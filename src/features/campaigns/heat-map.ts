import { formatPercent, type PageContext } from '../../web/kit/index.js';
import type { HourCount } from './campaign-reports.js';

/** The usual working day; earlier and later hours are shown where anything was dialled. */
const FIRST_HOUR = 8;
const LAST_HOUR = 19;
/** Shades of a cell, from nothing to the best hour. */
const SHADES = 5;
/** Fewer dials say nothing about an hour. */
const FEWEST_DIALS = 5;

/** When people answer: a row for each weekday, a cell for each hour; undefined where nothing was dialled yet. */
export function heatMap(page: Pick<PageContext, 't' | 'language'>, counts: readonly HourCount[]) {
  if (counts.length === 0) return undefined;
  const hours = counts.map(({ hour }) => hour);
  const first = Math.min(FIRST_HOUR, ...hours);
  const last = Math.max(LAST_HOUR, ...hours);
  const shown = Array.from({ length: last - first + 1 }, (_, at) => first + at);
  const rated = counts
    .filter(({ dials }) => dials >= FEWEST_DIALS)
    .map((one) => ({ ...one, rate: one.connects / one.dials }));
  const highest = Math.max(0, ...rated.map(({ rate }) => rate));
  const best = rated.find(({ rate }) => rate === highest && rate > 0);
  return {
    hours: shown,
    days: [1, 2, 3, 4, 5, 6, 7].map((weekday) => ({
      label: page.t(`flow.day.${String(weekday)}`),
      cells: shown.map((hour) => {
        const count = counts.find((one) => one.weekday === weekday && one.hour === hour);
        const { dials = 0, connects = 0 } = count ?? {};
        const rate = dials === 0 ? 0 : connects / dials;
        return {
          text: dials === 0 ? '' : formatPercent(rate, page.language).replace(/[.,]\d+/, ''),
          shade: highest === 0 || dials === 0 ? 0 : Math.ceil((rate / highest) * SHADES),
          title: page.t('campaigns.heat.cell', {
            day: page.t(`flow.day.${String(weekday)}`),
            ...{ hour, dials, connects },
          }),
        };
      }),
    })),
    best:
      best === undefined
        ? ''
        : page.t('campaigns.heat.best', {
            day: page.t(`flow.day.${String(best.weekday)}`),
            hour: best.hour,
            until: best.hour + 1,
            rate: formatPercent(best.rate, page.language),
          }),
  };
}
