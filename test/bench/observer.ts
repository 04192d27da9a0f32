import { once } from 'node:events';
import { WebSocket } from 'ws';
import { z } from 'zod';

const eventSchema = z.object({
  type: z.string(),
  timestamp: z.string(),
  dialplan_app: z.string().default(''),
  channel: z
    .object({
      id: z.string(),
      name: z.string(),
      state: z.string(),
      caller: z.object({ number: z.string() }),
    })
    .optional(),
  bridge: z.object({ id: z.string(), channels: z.array(z.string()) }).optional(),
});
type Seen = z.infer<typeof eventSchema>;

const OBSERVER_APP = 'bench-observer';

/**
 * Watches the pbx from the side, over an ARI application of its own: when callers enter Stasis, when phones answer, when
 * both are in one bridge. Instants are Asterisk's own, in ms since the epoch.
 */
export class Observer {
  /** By caller's number. */
  readonly stasisAt = new Map<string, number>();
  /** From a phone's answer until both are bridged. */
  readonly answerToBridgedMs: number[] = [];
  readonly #answeredAt = new Map<string, number>();

  private constructor(private readonly socket: WebSocket) {
    socket.on('message', (data: Buffer) => {
      const event = eventSchema.safeParse(JSON.parse(data.toString('utf8')));
      if (event.success) this.#see(event.data);
    });
  }

  static async open(url: string, user: string, password: string): Promise<Observer> {
    const socketUrl = new URL('/ari/events', url.replace(/^http/, 'ws'));
    socketUrl.search = new URLSearchParams({
      app: OBSERVER_APP,
      api_key: `${user}:${password}`,
      subscribeAll: 'true',
    }).toString();
    const socket = new WebSocket(socketUrl);
    const observer = new Observer(socket);
    await once(socket, 'open');
    const response = await fetch(new URL(`/ari/applications/${OBSERVER_APP}/eventFilter`, url), {
      method: 'PUT',
      headers: {
        'content-type': 'application/json',
        authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`,
      },
      body: JSON.stringify({
        allowed: ['ChannelDialplan', 'ChannelStateChange', 'ChannelEnteredBridge'].map((type) => ({
          type,
        })),
      }),
    });
    if (!response.ok) throw new Error(`event filter: ${String(response.status)}`);
    return observer;
  }

  close(): void {
    this.socket.close();
  }

  #see(event: Seen): void {
    const { channel, bridge } = event;
    if (channel === undefined) return;
    const at = Date.parse(event.timestamp.replace(/([+-]\d\d)(\d\d)$/, '$1:$2'));
    // Asterisk tells StasisStart to the application only; running Stasis() is the same moment.
    if (event.type === 'ChannelDialplan' && event.dialplan_app === 'Stasis')
      this.stasisAt.set(channel.caller.number, at);
    const isPhone = channel.id.endsWith('-agent');
    if (event.type === 'ChannelStateChange' && channel.state === 'Up' && isPhone)
      this.#answeredAt.set(channel.id, at);
    if (event.type === 'ChannelEnteredBridge' && (bridge?.channels.length ?? 0) > 1)
      this.#bridged(bridge?.channels ?? [], at);
  }

  #bridged(channels: readonly string[], at: number): void {
    for (const channel of channels) {
      const answeredAt = this.#answeredAt.get(channel);
      if (answeredAt === undefined) continue;
      this.#answeredAt.delete(channel);
      this.answerToBridgedMs.push(at - answeredAt);
    }
  }
}
