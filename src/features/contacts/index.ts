import { uploadFolder } from '../../adapters/files/upload-folder.js';
import { runImportThread } from '../../adapters/tables/import-thread.js';
import { tableFiles } from '../../adapters/tables/table-files.js';
import type { Database } from '../../adapters/mysql/database.js';
import type { Config } from '../../config.js';
import type { Actor } from '../../kernel/actor.js';
import type { Clock } from '../../kernel/clock.js';
import type { ContactListId } from '../../kernel/ids.js';
import type { Scope } from '../../kernel/scope.js';
import type { CallLog } from '../../telephony/calls/services.js';
import type { Directory } from '../../telephony/directory.js';
import type { FeatureModule, PageContext } from '../../web/kit/index.js';
import { knexAuditLog } from '../audit/index.js';
import { KnexUsageReports, RowService } from '../configuration/index.js';
import { contactFieldPages } from './contact-field-pages.js';
import { contactPages } from './contact-pages.js';
import { ContactService } from './contact-service.js';
import { addImportPages } from './importing/import-pages.js';
import { runImports } from './importing/import-runner.js';
import { ImportService } from './importing/import-service.js';
import {
  forgetImports,
  giveUpImport,
  markBrokenOff,
  readFields,
  waitingImports,
} from './importing/knex-import-job.js';
import { KnexImportStore } from './importing/knex-import-store.js';
import { KnexContactFieldStore } from './knex-contact-field-store.js';
import { KnexContactReports } from './knex-contact-reports.js';
import { KnexContactStore } from './knex-contact-store.js';

export { ContactService } from './contact-service.js';
export { fromJson } from './json-column.js';
export { lineView } from './contact-view.js';
export { HELD_BY_LIST } from './held-by-list.js';
export { telephoneNumber } from './telephone-number.js';
export { numberPrefixes } from './number-prefixes.js';
export type { ContactFieldDraft } from './contact-field.js';
export { importView } from './importing/import-view.js';
export type { ImportService } from './importing/import-service.js';
export { readFields } from './importing/knex-import-job.js';
export { findContact } from './knex-contact-names.js';

export interface ContactsParts {
  readonly database: Database;
  readonly directory: Pick<Directory, 'current'>;
  readonly clock: Clock;
  readonly country: string;
  /** Where uploads wait and rejected rows are kept. */
  readonly importFolder: string;
  readonly makeList: (actor: Actor, name: string) => Promise<ContactListId>;
  readonly block: (page: PageContext, number: string, note: string) => Promise<void>;
}

/** People, the site's own fields, and imports. */
export interface ContactsFeature {
  readonly modules: readonly FeatureModule[];
  readonly service: ContactService;
  readonly imports: ImportService;
}

/** Wires them on MariaDB. */
export function makeContactsFeature(parts: ContactsParts): ContactsFeature {
  const { database, directory, clock } = parts;
  const isPrivate = (): boolean => directory.current.numberPrivacy.isMasked;
  const fields = () => readFields(database);
  const service = new ContactService(
    new KnexContactStore(database, knexAuditLog),
    new KnexContactReports(database, parts.country),
    isPrivate,
  );
  const imports = new ImportService({
    store: new KnexImportStore(database),
    files: tableFiles,
    folder: uploadFolder(parts.importFolder),
    fields,
    makeList: parts.makeList,
  });
  const now = (): number => clock.now();
  const pages = contactPages({ service, fields, isPrivate, block: parts.block, now });
  addImportPages(pages, { service: imports, now });
  const fieldService = new RowService(
    new KnexContactFieldStore(database, knexAuditLog),
    { configurationChanged: () => Promise.resolve() },
    {
      permission: 'contact-fields.edit',
      objectKind: 'contact-field',
      announces: 'settings',
      nameOf: (draft) => draft.name,
      describe: (draft) => ({ ...draft, choices: draft.choices.join(', ') }),
    },
  );
  return {
    service,
    imports,
    modules: [
      {
        name: 'contacts',
        pages,
        menu: [
          {
            group: 'work',
            label: 'contacts.title',
            icon: 'address-book',
            href: '/contacts',
            access: 'contacts.read',
            order: 30,
          },
        ],
      },
      {
        name: 'contact-fields',
        pages: contactFieldPages(fieldService, new KnexUsageReports(database)),
        menu: [
          {
            group: 'data',
            label: 'contact-fields.title',
            icon: 'tag',
            href: '/setup/contact-fields',
            access: 'contact-fields.edit',
            order: 10,
          },
        ],
      },
    ],
  };
}

/** Runs imports that wait, for the role `jobs`. */
export function startImports(
  server: Scope,
  {
    database,
    config,
    folder,
    ...parts
  }: {
    readonly database: Database;
    readonly config: Config['database'];
    readonly folder: string;
    readonly clock: Clock;
    readonly log: Pick<CallLog, 'info' | 'warn' | 'error'>;
  },
): void {
  const files = uploadFolder(folder);
  runImports(server, {
    ...parts,
    waiting: () => waitingImports(database),
    markBrokenOff: () => markBrokenOff(database),
    tidy: async (draftsBefore, endedBefore) => {
      for (const name of await forgetImports(database, draftsBefore, endedBefore))
        await files.remove(name);
    },
    giveUp: (id) => giveUpImport(database, id),
    run: (id, signal) => runImportThread({ database: config, folder, id }, signal),
  });
}
