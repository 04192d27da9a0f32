import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseEnvironmentFile } from '../../src/config.js';

/** The checkout. */
export const REPOSITORY = fileURLToPath(new URL('../../', import.meta.url));

/** Servers that a suite runs against: the folder of the instance and its settings (`cordboard.env`). */
export interface Platform {
  readonly varDir: string;
  readonly settings: Readonly<Record<string, string>>;
}

/** One of the instance's settings; throws where it is missing. */
export function setting(platform: Platform, name: string): string {
  const value = platform.settings[name];
  if (value === undefined) throw new Error(`cordboard.env of ${platform.varDir} has no ${name}`);
  return value;
}

function platformScript(varDir: string, command: string): void {
  const { status, stdout, stderr } = spawnSync('scripts/platform', [command], {
    cwd: REPOSITORY,
    encoding: 'utf8',
    env: { ...process.env, CB_VAR: varDir },
  });
  if (status !== 0) throw new Error(`scripts/platform ${command} failed:\n${stdout}\n${stderr}`);
}

/**
 * Brings MariaDB, Redis and both Asterisk nodes up, those of `CB_VAR` where it is set (scripts/test sets it), else of the
 * given folder under `var/`. Quick when they run already.
 */
export function platformUp(folder: string): Platform {
  const varDir = resolve(process.env['CB_VAR'] ?? join(REPOSITORY, 'var', folder));
  mkdirSync(varDir, { recursive: true });
  platformScript(varDir, 'up');
  const settings = parseEnvironmentFile(readFileSync(join(varDir, 'cordboard.env'), 'utf8'));
  return { varDir, settings };
}

/** Stops the servers; their data stays. */
export function platformDown(platform: Platform): void {
  platformScript(platform.varDir, 'down');
}

/** Process id of a server that `scripts/platform` keeps: `asterisk-pbx`, `mariadb` ... */
export const keptPid = (platform: Platform, service: string): number =>
  Number(readFileSync(join(platform.varDir, 'run', `${service}.pid`), 'utf8'));
