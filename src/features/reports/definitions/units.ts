import type { SpanUnit } from '../../../engines/reporting/time-spans.js';

export const ALL_UNITS: readonly SpanUnit[] = ['quarter', 'hour', 'day', 'week', 'month', 'year'];
/** Of what is summed by day alone. */
export const DAY_UNITS: readonly SpanUnit[] = ['day', 'week', 'month', 'year'];
