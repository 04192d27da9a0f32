import { isKnownZone } from '../../../engines/routing/wall-clock.js';
import { readFieldValue, readFlag, type ContactFieldDraft } from '../contact-field.js';
import { NumberCells, splitNumbers } from './number-cell.js';
import { countryOf } from './country-cell.js';
import type { ImportSettings } from './import-settings.js';

export type NumberKind = 'mobile' | 'work' | 'home' | 'other';

/** What a row says of somebody; '' and absence say nothing. */
export interface ReadRow {
  readonly name: string;
  readonly company: string;
  readonly externalKey: string;
  readonly language: string;
  readonly country: string;
  readonly timeZone: string;
  /** E.164, each once, at least one. */
  readonly numbers: readonly { readonly number: string; readonly kind: NumberKind }[];
  readonly consent?: 'given' | 'withdrawn';
  readonly fields: Readonly<Record<string, string>>;
  /** Of a number that is not called. */
  readonly note: string;
}

/** Why a row is not taken: at which column (from 0; -1 for the whole row), and a key of the catalog. */
export interface RowProblem {
  readonly column: number;
  readonly message: string;
  readonly params?: Readonly<Record<string, string | number>>;
}

export type RowOutcome =
  | { readonly ok: true; readonly row: ReadRow }
  | { readonly ok: false; readonly problem: RowProblem };

/** More numbers of one person are a mistake in the columns. */
export const MAX_NUMBERS = 20;
const NAME_MAX = 160;
const KEY_MAX = 80;
const NOTE_MAX = 200;
/** There are fewer; more are mistakes, which need not be remembered. */
const MAX_ZONES = 1_000;

type Mutable = { -readonly [K in keyof ReadRow]: ReadRow[K] } & {
  numbers: { number: string; kind: NumberKind }[];
  fields: Record<string, string>;
};

class Refused extends Error {
  constructor(readonly problem: RowProblem) {
    super(problem.message);
  }
}

/** Reads rows of one file as its settings say. The first thing that is wrong refuses the row, whole. */
export class RowReader {
  readonly #numbers = new NumberCells();
  readonly #zones = new Map<string, boolean>();
  readonly #fields: ReadonlyMap<string, ContactFieldDraft>;
  readonly #country: number;

  constructor(
    private readonly settings: ImportSettings,
    fields: readonly ContactFieldDraft[],
  ) {
    this.#fields = new Map(fields.map((field) => [`field:${field.key}`, field]));
    this.#country = settings.columns.indexOf('country');
  }

  read(cells: readonly string[]): RowOutcome {
    try {
      return { ok: true, row: this.#row(cells) };
    } catch (error) {
      if (error instanceof Refused) return { ok: false, problem: error.problem };
      throw error;
    }
  }

  #row(cells: readonly string[]): ReadRow {
    const row: Mutable = {
      name: '',
      company: '',
      externalKey: '',
      language: '',
      country: '',
      timeZone: '',
      numbers: [],
      fields: {},
      note: '',
    };
    // Before the numbers: they are read as numbers of this country.
    if (this.#country >= 0) row.country = readCountry(cells[this.#country] ?? '', this.#country);
    const { columns } = this.settings;
    // Runs for each cell of a file: by index, because an iterator of pairs costs more than the work.
    for (let column = 0; column < columns.length; column += 1) {
      const target = columns[column] ?? '';
      const cell = target === '' ? '' : (cells[column] ?? '').trim();
      if (cell !== '') this.#put(row, target, cell, column);
    }
    if (row.numbers.length === 0)
      throw new Refused({ column: -1, message: 'contact-import.problem.without-number' });
    if (row.numbers.length > MAX_NUMBERS)
      throw new Refused({
        column: -1,
        message: 'contact-import.problem.too-many-numbers',
        params: { max: MAX_NUMBERS },
      });
    return row;
  }

  #put(row: Mutable, target: string, cell: string, column: number): void {
    switch (target) {
      case 'name':
        row.name = within(cell, NAME_MAX, column);
        break;
      case 'company':
        row.company = within(cell, NAME_MAX, column);
        break;
      case 'key':
        row.externalKey = within(cell, KEY_MAX, column);
        break;
      case 'note':
        row.note = within(cell, NOTE_MAX, column);
        break;
      case 'number':
      case 'mobile':
      case 'work':
      case 'home':
        this.#putNumbers(row, target === 'number' ? 'other' : target, cell, column);
        break;
      case 'country':
        break;
      case 'zone':
        if (!this.#isZone(cell))
          throw new Refused({ column, message: 'contacts.problem.zone', params: { value: cell } });
        row.timeZone = cell;
        break;
      case 'language':
        row.language = readLanguage(cell, column);
        break;
      case 'consent': {
        const flag = readConsent(cell);
        if (flag === undefined)
          throw new Refused({ column, message: 'contact-import.problem.consent' });
        row.consent = flag ? 'given' : 'withdrawn';
        break;
      }
      default:
        this.#putField(row, target, cell, column);
    }
  }

  /** A file names few zones, many times. */
  #isZone(text: string): boolean {
    const known = this.#zones.get(text) ?? isKnownZone(text);
    if (this.#zones.size < MAX_ZONES) this.#zones.set(text, known);
    return known;
  }

  #putNumbers(row: Mutable, kind: NumberKind, cell: string, column: number): void {
    const country = row.country === '' ? this.settings.country : row.country;
    for (const text of splitNumbers(cell)) {
      const reading = this.#numbers.read(text, country);
      if (!reading.ok) throw new Refused({ column, ...reading });
      const { number } = reading;
      if (!row.numbers.some((known) => known.number === number)) row.numbers.push({ number, kind });
    }
  }

  #putField(row: Mutable, target: string, cell: string, column: number): void {
    const field = this.#fields.get(target);
    if (field === undefined) return;
    const value = readFieldValue(field, cell);
    if (!value.ok) throw new Refused({ column, ...value });
    if (value.value !== '') row.fields[field.key] = value.value;
  }
}

function within(text: string, max: number, column: number): string {
  if (text.length > max)
    throw new Refused({ column, message: 'form.problem.too-long', params: { max } });
  return text;
}

function readCountry(cell: string, column: number): string {
  if (cell.trim() === '') return '';
  const country = countryOf(cell);
  if (country === undefined)
    throw new Refused({
      column,
      message: 'contact-import.problem.country',
      params: { value: cell.slice(0, 40) },
    });
  return country;
}

const CONSENTS: Readonly<Record<string, boolean>> = {
  given: true,
  granted: true,
  agreed: true,
  同意: true,
  已同意: true,
  withdrawn: false,
  refused: false,
  revoked: false,
  不同意: false,
  拒绝: false,
  已撤回: false,
};
const readConsent = (cell: string): boolean | undefined =>
  CONSENTS[cell.toLowerCase()] ?? readFlag(cell);

const LANGUAGES: Readonly<Record<string, string>> = {
  english: 'en',
  英语: 'en',
  英文: 'en',
  chinese: 'zh-CN',
  mandarin: 'zh-CN',
  中文: 'zh-CN',
  汉语: 'zh-CN',
  普通话: 'zh-CN',
  zh: 'zh-CN',
  cn: 'zh-CN',
};
function readLanguage(cell: string, column: number): string {
  const plain = cell.replace('_', '-');
  const known = LANGUAGES[plain.toLowerCase()];
  if (known !== undefined) return known;
  if (/^[a-z]{2,3}(?:-[a-z0-9]{2,6})?$/i.test(plain) && plain.length <= 10) {
    const [language = '', region] = plain.split('-');
    const tag =
      region === undefined
        ? language.toLowerCase()
        : `${language.toLowerCase()}-${region.toUpperCase()}`;
    return tag;
  }
  throw new Refused({
    column,
    message: 'contact-import.problem.language',
    params: { value: cell.slice(0, 40) },
  });
}
