import { Temporal } from 'temporal-polyfill';

/** One line of an Asterisk `queue_log`. `agent` is `NONE` where nobody is meant; `data` are the event's parameters. */
export interface QueueLogLine {
  /** ms since the epoch. */
  readonly at: number;
  readonly uniqueId: string;
  readonly queue: string;
  readonly agent: string;
  readonly event: string;
  readonly data: readonly string[];
}

/** Why a line is left out. `order`: it is more than an hour older than the line before. `place`: the call was not so far. */
export type LineProblem = 'fields' | 'time' | 'future' | 'length' | 'order' | 'place';

/** What a text line is; undefined where it says nothing: empty, or the names of the columns. */
export type ReadLine =
  { readonly line: QueueLogLine } | { readonly problem: LineProblem } | undefined;

/** Names are up to 80 characters in Asterisk. */
const MAX_NAME = 128;
const MAX_DATA = 512;
/** Asterisk is of 1999: what is older is no time. */
const EARLIEST_MS = 915_148_800_000;
const HEADS = {
  at: ['time', 'timestamp', 'date'],
  uniqueId: ['callid', 'uniqueid', 'call_id'],
  queue: ['queuename', 'queue', 'queue_name'],
  agent: ['agent'],
  event: ['event', 'verb'],
} as const;
type Columns = Readonly<Record<keyof typeof HEADS, number>> & { readonly data: readonly number[] };

interface Format {
  readonly delimiter: string;
  /** Absent where columns stand as in the file of Asterisk. */
  readonly columns?: Columns;
}

/**
 * Reads the lines of one file: the file of Asterisk (`epoch|uniqueid|queue|agent|EVENT|data...`), or an export of a realtime
 * table as CSV (the same columns, by their names where the first line has them; the time as epoch or as a date in `zone`).
 * `now`: what is later is a mistake.
 */
export class QueueLogReader {
  #format: Format | undefined;
  readonly #offsets = new Map<string, number>();

  constructor(
    private readonly zone: string,
    private readonly now: number,
  ) {}

  read(text: string): ReadLine {
    const bare = text.replace(/^\uFEFF/, '').trimEnd();
    if (bare === '') return undefined;
    if (this.#format === undefined) {
      this.#format = formatOf(bare);
      if (this.#format.columns !== undefined) return undefined;
    }
    const { delimiter, columns } = this.#format;
    const cells = delimiter === '|' ? bare.split('|') : splitCsv(bare, delimiter);
    return this.#line(cells, columns);
  }

  #line(cells: readonly string[], columns: Columns | undefined): ReadLine {
    const cell = (name: keyof typeof HEADS, place: number): string =>
      (cells[columns?.[name] ?? place] ?? '').trim();
    const [time, uniqueId, queue] = [cell('at', 0), cell('uniqueId', 1), cell('queue', 2)];
    const [agent, event] = [cell('agent', 3), cell('event', 4)];
    if (uniqueId === '' || !/^[A-Z][A-Z_]{2,39}$/.test(event)) return { problem: 'fields' };
    const at = this.#time(time);
    if (at === undefined || at < EARLIEST_MS) return { problem: 'time' };
    if (at > this.now) return { problem: 'future' };
    const rest = columns ? columns.data.map((place) => cells[place] ?? '') : cells.slice(5);
    // An older realtime table has all parameters in one column.
    const data = rest.join('|').split('|');
    if (
      [uniqueId, queue, agent].some((name) => name.length > MAX_NAME) ||
      data.some((value) => value.length > MAX_DATA)
    )
      return { problem: 'length' };
    return { line: { at, uniqueId, queue, agent, event, data } };
  }

  #time(text: string): number | undefined {
    if (/^\d{9,10}(\.\d+)?$/.test(text)) return Math.floor(Number(text) * 1_000);
    const found =
      /^(\d{4}-\d\d-\d\d)[ T](\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?(Z|[+-]\d\d(?::?\d\d)?)?$/.exec(
        text,
      );
    if (!found) return undefined;
    const [, day = '', hour = '', minute = '', second = '', fraction = '', offset] = found;
    const utc = Date.parse(`${day}T${hour}:${minute}:${second}Z`);
    if (Number.isNaN(utc)) return undefined;
    const ms = utc + Number(fraction.padEnd(3, '0').slice(0, 3));
    if (offset !== undefined) return ms - offsetMs(offset);
    return ms - this.#offsetAt(`${day}T${hour}:${minute}`);
  }

  /** How far the zone is ahead of UTC in a minute; looked up once an hour, where no clock changes within it. */
  #offsetAt(minute: string): number {
    const hour = minute.slice(0, 13);
    const known = this.#offsets.get(hour);
    if (known !== undefined) return known;
    const offset = offsetIn(this.zone, minute);
    if (offsetIn(this.zone, `${hour}:00`) === offsetIn(this.zone, `${hour}:59`)) {
      if (this.#offsets.size > 1_000) this.#offsets.clear();
      this.#offsets.set(hour, offset);
    }
    return offset;
  }
}

const offsetIn = (zone: string, minute: string): number =>
  Temporal.PlainDateTime.from(minute).toZonedDateTime(zone).offsetNanoseconds / 1_000_000;

function offsetMs(text: string): number {
  if (text === 'Z') return 0;
  const [, sign = '+', hours = '0', minutes = '0'] = /^([+-])(\d\d):?(\d\d)?$/.exec(text) ?? [];
  return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * 60_000;
}

function formatOf(first: string): Format {
  const delimiter = ['|', ',', ';', '\t']
    .map((mark) => ({ mark, cells: splitCsv(first, mark).length }))
    .reduce((best, next) => (next.cells > best.cells ? next : best));
  const names = splitCsv(first, delimiter.mark).map((name) => name.trim().toLowerCase());
  const place = (heads: readonly string[]): number =>
    names.findIndex((name) => heads.includes(name));
  const found = {
    at: place(HEADS.at),
    uniqueId: place(HEADS.uniqueId),
    queue: place(HEADS.queue),
    agent: place(HEADS.agent),
    event: place(HEADS.event),
  };
  if (Object.values(found).some((at) => at < 0)) return { delimiter: delimiter.mark };
  const data = names.flatMap((name, at) => (/^data\d?$/.test(name) ? [at] : []));
  return { delimiter: delimiter.mark, columns: { ...found, data } };
}

/** Cells of a line of CSV, with quotes taken away; a quote that is never closed ends with the line. */
function splitCsv(line: string, delimiter: string): readonly string[] {
  if (!line.includes('"')) return line.split(delimiter);
  const cells: string[] = [];
  let cell = '';
  let isQuoted = false;
  for (let at = 0; at < line.length; at++) {
    const char = line[at] ?? '';
    if (isQuoted) {
      if (char !== '"') cell += char;
      else if (line[at + 1] === '"') {
        cell += '"';
        at++;
      } else isQuoted = false;
    } else if (char === '"' && cell === '') isQuoted = true;
    else if (char === delimiter) {
      cells.push(cell);
      cell = '';
    } else cell += char;
  }
  return [...cells, cell];
}
