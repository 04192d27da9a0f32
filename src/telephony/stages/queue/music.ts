import { Cancelled, type Scope } from '../../../kernel/scope.js';
import { AriError, quietly } from '../../ari/port.js';
import type { Call } from '../../calls/call.js';
import { playOn } from '../../calls/prompts.js';
import type { CallServices } from '../../calls/services.js';
import { derivedId, type ChannelId, type MusicId, type PlaybackId } from '../../../kernel/ids.js';

/** The node's own music; see `asterisk/etc/musiconhold.conf`. */
const OWN_CLASS = 'default';
/** A sound that ends sooner could not be played: the next is not tried at once, so that nothing goes round and round. */
const SHORTEST_SOUND_MS = 1_000;

/**
 * The same for every process: one that takes a call up can stop what a former one plays. Two in turn, because a node may still
 * be clearing the last song away when the next one begins.
 */
const playbackOf = (channel: ChannelId, turn: number): PlaybackId =>
  `${derivedId(0, `music ${channel} ${String(turn % 2)}`)}-playback` as PlaybackId;

/**
 * The music of somebody who waits, in line or on hold: the queue's sounds one after the other, which the node fetches, so that it needs no
 * files of its own; else the node's own music. A sound that cannot be played is passed over.
 */
export class Music {
  #next = 0;
  #played = 0;

  constructor(
    private readonly s: CallServices,
    private readonly call: Call,
    private readonly channel: ChannelId,
    /** The node's own music where there is none. */
    private readonly musicId: MusicId | undefined,
  ) {}

  /** Stops what a former process may have left playing: until it ends, nothing else can be done with the channel. */
  static async stopFormer(call: Call, channel: ChannelId): Promise<void> {
    for (const turn of [0, 1])
      await quietly(() => call.ari.stopPlayback(playbackOf(channel, turn)));
    await quietly(() => call.ari.stopMusic(channel));
  }

  /**
   * Plays until then, for ever where no time is given, or until the function given to `onStart` is called, which makes the
   * answer true; afterwards nothing plays.
   */
  async playUntil(
    parent: Scope,
    until: number | undefined,
    onStart: (interrupt: () => void) => void = () => undefined,
  ): Promise<boolean> {
    const { clock } = this.call;
    let isInterrupted = false;
    try {
      await parent.run('songs', async (scope) => {
        onStart(() => {
          isInterrupted = true;
          scope.cancel('something urgent is to be said');
        });
        if (until !== undefined)
          scope.fork('until', async (timer) => {
            await clock.sleep(Math.max(0, until - clock.now()), timer.signal);
            scope.cancel('something is to be said');
          });
        await this.#play(scope);
      });
    } catch (error) {
      if (!(error instanceof Cancelled) || parent.cancelled) throw error;
    }
    return isInterrupted;
  }

  async #play(scope: Scope): Promise<void> {
    const { call } = this;
    for (;;) {
      const song = this.#choose();
      if (song === undefined) return this.#playOwn(scope);
      const startedAt = call.clock.now();
      try {
        await playOn(scope, call, this.channel, [song], playbackOf(this.channel, this.#played++));
      } catch (error) {
        if (!(error instanceof AriError)) throw error;
      }
      const short = SHORTEST_SOUND_MS - (call.clock.now() - startedAt);
      if (short > 0) await call.clock.sleep(short, scope.signal);
    }
  }

  /** Read anew for each sound: changes are heard by those who wait already. */
  #choose(): string | undefined {
    const { s, call, musicId } = this;
    if (musicId === undefined) return undefined;
    const songs = s.prompts.music(musicId, call);
    const isRandom = s.directory.current.music.get(musicId)?.order === 'random';
    // At random never the same twice in a row.
    const step = isRandom && songs.length > 1 ? Math.floor(Math.random() * (songs.length - 1)) : 0;
    const at = (this.#next + step) % Math.max(1, songs.length);
    this.#next = at + 1;
    return songs[at];
  }

  async #playOwn(scope: Scope): Promise<void> {
    const { call, channel } = this;
    scope.defer(async () => {
      if (!call.gone) await quietly(() => call.ari.stopMusic(channel));
    });
    await quietly(() => call.ari.startMusic(channel, OWN_CLASS));
    await scope.wait(new Promise<never>(() => undefined));
  }
}
