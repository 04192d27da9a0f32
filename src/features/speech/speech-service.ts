import { createHash } from 'node:crypto';
import { requirePermission, type Actor } from '../../kernel/actor.js';
import type { Announcer } from '../../kernel/announcer.js';
import type { Language } from '../../kernel/call-event.js';
import type { CallLog } from '../../telephony/calls/services.js';
import type { SpokenTexts } from '../../telephony/spoken-texts.js';
import type { SecretBox } from '../configuration/index.js';
import type { SoundResult, SoundStudio, SpokenSounds } from '../prompts/index.js';
import type { ChosenVoice } from './chosen-voice.js';
import type { SpokenBy } from './speech-endpoint.js';
import type { SpeechForm, StoredSpeechSettings } from './speech-settings.js';
import type { SpeechStore } from './speech-store.js';

/** Characters that are spoken of a text during a call; what comes after is left out. */
export const MAX_SAID_TEXT = 1_000;

/** What came of trying the voice. */
export interface Tried extends SpokenBy {
  readonly hash: string;
  readonly durationMs: number;
  /** How long it took, in ms. */
  readonly tookMs: number;
}

export interface SpeechParts {
  readonly voice: ChosenVoice;
  readonly studio: SoundStudio;
  readonly spoken: SpokenSounds;
  readonly log: Pick<CallLog, 'warn'>;
  readonly now: () => number;
}

/** Speaks texts during calls. What was spoken is kept, the least used goes first, and two who ask at once wait for one. */
export class SpeechService implements SpokenTexts {
  readonly #running = new Map<string, Promise<string | undefined>>();

  constructor(private readonly parts: SpeechParts) {}

  async say(text: string, language: Language): Promise<string | undefined> {
    const words = text.trim().slice(0, MAX_SAID_TEXT);
    if (words === '') return undefined;
    try {
      const key = keyOf(await this.parts.voice.voiceKey(language), words);
      if (await this.parts.spoken.has(key)) return key;
      const running = this.#running.get(key) ?? this.#start(key, words, language);
      return await running;
    } catch (error) {
      this.parts.log.warn({ err: error }, 'a text could not be spoken');
      return undefined;
    }
  }

  /** Speaks a text now, whatever is kept, and says who spoke it. */
  async try(text: string, language: Language): Promise<SoundResult<Tried>> {
    const { voice, studio, spoken, now } = this.parts;
    const startedAt = now();
    const hash = keyOf(`${await voice.voiceKey(language)} ${String(startedAt)}`, text);
    const made = await studio.spoken(
      text,
      (path, words) => voice.speakBy(words, language, path, { asksAlways: true }),
      (sound) => spoken.add(hash, sound),
    );
    if (!made.ok) return made;
    const { by, durationMs } = made.value;
    return { ok: true, value: { ...by, hash, durationMs, tookMs: now() - startedAt } };
  }

  #start(key: string, text: string, language: Language): Promise<string | undefined> {
    const work = this.#speak(key, text, language).finally(() => this.#running.delete(key));
    this.#running.set(key, work);
    return work;
  }

  async #speak(key: string, text: string, language: Language): Promise<string | undefined> {
    const { voice, studio, spoken, log } = this.parts;
    let stored = key;
    const made = await studio.spoken(
      text,
      (path, words) => voice.speakBy(words, language, path),
      async (sound, by) => {
        // What espeak-ng said for the endpoint must not stand for the endpoint's own voice once that answers again.
        if (by.failure !== undefined) stored = keyOf(`for now ${key}`, text);
        await spoken.add(stored, sound);
      },
    );
    if (made.ok) return stored;
    log.warn({ reason: made.reason, detail: made.detail }, 'a text could not be spoken');
    return undefined;
  }
}

const keyOf = (voice: string, text: string): string =>
  createHash('sha256').update(`${voice}\n${text}`).digest('hex');

/** Choosing the voice. */
export class SpeechSettingsService {
  constructor(
    private readonly store: SpeechStore,
    private readonly announcer: Announcer,
    private readonly secrets: SecretBox,
    private readonly voice: ChosenVoice,
  ) {}

  read(actor: Actor): Promise<StoredSpeechSettings> {
    requirePermission(actor, 'prompts.edit');
    return this.store.read();
  }

  /** An empty secret keeps the stored one, as long as the address it is sent to stays; throws `conflict`. */
  async save(actor: Actor, version: number, form: SpeechForm): Promise<void> {
    const before = await this.read(actor);
    const { voiceEn, voiceZh, secret, ...settings } = form;
    const isSameServer = originOf(before.url) === originOf(form.url);
    const kept = isSameServer ? before.secretSealed : '';
    await this.store.save(actor, version, {
      ...settings,
      voices: { en: voiceEn, 'zh-CN': voiceZh },
      secretSealed: secret === '' ? kept : this.secrets.seal(secret),
    });
    this.voice.forget();
    await this.announcer.configurationChanged('settings');
  }
}

const originOf = (url: string): string => (URL.canParse(url) ? new URL(url).origin : '');
