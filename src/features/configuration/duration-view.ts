import type { PageContext } from '../../web/kit/index.js';

/** A duration in words, as sentences need it: `20 s`, `4 min 51 s`, `2 h`. Parts that are zero are left out. */
export function durationText(page: Pick<PageContext, 't'>, seconds: number): string {
  const parts = [
    ['h', Math.floor(seconds / 3_600)],
    ['min', Math.floor((seconds % 3_600) / 60)],
    ['s', seconds % 60],
  ] as const;
  const shown = parts.filter(([, count]) => count > 0);
  return (shown.length === 0 ? [['s', 0] as const] : shown)
    .map(([unit, count]) => page.t(`configuration.duration.${unit}`, { count }))
    .join(' ');
}
