import type { SoundRef } from '../../engines/speech/sound.js';
import type { Language } from '../../kernel/call-event.js';
import {
  newPlaybackId,
  type ChannelId,
  type MusicId,
  type PlaybackId,
  type PromptId,
} from '../../kernel/ids.js';
import { Cancelled, Scope } from '../../kernel/scope.js';
import { AriError } from '../ari/port.js';
import type { Directory } from '../directory.js';
import type { SpokenTexts } from '../spoken-texts.js';
import { ownSoundKey, type SystemPromptName, type SystemPrompts } from '../system-prompts.js';
import type { Call } from './call.js';

/** How long a stopped playback may take to be reported finished before we go on without the report. */
const STOP_LIMIT_MS = 1_000;
/** No prompt is longer: a lost report must not keep a caller in it. */
const PLAY_LIMIT_MS = 11 * 60_000;

/** Turns prompts into what Asterisk plays. */
export class PromptLibrary {
  constructor(
    private readonly directory: Directory,
    private readonly system: SystemPrompts,
    /** Base address from which pbx nodes fetch prompt files. */
    private readonly mediaUrl: string,
    private readonly texts: SpokenTexts,
  ) {}

  /** Media of an administrator's prompt in the call's language, else in any that it has; [] where it has none. */
  of(prompt: PromptId, call: Call): readonly string[] {
    const files = this.directory.current.prompts.get(prompt)?.files ?? {};
    const hash = files[call.language] ?? files.en ?? files['zh-CN'];
    return hash === undefined ? [] : [this.#media(hash)];
  }

  /** The sounds of a music in their order, each as media; [] where it has none that can be heard. */
  music(id: MusicId, call: Call): readonly string[] {
    const sounds = this.directory.current.music.get(id)?.sounds ?? [];
    return sounds.flatMap((sound) => this.of(sound, call));
  }

  named(name: SystemPromptName, call: Pick<Call, 'language'>): readonly string[] {
    const own = this.directory.current.ownSounds.get(ownSoundKey(name, call.language));
    const hash = own ?? this.system.systemPrompt(name, call.language);
    return hash === undefined ? [] : [this.#media(hash)];
  }

  /** What `say` makes for a language, in the call's, else in English; [] where its pieces are not spoken yet. */
  spoken(
    say: (language: Language) => readonly SoundRef[],
    call: Pick<Call, 'language'>,
  ): readonly string[] {
    const { ownSounds } = this.directory.current;
    const piecesIn = (language: Language): readonly string[] | undefined =>
      this.system.pieces(say(language), language, ownSounds);
    const hashes = piecesIn(call.language) ?? piecesIn('en');
    return (hashes ?? []).map((hash) => this.#media(hash));
  }

  /** A text that is known only now, spoken in the call's language or the one given; [] where it cannot be. */
  async text(
    text: string,
    call: Call,
    language: Language = call.language,
  ): Promise<readonly string[]> {
    const hash = await this.texts.say(text, language);
    return hash === undefined ? [] : [this.#media(hash)];
  }

  /** A sound that is kept under its hash. */
  kept(hash: string): readonly string[] {
    return [this.#media(hash)];
  }

  #media(hash: string): string {
    return `sound:${this.mediaUrl}/${hash}.wav`;
  }
}

/**
 * Plays to the end, or until the scope is cancelled; either way nothing plays afterwards, and Asterisk has said so:
 * bridging a channel while it plays would block. An empty list is silence of no length.
 */
export const playPrompt = (parent: Scope, call: Call, media: readonly string[]): Promise<void> =>
  playOn(parent, call, call.channel, media);

/** The same to any channel of the call. A channel that goes meanwhile ends it. */
export function playOn(
  parent: Scope,
  call: Call,
  channel: ChannelId,
  media: readonly string[],
  playback: PlaybackId = newPlaybackId(),
): Promise<void> {
  if (media.length === 0) return Promise.resolve();
  return parent.run('prompt', async (scope) => {
    const events = call.ari.events.inbox(scope, channel, [
      'PlaybackFinished',
      'Resync',
      'ChannelDestroyed',
    ]);
    let playing = true;
    scope.defer(() => (playing && !call.gone ? stopPrompt(call, channel, playback) : undefined));
    await call.ari.play(channel, playback, media);
    scope.fork('limit', async (s) => {
      await call.clock.sleep(PLAY_LIMIT_MS, s.signal);
      throw new Error('a prompt did not end');
    });
    for (;;) {
      const event = await events.next();
      // After a lost connection nobody knows whether it still plays: stop it and go on.
      if (event.type === 'Resync') break;
      if (event.type === 'ChannelDestroyed') {
        playing = false;
        break;
      }
      if (event.playback === playback) {
        playing = false;
        break;
      }
    }
  });
}

async function stopPrompt(
  call: Call,
  channel: ChannelId,
  playback: ReturnType<typeof newPlaybackId>,
): Promise<void> {
  await Scope.run('stop prompt', async (scope) => {
    const events = call.ari.events.inbox(scope, channel, [
      'PlaybackFinished',
      'StasisEnd',
      'ChannelDestroyed',
    ]);
    scope.fork('limit', async (s) => {
      await call.clock.sleep(STOP_LIMIT_MS, s.signal);
      scope.cancel('not confirmed');
    });
    try {
      await call.ari.stopPlayback(playback);
    } catch (error) {
      if (error instanceof AriError) return;
      throw error;
    }
    for (;;) {
      const event = await events.next();
      if (event.type !== 'PlaybackFinished' || event.playback === playback) return;
    }
  }).catch((error: unknown) => {
    if (!(error instanceof Cancelled)) throw error;
  });
}

/**
 * Plays and waits for one key, which ends the prompt at any moment; undefined when none came within `timeoutMs` after the
 * prompt's end.
 */
export function askKey(
  parent: Scope,
  call: Call,
  media: readonly string[],
  timeoutMs: number,
): Promise<string | undefined> {
  return parent.run('ask', async (scope) => {
    const silence = new Promise<undefined>((resolve) => {
      scope.fork('prompt', async (s) => {
        await playPrompt(s, call, media);
        await call.clock.sleep(timeoutMs, s.signal);
        resolve(undefined);
      });
    });
    const key = call.digits.next(scope).then((event) => event.digit);
    return Promise.race([key, silence]);
  });
}

/** Collects keys until `#`, `max` of them, or `timeoutMs` without one. The first key ends the prompt. */
export async function askDigits(
  parent: Scope,
  call: Call,
  media: readonly string[],
  limits: { readonly max: number; readonly timeoutMs: number },
): Promise<string> {
  let digits = '';
  let prompt = media;
  while (digits.length < limits.max) {
    const key = await askKey(parent, call, prompt, limits.timeoutMs);
    if (key === undefined || key === '#') break;
    digits += key;
    prompt = [];
  }
  return digits;
}
