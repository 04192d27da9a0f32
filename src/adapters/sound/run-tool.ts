import { fork, type ChildProcess } from 'node:child_process';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { executeTool, type ToolResult } from './execute-tool.js';
import type { ToolAnswer, ToolRequest } from './tool-process.js';

export type { ToolResult } from './execute-tool.js';

interface Running extends ToolRequest {
  readonly done: (result: ToolResult) => void;
}

/**
 * Tools are started by a small process of their own. Starting a program stops the event loop of whoever starts it, by 15 to 100 ms
 * on a busy machine, and in this process calls wait for the event loop.
 */
class ToolProcess {
  readonly #child: ChildProcess;
  readonly #running = new Map<number, Running>();
  #lastId = 0;
  #isOver = false;

  constructor() {
    const file = fileURLToPath(import.meta.url);
    this.#child = fork(fileURLToPath(new URL(`./tool-process${extname(file)}`, import.meta.url)));
    this.#child.on('message', ({ id, result }: ToolAnswer) => {
      this.#settle(id, result);
    });
    this.#child.on('error', () => {
      this.#end();
    });
    this.#child.on('exit', () => {
      this.#end();
    });
    this.#hold();
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  run(command: string, args: readonly string[], timeoutMs: number): Promise<ToolResult> {
    const id = ++this.#lastId;
    return new Promise((done) => {
      const request = { id, command, args, timeoutMs };
      this.#running.set(id, { ...request, done });
      this.#hold();
      this.#child.send(request, (error) => {
        if (error !== null) this.#end();
      });
    });
  }

  #settle(id: number, result: ToolResult): void {
    this.#running.get(id)?.done(result);
    this.#running.delete(id);
    this.#hold();
  }

  /** The program lives on for tools that run, not for a process that could run some. */
  #hold(): void {
    const { channel } = this.#child;
    if (this.#running.size > 0) {
      this.#child.ref();
      channel?.ref();
    } else {
      this.#child.unref();
      channel?.unref();
    }
  }

  /** What was in work is done here: a lost process must not pass for a damaged file. */
  #end(): void {
    this.#isOver = true;
    const left = [...this.#running.values()];
    this.#running.clear();
    for (const { command, args, timeoutMs, done } of left)
      void executeTool(command, args, timeoutMs).then(done);
    this.#child.kill('SIGKILL');
  }
}

let shared: ToolProcess | undefined;

function tools(): ToolProcess {
  if (shared === undefined || shared.isOver) shared = new ToolProcess();
  return shared;
}

/** Starts the process that starts tools: before there are calls, so that none waits for it. Does nothing where it runs. */
export const startTools = (): void => {
  tools();
};

/**
 * Runs a program without a shell: arguments arrive as they are. Never rejects; after `timeoutMs` the program is killed.
 * Paths among the arguments must be absolute, so that none can be taken for an option.
 */
export function runTool(
  command: string,
  args: readonly string[],
  timeoutMs: number,
): Promise<ToolResult> {
  return tools().run(command, args, timeoutMs);
}
