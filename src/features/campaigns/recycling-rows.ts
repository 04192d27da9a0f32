import {
  RECYCLED_RESULTS,
  USUAL_RECYCLING,
  type RecycledResult,
  type RecycleRule,
  type RecycleTable,
} from '../../engines/outbound/recycling.js';
import type { FieldProblem } from '../../kernel/errors.js';
import { parseSeconds } from '../../kernel/fields.js';
import type { FormBody } from '../../web/kit/index.js';
import { textOf } from '../calendars/index.js';
import { clockText, minuteOf } from '../configuration/index.js';
import { CAMPAIGN_LIMITS } from './campaign.js';

const MINUTE_MS = 60_000;

/** The table of a form with everything that is wrong in it. */
export interface RecyclingInput {
  readonly table: RecycleTable;
  readonly problems: readonly FieldProblem[];
}

const NUMBERS = ['same', 'next'] as const;

/**
 * Reads `recycle.busy.delay` (minutes, or `2h`), `.most`, `.number`, `.from` and `.to` of each result; one that was not sent is
 * as usual.
 */
export function readRecycling(body: FormBody): RecyclingInput {
  const problems: FieldProblem[] = [];
  const rules = RECYCLED_RESULTS.map((result) => {
    const name = `recycle.${result}`;
    if (body[`${name}.delay`] === undefined) return [result, USUAL_RECYCLING[result]] as const;
    const say = (field: string, message: string, params?: FieldProblem['params']): void => {
      problems.push({ field: `${name}.${field}`, message, ...(params && { params }) });
    };
    const delayMs = readDelay(textOf(body, `${name}.delay`));
    if (delayMs === undefined) say('delay', 'campaigns.problem.delay');
    const most = Number(textOf(body, `${name}.most`) || Number.NaN);
    const { min, max } = CAMPAIGN_LIMITS.recycleMost;
    if (!(Number.isInteger(most) && most >= min && most <= max))
      say('most', 'form.problem.between', { min, max });
    const number = NUMBERS.find((one) => one === textOf(body, `${name}.number`));
    if (number === undefined) say('number', 'form.problem.choose');
    const [from, to] = ['from', 'to'].map((field) => {
      const text = textOf(body, `${name}.${field}`);
      const minute = text === '' ? 0 : minuteOf(text);
      if (minute === undefined) say(field, 'flow.problem.time');
      return (minute ?? 0) % 1_440;
    });
    const rule: RecycleRule = {
      ...{ delayMs: delayMs ?? 0, most, number: number ?? 'same' },
      ...{ fromMinute: from ?? 0, toMinute: to ?? 0 },
    };
    return [result, rule] as const;
  });
  return { table: Object.fromEntries(rules) as Record<RecycledResult, RecycleRule>, problems };
}

/** `15` and `15m` are minutes, `2h` hours, `1d` days; undefined for what is none of them, or too long. */
function readDelay(text: string): number | undefined {
  const days = /^(\d{1,3})\s*d$/.exec(text);
  const seconds =
    days !== null
      ? Number(days[1]) * 86_400
      : /^\d{1,5}$/.test(text)
        ? Number(text) * 60
        : parseSeconds(text);
  return seconds === undefined || seconds > CAMPAIGN_LIMITS.recycleDelayS.max
    ? undefined
    : seconds * 1_000;
}

/** `2h`, `15m`, `1d`: as people type it. */
export function delayText(ms: number): string {
  const minutes = Math.round(ms / MINUTE_MS);
  if (ms % MINUTE_MS !== 0) return `${String(Math.round(ms / 1_000))}s`;
  if (minutes > 0 && minutes % 1_440 === 0) return `${String(minutes / 1_440)}d`;
  if (minutes > 0 && minutes % 60 === 0) return `${String(minutes / 60)}h`;
  return `${String(minutes)}m`;
}

/** A table as the form shows and sends it. */
export const recyclingValues = (table: RecycleTable): Readonly<Record<string, unknown>> =>
  Object.fromEntries(
    RECYCLED_RESULTS.flatMap((result) => {
      const { delayMs, most, number, fromMinute, toMinute } = table[result];
      const isAnyTime = fromMinute === toMinute;
      return Object.entries({
        delay: delayText(delayMs),
        most,
        number,
        from: isAnyTime ? '' : clockText(fromMinute),
        to: isAnyTime ? '' : clockText(toMinute),
      }).map(([field, value]): [string, unknown] => [`recycle.${result}.${field}`, value]);
    }),
  );
