import { Cancelled, type Scope } from '../../../kernel/scope.js';
import { AriError, quietly } from '../../ari/port.js';
import type { Call } from '../../calls/call.js';
import { playPrompt } from '../../calls/prompts.js';
import type { CallServices } from '../../calls/services.js';
import type { QueueConfig } from '../../directory.js';

/** The node's own music; see `asterisk/etc/musiconhold.conf`. */
const OWN_CLASS = 'default';
/** A sound that ends sooner could not be played: the next is not tried at once, so that nothing goes round and round. */
const SHORTEST_SOUND_MS = 1_000;

/**
 * The music of one waiting caller: the queue's sounds one after the other, which the node fetches, so that it needs no
 * files of its own; else the node's own music. A sound that cannot be played is passed over.
 */
export class Music {
  #next = 0;

  constructor(
    private readonly s: CallServices,
    private readonly call: Call,
    private readonly queue: QueueConfig,
  ) {}

  /** Plays until then, for ever where no time is given; afterwards nothing plays. */
  async playUntil(parent: Scope, until: number | undefined): Promise<void> {
    const { clock } = this.call;
    try {
      await parent.run('songs', async (scope) => {
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
  }

  async #play(scope: Scope): Promise<void> {
    const { call } = this;
    for (;;) {
      const song = this.#choose();
      if (song === undefined) return this.#playOwn(scope);
      const startedAt = call.clock.now();
      try {
        await playPrompt(scope, call, [song]);
      } catch (error) {
        if (!(error instanceof AriError)) throw error;
      }
      const short = SHORTEST_SOUND_MS - (call.clock.now() - startedAt);
      if (short > 0) await call.clock.sleep(short, scope.signal);
    }
  }

  /** Read anew for each sound: changes are heard by those who wait already. */
  #choose(): string | undefined {
    const { s, call, queue } = this;
    if (queue.musicId === undefined) return undefined;
    const songs = s.prompts.music(queue.musicId, call);
    const isRandom = s.directory.current.music.get(queue.musicId)?.order === 'random';
    // At random never the same twice in a row.
    const step = isRandom && songs.length > 1 ? Math.floor(Math.random() * (songs.length - 1)) : 0;
    const at = (this.#next + step) % Math.max(1, songs.length);
    this.#next = at + 1;
    return songs[at];
  }

  async #playOwn(scope: Scope): Promise<void> {
    const { call } = this;
    scope.defer(async () => {
      if (!call.gone) await quietly(() => call.ari.stopMusic(call.channel));
    });
    await quietly(() => call.ari.startMusic(call.channel, OWN_CLASS));
    await scope.wait(new Promise<never>(() => undefined));
  }
}
