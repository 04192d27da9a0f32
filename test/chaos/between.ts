import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const PROGRAM = fileURLToPath(new URL('./proxy-process.ts', import.meta.url));

/** What stands between the program and one of its servers: a `TcpProxy` in a process of its own. */
export class Between {
  private constructor(
    private readonly child: ChildProcess,
    readonly port: number,
  ) {}

  static async open(target: { readonly host: string; readonly port: number }): Promise<Between> {
    const child = fork(PROGRAM, [target.host, String(target.port)]);
    const [port] = (await once(child, 'message')) as [number];
    return new Between(child, port);
  }

  /** Ends all connections at once, without a word. New ones are taken. */
  cut(): void {
    this.child.send(['cut']);
  }

  /** From now on nothing passes, until `thaw`. */
  freeze(): void {
    this.child.send(['freeze']);
  }

  thaw(): void {
    this.child.send(['thaw']);
  }

  /** From now on everything arrives so much later; 0: at once again. */
  slow(delayMs: number): void {
    this.child.send(['slow', delayMs]);
  }

  close(): void {
    this.child.disconnect();
  }
}
