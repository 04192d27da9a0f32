import type { Language } from '../../kernel/call-event.js';
import { formatNumber as formatTelephoneNumber } from '../../kernel/numbers.js';
import type { Translate } from './translate.js';

/** How something is written for one reader: language, site's zone, site's country. */
export interface Reader {
  readonly language: Language;
  readonly zone: string;
  readonly country: string;
  /** Numbers of people outside are not shown whole. */
  readonly masksNumbers?: boolean;
}

/** What stands where a value does not apply. */
export const NO_VALUE = '–';

/** `0:07`, `12:31`, `1:04:09`; minutes do not roll into hours below one hour. */
export function formatDuration(ms: number): string {
  const total = Math.max(0, Math.floor(ms / 1000));
  const two = (part: number): string => String(part).padStart(2, '0');
  const minutes = Math.floor(total / 60);
  return minutes < 60
    ? `${String(minutes)}:${two(total % 60)}`
    : `${String(Math.floor(minutes / 60))}:${two(minutes % 60)}:${two(total % 60)}`;
}

/** A telephone number as people of the site's country write it; extensions and unknown forms as they are. */
export function formatPhone(number: string, reader: Reader): string {
  if (number === '') return NO_VALUE;
  const shown = formatTelephoneNumber(number, reader.country, reader.language);
  return reader.masksNumbers === true ? maskNumber(shown) : shown;
}

/** A number in a file: as it is stored, unless its reader may not see it whole. */
export const exportPhone = (number: string, reader: Reader): string =>
  reader.masksNumbers === true && number !== '' ? formatPhone(number, reader) : number;

/** Shorter ones are inside the house, or services. */
const SHORTEST_MASKED_DIGITS = 9;
const SHOWN_FIRST = 3;
const SHOWN_LAST = 4;
/** However many digits are hidden: their number tells nothing. */
const MASK = '****';

/** `138 5555 0123` as `138 **** 0123`. */
function maskNumber(text: string): string {
  const places = [...text.matchAll(/\d/g)].map(({ index }) => index);
  if (places.length < SHORTEST_MASKED_DIGITS) return text;
  const first = text.slice(0, places[SHOWN_FIRST]).trimEnd();
  return `${first} ${MASK} ${text.slice(places.at(-SHOWN_LAST)).trimStart()}`;
}

const NAMES_SHOWN = 3;

/** `Sales, Service, Parts and 47 more`: a list that may be long, in a place that has one line. */
export function someNames(names: readonly string[], t: Translate): string {
  const shown = names.slice(0, NAMES_SHOWN).join(', ');
  const more = names.length - NAMES_SHOWN;
  return more <= 0 ? shown : t('shell.names-more', { names: shown, more });
}

/** `12,480`. */
export const formatNumber = (value: number, language: Language): string =>
  new Intl.NumberFormat(language).format(value);

/** A share (0 to 1) as `80.6%`; `<0.1%` for what would round to nothing. */
export function formatPercent(share: number, language: Language): string {
  if (share > 0 && share < 0.001) return '<0.1%';
  return new Intl.NumberFormat(language, {
    style: 'percent',
    minimumFractionDigits: 1,
    maximumFractionDigits: 1,
  }).format(share);
}

/** time 10:42 · seconds 10:42:07 · date 24 Nov 2026 · day Tue 24 Nov · datetime 24 Nov 2026, 10:42 · full with seconds. */
export const WHEN_STYLES = ['time', 'seconds', 'date', 'day', 'datetime', 'full'] as const;
export type WhenStyle = (typeof WHEN_STYLES)[number];

const time = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const;
const seconds = { ...time, second: '2-digit' } as const;
const date = { day: 'numeric', month: 'short', year: 'numeric' } as const;
const STYLES: Readonly<Record<WhenStyle, Intl.DateTimeFormatOptions>> = {
  time,
  seconds,
  date,
  day: { weekday: 'short', day: 'numeric', month: 'short' },
  datetime: { ...date, ...time },
  full: { ...date, ...seconds },
};
const formats = new Map<string, Intl.DateTimeFormat>();

/** An instant in the site's zone. */
export function formatWhen(at: Date | number, style: WhenStyle, reader: Reader): string {
  const language = reader.language === 'en' ? 'en-GB' : reader.language;
  const key = `${language} ${reader.zone} ${style}`;
  let format = formats.get(key);
  if (!format) {
    format = new Intl.DateTimeFormat(language, { ...STYLES[style], timeZone: reader.zone });
    formats.set(key, format);
  }
  return format.format(at);
}

/** Path and query; undefined and empty values are left out. */
export function urlWith(path: string, query: Readonly<Record<string, unknown>>): string {
  const pairs = Object.entries(query)
    .filter(([, value]) => value !== undefined && value !== null && value !== '')
    .map(([name, value]): [string, string] => [name, String(value as string | number)]);
  return pairs.length === 0 ? path : `${path}?${new URLSearchParams(pairs).toString()}`;
}
