import { readFile } from 'node:fs/promises';
import { NAMED_CURRENCIES } from '../../engines/speech/currencies.js';
import { phrase, SPOKEN_AS, type SpokenAs } from '../../engines/speech/phrase.js';
import type { SoundRef } from '../../engines/speech/sound.js';
import { LANGUAGES, type Language } from '../../kernel/call-event.js';
import { AppError } from '../../kernel/errors.js';
import { ownSoundKey } from '../../telephony/system-prompts.js';
import type { PageContext, PageRoutes } from '../../web/kit/index.js';
import { PATH } from './prompt-paths.js';
import { ownSoundPath } from './own-sound-pages.js';
import type { OwnSoundService } from './own-sound-service.js';
import type { SoundLibrary } from './sound.js';
import type { SystemPromptLibrary } from './system-prompts.js';
import { joinWavs } from './wav.js';

const SYSTEM = `${PATH}/system`;
/** What is shown first: a value that says something of every kind. */
const EXAMPLES: Readonly<Record<SpokenAs, string>> = {
  number: '20345',
  digits: '+44 20 7946 0123',
  money: '1234.50',
  date: '2026-11-24',
  time: '14:30',
  spelled: 'AB-1234',
};

interface SystemParts {
  readonly system: SystemPromptLibrary;
  readonly library: SoundLibrary;
  readonly own: OwnSoundService;
}

/** Adds the page of the switchboard's own sentences, and hearing how a value is said. */
export function addSystemPages(pages: PageRoutes, { system, library, own }: SystemParts): void {
  pages.get(SYSTEM, 'prompts.edit', (page) => showSystem(page, system, own));
  pages.get(`${SYSTEM}/spoken.wav`, 'prompts.edit', (page) => hear(page, system, library, own));
}

async function showSystem(
  page: PageContext,
  system: SystemPromptLibrary,
  own: OwnSoundService,
): Promise<void> {
  const all = await own.list(page.actor);
  const plain = all.filter(({ kind }) => kind === 'plain');
  const pieces = all.filter(({ kind }) => kind === 'fragment');
  const names = [...new Set(plain.map((sound) => sound.name))];
  page.render('prompts/system', {
    title: page.t('prompts.system.title'),
    styles: ['prompts'],
    crumbs: [{ label: page.t('prompts.title'), href: PATH }],
    prompts: names.map((name) => ({
      name: page.t(`prompts.system.name.${name}`),
      sounds: plain
        .filter((sound) => sound.name === name)
        .map((sound) => ({
          ...sound,
          languageName: page.t(`language.${sound.language}`),
          src: srcOf(sound.own?.hash ?? sound.hash),
          href: ownSoundPath(sound),
        })),
    })),
    pieces: { total: pieces.length, made: pieces.filter(({ hash }) => hash !== undefined).length },
    spoken: spokenView(page, system),
  });
}

const srcOf = (hash: string | undefined): string | undefined =>
  hash === undefined ? undefined : `/media/${hash}.wav`;

interface Asked {
  readonly value: string;
  readonly as: SpokenAs;
  readonly language: Language;
  readonly currency: string;
  readonly clock: 12 | 24;
  readonly zone: string;
}

function askedIn({ query, language, zone }: PageContext): Asked {
  const as = SPOKEN_AS.find((known) => known === query['as']) ?? 'number';
  return {
    as,
    value: (query['value'] ?? EXAMPLES[as]).slice(0, 200),
    language: LANGUAGES.find((known) => known === query['language']) ?? language,
    currency: (query['currency'] ?? (language === 'en' ? 'GBP' : 'CNY')).slice(0, 3),
    clock: query['clock'] === '24' ? 24 : 12,
    zone,
  };
}

function spokenView(page: PageContext, system: SystemPromptLibrary) {
  const asked = askedIn(page);
  const said = phrase(asked.language, asked.value, asked.as, asked);
  const choices = {
    ...asked,
    kinds: SPOKEN_AS.map((as) => ({ value: as, label: page.t(`prompts.spoken.as.${as}`) })),
    languages: LANGUAGES.map((language) => ({
      value: language,
      label: page.t(`language.${language}`),
    })),
    currencies: Object.keys(NAMED_CURRENCIES),
    clocks: [12, 24].map((hours) => ({
      value: hours,
      label: page.t('prompts.spoken.clock', { hours }),
    })),
  };
  if (said.kind === 'unspeakable')
    return { ...choices, problem: page.t(`prompts.spoken.problem.${said.reason}`) };
  const isReady = system.pieces(said.sounds, asked.language) !== undefined;
  const parameters = new URLSearchParams({
    ...{ as: asked.as, value: asked.value, language: asked.language },
    ...{ currency: asked.currency, clock: String(asked.clock) },
  });
  return {
    ...choices,
    words: wordsOf(system, said.sounds, asked.language),
    src: isReady ? `${SYSTEM}/spoken.wav?${parameters.toString()}` : undefined,
  };
}

/** The pieces' texts; a pause is a comma's worth. */
function wordsOf(
  system: SystemPromptLibrary,
  sounds: readonly SoundRef[],
  language: Language,
): string {
  const words = sounds.map(({ name }) =>
    name === 'say-pause' ? '·' : (system.textOf(name, language) ?? name),
  );
  return words.join(language === 'en' ? ' ' : '');
}

async function hear(
  page: PageContext,
  system: SystemPromptLibrary,
  library: SoundLibrary,
  own: OwnSoundService,
): Promise<void> {
  const ownSounds = new Map(
    (await own.list(page.actor)).flatMap((one) =>
      one.own === undefined ? [] : [[ownSoundKey(one.name, one.language), one.own.hash] as const],
    ),
  );
  const asked = askedIn(page);
  const said = phrase(asked.language, asked.value, asked.as, asked);
  const hashes =
    said.kind === 'said' ? system.pieces(said.sounds, asked.language, ownSounds) : undefined;
  if (hashes === undefined) throw new AppError('not-found', 'this cannot be said');
  const files: Buffer[] = [];
  for (const hash of hashes) {
    const path = await library.find(hash, 'wide');
    if (path === undefined) throw new AppError('not-found', 'a piece is gone');
    files.push(await readFile(path));
  }
  page.res.set('Cache-Control', 'private, no-cache').type('audio/wav').send(joinWavs(files));
}
