/** `node dist/tasks/migrate.js`: brings the database up to date and says what was applied. */
import { fileURLToPath } from 'node:url';
import { migrate, openDatabase } from '../adapters/mysql/database.js';
import { loadConfig } from '../config.js';

const MIGRATIONS = fileURLToPath(new URL('../../migrations', import.meta.url));

const database = openDatabase(loadConfig().database, 1);
try {
  const applied = await migrate(database, MIGRATIONS);
  for (const name of applied) console.log(`applied ${name}`);
  if (applied.length === 0) console.log('the database is up to date');
} finally {
  await database.destroy();
}
