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
const { adminPassword } = config;
if (adminPassword === undefined)
  throw new Error('CB_ADMIN_PASSWORD is needed for the first administrator');
const configuration = openConfiguration(config, makeLogger('warn'));
let count = 0;
try {
  await new CompanySeed({
    configuration,
    carrier: loadCarrierSettings(),
    adminPassword,
    freshPassword: newPassword,
    keep,
    made: (what) => {
      count += 1;
      console.log(`made ${what}`);
    },
  }).run();
} finally {
  await configuration.close();
}
console.log(
  count === 0 ? 'the demonstration company is there' : `user names and passwords: ${loginsFile()}`,
);

function loginsFile(): string {
  return join(config.varDir, 'logins.txt');
}

async function keep({ login, password }: NewLogin): Promise<void> {
  await appendFile(loginsFile(), `${login.padEnd(12)}${password}\n`, { mode: 0o600 });
  await chmod(loginsFile(), 0o600);
}
