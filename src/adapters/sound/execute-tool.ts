import { execFile } from 'node:child_process';

/** Output of a tool at most; sox and espeak-ng say little. */
const MAX_OUTPUT_BYTES = 1024 * 1024;

export type ToolResult =
  | { readonly kind: 'done'; readonly stdout: string; readonly stderr: string }
  | { readonly kind: 'failed'; readonly stderr: string }
  | { readonly kind: 'timed-out' }
  /** The program is not installed. */
  | { readonly kind: 'missing' };

/** Starts the program from this process, whose event loop stands still until it has begun. */
export const executeTool = (
  command: string,
  args: readonly string[],
  timeoutMs: number,
): Promise<ToolResult> =>
  new Promise((resolve) => {
    const options = {
      timeout: timeoutMs,
      killSignal: 'SIGKILL' as const,
      maxBuffer: MAX_OUTPUT_BYTES,
      env: { PATH: process.env['PATH'], LC_ALL: 'C.UTF-8' },
    };
    execFile(command, args, options, (error, stdout, stderr) => {
      if (error === null) resolve({ kind: 'done', stdout, stderr });
      else if (error.code === 'ENOENT') resolve({ kind: 'missing' });
      else if (error.killed === true) resolve({ kind: 'timed-out' });
      else resolve({ kind: 'failed', stderr: stderr === '' ? error.message : stderr });
    });
  });
