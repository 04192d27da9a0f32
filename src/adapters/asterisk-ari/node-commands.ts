import type { ChannelId } from '../../kernel/ids.js';
import { AriError } from '../../telephony/ari/port.js';
import { goneWhen } from './arguments.js';
import { OwedCommands } from './owed-commands.js';
import { path, type CommandRequest, type HttpCommands } from './http-commands.js';

type Query = Readonly<Record<string, string>>;

/** How commands are sent to a node. `waits`: until what plays on the channel has ended. */
export class NodeCommands {
  readonly owed: OwedCommands;

  /** `isUp`: whether the node can be told anything now. */
  constructor(
    private readonly http: HttpCommands,
    isUp: () => boolean,
  ) {
    this.owed = new OwedCommands(isUp);
  }

  close(): void {
    this.owed.close();
    this.http.close();
  }

  get(command: string, from: string): Promise<unknown> {
    return this.http.json({ command, method: 'GET', path: from });
  }

  /** What Asterisk has counted of the channel's RTP. */
  statistics(command: string, channel: ChannelId): Promise<unknown> {
    return this.get(command, path`channels/${channel}/rtp_statistics`);
  }

  async run(command: CommandRequest): Promise<void> {
    await this.http.run(command);
  }

  post(command: string, to: string, query: Query = {}, waits = false): Promise<void> {
    return this.run({ command, method: 'POST', path: to, query, waits });
  }

  send(command: string, to: string, body: unknown, waits = false): Promise<void> {
    return this.run({ command, method: 'POST', path: to, body, waits });
  }

  delete(command: string, at: string, query: Query = {}): Promise<void> {
    return this.run({ command, method: 'DELETE', path: at, query });
  }

  /** Ends something, called `key`: later where the node does not answer now, which is told all the same. */
  end(command: string, key: string, at: string, query: Query = {}): Promise<void> {
    return this.owed.send(key, () => this.delete(command, at, query));
  }

  variable(command: string, channel: ChannelId, body: object): Promise<void> {
    return this.send(command, path`channels/${channel}/variable`, body, true);
  }

  /** Asterisk says 400 where the channel is gone that it is made for. */
  async create(command: string, to: string, body: unknown): Promise<void> {
    try {
      await this.send(command, to, body);
    } catch (error) {
      const originatorGone = error instanceof AriError && error.message.includes('originator');
      throw originatorGone ? goneWhen(error, 400) : error;
    }
  }

  /** Asterisk says 400 where one of the channels is gone, 404 where the bridge is. */
  async members(
    command: string,
    to: string,
    channels: readonly ChannelId[],
    more: Query = {},
  ): Promise<void> {
    try {
      await this.post(command, to, { channel: channels.join(','), ...more }, true);
    } catch (error) {
      throw goneWhen(error, 400);
    }
  }
}
