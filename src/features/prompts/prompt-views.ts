import { LANGUAGES, type Language } from '../../kernel/call-event.js';
import type { PageContext, PageData } from '../../web/kit/index.js';
import type { Usage } from '../configuration/index.js';
import type { PhoneReports } from './phone-reports.js';
import type { KeptSounds, PromptService } from './prompt-service.js';
import { PATH, pathOf } from './prompt-paths.js';
import { phoneView } from './take-pages.js';
import { FIELD_SUFFIX, missingLanguages, type SoundVersion, type StoredPrompt } from './prompt.js';

export const FORM = 'prompts.form';

export const valuesOf = (prompt: StoredPrompt) => ({
  name: prompt.name,
  ...Object.fromEntries(
    LANGUAGES.map((language) => [
      `text${FIELD_SUFFIX[language]}`,
      prompt.sounds[language]?.text ?? '',
    ]),
  ),
});

export const languageNames = (
  page: PageContext,
  languages: readonly Language[],
): readonly string[] => languages.map((language) => page.t(`language.${language}`));

export const soundsOf = (page: PageContext, prompt: StoredPrompt) =>
  LANGUAGES.flatMap((language) => {
    const sound = prompt.sounds[language];
    return sound === undefined
      ? []
      : [
          {
            language,
            name: page.t(`language.${language}`),
            durationMs: sound.durationMs,
            isSilent: sound.isSilent,
          },
        ];
  });

/** What the form shows of each language: its sound now, and a file kept from a refused try. */
const languageSections = (page: PageContext, prompt: StoredPrompt | undefined, kept: KeptSounds) =>
  LANGUAGES.map((language) => {
    const sound = prompt?.sounds[language];
    const suffix = FIELD_SUFFIX[language];
    return {
      language,
      title: page.t(`language.${language}`),
      text: `text${suffix}`,
      file: `file${suffix}`,
      speak: `speak${suffix}`,
      remove: `remove${suffix}`,
      keptName: `kept${suffix}`,
      kept: kept[language],
      sound:
        sound === undefined || prompt === undefined
          ? undefined
          : {
              ...sound,
              isSpoken: sound.source === 'speech',
              sourceName: page.t(`prompts.source.${sound.source}`),
              src: `${pathOf(prompt.id)}/sound/${language}?v=${sound.hash.slice(0, 12)}`,
            },
    };
  });

export const newPage = (page: PageContext, kept: KeptSounds): PageData => ({
  title: page.t('prompts.new'),
  styles: ['prompts'],
  crumbs: [{ label: page.t('prompts.title'), href: PATH }],
  isNew: true,
  languages: languageSections(page, undefined, kept),
});

export async function editPage(
  page: PageContext,
  service: PromptService,
  prompt: StoredPrompt,
  { kept, phones }: { readonly kept: KeptSounds; readonly phones: PhoneReports | undefined },
): Promise<PageData> {
  const { actor } = page;
  const [uses, drafts, used, versions] = await Promise.all([
    service.usesOf(actor, prompt.id),
    service.draftsOf(actor, prompt.id),
    service.usedLanguages(actor),
    service.versions(actor, prompt.id),
  ]);
  return {
    title: prompt.name,
    styles: ['prompts'],
    scripts: ['phone-take'],
    crumbs: [{ label: page.t('prompts.title'), href: PATH }],
    prompt,
    phone:
      phones === undefined || prompt.archivedAt !== undefined
        ? undefined
        : await phoneView(page, prompt.id, phones),
    path: pathOf(prompt.id),
    languages: languageSections(page, prompt, kept),
    missing: languageNames(page, missingLanguages(prompt.sounds, used)),
    uses: [
      ...uses.map((usage) => usageView(page, usage)),
      ...drafts.map((usage) => ({ ...usageView(page, usage), isDraft: true })),
    ],
    versions: versions.map((version) => versionView(page, prompt, version)),
  };
}

const versionView = (page: PageContext, prompt: StoredPrompt, version: SoundVersion) => {
  const { language, number } = version;
  const path = `${pathOf(prompt.id)}/versions/${language}/${String(number)}`;
  return {
    ...version,
    languageName: page.t(`language.${language}`),
    sourceName: page.t(`prompts.source.${version.source}`),
    isCurrent: prompt.sounds[language]?.hash === version.hash,
    src: `${path}/sound`,
    restore: `${path}/restore`,
    canRestore: prompt.archivedAt === undefined && prompt.sounds[language]?.hash !== version.hash,
  };
};

const usageView = (page: PageContext, usage: Usage) => ({
  kind: page.t(`prompts.use.${usage.kind}`),
  name: usage.name,
  isNumber: usage.kind === 'did',
  href: `/${USE_PATHS[usage.kind]}/${String(usage.id)}`,
});
const USE_PATHS: Readonly<Record<Usage['kind'], string>> = {
  did: 'setup/dids',
  queue: 'setup/queues',
  flow: 'setup/ivr',
  agent: 'setup/agents',
  trunk: 'setup/trunks',
  'ring-group': 'setup/ring-groups',
  'paging-group': 'setup/paging-groups',
  'ring-group-member': 'setup/ring-groups',
  'queue-skill': 'setup/queues',
  'queue-music': 'setup/queues',
  'queue-survey': 'setup/queues',
  'queue-script': 'setup/queues',
  survey: 'setup/surveys',
  music: 'setup/music',
  'not-ready-reason': 'setup/not-ready-reasons',
  'routing-rule': 'setup/routing',
  hook: 'setup/hooks',
  callbacks: 'callbacks',
  disposition: 'setup/dispositions',
  operator: 'setup/operator',
  limits: 'setup/limits',
  campaign: 'campaigns',
};
