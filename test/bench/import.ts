/**
 * An import of people beside MariaDB's own `LOAD DATA` of the same file, on one server that is set as the product sets it. The import
 * reads, checks and compares every row and writes people, numbers and members of a list; `LOAD DATA` puts the columns as they are
 * into one table with the same keys. Last line: one JSON object.
 *
 *   npm run bench:import -- --rows 100000
 */
import { createWriteStream } from 'node:fs';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { createReadStream } from 'node:fs';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { createConnection, type ResultSetHeader } from 'mysql2/promise';
import { uploadFolder } from '../../src/adapters/files/upload-folder.js';
import type { Database } from '../../src/adapters/mysql/database.js';
import { runImportThread } from '../../src/adapters/tables/import-thread.js';
import { tableFiles } from '../../src/adapters/tables/table-files.js';
import type { ImportSettings } from '../../src/features/contacts/importing/import-settings.js';
import { KnexImportStore } from '../../src/features/contacts/importing/knex-import-store.js';
import type { ContactListId } from '../../src/kernel/ids.js';
import { PrivateMariadb } from '../support/private-mariadb.js';

const asked = process.argv.indexOf('--rows');
const ROWS = asked < 0 ? 1_000_000 : Number(process.argv[asked + 1]);
/** As `scripts/lib/mariadb.sh` has them. */
const SERVER = [
  '--innodb-buffer-pool-size=256M',
  '--innodb-log-file-size=96M',
  '--innodb-flush-log-at-trx-commit=1',
  '--innodb-doublewrite=1',
  '--innodb-flush-method=fsync',
];
const SAMPLE_MS = 20;
const note = (text: string): void => {
  process.stderr.write(`${text}\n`);
};

/** People with all that a list usually says: each in other words, numbers in the ways in which people write them. */
async function writeFile(path: string): Promise<void> {
  const file = createWriteStream(path);
  file.write('Customer no,Name,Company,Phone,Mobile,Country,City\r\n');
  let piece = '';
  for (let at = 0; at < ROWS; at += 1) {
    const digits = String((at * 7_919) % 10_000_000).padStart(7, '0');
    const phone =
      at % 4 === 0
        ? `+44 20 7${digits.slice(0, 3)} ${digits.slice(3)}`
        : `020 7${digits.slice(0, 3)} ${digits.slice(3)}`;
    const mobile = at % 3 === 0 ? `07911 ${digits.slice(1)}` : '';
    piece += `K${String(at).padStart(8, '0')},Ada ${digits} Finch,"Finch, Lark & ${String(at % 5_000)}",${phone},${mobile},GB,Town ${String(at % 700)}\r\n`;
    if (piece.length < 256 * 1024) continue;
    if (!file.write(piece)) await once(file, 'drain');
    piece = '';
  }
  file.end(piece);
  await once(file, 'finish');
}

async function loadData(server: PrivateMariadb, path: string, keys: string): Promise<number> {
  const { name: database, ...access } = server.config;
  const connection = await createConnection({ ...access, database, charset: 'utf8mb4' });
  await connection.query(
    `CREATE TABLE plain (id INT UNSIGNED AUTO_INCREMENT PRIMARY KEY, customer_no VARCHAR(80) COLLATE utf8mb4_bin, name VARCHAR(160) NOT NULL, company VARCHAR(160) NOT NULL, phone VARCHAR(20) NOT NULL, mobile VARCHAR(20) NOT NULL, country VARCHAR(2) NOT NULL, city VARCHAR(80) NOT NULL${keys})`,
  );
  const startedAt = performance.now();
  const [result] = await connection.query<ResultSetHeader>({
    sql: `LOAD DATA LOCAL INFILE 'file' INTO TABLE plain CHARACTER SET utf8mb4 FIELDS TERMINATED BY ',' OPTIONALLY ENCLOSED BY '"' LINES TERMINATED BY '\\r\\n' IGNORE 1 LINES (customer_no, name, company, phone, mobile, country, city)`,
    infileStreamFactory: () => createReadStream(path, { highWaterMark: 256 * 1024 }),
  });
  const seconds = (performance.now() - startedAt) / 1000;
  if (result.affectedRows !== ROWS) throw new Error(`${String(result.affectedRows)} rows loaded`);
  await connection.query('DROP TABLE plain');
  await connection.end();
  return ROWS / seconds;
}

async function importFile(
  server: PrivateMariadb,
  database: Database,
  path: string,
  folder: string,
) {
  const [list] = await database('contact_lists').insert({ name: 'Bench' });
  await database('contact_fields').insert({ key: 'city', name: 'City', kind: 'text' });
  const format = await tableFiles.detect(path);
  if ('message' in format) throw new Error(format.message);
  const store = new KnexImportStore(database);
  const id = await store.add({
    ...{ kind: 'contacts', userId: undefined, userName: 'bench', fileName: 'bench.csv', format },
    storedAs: await uploadFolder(folder).take(path),
    bytes: 0,
  });
  const settings: ImportSettings = {
    columns: ['key', 'name', 'company', 'number', 'mobile', 'country', 'field:city'],
    ...{ hasHeader: true, country: 'GB', duplicates: 'skip', campaignId: 0 },
  };
  await store.keepSettings(id, settings, list as ContactListId);
  await store.queue(id);
  const delay = monitorEventLoopDelay({ resolution: 5 });
  let peak = 0;
  const sampler = setInterval(() => {
    peak = Math.max(peak, process.memoryUsage.rss());
  }, SAMPLE_MS);
  delay.enable();
  const startedAt = performance.now();
  await runImportThread({ database: server.config, folder, id }, new AbortController().signal);
  const seconds = (performance.now() - startedAt) / 1000;
  delay.disable();
  clearInterval(sampler);
  const done = await store.find(id);
  if (done?.state !== 'done' || done.imported !== ROWS || done.rejected !== 0)
    throw new Error(`the import is ${JSON.stringify(done)}`);
  const [counted] = await database('contact_list_members').count<{ n: number }[]>({ n: '*' });
  if (Number(counted?.n) !== ROWS) throw new Error('not everybody is in the list');
  return {
    rowsPerSecond: ROWS / seconds,
    peakMB: Math.round(peak / 1_048_576),
    longestWaitMs: Math.round(delay.max / 1e6),
  };
}

const server = await PrivateMariadb.start(SERVER);
const folder = await mkdtemp(join(tmpdir(), 'cordboard-bench-'));
const database = server.open();
try {
  const path = join(folder, 'bench.csv');
  await writeFile(path);
  note(`${String(ROWS)} rows, ${String(Math.round((await stat(path)).size / 1e6))} MB`);
  const keys = ', UNIQUE (customer_no), KEY (name), KEY (company), KEY (phone), KEY (mobile)';
  const loaded = await loadData(server, path, keys);
  note(`LOAD DATA with keys: ${String(Math.round(loaded))} rows/s`);
  const bare = await loadData(server, path, '');
  note(`LOAD DATA without keys: ${String(Math.round(bare))} rows/s`);
  const { rowsPerSecond, peakMB, longestWaitMs } = await importFile(server, database, path, folder);
  console.log(
    JSON.stringify({
      bench: 'import',
      rows: ROWS,
      rowsPerSecond: Math.round(rowsPerSecond),
      peakMB,
      loadDataRowsPerSecond: Math.round(loaded),
      ratio: Math.round((rowsPerSecond / loaded) * 1000) / 1000,
      withoutKeysRowsPerSecond: Math.round(bare),
      longestWaitMs,
    }),
  );
} finally {
  await database.destroy();
  await server.remove();
  await rm(folder, { recursive: true, force: true });
}
