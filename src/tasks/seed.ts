/**
 * `node dist/tasks/seed.js`: sets the demonstration company up where it is not there yet, and says what it made. Passwords
 * of new users go to `<varDir>/logins.txt`, readable by the owner only.
 */
import { appendFile, chmod } from 'node:fs/promises';
import { join } from 'node:path';
import { makeLogger } from '../adapters/log/logger.js';
import { loadConfig } from '../config.js';
import { loadCarrierSettings } from '../demo/carrier-settings.js';
import { openConfiguration } from '../demo/configuration.js';
import { CompanySeed, type NewLogin } from '../demo/seed-company.js';
import { newPassword } from '../features/configuration/index.js';

const config = loadConfig();
const admin = config.adminPassword;
if (admin === undefined) throw new Error('CB_ADMIN_PASSWORD is needed for the first administrator');
const configuration = openConfiguration(config, makeLogger('warn'));
try {
  const passwords = { admin, fresh: newPassword };
  const { made, logins } = await new CompanySeed(
    configuration,
    loadCarrierSettings(),
    passwords,
  ).run();
  if (logins.length > 0) await keep(logins);
  for (const thing of made) console.log(`made ${thing}`);
  if (made.length === 0) console.log('the demonstration company is there');
} finally {
  await configuration.close();
}

async function keep(logins: readonly NewLogin[]): Promise<void> {
  const file = join(config.varDir, 'logins.txt');
  const lines = logins.map(({ login, password }) => `${login.padEnd(12)}${password}\n`);
  await appendFile(file, lines.join(''), { mode: 0o600 });
  await chmod(file, 0o600);
  console.log(`user names and passwords: ${file}`);
}
