import type { Knex } from 'knex';
import type { ContactId, ContactImportId } from '../../../kernel/ids.js';
import { planChunk, type ChunkPlan, type KnownPeople } from './chunk.js';
import type { ImportSettings } from './import-settings.js';
import type { ImportProgress, StoredImport } from './import-store.js';
import type { BulkLoader } from './knex-bulk-loader.js';
import { addExisting, updateExisting } from './knex-import-updates.js';
import { reserveContactIds } from './knex-reserved-ids.js';
import type { ReadRow } from './row-reader.js';

/** Some rows of a file, what was wrong with others, and where the file stands after them. */
export interface Chunk {
  readonly rows: readonly ReadRow[];
  /** All rows, good and bad. */
  readonly seen: number;
  readonly rejected: number;
  readonly rejectedBytes: number;
  readonly shareDone: number;
}

/** MariaDB breaks a deadlock at the cost of one transaction; a chunk is written again at most so often. */
const DEADLOCK = 'ER_LOCK_DEADLOCK';
const DEADLOCK_TRIES = 3;

/** Values of one IN list: MariaDB plans by it, and gives up planning where it is much longer. */
const VALUES_A_QUERY = 900;

/**
 * Writes chunks of an import, each with how far the import has got, in one transaction: what is written is what the progress
 * says, also after a crash in between.
 */
export class KnexImportWriter {
  readonly #made: (readonly [number, number])[];

  constructor(
    private readonly db: Knex,
    private readonly loader: BulkLoader,
    private readonly job: StoredImport & { readonly settings: ImportSettings },
  ) {
    this.#made = [...job.made];
  }

  /** The new progress, or that somebody wants it to end: then nothing was written. */
  async write(before: ImportProgress, chunk: Chunk): Promise<ImportProgress | 'cancel'> {
    for (let tries = 1; ; tries += 1) {
      try {
        return await this.#tryToWrite(before, chunk);
      } catch (error) {
        const isDeadlock = error instanceof Error && 'code' in error && error.code === DEADLOCK;
        if (!isDeadlock || tries === DEADLOCK_TRIES) throw error;
      }
    }
  }

  async #tryToWrite(before: ImportProgress, chunk: Chunk): Promise<ImportProgress | 'cancel'> {
    return this.db.transaction(async (tx) => {
      const [asked] = await tx('contact_imports')
        .where({ id: this.job.id })
        .forUpdate()
        .select<{ cancel_asked: number }[]>('cancel_asked');
      if (asked === undefined || asked.cancel_asked !== 0) return 'cancel';
      const done =
        this.job.kind === 'contacts'
          ? await this.#writeContacts(tx, before, chunk)
          : await this.#writeNumbers(tx, before, chunk);
      const progress: ImportProgress = {
        ...done,
        rowsDone: before.rowsDone + chunk.seen,
        shareDone: chunk.shareDone,
        rejected: before.rejected + chunk.rejected,
        rejectedBytes: chunk.rejectedBytes,
      };
      await saveProgress(tx, this.job.id, progress);
      return progress;
    });
  }

  async #writeContacts(
    tx: Knex.Transaction,
    before: ImportProgress,
    chunk: Chunk,
  ): Promise<ImportProgress> {
    const known = await this.#known(tx, chunk.rows);
    const plan = planChunk(chunk.rows, known, this.job.settings.duplicates);
    const made = await this.#add(tx, plan);
    await updateExisting(tx, this.loader, plan.updates, this.#source);
    if (this.job.listId !== undefined) await addExisting(tx, this.job.listId, plan.listed);
    return {
      ...before,
      imported: before.imported + plan.added.length,
      updated: before.updated + plan.updated,
      listed: before.listed + plan.onlyListed,
      duplicatesBefore: before.duplicatesBefore + plan.duplicatesBefore,
      duplicatesInside: before.duplicatesInside + plan.duplicatesInside,
      made,
    };
  }

  get #source(): string {
    return `import ${String(this.job.id)}`;
  }

  /** Looks up whom the rows could be: by external key, archived people too, and by number among those in use. */
  async #known(tx: Knex, rows: readonly ReadRow[]): Promise<KnownPeople> {
    const keys = new Map<string, ContactId>();
    const wanted = [...new Set(rows.map((row) => row.externalKey))].filter((key) => key !== '');
    await inParts(wanted, async (part) => {
      const found = await tx('contacts')
        .whereIn('external_key', part)
        .select<{ id: ContactId; external_key: string }[]>('id', 'external_key');
      for (const row of found) keys.set(row.external_key, row.id);
    });
    const numbers = new Map<string, ContactId>();
    const asked = [...new Set(rows.flatMap((row) => row.numbers.map(({ number }) => number)))];
    await inParts(asked, async (part) => {
      const found = await tx('contact_numbers as n')
        .join('contacts as c', 'c.id', 'n.contact_id')
        .whereNull('c.archived_at')
        .whereIn('n.number', part)
        .orderBy('n.contact_id')
        .select<{ contact_id: ContactId; number: string }[]>('n.contact_id', 'n.number');
      for (const row of found)
        if (!numbers.has(row.number)) numbers.set(row.number, row.contact_id);
    });
    const made = this.#made;
    return {
      byKey: (key) => keys.get(key),
      byNumber: (number) => numbers.get(number),
      isOwn: (id) => made.some(([from, to]) => id >= from && id <= to),
    };
  }

  /** Writes the new people; gives the ids of all that this import has made. */
  async #add(tx: Knex.Transaction, { added }: ChunkPlan): Promise<ImportProgress['made']> {
    if (added.length === 0) return [...this.#made];
    const first = await reserveContactIds(tx, added.length);
    const contacts: (string | number | null)[][] = [];
    const numbers: (string | number)[][] = [];
    const consents: (string | number)[][] = [];
    const members: number[][] = [];
    const at = new Date().toISOString().slice(0, 23).replace('T', ' ');
    for (const [index, { row }] of added.entries()) {
      const id = first + index;
      contacts.push([
        id,
        row.name,
        row.company,
        row.externalKey === '' ? null : row.externalKey,
        row.language,
        row.country,
        row.timeZone,
        JSON.stringify(row.fields),
      ]);
      for (const [position, { number, kind }] of row.numbers.entries())
        numbers.push([id, position, number, kind]);
      if (row.consent !== undefined) consents.push([id, row.consent, this.#source, at]);
      if (this.job.listId !== undefined) members.push([this.job.listId, id]);
    }
    const load = this.loader.load.bind(this.loader);
    await load(tx, 'contacts', CONTACT_COLUMNS, contacts);
    await load(tx, 'contact_numbers', ['contact_id', 'position', 'number', 'kind'], numbers);
    await load(tx, 'contact_consents', ['contact_id', 'kind', 'source', 'at'], consents);
    await load(tx, 'contact_list_members', ['list_id', 'contact_id'], members);
    const last = this.#made.at(-1);
    if (last?.[1] === first - 1) this.#made.splice(-1, 1, [last[0], first + added.length - 1]);
    else this.#made.push([first, first + added.length - 1]);
    return [...this.#made];
  }

  /** Numbers that nobody calls. Those that are there already count as duplicates. */
  async #writeNumbers(
    tx: Knex.Transaction,
    before: ImportProgress,
    chunk: Chunk,
  ): Promise<ImportProgress> {
    const { campaignId } = this.job.settings;
    const notes = new Map<string, string>();
    let given = 0;
    for (const row of chunk.rows)
      for (const { number } of row.numbers) {
        given += 1;
        if (!notes.has(number)) notes.set(number, row.note);
      }
    const there = new Set<string>();
    await inParts([...notes.keys()], async (part) => {
      const found = await tx('do_not_call')
        .where({ campaign_id: campaignId })
        .whereIn('number', part)
        .forUpdate()
        .select<{ number: string }[]>('number');
      for (const row of found) there.add(row.number);
    });
    const added = [...notes].filter(([number]) => !there.has(number));
    await this.loader.load(
      tx,
      'do_not_call',
      ['number', 'campaign_id', 'source', 'note', 'user_id'],
      added.map(([number, note]) => [number, campaignId, 'import', note, this.job.userId ?? null]),
    );
    return {
      ...before,
      imported: before.imported + added.length,
      duplicatesBefore: before.duplicatesBefore + there.size,
      duplicatesInside: before.duplicatesInside + given - notes.size,
    };
  }
}

const CONTACT_COLUMNS = [
  ...['id', 'name', 'company', 'external_key'],
  ...['language', 'country', 'time_zone', 'fields'],
] as const;

async function saveProgress(
  tx: Knex,
  id: ContactImportId,
  progress: ImportProgress,
): Promise<void> {
  await tx('contact_imports')
    .where({ id })
    .update({
      rows_done: progress.rowsDone,
      share_done: progress.shareDone,
      imported: progress.imported,
      updated: progress.updated,
      listed: progress.listed,
      duplicates_before: progress.duplicatesBefore,
      duplicates_inside: progress.duplicatesInside,
      rejected: progress.rejected,
      rejected_bytes: progress.rejectedBytes,
      made: JSON.stringify(progress.made),
    });
}

/** Runs work on parts of a list: neither a statement nor a packet grows with the file. */
async function inParts<Item>(
  items: readonly Item[],
  work: (part: readonly Item[]) => Promise<void>,
): Promise<void> {
  for (let at = 0; at < items.length; at += VALUES_A_QUERY)
    await work(items.slice(at, at + VALUES_A_QUERY));
}
