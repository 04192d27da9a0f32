import type { Seat } from '../../../engines/talk/talk.js';
import type { BridgeId, ChannelId, MusicId } from '../../../kernel/ids.js';
import { Cancelled, type Scope } from '../../../kernel/scope.js';
import { AriError } from '../../ari/port.js';
import type { Call } from '../../calls/call.js';
import type { CallServices } from '../../calls/services.js';
import { Music } from '../queue/music.js';

/**
 * Puts everybody of a talk where they belong. What is wanted is told whole each time; only what differs is commanded, so
 * that whoever stays where they are hears no break.
 */
export class Seating {
  readonly #seats = new Map<ChannelId, Seat>();
  readonly #musicians = new Map<ChannelId, () => Promise<void>>();

  constructor(
    private readonly s: CallServices,
    private readonly call: Call,
    private readonly scope: Scope,
    /** What somebody hears who waits. */
    private readonly music: () => MusicId | undefined,
  ) {}

  /** These are in the bridge already. */
  know(bridge: BridgeId, channels: readonly ChannelId[]): void {
    for (const channel of channels) this.#seats.set(channel, { bridge });
  }

  /** Another process left them somewhere: sees where, and stops what it played to those who are in no bridge. */
  async learn(channels: Iterable<ChannelId>): Promise<void> {
    const { ari } = this.call;
    const wanted = new Set(channels);
    for (const bridge of await ari.listBridges())
      this.know(
        bridge.id,
        bridge.channels.filter((channel) => wanted.delete(channel)),
      );
    for (const channel of wanted) await Music.stopFormer(this.call, channel);
  }

  /** Where nobody is any more. */
  forget(channel: ChannelId): void {
    this.#seats.delete(channel);
  }

  /** Nothing plays to it any more; where it goes from here is no matter of ours. */
  async free(channel: ChannelId): Promise<void> {
    await this.#stopMusic(channel);
    this.#seats.delete(channel);
  }

  /**
   * First everybody who leaves a bridge, then everybody who enters one: nobody hears what is not meant for them, and a bridge
   * for two never holds three.
   */
  async arrange(
    wanted: ReadonlyMap<ChannelId, Seat>,
    leaving: readonly ChannelId[] = [],
  ): Promise<void> {
    for (const channel of leaving)
      if (typeof this.#seats.get(channel) === 'object')
        await this.#move(channel, 'unanswered', () => this.#apart(channel, 'unanswered'));
    const moves = [...wanted].filter(([channel, seat]) => !isSame(this.#seats.get(channel), seat));
    for (const [channel, seat] of moves)
      if (typeof seat === 'string')
        await this.#move(channel, seat, () => this.#apart(channel, seat));
    for (const [channel, seat] of moves)
      if (typeof seat !== 'string')
        await this.#move(channel, seat, () => this.#into(channel, seat.bridge));
  }

  /** Whoever is gone meanwhile is told by an event, and needs no seat. */
  async #move(channel: ChannelId, seat: Seat, command: () => Promise<void>): Promise<void> {
    try {
      await command();
      this.#seats.set(channel, seat);
    } catch (error) {
      const isOver =
        error instanceof AriError && (error.failure === 'gone' || error.failure === 'refused');
      if (!isOver) throw error;
      this.#seats.delete(channel);
    }
  }

  async #apart(channel: ChannelId, seat: 'music' | 'ringing-tone' | 'unanswered'): Promise<void> {
    const { ari } = this.call;
    const before = this.#seats.get(channel);
    await this.#stopMusic(channel);
    if (typeof before === 'object') await ari.removeFromBridge(before.bridge, [channel]);
    if (seat === 'ringing-tone') await ari.ring(channel);
    if (seat === 'music') this.#startMusic(channel);
  }

  async #into(channel: ChannelId, bridge: BridgeId): Promise<void> {
    await this.#stopMusic(channel);
    await this.call.ari.addToBridge(bridge, [channel]);
  }

  #startMusic(channel: ChannelId): void {
    let cancel = (): void => undefined;
    const music = new Music(this.s, this.call, channel, this.music());
    const stopped = this.scope
      .run('hold music', async (scope) => {
        cancel = () => {
          scope.cancel('hold is over');
        };
        await music.playUntil(scope, undefined);
      })
      .catch((error: unknown) => {
        if (!(error instanceof Cancelled))
          this.s.log.warn({ callId: this.call.id, err: error }, 'no music on hold');
      });
    this.#musicians.set(channel, async () => {
      cancel();
      await stopped;
    });
  }

  /** Resolves when nothing plays: until then nothing else can be done with the channel. */
  async #stopMusic(channel: ChannelId): Promise<void> {
    const stop = this.#musicians.get(channel);
    this.#musicians.delete(channel);
    await stop?.();
  }
}

const isSame = (one: Seat | undefined, other: Seat): boolean =>
  typeof one === 'object' && typeof other === 'object'
    ? one.bridge === other.bridge
    : one === other;
