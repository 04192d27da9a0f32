import { execFile } from 'node:child_process';
import { rmSync } from 'node:fs';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { createConnection } from 'mysql2/promise';
import type { Config } from '../../src/config.js';
import { migrate, openDatabase, type Database } from '../../src/adapters/mysql/database.js';
import { freePort } from './free-port.js';
import { PrivateProcess } from './private-process.js';

const run = promisify(execFile);

/** What no data folder may differ in. Written to the system at each commit, but not to the disk: a killed server loses nothing. */
const SETTINGS = [
  '--no-defaults',
  '--innodb-log-file-size=16M',
  '--innodb-autoextend-increment=8',
  '--innodb-flush-log-at-trx-commit=2',
  '--innodb-flush-method=nosync',
  '--innodb-doublewrite=0',
] as const;
const ACCESS = {
  host: '127.0.0.1',
  name: 'cordboard',
  user: 'cordboard',
  password: 'of-a-test-only',
};

/** A MariaDB of a test's own with the product's schema, which the test may stop and start again. */
export class PrivateMariadb {
  private constructor(
    readonly config: Config['database'],
    readonly process: PrivateProcess,
    private readonly directory: string,
  ) {}

  /** `settings` come after those that every test has. */
  static async start(settings: readonly string[] = []): Promise<PrivateMariadb> {
    const prepared = await preparedFolder();
    const directory = await mkdtemp(join(tmpdir(), 'cordboard-mariadb-'));
    await cp(join(prepared, 'data'), join(directory, 'data'), { recursive: true });
    const { server, port } = await serverOn(directory, settings);
    return new PrivateMariadb({ ...ACCESS, port }, server, directory);
  }

  open(): Database {
    return openDatabase(this.config);
  }

  async remove(): Promise<void> {
    await this.process.stop('SIGKILL');
    await rm(this.directory, { recursive: true, force: true });
  }
}

let prepared: Promise<string> | undefined;

/** A data folder with the product's schema: made once in a run, copied for each server. */
function preparedFolder(): Promise<string> {
  prepared ??= prepareFolder();
  return prepared;
}

async function prepareFolder(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'cordboard-mariadb-'));
  process.once('exit', () => {
    rmSync(directory, { recursive: true, force: true });
  });
  const { username } = userInfo();
  await run(
    'mariadb-install-db',
    [
      ...SETTINGS,
      `--user=${username}`,
      `--datadir=${directory}/data`,
      '--skip-test-db',
      '--auth-root-authentication-method=socket',
      `--auth-root-socket-user=${username}`,
    ],
    {
      // Two that are made at the same time would meet in /tmp.
      env: { ...process.env, TMPDIR: directory },
    },
  );
  const { server, port, socketPath } = await serverOn(directory);
  const root = await createConnection({ socketPath, user: username });
  await root.query(`CREATE DATABASE ${ACCESS.name} CHARACTER SET utf8mb4`);
  await root.query(`CREATE USER '${ACCESS.user}'@'127.0.0.1' IDENTIFIED BY '${ACCESS.password}'`);
  await root.query(`GRANT ALL ON ${ACCESS.name}.* TO '${ACCESS.user}'@'127.0.0.1'`);
  await root.end();
  const database = openDatabase({ ...ACCESS, port });
  await migrate(database, 'migrations');
  await database.destroy();
  await server.stop();
  return directory;
}

async function serverOn(directory: string, settings: readonly string[] = []) {
  const { username } = userInfo();
  const port = await freePort();
  const socketPath = join(directory, 'mariadb.sock');
  const server = new PrivateProcess(
    'MariaDB',
    'mariadbd',
    [
      ...SETTINGS,
      `--user=${username}`,
      `--datadir=${directory}/data`,
      // Its own: a server that starts removes temporary tables that lie in its folder, also those of others.
      `--tmpdir=${directory}`,
      `--socket=${socketPath}`,
      `--port=${String(port)}`,
      '--bind-address=127.0.0.1',
      '--skip-name-resolve',
      '--character-set-server=utf8mb4',
      '--collation-server=utf8mb4_unicode_ci',
      '--innodb-buffer-pool-size=64M',
      '--skip-log-bin',
      '--max-allowed-packet=64M',
      ...settings,
    ],
    () => answers(socketPath, username),
  );
  await server.start();
  return { server, port, socketPath };
}

async function answers(socketPath: string, user: string): Promise<boolean> {
  try {
    const connection = await createConnection({ socketPath, user });
    await connection.end();
    return true;
  } catch {
    return false;
  }
}
