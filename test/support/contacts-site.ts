import { join } from 'node:path';
import { uploadFolder } from '../../src/adapters/files/upload-folder.js';
import { localInfileLoader } from '../../src/adapters/mysql/local-infile-loader.js';
import { openDatabase } from '../../src/adapters/mysql/database.js';
import { tableFiles } from '../../src/adapters/tables/table-files.js';
import { makeAuditFeature, knexAuditLog } from '../../src/features/audit/index.js';
import {
  makeContactListsFeature,
  openContactLists,
  type ContactListService,
} from '../../src/features/contact-lists/index.js';
import { countList, listToCount } from '../../src/features/contact-lists/knex-list-figures.js';
import { makeContactsFeature, type ContactsFeature } from '../../src/features/contacts/index.js';
import {
  markBrokenOff,
  runImport,
  waitingImports,
} from '../../src/features/contacts/importing/knex-import-job.js';
import {
  makeDoNotCallFeature,
  openDoNotCall,
  type DoNotCallService,
} from '../../src/features/do-not-call/index.js';
import { makeNumberPrivacyFeature } from '../../src/features/number-privacy/index.js';
import { makeSegmentsFeature } from '../../src/features/segments/index.js';
import { TestSite, type TestAnswer, type TestClient } from './web.js';

interface Made {
  readonly contacts: ContactsFeature;
  readonly lists: ContactListService;
  readonly doNotCall: DoNotCallService;
}

/** The web app with people, lists, segments and numbers not to call. Stop `site` in `after`. */
export class ContactsSite {
  private constructor(
    readonly site: TestSite,
    readonly contacts: ContactsFeature,
    readonly lists: ContactListService,
    readonly doNotCall: DoNotCallService,
    readonly folder: string,
  ) {}

  static async start(): Promise<ContactsSite> {
    const made: Made[] = [];
    let folder = '';
    const site = await TestSite.start((parts) => {
      const { database, directory, clock, config, announcer } = parts;
      folder = join(config.varDir, 'contact-imports');
      const doNotCall = openDoNotCall({ database, directory, country: config.country });
      const lists = openContactLists(database);
      const contacts = makeContactsFeature({
        ...{ database, directory, clock, country: config.country, importFolder: folder },
        makeList: (actor, name) => lists.create(actor, { name, description: '' }),
        block: async (page, number, note) => {
          await doNotCall.add(page.actor, { number, note, campaignId: 0, source: 'page' });
        },
      });
      made.push({ contacts, lists, doNotCall });
      return [
        ...contacts.modules,
        makeContactListsFeature(lists, contacts),
        makeSegmentsFeature(database, config.timezone),
        makeDoNotCallFeature(doNotCall, 'GB'),
        makeNumberPrivacyFeature({ database, announcer }),
        makeAuditFeature(database),
      ];
    });
    const [first] = made;
    if (first === undefined) throw new Error('the features were not made');
    const { contacts, lists, doNotCall } = first;
    return new ContactsSite(site, contacts, lists, doNotCall, folder);
  }

  get db() {
    return this.site.parts.database;
  }

  /** Uploads a file as a browser does; gives the id of the import, or the page that says what is wrong. */
  async upload(
    client: TestClient,
    content: string | Buffer,
    name = 'people.csv',
    kind = 'contacts',
  ): Promise<TestAnswer & { readonly id: string }> {
    await client.get('/lists/import');
    const body = new FormData();
    body.append('_csrf', client.csrf);
    body.append('kind', kind);
    body.append('file', new Blob([new Uint8Array(Buffer.from(content))]), name);
    const answer = await client.send('/lists/import', { body });
    return { ...answer, id: answer.location?.split('/').at(-1) ?? '' };
  }

  /** Runs what waits, as the role `jobs` does, here without a thread. */
  async runWaiting(): Promise<void> {
    await markBrokenOff(this.db);
    for (const id of await waitingImports(this.db)) {
      const db = openDatabase(this.site.mariadb.config, 1);
      await runImport(
        {
          db,
          loader: localInfileLoader,
          files: tableFiles,
          folder: uploadFolder(this.folder),
          audit: knexAuditLog,
        },
        id,
      );
      await db.destroy();
    }
    for (;;) {
      const list = await listToCount(this.db, Date.now());
      if (list === undefined) return;
      await countList(this.db, list, Date.now());
    }
  }

  /** An import as it is stored. */
  async row(id: string): Promise<ImportRow> {
    const [row] = await this.db('contact_imports').where({ id }).select<ImportRow[]>('*');
    if (row === undefined) throw new Error(`no import ${id}`);
    return row;
  }

  /** The only row, or the first. */
  async first<Row extends object>(table: string, where: object): Promise<Row | undefined> {
    const rows = (await this.db(table).where(where)) as Row[];
    return rows[0];
  }

  /** Uploads, takes what is guessed, runs; gives the row of the import. */
  async import(
    client: TestClient,
    content: string | Buffer,
    choices: Readonly<Record<string, string | readonly string[]>> = {},
    name = 'people.csv',
  ) {
    const { id, status } = await this.upload(
      client,
      content,
      name,
      String(choices['kind'] ?? 'contacts'),
    );
    if (id === '') throw new Error(`the upload was answered with ${String(status)}`);
    const page = await client.get(`/lists/import/${id}`);
    const chosen = [
      ...page.text.matchAll(/<select class="inp" name="column"[\s\S]*?<\/select>/g),
    ].map(([select]) => / value="([^"]*)" selected/.exec(select)?.[1] ?? '');
    const hasHeader = /name="hasHeader" checked/.test(page.text);
    const answer = await client.post(`/lists/import/${id}/run`, {
      column: chosen,
      ...(hasHeader ? { hasHeader: 'on' } : {}),
      ...{ country: 'GB', duplicates: 'skip', list: 'none' },
      ...choices,
    });
    if (answer.status !== 303) throw new Error(answer.text.slice(0, 4_000));
    await this.runWaiting();
    return this.row(id);
  }
}

/** What tests look at. */
export interface ImportRow {
  readonly id: number;
  readonly state: string;
  readonly problem: string;
  readonly rows_done: number;
  readonly imported: number;
  readonly updated: number;
  readonly listed: number;
  readonly duplicates_before: number;
  readonly duplicates_inside: number;
  readonly rejected: number;
  readonly list_id: number | null;
}
