import type { ContactId } from '../../../kernel/ids.js';
import type { DuplicateChoice } from './import-settings.js';
import type { ReadRow } from './row-reader.js';

/** Who is there already, of the people that a chunk of rows names. */
export interface KnownPeople {
  readonly byKey: (key: string) => ContactId | undefined;
  readonly byNumber: (number: string) => ContactId | undefined;
  /** Made by this same import, by an earlier chunk. */
  isOwn(id: ContactId): boolean;
}

/** Something that a chunk makes: a person whose later rows may have been added to the first. */
export interface NewPerson {
  row: ReadRow;
}

/** What becomes of a chunk of rows. */
export interface ChunkPlan {
  readonly added: readonly NewPerson[];
  /** What rows say of people who were there, in order. */
  readonly updates: readonly { readonly id: ContactId; readonly row: ReadRow }[];
  /** People who were there and belong into the list, each once. */
  readonly listed: ReadonlySet<ContactId>;
  readonly updated: number;
  readonly onlyListed: number;
  readonly duplicatesBefore: number;
  readonly duplicatesInside: number;
}

/**
 * Decides row by row who is new. A row is somebody who is there when its external key is; else when one of its numbers is. Rows
 * of one chunk are compared with each other too. A person who was made by this import counts as inside the file.
 */
export function planChunk(
  rows: readonly ReadRow[],
  known: KnownPeople,
  choice: DuplicateChoice,
): ChunkPlan {
  const added: NewPerson[] = [];
  const updates: { id: ContactId; row: ReadRow }[] = [];
  const listed = new Set<ContactId>();
  const newByKey = new Map<string, NewPerson>();
  const newByNumber = new Map<string, NewPerson>();
  const takenKeys = new Map<string, ContactId>();
  const counts = { updated: 0, onlyListed: 0, duplicatesBefore: 0, duplicatesInside: 0 };
  const index = (person: NewPerson, row: ReadRow): void => {
    if (row.externalKey !== '' && !newByKey.has(row.externalKey))
      newByKey.set(row.externalKey, person);
    for (const { number } of row.numbers)
      if (!newByNumber.has(number)) newByNumber.set(number, person);
  };
  for (const row of rows) {
    const { externalKey: key } = row;
    const numbers = row.numbers.map(({ number }) => number);
    const there =
      (key === '' ? undefined : (known.byKey(key) ?? takenKeys.get(key))) ??
      (key !== '' && newByKey.has(key) ? undefined : first(numbers, known.byNumber));
    const sibling =
      there === undefined
        ? ((key === '' ? undefined : newByKey.get(key)) ??
          first(numbers, (number) => newByNumber.get(number)))
        : undefined;
    if (there !== undefined) {
      const isOwn = known.isOwn(there);
      if (choice === 'update') {
        updates.push({ id: there, row });
        if (key !== '') takenKeys.set(key, there);
      }
      if (choice !== 'skip') listed.add(there);
      if (isOwn) counts.duplicatesInside += 1;
      else if (choice === 'update') counts.updated += 1;
      else if (choice === 'list') counts.onlyListed += 1;
      else counts.duplicatesBefore += 1;
    } else if (sibling !== undefined) {
      counts.duplicatesInside += 1;
      if (choice !== 'update') continue;
      sibling.row = merged(sibling.row, row);
      index(sibling, sibling.row);
    } else {
      const person = { row };
      added.push(person);
      index(person, row);
    }
  }
  return { added, updates, listed, ...counts };
}

function first<Key, Found>(
  keys: readonly Key[],
  find: (key: Key) => Found | undefined,
): Found | undefined {
  for (const key of keys) {
    const found = find(key);
    if (found !== undefined) return found;
  }
  return undefined;
}

const said = (later: string, earlier: string): string => (later === '' ? earlier : later);

/** What two rows say of one person: the later one where both say something, the numbers of both. */
export function merged(earlier: ReadRow, later: ReadRow): ReadRow {
  const had = new Set(earlier.numbers.map(({ number }) => number));
  const consent = later.consent ?? earlier.consent;
  return {
    name: said(later.name, earlier.name),
    company: said(later.company, earlier.company),
    externalKey: said(earlier.externalKey, later.externalKey),
    language: said(later.language, earlier.language),
    country: said(later.country, earlier.country),
    timeZone: said(later.timeZone, earlier.timeZone),
    numbers: [...earlier.numbers, ...later.numbers.filter(({ number }) => !had.has(number))],
    fields: { ...earlier.fields, ...later.fields },
    note: said(later.note, earlier.note),
    ...(consent === undefined ? {} : { consent }),
  };
}
