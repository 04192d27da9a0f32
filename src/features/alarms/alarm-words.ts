import { ALARM_UNITS, type AlarmKind } from '../../engines/alarm/watch.js';
import { formatDuration, NO_VALUE } from '../../web/kit/index.js';
import type { Alarm } from './alarm.js';

/** A value in the unit of its kind: `5:00`, `85%`; '' where there is nothing to say. */
export function valueText(kind: AlarmKind, value: number): string {
  const unit = ALARM_UNITS[kind];
  if (unit === 'none') return '';
  return unit === 'seconds' ? formatDuration(value * 1_000) : `${String(Math.round(value))}%`;
}

export const measuredText = ({ kind, value }: Pick<Alarm, 'kind' | 'value'>): string =>
  valueText(kind, value) || NO_VALUE;

/** Where somebody sees more; undefined where there is no such page. */
export function subjectPath({ subject }: Pick<Alarm, 'subject'>): string | undefined {
  const [kind = '', id = ''] = subject.split(':');
  if (kind === 'queue') return `/live/queues/${id}`;
  if (kind === 'overdue') return `/calls/to-return?state=overdue&queue=${id}`;
  if (kind === 'call') return `/calls/${id}`;
  if (kind === 'day') return `/reports/reconciliation/${id}`;
  if (kind === 'trunk') return '/live';
  if (kind === 'extension') return `/setup/extensions/${id}`;
  return undefined;
}
