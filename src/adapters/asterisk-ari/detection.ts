import type { ChannelId } from '../../kernel/ids.js';
import { path } from './http-commands.js';
import type { NodeCommands } from './node-commands.js';

/** The node tells when it hears this tone for so long (res_tonedetect). */
export async function detectTone(
  commands: NodeCommands,
  channel: ChannelId,
  hz: number,
  ms: number,
): Promise<void> {
  const variable = `TONE_DETECT(${String(hz)},${String(ms)})`;
  await commands.variable('detectTone', channel, { variable, value: '' });
}

/** The node's dialplan listens (app_amd, context `amd`) and hands the channel back. */
export async function detectMachine(commands: NodeCommands, channel: ChannelId): Promise<void> {
  const where = { context: 'amd', extension: 's', priority: '1' };
  await commands.post('detectMachine', path`channels/${channel}/continue`, where);
}

/** The node tells when somebody begins to talk, and when that is over. */
export async function detectTalking(
  commands: NodeCommands,
  channel: ChannelId,
  silenceMs: number,
): Promise<void> {
  const set = { variable: 'TALK_DETECT(set)', value: String(silenceMs) };
  await commands.variable('detectTalking', channel, set);
}
