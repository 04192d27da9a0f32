import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import type { Language } from '../../kernel/call-event.js';
import type { CallLog } from '../../telephony/calls/services.js';
import type { SecretBox } from '../configuration/index.js';
import {
  HEAD_BYTES,
  refused,
  soundFormat,
  type EmbeddedVoice,
  type SoundResult,
  type SpeechSynthesiser,
} from '../prompts/index.js';
import type { SpeechEndpoint, SpokenBy } from './speech-endpoint.js';
import { fillBody, type StoredSpeechSettings } from './speech-settings.js';
import type { SpeechStore } from './speech-store.js';

/** How long settings are used before they are read again. */
const SETTINGS_AGE_MS = 5_000;
/** An endpoint that failed is left alone as long: each caller would wait for its time-out. */
const REST_MS = 30_000;

export interface ChosenVoiceParts {
  readonly store: Pick<SpeechStore, 'read'>;
  readonly secrets: SecretBox;
  readonly endpoint: SpeechEndpoint;
  readonly embedded: EmbeddedVoice;
  readonly log: Pick<CallLog, 'warn'>;
  readonly now: () => number;
}

/** The voice that the settings choose: the endpoint, and espeak-ng where it does not answer or none is set up. */
export class ChosenVoice implements SpeechSynthesiser {
  #failed:
    { readonly failure: NonNullable<SpokenBy['failure']>; readonly until: number } | undefined;
  #settings: { readonly value: StoredSpeechSettings; readonly readAt: number } | undefined;

  constructor(private readonly parts: ChosenVoiceParts) {}

  async speak(text: string, language: Language, target: string): Promise<SoundResult<void>> {
    const spoken = await this.speakBy(text, language, target);
    return spoken.ok ? { ok: true, value: undefined } : spoken;
  }

  /** The same, and who spoke. `asksAlways` asks an endpoint that failed a moment ago too. */
  async speakBy(
    text: string,
    language: Language,
    target: string,
    { asksAlways = false } = {},
  ): Promise<SoundResult<SpokenBy>> {
    const settings = await this.#read();
    if (!settings.enabled) return this.#embedded(text, language, target, { engine: 'embedded' });
    const failed = this.#failed;
    if (!asksAlways && settings.fallsBack && failed && this.parts.now() < failed.until)
      return this.#embedded(text, language, target, {
        engine: 'embedded',
        failure: failed.failure,
      });
    const failure = await this.#ask(settings, text, language, target);
    this.#failed =
      failure === undefined ? undefined : { failure, until: this.parts.now() + REST_MS };
    if (failure === undefined) return { ok: true, value: { engine: 'endpoint' } };
    this.parts.log.warn({ ...failure, url: settings.url }, 'the speech endpoint gave no sound');
    if (!settings.fallsBack) return refused('endpoint', `${failure.reason} ${failure.detail}`);
    return this.#embedded(text, language, target, { engine: 'embedded', failure });
  }

  /** Changes with everything that a text sounds different by. */
  async voiceKey(language: Language): Promise<string> {
    const { enabled, kind, url, model, voices, body } = await this.#read();
    const settings = enabled ? [kind, url, model, voices[language], body] : [];
    const text = JSON.stringify([this.parts.embedded.voices, language, settings]);
    return createHash('sha256').update(text).digest('hex');
  }

  /** Settings were saved: the next text is spoken by them. */
  forget(): void {
    this.#settings = undefined;
    this.#failed = undefined;
  }

  async #read(): Promise<StoredSpeechSettings> {
    const now = this.parts.now();
    if (this.#settings === undefined || now - this.#settings.readAt > SETTINGS_AGE_MS)
      this.#settings = { value: await this.parts.store.read(), readAt: now };
    return this.#settings.value;
  }

  async #embedded(
    text: string,
    language: Language,
    target: string,
    by: SpokenBy,
  ): Promise<SoundResult<SpokenBy>> {
    const spoken = await this.parts.embedded.speak(text, language, target);
    return spoken.ok ? { ok: true, value: by } : spoken;
  }

  /** What went wrong, or undefined where the file is there. */
  async #ask(
    settings: StoredSpeechSettings,
    text: string,
    language: Language,
    target: string,
  ): Promise<SpokenBy['failure']> {
    const { kind, url, model, voices, header, secretSealed, timeoutMs, allowedAddresses } =
      settings;
    const voice = voices[language];
    const answer = await this.parts.endpoint.ask({
      ...{ url, timeoutMs, allowedAddresses },
      headers: headers(header, this.parts.secrets.open(secretSealed)),
      body:
        kind === 'openai'
          ? JSON.stringify({ model, voice, input: text, response_format: 'wav' })
          : fillBody(settings.body, { text, language, voice }),
    });
    if (answer.kind === 'failed') return { reason: answer.reason, detail: answer.detail };
    if (soundFormat(answer.bytes.subarray(0, HEAD_BYTES)) === undefined)
      return { reason: 'not-a-sound', detail: '' };
    await writeFile(target, answer.bytes);
    return undefined;
  }
}

/** A bare key in `Authorization` is a bearer token. */
function headers(name: string, secret: string): Readonly<Record<string, string>> {
  if (name === '' || secret === '') return {};
  const isBareKey = name.toLowerCase() === 'authorization' && !secret.includes(' ');
  return { [name]: isBareKey ? `Bearer ${secret}` : secret };
}
