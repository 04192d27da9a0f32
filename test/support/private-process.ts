import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';

/** Asks every 25 ms until the answer is true; rejects after the limit, naming what was waited for. */
export async function eventually(
  what: string,
  holds: () => Promise<boolean> | boolean,
  limitMs = 15_000,
): Promise<void> {
  const until = Date.now() + limitMs;
  while (!(await holds())) {
    if (Date.now() > until) throw new Error(`not within ${String(limitMs)} ms: ${what}`);
    await sleep(25);
  }
}

/** A server program of a test's own, which the test may stop, kill and start again. */
export class PrivateProcess {
  #child: ChildProcess | undefined;
  #output = '';

  constructor(
    private readonly name: string,
    private readonly command: string,
    private readonly args: readonly string[],
    private readonly answers: () => Promise<boolean>,
  ) {}

  async start(): Promise<void> {
    const child = spawn(this.command, this.args, { stdio: ['ignore', 'pipe', 'pipe'] });
    this.#child = child;
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (data: Buffer) => {
        this.#output = (this.#output + data.toString()).slice(-4_000);
      });
    await eventually(
      `${this.name} answers`,
      async () => {
        if (child.exitCode !== null) throw new Error(`${this.name} ended:\n${this.#output}`);
        return this.answers();
      },
      60_000,
    );
  }

  /** Resolves when the process is gone. */
  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
    const child = this.#child;
    this.#child = undefined;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, 'exit');
    child.kill(signal);
    await gone;
  }
}
