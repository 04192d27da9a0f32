import { knexAuditLog } from '../audit/index.js';
import type { Database } from '../../adapters/mysql/database.js';
import { espeakSynthesiser } from '../../adapters/tts/espeak-synthesiser.js';
import { httpSpeechEndpoint } from '../../adapters/tts/http-speech-endpoint.js';
import type { Announcer } from '../../kernel/announcer.js';
import type { CallLog } from '../../telephony/calls/services.js';
import type { FeatureModule } from '../../web/kit/index.js';
import type { SecretBox } from '../configuration/index.js';
import type { Sounds } from '../prompts/index.js';
import { ChosenVoice } from './chosen-voice.js';
import { KnexSpeechStore } from './knex-speech-store.js';
import { speechPages } from './speech-pages.js';
import { SpeechService, SpeechSettingsService } from './speech-service.js';

export type { ChosenVoice } from './chosen-voice.js';
export type { SpeechService } from './speech-service.js';

export interface VoiceParts {
  readonly database: Database;
  readonly secrets: SecretBox;
  readonly log: Pick<CallLog, 'warn'>;
  readonly now: () => number;
}

/** The voice that the settings choose, for whoever makes sounds of texts. */
export const makeVoice = ({ database, secrets, log, now }: VoiceParts): ChosenVoice =>
  new ChosenVoice({
    store: new KnexSpeechStore(database, knexAuditLog),
    ...{ secrets, log, now },
    endpoint: httpSpeechEndpoint,
    embedded: espeakSynthesiser,
  });

/** Speaking texts during calls. */
export const makeSpeech = (
  voice: ChosenVoice,
  { studio, spoken }: Pick<Sounds, 'studio' | 'spoken'>,
  { log, now }: Pick<VoiceParts, 'log' | 'now'>,
): SpeechService => new SpeechService({ voice, studio, spoken, log, now });

export interface SpeechFeatureParts extends VoiceParts {
  readonly announcer: Announcer;
  readonly voice: ChosenVoice;
  readonly sounds: Pick<Sounds, 'studio' | 'spoken'>;
}

/** Wires the page of the voice. */
export function makeSpeechFeature(parts: SpeechFeatureParts): FeatureModule {
  const store = new KnexSpeechStore(parts.database, knexAuditLog);
  const settings = new SpeechSettingsService(store, parts.announcer, parts.secrets, parts.voice);
  return {
    name: 'speech',
    pages: speechPages(settings, makeSpeech(parts.voice, parts.sounds, parts)),
    menu: [
      {
        group: 'routing',
        label: 'speech.title',
        icon: 'volume',
        href: '/setup/speech',
        access: 'prompts.edit',
        order: 41,
      },
    ],
  };
}
