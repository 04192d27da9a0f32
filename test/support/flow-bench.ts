import { expect } from 'chai';
import type { FlowDefinition } from '../../src/engines/ivr/flow.js';
import type { ChannelId, FlowId, PromptId } from '../../src/kernel/ids.js';
import type { DirectorySnapshot, FlowConfig } from '../../src/telephony/directory.js';
import { demoDirectory, MENU, SwitchboardBench } from './switchboard-bench.js';

export const flow = (
  steps: FlowDefinition['steps'],
  id: FlowId = MENU,
  name = 'Main',
): FlowConfig => ({
  ...{ id, name, version: 1 },
  definition: { start: Object.keys(steps)[0] ?? '', steps },
});

/** A switchboard whose main number leads into a flow of these steps. Prompts 1 to 9 exist. */
export function flowBench(
  steps: FlowDefinition['steps'],
  changes: Partial<DirectorySnapshot> = {},
  others: readonly FlowConfig[] = [],
): Promise<SwitchboardBench> {
  const prompts = Array.from({ length: 9 }, (_, index) => {
    const id = (index + 1) as PromptId;
    return [
      id,
      { id, name: `Prompt ${String(id)}`, files: { en: `prompt-${String(id)}` } },
    ] as const;
  });
  const flows = new Map([flow(steps), ...others].map((one) => [one.id, one]));
  const directory = { ...demoDirectory(), prompts: new Map(prompts), flows, ...changes };
  return new SwitchboardBench(directory).start();
}

/** Names of the files that were played to a channel, one playback each. */
export const heard = (bench: SwitchboardBench, channel: ChannelId): readonly string[] =>
  bench.ari.log
    .filter((line) => line.startsWith(`play ${channel} `))
    .map((line) =>
      [...line.matchAll(/media\/([^/\s]+)\.wav/g)].map((match) => match[1] ?? '').join(' '),
    );

/** The caller hangs up, and nothing of the call is left anywhere. */
export async function endClean(bench: SwitchboardBench, caller?: ChannelId): Promise<void> {
  if (caller !== undefined && bench.ari.channels.has(caller)) bench.ari.hangUpFarEnd(caller);
  await bench.advance(15_000);
  expect(bench.ari.leftovers(), 'left on the node').to.deep.equal([]);
  expect(bench.calls.size, 'calls').to.equal(0);
  expect(bench.journal.size, 'journal').to.equal(0);
  expect(bench.errors, 'errors').to.deep.equal([]);
}

export const bye = { kind: 'hangup', label: 'Bye' } as const;
export const sales = { kind: 'queue', label: 'Sales', queue: 1, priority: 0 } as const;
