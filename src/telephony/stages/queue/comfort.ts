import { aheadPhrase, waitPhrase } from '../../../engines/speech/announcements.js';
import type { PromptId } from '../../../kernel/ids.js';
import { Cancelled, type Scope } from '../../../kernel/scope.js';
import type { Call } from '../../calls/call.js';
import type { Mailbox } from '../../calls/mailbox.js';
import { askDigits, askKey, playPrompt } from '../../calls/prompts.js';
import type { CallServices } from '../../calls/services.js';
import type { QueueConfig } from '../../directory.js';
import { Music } from './music.js';
import type { Wake } from './wake.js';

/** The key that asks for a callback, as the offer says it. */
const CALLBACK_KEY = '1';
/** Callers who are served at once hear no position: it is told when they have really begun to wait. */
const FIRST_TELL_MS = 4_000;
const KEY_LIMIT_MS = 8_000;

/** What is said to somebody in line, and when it is due. */
interface Saying {
  dueAt: number;
  readonly everyMs: number;
  readonly media: () => readonly string[];
}

/**
 * What a waiting caller hears: music, interrupted by the place in line, the expected wait, announcements and the offer of a
 * callback. A key is heard at any moment of it. Stopped, and known to be stopped, before anybody is bridged.
 */
export class Comfort {
  #stop: () => Promise<void> = () => Promise.resolve();
  /** What a supervisor wants said, once each, before anything else. */
  readonly #urgent: PromptId[] = [];
  /** How many announcements were played. */
  #announced = 0;
  /** Ends the music that plays now. */
  #interrupt: () => void = () => undefined;

  constructor(
    private readonly s: CallServices,
    private readonly call: Call,
    private readonly queue: QueueConfig,
    private readonly scope: Scope,
    private readonly mailbox: Mailbox<Wake>,
    private readonly enteredAt: number,
  ) {}

  stop(): Promise<void> {
    return this.#stop();
  }

  /** Has a prompt played as soon as nothing else is being said, and while no key is waited for. */
  announce(prompt: PromptId): void {
    this.#urgent.push(prompt);
    this.#interrupt();
  }

  start(): void {
    let cancel = (): void => undefined;
    const stopped = this.scope
      .run('comfort', async (scope) => {
        cancel = () => {
          scope.cancel('comfort stopped');
        };
        await this.#comfort(scope);
      })
      .then(
        () => undefined,
        (error: unknown) => {
          if (!(error instanceof Cancelled))
            this.s.log.warn({ callId: this.call.id, err: error }, 'no comfort in line');
        },
      );
    this.#stop = async () => {
      cancel();
      await stopped;
    };
  }

  async #comfort(scope: Scope): Promise<void> {
    const sayings = this.#sayings();
    for (;;) {
      const wantsCallback = await scope.run('music', (music) => this.#entertain(music, sayings));
      if (!wantsCallback) continue;
      const number = await this.#askForNumber(scope);
      if (number === undefined) continue;
      this.mailbox.put({ kind: 'callback-wanted', number });
      await scope.wait(new Promise<never>(() => undefined));
    }
  }

  /** Music and sayings until the key for a callback is pressed. */
  async #entertain(music: Scope, sayings: readonly Saying[]): Promise<boolean> {
    const { call, queue } = this;
    music.fork('sayings', async (scope) => {
      const songs = new Music(this.s, call, call.channel, queue.musicId);
      for (;;) {
        const urgent = this.#urgent.shift();
        if (urgent !== undefined) {
          await playPrompt(scope, call, this.s.prompts.of(urgent, call));
          continue;
        }
        const next = earliest(sayings);
        const interrupted = await songs.playUntil(scope, next?.dueAt, (interrupt) => {
          this.#interrupt = interrupt;
        });
        if (interrupted || next === undefined) continue;
        const media = next.media();
        next.dueAt = call.clock.now() + next.everyMs;
        await playPrompt(scope, call, media);
      }
    });
    for (;;) {
      const { digit } = await call.digits.next(music);
      if (queue.callback !== undefined && digit === CALLBACK_KEY) return true;
    }
  }

  #sayings(): readonly Saying[] {
    const { call, queue, s } = this;
    const now = call.clock.now();
    const sayings: Saying[] = [];
    const { announcements = [], callback } = queue;
    if (queue.tellEveryMs > 0 && (queue.tellsPlace || queue.tellsWait))
      sayings.push({
        dueAt: Math.max(now, this.enteredAt + FIRST_TELL_MS),
        everyMs: queue.tellEveryMs,
        media: () => this.#place(),
      });
    if (callback !== undefined)
      sayings.push({
        dueAt: Math.max(now, this.enteredAt + callback.offerAfterMs),
        everyMs: Math.max(queue.tellEveryMs, 60_000),
        media: () => s.prompts.named('callback-offer', call),
      });
    if (announcements.length > 0 && queue.announceEveryMs > 0)
      sayings.push({
        dueAt: now + queue.announceEveryMs,
        everyMs: queue.announceEveryMs,
        media: () => this.#nextAnnouncement(announcements),
      });
    return sayings;
  }

  /** The one whose turn it is, also after a phone rang in vain. */
  #nextAnnouncement(announcements: readonly PromptId[]): readonly string[] {
    const prompt = announcements[this.#announced++ % announcements.length];
    return prompt === undefined ? [] : this.s.prompts.of(prompt, this.call);
  }

  /** How many are before this caller, and how long it may take, where that can be told honestly. */
  #place(): readonly string[] {
    const { call, queue, s } = this;
    const { acd } = s.roster;
    const place = acd.engine.placeOf(call.id);
    if (place === 0) return [];
    const said: string[] = [];
    if (queue.tellsPlace)
      said.push(...s.prompts.spoken((language) => aheadPhrase(language, place - 1), call));
    const expectedMs = acd.expectedMs(queue.id, place);
    if (queue.tellsWait && expectedMs !== undefined && acd.bandOf(queue.id).isAcceptable)
      said.push(...s.prompts.spoken((language) => waitPhrase(language, expectedMs), call));
    return said;
  }

  /** The number to call back: the caller's own, or one that is typed; undefined where the caller waits on. */
  async #askForNumber(scope: Scope): Promise<string | undefined> {
    const { call, s } = this;
    const own = call.facts.from;
    if (own !== '') {
      const key = await askKey(
        scope,
        call,
        s.prompts.named('callback-confirm', call),
        KEY_LIMIT_MS,
      );
      if (key === '1') return own;
      if (key !== '2') return undefined;
    }
    const limits = { max: 20, timeoutMs: KEY_LIMIT_MS };
    const digits = await askDigits(scope, call, s.prompts.named('callback-number', call), limits);
    return digits === '' ? undefined : digits;
  }
}

function earliest(sayings: readonly Saying[]): Saying | undefined {
  let first: Saying | undefined;
  for (const saying of sayings)
    if (first === undefined || saying.dueAt < first.dueAt) first = saying;
  return first;
}
