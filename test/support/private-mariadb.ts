import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { createConnection } from 'mysql2/promise';
import type { Config } from '../../src/config.js';
import { migrate, openDatabase, type Database } from '../../src/adapters/mysql/database.js';
import { freePort, PrivateProcess } from './private-process.js';

const run = promisify(execFile);

/** A MariaDB of a test's own with the product's schema, which the test may stop and start again. */
export class PrivateMariadb {
  private constructor(
    readonly config: Config['database'],
    readonly process: PrivateProcess,
    private readonly directory: string,
  ) {}

  static async start(): Promise<PrivateMariadb> {
    const directory = await mkdtemp(join(tmpdir(), 'cordboard-mariadb-'));
    const { username } = userInfo();
    await run('mariadb-install-db', [
      '--no-defaults',
      `--user=${username}`,
      `--datadir=${directory}/data`,
      '--skip-test-db',
      '--auth-root-authentication-method=socket',
      `--auth-root-socket-user=${username}`,
    ]);
    const port = await freePort();
    const socketPath = join(directory, 'mariadb.sock');
    const server = new PrivateProcess(
      'MariaDB',
      'mariadbd',
      [
        '--no-defaults',
        `--user=${username}`,
        `--datadir=${directory}/data`,
        `--socket=${socketPath}`,
        `--port=${String(port)}`,
        '--bind-address=127.0.0.1',
        '--skip-name-resolve',
        '--character-set-server=utf8mb4',
        '--collation-server=utf8mb4_unicode_ci',
        '--innodb-buffer-pool-size=64M',
        '--skip-log-bin',
        '--max-allowed-packet=64M',
      ],
      () => answers(socketPath, username),
    );
    await server.start();
    const config = {
      host: '127.0.0.1',
      port,
      name: 'cordboard',
      user: 'cordboard',
      password: 'of-a-test-only',
    };
    await prepare(socketPath, username, config);
    return new PrivateMariadb(config, server, directory);
  }

  open(): Database {
    return openDatabase(this.config);
  }

  async remove(): Promise<void> {
    await this.process.stop();
    await rm(this.directory, { recursive: true, force: true });
  }
}

async function prepare(
  socketPath: string,
  user: string,
  config: Config['database'],
): Promise<void> {
  const root = await createConnection({ socketPath, user });
  await root.query(`CREATE DATABASE ${config.name} CHARACTER SET utf8mb4`);
  await root.query(`CREATE USER '${config.user}'@'127.0.0.1' IDENTIFIED BY '${config.password}'`);
  await root.query(`GRANT ALL ON ${config.name}.* TO '${config.user}'@'127.0.0.1'`);
  await root.end();
  const database = openDatabase(config);
  await migrate(database, 'migrations');
  await database.destroy();
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
