import { workerData } from 'node:worker_threads';
import { uploadFolder } from '../files/upload-folder.js';
import { localInfileLoader } from '../mysql/local-infile-loader.js';
import { openDatabase } from '../mysql/database.js';
import { knexAuditLog } from '../../features/audit/knex-audit-log.js';
import { runImport } from '../../features/contacts/importing/knex-import-job.js';
import type { ImportWork } from './import-thread.js';
import { tableFiles } from './table-files.js';

const { database: config, folder, id } = workerData as ImportWork;

/** The thread of one import ends with it. What it did stands in the database; a failure ends the thread as an error. */
async function work(): Promise<void> {
  const database = openDatabase(config, 1);
  try {
    await runImport(
      {
        db: database,
        loader: localInfileLoader,
        files: tableFiles,
        folder: uploadFolder(folder),
        audit: knexAuditLog,
      },
      id,
    );
  } finally {
    await database.destroy();
  }
}

void work();
