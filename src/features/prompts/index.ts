import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { soundFolder } from '../../adapters/files/sound-folder.js';
import { spokenFolder } from '../../adapters/files/spoken-folder.js';
import type { Database } from '../../adapters/mysql/database.js';
import { soxConverter } from '../../adapters/sound/sox-converter.js';
import { espeakSynthesiser } from '../../adapters/tts/espeak-synthesiser.js';
import type { Announcer } from '../../kernel/announcer.js';
import type { CallLog } from '../../telephony/calls/services.js';
import type { Desk } from '../../telephony/live.js';
import type { PromptTakes } from '../../telephony/prompt-takes.js';
import type { SystemPrompts } from '../../telephony/system-prompts.js';
import { PageRoutes, type FeatureModule } from '../../web/kit/index.js';
import { knexAuditLog } from '../audit/index.js';
import { KnexPromptStore } from './knex-prompt-store.js';
import { addMediaRoutes } from './media-routes.js';
import { addPromptPages } from './prompt-pages.js';
import { KnexOwnSounds } from './knex-own-sounds.js';
import { addOwnSoundPages } from './own-sound-pages.js';
import { OwnSoundService } from './own-sound-service.js';
import { KnexPromptReports } from './prompt-reports.js';
import { PromptService } from './prompt-service.js';
import { KnexPhoneReports } from './phone-reports.js';
import { PhoneTakes, type TakeMemory } from './phone-takes.js';
import { addTakePages } from './take-pages.js';
import { addSoundPages } from './sound-pages.js';
import { SoundStudio } from './sound-studio.js';
import {
  MAX_SPOKEN_SOUNDS,
  TARGET_LUFS,
  type SpeechSynthesiser,
  type SpokenSounds,
} from './sound.js';
import { addSystemPages } from './system-pages.js';
import { SystemPromptLibrary, type EnsureResult } from './system-prompts.js';

export type { StoredPrompt, PromptDraft, PromptSound } from './prompt.js';
export { HEAD_BYTES, soundFormat } from './sound-format.js';
export { serveSound } from './media-routes.js';
export {
  MAX_UPLOAD_BYTES,
  refused,
  type SoundRefusal,
  type EmbeddedVoice,
  type SoundResult,
  type SpeechSynthesiser,
  type SpokenSounds,
} from './sound.js';
export type { EnsureResult } from './system-prompts.js';
export { KnexPhoneReports, type PhoneReports } from './phone-reports.js';
export { PromptService } from './prompt-service.js';
export { SoundStudio, type StoredSound } from './sound-studio.js';

/** Texts of the switchboard's own sentences. */
const MANIFEST = fileURLToPath(new URL('../../../asterisk/prompts/manifest.json', import.meta.url));

/** Making and keeping sounds; needs no database, so that calls can use it too. */
export interface Sounds {
  readonly studio: SoundStudio;
  readonly systemPrompts: SystemPrompts;
  /** What was spoken during calls. */
  readonly spoken: SpokenSounds;
  /**
   * Reads which of the switchboard's sentences are there, and speaks those that are not: seconds the first time, then
   * milliseconds. Run it at start, before the first call, and in the seed. It rejects only where the disk does; sentences
   * that could not be spoken are named in the result.
   */
  ensureSystemPrompts(): Promise<EnsureResult>;
  /** The same for the pieces of spoken values (numbers, dates, money): run it beside the calls. */
  ensureFragments(): Promise<EnsureResult>;
}

interface SoundParts extends Sounds {
  readonly library: ReturnType<typeof soundFolder>;
  readonly system: SystemPromptLibrary;
}

/** Wires sounds on sox, espeak-ng and the folders `<varDir>/prompts` and `<varDir>/spoken`; `voice` speaks what people type. */
export function makeSounds(
  varDir: string,
  voice: SpeechSynthesiser = espeakSynthesiser,
): SoundParts {
  const folder = join(varDir, 'prompts');
  const library = soundFolder(folder);
  const studio = new SoundStudio(library, soxConverter, voice, espeakSynthesiser);
  const system = new SystemPromptLibrary(
    { manifest: MANIFEST, index: join(folder, 'system.json') },
    studio,
    library,
    `${espeakSynthesiser.voices}, ${String(TARGET_LUFS)} LUFS`,
  );
  return {
    library,
    studio,
    system,
    systemPrompts: system,
    spoken: spokenFolder(join(varDir, 'spoken'), MAX_SPOKEN_SOUNDS),
    ensureSystemPrompts: () => system.ensure(),
    ensureFragments: () => system.ensure('fragment'),
  };
}

export interface PhoneTakeParts {
  readonly database: Database;
  readonly announcer: Announcer;
  readonly memory: TakeMemory;
  readonly log: Pick<CallLog, 'warn'>;
}

/** What the calls do with recordings of prompts. */
export function makePhoneTakes(
  { studio, library }: Pick<SoundParts, 'studio' | 'library'>,
  { database, announcer, memory, log }: PhoneTakeParts,
): PromptTakes {
  const service = makeService(database, announcer, { studio, library });
  return new PhoneTakes({ memory, studio, library, service, log });
}

const makeService = (
  database: Database,
  announcer: Announcer,
  { studio, library }: Pick<SoundParts, 'studio' | 'library'>,
): PromptService =>
  new PromptService(
    new KnexPromptStore(database, knexAuditLog),
    announcer,
    studio,
    library,
    new KnexPromptReports(database),
  );

/** What recording by phone needs; without it the page does not offer it. */
export interface PhoneParts {
  readonly desk: Desk;
  readonly memory: TakeMemory;
}

/** The prompts feature. */
export interface PromptsFeature extends FeatureModule, Sounds {
  readonly service: PromptService;
}

/** Wires prompts: pages, the media route for pbx nodes, and the switchboard's own sentences. */
export function makePromptsFeature(
  database: Database,
  announcer: Announcer,
  varDir: string,
  { voice, phone }: { readonly voice?: SpeechSynthesiser; readonly phone?: PhoneParts } = {},
): PromptsFeature {
  const { library, system, ...sounds } = makeSounds(varDir, voice);
  const service = makeService(database, announcer, { studio: sounds.studio, library });
  const pages = new PageRoutes();
  addMediaRoutes(pages, library, sounds.spoken);
  const own = new OwnSoundService(new KnexOwnSounds(database), announcer, sounds.studio, system);
  addSystemPages(pages, { system, library, own });
  addOwnSoundPages(pages, { sounds: own, prompts: service });
  const phones = new KnexPhoneReports(database);
  addPromptPages(pages, service, phone === undefined ? undefined : phones);
  if (phone !== undefined) addTakePages(pages, { ...phone, service, phones });
  addSoundPages(pages, service);
  return {
    name: 'prompts',
    pages,
    menu: [
      {
        group: 'routing',
        label: 'prompts.title',
        icon: 'message-2',
        href: '/setup/prompts',
        access: 'prompts.edit',
        order: 40,
      },
    ],
    service,
    ...sounds,
  };
}
