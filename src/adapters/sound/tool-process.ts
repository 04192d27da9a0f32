import { setPriority } from 'node:os';
import { executeTool, type ToolResult } from './execute-tool.js';

/** What the program asks of this process, and the one answer to each. */
export interface ToolRequest {
  readonly id: number;
  readonly command: string;
  readonly args: readonly string[];
  readonly timeoutMs: number;
}
export interface ToolAnswer {
  readonly id: number;
  readonly result: ToolResult;
}

/** Calls come first: tools have what calls leave of the processor. */
const NICENESS = 10;

setPriority(NICENESS);

process.on('message', ({ id, command, args, timeoutMs }: ToolRequest) => {
  void executeTool(command, args, timeoutMs).then((result) => {
    if (process.connected) process.send?.({ id, result } satisfies ToolAnswer);
  });
});
// The program has ended: whatever still runs has nobody to answer to.
process.on('disconnect', () => process.exit());
// Both are told of an interrupt from the keyboard; the program says when this process ends.
process.on('SIGINT', () => undefined);
