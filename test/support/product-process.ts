import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, openSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { REPOSITORY } from './platform.js';
import { until } from './until.js';

/** A first start speaks every sentence of the switchboard; on a busy machine that takes minutes. */
const START_LIMIT_MS = 120_000;

/** As scripts/lib/platform.sh starts it. */
const NODE_FLAGS = ['--enable-source-maps', '--max-semi-space-size=64'];

/** Programs that run: a run that is broken off takes them along, or they would answer the commands of the next one. */
const running = new Set<ChildProcess>();
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});
process.once('SIGTERM', () => process.exit(143));

/** The real program as a process of its own, to be started, killed and started again. Its log goes to a file. */
export class ProductProcess {
  #child: ChildProcess | undefined;
  #logFrom = 0;

  constructor(
    private readonly settings: Readonly<Record<string, string | undefined>>,
    readonly logFile: string,
    /** Whether the process with this id takes calls. */
    private readonly isReady: (pid: number) => Promise<boolean>,
  ) {}

  get pid(): number {
    const pid = this.#child?.pid;
    if (pid === undefined) throw new Error('the program does not run');
    return pid;
  }

  get isRunning(): boolean {
    return this.#child !== undefined;
  }

  /** Starts it and waits until it takes calls. `CB_NODE_ARGUMENTS` is for Node itself: `--cpu-prof`. */
  async start(): Promise<void> {
    const log = openSync(this.logFile, 'a');
    this.#logFrom = statSync(this.logFile).size;
    const given = (process.env['CB_NODE_ARGUMENTS'] ?? '').split(' ').filter((one) => one !== '');
    const node = [...NODE_FLAGS, ...given, builtFile('main.js')];
    const child = spawn(process.execPath, node, {
      cwd: REPOSITORY,
      env: { PATH: process.env['PATH'], HOME: process.env['HOME'], ...this.settings },
      stdio: ['ignore', log, log],
    });
    this.#child = child;
    running.add(child);
    let ended: string | undefined;
    child.once('exit', (code, signal) => {
      running.delete(child);
      ended = `the program ended with ${String(code ?? signal)}`;
      if (this.#child === child) this.#child = undefined;
    });
    await until('the program', START_LIMIT_MS, async () => {
      if (ended !== undefined) throw new Error(`${ended}\n${this.log().slice(-3_000)}`);
      return child.pid !== undefined && (await this.isReady(child.pid));
    });
  }

  /** `kill -9`: no chance to clear anything away. */
  async kill(): Promise<void> {
    await this.#end('SIGKILL');
  }

  /** The end that `scripts/down` and a restart ask for. */
  async stop(): Promise<void> {
    await this.#end('SIGTERM');
  }

  /** SIGSTOP: it stands still and is there, as on a machine that is frozen for a while. */
  freeze(): void {
    this.#child?.kill('SIGSTOP');
  }

  /** SIGCONT; resolves when it has ended by itself, with its code. */
  async thawUntilEnd(): Promise<number | null> {
    const child = this.#child;
    if (child === undefined) throw new Error('the program does not run');
    const exit = once(child, 'exit') as Promise<[number | null]>;
    child.kill('SIGCONT');
    const [code] = await exit;
    return code;
  }

  /** What the present process has logged. */
  log(): string {
    return readFileSync(this.logFile, 'utf8').slice(this.#logFrom);
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    const child = this.#child;
    if (child === undefined) return;
    this.#child = undefined;
    const exit = once(child, 'exit');
    child.kill(signal);
    await exit;
  }
}

/** The built program. It is built anew where a source is newer: threads cannot be run from sources. */
export function builtFile(name: string): string {
  const built = join(REPOSITORY, 'dist', name);
  if (process.env['CB_TEST'] === undefined && newestBelow(join(REPOSITORY, 'src')) > ageOf(built))
    // Types are checked elsewhere: what can be emitted is run.
    spawnSync('npm', ['run', 'build'], { cwd: REPOSITORY, stdio: 'ignore' });
  return built;
}

const ageOf = (file: string): number => (existsSync(file) ? statSync(file).mtimeMs : 0);

const newestBelow = (folder: string): number =>
  Math.max(
    ...readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => ageOf(join(entry.parentPath, entry.name))),
  );
