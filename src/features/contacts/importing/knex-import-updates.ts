import type { Knex } from 'knex';
import type { ContactId, ContactListId } from '../../../kernel/ids.js';
import { HELD_BY_LIST } from '../held-by-list.js';
import { merged } from './chunk.js';
import type { BulkLoader } from './knex-bulk-loader.js';
import { MAX_NUMBERS, type ReadRow } from './row-reader.js';

const ROWS_A_STATEMENT = 500;

interface ContactRow {
  readonly id: ContactId;
  readonly external_key: string | null;
}

/**
 * Writes what rows say over what is stored of people who are there: what a row leaves empty stays, numbers that are new are added
 * behind the others, somebody who was archived is brought back.
 */
export async function updateExisting(
  tx: Knex.Transaction,
  loader: BulkLoader,
  updates: readonly { readonly id: ContactId; readonly row: ReadRow }[],
  source: string,
): Promise<void> {
  const wanted = new Map<ContactId, ReadRow>();
  for (const { id, row } of updates) {
    const before = wanted.get(id);
    wanted.set(id, before === undefined ? row : merged(before, row));
  }
  const all = [...wanted];
  for (let at = 0; at < all.length; at += ROWS_A_STATEMENT)
    await updateSome(tx, loader, new Map(all.slice(at, at + ROWS_A_STATEMENT)), source);
}

async function updateSome(
  tx: Knex.Transaction,
  loader: BulkLoader,
  wanted: ReadonlyMap<ContactId, ReadRow>,
  source: string,
): Promise<void> {
  const stored = await tx('contacts')
    .whereIn('id', [...wanted.keys()])
    .orderBy('id')
    .forUpdate()
    .select<ContactRow[]>('id', 'external_key');
  const values = stored.map(({ id, external_key: key }) => {
    const row = wanted.get(id);
    return [
      ...[id, row?.name ?? '', row?.company ?? ''],
      key ?? (row === undefined || row.externalKey === '' ? null : row.externalKey),
      ...[row?.language ?? '', row?.country ?? '', row?.timeZone ?? ''],
      JSON.stringify(row?.fields ?? {}),
    ];
  });
  if (values.length === 0) return;
  const said = (column: string): string =>
    `${column} = IF(VALUES(${column}) = '', ${column}, VALUES(${column}))`;
  await tx.raw(
    `INSERT INTO contacts (id, name, company, external_key, language, country, time_zone, fields)
     VALUES ${values.map(() => '(?, ?, ?, ?, ?, ?, ?, ?)').join(', ')}
     ON DUPLICATE KEY UPDATE ${['name', 'company', 'language', 'country', 'time_zone'].map(said).join(', ')},
       external_key = VALUES(external_key), fields = JSON_MERGE_PATCH(fields, VALUES(fields)),
       archived_at = NULL, version = version + 1, updated_at = NOW(3)`,
    values.flat(),
  );
  await addNumbers(tx, loader, wanted);
  const at = new Date().toISOString().slice(0, 23).replace('T', ' ');
  await loader.load(
    tx,
    'contact_consents',
    ['contact_id', 'kind', 'source', 'at'],
    [...wanted].flatMap(([id, { consent }]) =>
      consent === undefined ? [] : [[id, consent, source, at]],
    ),
  );
}

async function addNumbers(
  tx: Knex.Transaction,
  loader: BulkLoader,
  wanted: ReadonlyMap<ContactId, ReadRow>,
): Promise<void> {
  const stored = await tx('contact_numbers')
    .whereIn('contact_id', [...wanted.keys()])
    .select<{ contact_id: ContactId; position: number; number: string }[]>(
      'contact_id',
      'position',
      'number',
    );
  const had = new Map<ContactId, { numbers: Set<string>; next: number }>();
  for (const { contact_id: id, position, number } of stored) {
    const one = had.get(id) ?? { numbers: new Set<string>(), next: 0 };
    one.numbers.add(number);
    one.next = Math.max(one.next, position + 1);
    had.set(id, one);
  }
  const rows: (string | number)[][] = [];
  for (const [id, row] of wanted) {
    const one = had.get(id) ?? { numbers: new Set<string>(), next: 0 };
    for (const { number, kind } of row.numbers) {
      if (one.numbers.has(number) || one.numbers.size >= MAX_NUMBERS) continue;
      rows.push([id, one.next, number, kind]);
      one.numbers.add(number);
      one.next += 1;
    }
  }
  await loader.load(tx, 'contact_numbers', ['contact_id', 'position', 'number', 'kind'], rows);
}

/** Puts people who are there into a list; leads that were removed with it are called again. */
export async function addExisting(
  tx: Knex,
  list: ContactListId,
  contacts: ReadonlySet<ContactId>,
): Promise<void> {
  const ids = [...contacts];
  for (let at = 0; at < ids.length; at += ROWS_A_STATEMENT) {
    const part = ids.slice(at, at + ROWS_A_STATEMENT);
    await tx.raw(
      `INSERT IGNORE INTO contact_list_members (list_id, contact_id) VALUES ${part.map(() => '(?, ?)').join(', ')}`,
      part.flatMap((id) => [list, id]),
    );
    await tx.raw(
      `UPDATE leads l JOIN campaign_sources s ON s.id = l.source_id AND s.list_id = ?
         SET l.state = IF(l.state = 'removed', 'open', l.state), l.held_by = '', l.updated_at = NOW(3)
       WHERE l.held_by = ? AND l.contact_id IN (${part.map(() => '?').join(', ')})`,
      [list, HELD_BY_LIST, ...part],
    );
  }
}
