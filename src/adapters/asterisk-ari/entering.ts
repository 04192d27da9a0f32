import type { ChannelId } from '../../kernel/ids.js';
import { AriError, type AriEvent } from '../../telephony/ari/port.js';

/** Channels of which the StasisStart is waited for by the command that makes them. */
export class EnteringChannels {
  readonly #waiting = new Map<ChannelId, () => void>();

  constructor(private readonly timeoutMs: number) {}

  /** Sends a command that makes a channel, and waits until the channel has entered the application. */
  async made(command: string, channel: ChannelId, send: () => Promise<void>): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const entered = new Promise<boolean>((resolve) => {
      timer = setTimeout(resolve, this.timeoutMs, false);
      this.#waiting.set(channel, () => {
        resolve(true);
      });
    });
    try {
      await send();
      if (await entered) return;
      throw new AriError('timeout', command, 0, 'the channel did not enter the application');
    } finally {
      clearTimeout(timer);
      this.#waiting.delete(channel);
    }
  }

  /** True for an event that somebody here waits for: nobody else hears it. */
  takes(event: AriEvent): boolean {
    const told = event.type === 'StasisStart' ? this.#waiting.get(event.channel) : undefined;
    told?.();
    return told !== undefined;
  }
}
