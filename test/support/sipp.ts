import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { until } from './until.js';

const SCENARIOS = fileURLToPath(new URL('./sipp/', import.meta.url));
/** SIPp counts its calls and ends with one of these. */
const ALL_CALLS_GOOD = 0;
const SOME_CALLS_FAILED = 1;

const NOTES = 'notes.log';
const NOT_OF_MESSAGES = /^The following events occurred:|Overload warning/;
/** Arguments with which a scenario's notes can be read. */
export const LOGS: readonly string[] = ['-trace_logs', '-log_file', NOTES];

/** One run of SIPp. */
export interface SippOptions {
  /** A file of test/support/sipp, without `.xml`. */
  readonly scenario: string;
  /** Own SIP port on 127.0.0.1. */
  readonly port: number;
  /** `127.0.0.1:5060`; not given for a scenario that only answers. */
  readonly remote?: string;
  /** One line a call, for `[field0]`, `[field1]` ... Calls take them in order. */
  readonly fields?: readonly (readonly string[])[];
  /** Calls to make; a scenario that answers goes on until it is stopped. */
  readonly calls?: number;
  readonly callsPerSecond?: number;
  /** Further arguments. */
  readonly more?: readonly string[];
  /** Words of the scenario that are to be others. */
  readonly changes?: Readonly<Record<string, string>>;
  /** Files that the scenario names, by their names. */
  readonly files?: Readonly<Record<string, Buffer>>;
}

async function scenarioOf({ scenario, changes = {} }: SippOptions): Promise<string> {
  const text = await readFile(join(SCENARIOS, `${scenario}.xml`), 'utf8');
  return Object.entries(changes).reduce((all, [word, other]) => all.replace(word, other), text);
}

/** How a run ended. */
export interface SippResult {
  readonly allGood: boolean;
  /** What SIPp wrote of unexpected messages, shortened. */
  readonly errors: string;
  /** What the scenario has noted, where it was started with {@link LOGS}. */
  readonly notes: string;
}

/** A running SIPp: SIP of its own making, beside everything that this repository plays itself. */
export class Sipp {
  private constructor(
    private readonly process: ChildProcess,
    private readonly folder: string,
    private readonly exit: Promise<number>,
  ) {}

  static async start(options: SippOptions): Promise<Sipp> {
    const folder = await mkdtemp(join(tmpdir(), 'cordboard-sipp-'));
    const scenario = join(folder, 'scenario.xml');
    await writeFile(scenario, await scenarioOf(options));
    const args = [
      ...(options.remote === undefined ? [] : [options.remote]),
      ...['-sf', scenario],
      ...['-i', '127.0.0.1', '-mi', '127.0.0.1', '-p', String(options.port)],
      ...['-nostdin', '-trace_err', '-error_file', join(folder, 'errors.log')],
      ...(options.calls === undefined ? [] : ['-m', String(options.calls)]),
      ...(options.callsPerSecond === undefined ? [] : ['-r', String(options.callsPerSecond)]),
      ...(options.more ?? []),
    ];
    if (options.fields !== undefined) {
      const lines = ['SEQUENTIAL', ...options.fields.map((fields) => fields.join(';'))];
      await writeFile(join(folder, 'fields.csv'), `${lines.join('\n')}\n`);
      args.push('-inf', join(folder, 'fields.csv'));
    }
    for (const [name, content] of Object.entries(options.files ?? {}))
      await writeFile(join(folder, name), content);
    const child = spawn('sipp', args, {
      cwd: folder,
      stdio: 'ignore',
      env: { ...process.env, TERM: 'dumb' },
    });
    const exit = once(child, 'exit').then(([code]) => (code as number | null) ?? -1);
    await once(child, 'spawn');
    return new Sipp(child, folder, exit);
  }

  /** Resolves when the scenario has noted this; it is started with `LOGS`. */
  async noted(text: string, limitMs = 10_000): Promise<void> {
    await until(`SIPp to note: ${text}`, limitMs, async () =>
      (await this.#file(NOTES)).includes(text),
    );
  }

  /** Resolves when every call is over. */
  async ended(): Promise<SippResult> {
    const code = await this.exit;
    const errors = await this.#errors();
    const notes = await this.#file(NOTES);
    await rm(this.folder, { recursive: true, force: true });
    if (code !== ALL_CALLS_GOOD && code !== SOME_CALLS_FAILED)
      throw new Error(`sipp ended with ${String(code)}: ${errors}`);
    return { allGood: code === ALL_CALLS_GOOD, errors, notes };
  }

  /** Ends it at once; calls that are up are left to the other side. */
  async stop(): Promise<void> {
    this.process.kill('SIGKILL');
    await this.exit;
    await rm(this.folder, { recursive: true, force: true });
  }

  /** Without what SIPp says of the machine: that it had to wait for its turn. */
  async #errors(): Promise<string> {
    const lines = (await this.#file('errors.log')).split('\n');
    const told = lines.filter((line) => line !== '' && !NOT_OF_MESSAGES.test(line));
    return told.join('\n').slice(0, 2_000);
  }

  async #file(name: string): Promise<string> {
    try {
      return await readFile(join(this.folder, name), 'utf8');
    } catch (error) {
      // No file: nothing was written yet.
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
      throw error;
    }
  }
}
