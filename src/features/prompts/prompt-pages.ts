import { LANGUAGES, type Language } from '../../kernel/call-event.js';
import { AppError } from '../../kernel/errors.js';
import type { PromptId } from '../../kernel/ids.js';
import {
  formView,
  listView,
  readList,
  submitForm,
  type PageContext,
  type PageData,
  type PageRoutes,
} from '../../web/kit/index.js';
import type { Usage } from '../configuration/index.js';
import { serveSound } from './media-routes.js';
import {
  FIELD_SUFFIX,
  PROMPT_SORTS,
  missingLanguages,
  promptForm,
  type StoredPrompt,
} from './prompt.js';
import {
  LISTENERS,
  type KeptSounds,
  type PromptService,
  type PromptUploads,
} from './prompt-service.js';
import { MAX_UPLOAD_BYTES } from './sound.js';
import type { SystemPromptName } from '../../telephony/system-prompts.js';
import type { SystemPromptLibrary } from './system-prompts.js';

const PATH = '/setup/prompts';
const FORM = 'prompts.form';
/** Both languages may bring a file of the full size; the texts are small. */
const UPLOAD_BYTES = LANGUAGES.length * MAX_UPLOAD_BYTES + 1024 * 1024;

const pathOf = (id: PromptId): string => `${PATH}/${String(id)}`;

/** Adds the set-up pages of prompts: list, new, edit, listen, archive, restore, and the switchboard's own. */
export function addPromptPages(
  pages: PageRoutes,
  service: PromptService,
  system: SystemPromptLibrary,
): void {
  pages.get(PATH, 'prompts.edit', (page) => showList(page, service));
  pages.get(`${PATH}/system`, 'prompts.edit', (page) => showSystem(page, system));
  pages.get(`${PATH}/new`, 'prompts.edit', (page) => {
    const form = formView({ prefix: FORM, action: PATH }, {});
    page.render('prompts/edit', { ...newPage(page, {}), form });
  });
  pages.upload(PATH, 'prompts.edit', UPLOAD_BYTES, (page) => submit(page, service, undefined));
  pages.get(`${PATH}/:id`, 'prompts.edit', async (page) => {
    const prompt = await service.get(page.actor, page.id<PromptId>());
    const form = formView(
      { prefix: FORM, action: pathOf(prompt.id) },
      valuesOf(prompt),
      prompt.version,
    );
    page.render('prompts/edit', { ...(await editPage(page, service, prompt, {})), form });
  });
  pages.upload(`${PATH}/:id`, 'prompts.edit', UPLOAD_BYTES, (page) =>
    submit(page, service, page.id<PromptId>()),
  );
  pages.get(`${PATH}/:id/sound/:language`, LISTENERS, async (page) => {
    const language = LANGUAGES.find((known) => known === page.param('language'));
    if (language === undefined) throw new AppError('not-found', 'no such language');
    const path = await service.listen(page.actor, page.id<PromptId>(), language, 'wide');
    await serveSound(page, path, 'private, no-cache');
  });
  pages.post(`${PATH}/:id/archive`, 'prompts.edit', (page) => archive(page, service));
  pages.post(`${PATH}/:id/restore`, 'prompts.edit', async (page) => {
    await service.restore(page.actor, page.id<PromptId>());
    await page.redirect(PATH, { message: 'prompts.restored' });
  });
}

async function showList(page: PageContext, service: PromptService): Promise<void> {
  const request = readList(page, {
    path: PATH,
    sorts: PROMPT_SORTS,
    defaultSort: 'name',
    filters: ['archived'],
  });
  const isArchive = request.filters['archived'] === 'yes';
  const [result, uses] = await Promise.all([
    service.list(page.actor, { ...request, archived: isArchive, filters: {} }),
    service.uses(page.actor),
  ]);
  const rows = result.rows.map((prompt) => ({
    ...prompt,
    href: pathOf(prompt.id),
    languages: soundsOf(page, prompt),
    missing: languageNames(page, missingLanguages(prompt.sounds)),
    uses: uses.get(prompt.id)?.length ?? 0,
  }));
  page.render('prompts/list', {
    title: page.t('prompts.title'),
    styles: ['prompts'],
    list: listView(request, { ...result, rows }, [
      { label: 'prompts.form.name', sort: 'name' },
      { label: 'prompts.column.sounds' },
      { label: 'prompts.column.uses', numeric: true },
      { label: 'prompts.column.updated', sort: 'updated' },
      { label: '' },
    ]),
    isArchive,
  });
}

/** `ahead-3`: three callers are before; `ahead-more`: too many to have a sentence each. */
function nameOf(page: PageContext, name: SystemPromptName): string {
  const [, kind, number] = /^(ahead|wait)-(\d+|more)$/.exec(name) ?? [];
  if (kind === undefined) return page.t(`prompts.system.name.${name}`);
  return number === 'more'
    ? page.t(`prompts.system.name.${kind}-more`)
    : page.t(`prompts.system.name.${kind}`, { count: Number(number) });
}

async function showSystem(page: PageContext, system: SystemPromptLibrary): Promise<void> {
  await system.read();
  const all = system.all();
  const names = [...new Set(all.map((sound) => sound.name))];
  page.render('prompts/system', {
    title: page.t('prompts.system.title'),
    styles: ['prompts'],
    crumbs: [{ label: page.t('prompts.title'), href: PATH }],
    prompts: names.map((name) => ({
      name: nameOf(page, name),
      sounds: all
        .filter((sound) => sound.name === name)
        .map((sound) => ({
          ...sound,
          languageName: page.t(`language.${sound.language}`),
          src: sound.hash === undefined ? undefined : `/media/${sound.hash}.wav`,
        })),
    })),
  });
}

/** Both forms: everything typed is kept when something is wrong, and so are files that were good. */
async function submit(
  page: PageContext,
  service: PromptService,
  id: PromptId | undefined,
): Promise<void> {
  let kept: KeptSounds = {};
  await submitForm(page, {
    prefix: FORM,
    action: id === undefined ? PATH : pathOf(id),
    schema: promptForm,
    view: 'prompts/edit',
    data: async () =>
      id === undefined
        ? newPage(page, kept)
        : editPage(page, service, await service.get(page.actor, id), kept),
    save: (form, version) =>
      service.submit(page.actor, { id, version }, form, uploadsOf(page), (sounds) => {
        kept = sounds;
      }),
    ...(id === undefined
      ? {}
      : {
          current: async () => {
            const prompt = await service.get(page.actor, id);
            return { version: prompt.version, values: valuesOf(prompt) };
          },
        }),
    done: {
      path: PATH,
      toast: { message: id === undefined ? 'prompts.created' : 'prompts.saved' },
    },
  });
}

async function archive(page: PageContext, service: PromptService): Promise<void> {
  const id = page.id<PromptId>();
  const uses = await service.archive(page.actor, id);
  if (uses.length === 0)
    return page.redirect(PATH, {
      message: 'prompts.archived',
      undo: `${pathOf(id)}/restore`,
    });
  const prompt = await service.get(page.actor, id);
  const form = formView({ prefix: FORM, action: pathOf(id) }, valuesOf(prompt), prompt.version);
  const data = await editPage(page, service, prompt, {});
  page.render('prompts/edit', { ...data, form, isInUse: true }, 409);
}

const uploadsOf = (page: PageContext): PromptUploads =>
  Object.fromEntries(
    LANGUAGES.flatMap((language) => {
      const field = `file${FIELD_SUFFIX[language]}`;
      const upload = page.uploads.find((found) => found.field === field);
      return upload === undefined ? [] : [[language, upload.path]];
    }),
  );

const valuesOf = (prompt: StoredPrompt) => ({
  name: prompt.name,
  ...Object.fromEntries(
    LANGUAGES.map((language) => [
      `text${FIELD_SUFFIX[language]}`,
      prompt.sounds[language]?.text ?? '',
    ]),
  ),
});

const languageNames = (page: PageContext, languages: readonly Language[]): readonly string[] =>
  languages.map((language) => page.t(`language.${language}`));

const soundsOf = (page: PageContext, prompt: StoredPrompt) =>
  LANGUAGES.flatMap((language) => {
    const sound = prompt.sounds[language];
    return sound === undefined
      ? []
      : [{ language, name: page.t(`language.${language}`), durationMs: sound.durationMs }];
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

const newPage = (page: PageContext, kept: KeptSounds): PageData => ({
  title: page.t('prompts.new'),
  styles: ['prompts'],
  crumbs: [{ label: page.t('prompts.title'), href: PATH }],
  isNew: true,
  languages: languageSections(page, undefined, kept),
});

async function editPage(
  page: PageContext,
  service: PromptService,
  prompt: StoredPrompt,
  kept: KeptSounds,
): Promise<PageData> {
  const uses = await service.usesOf(page.actor, prompt.id);
  return {
    title: prompt.name,
    styles: ['prompts'],
    crumbs: [{ label: page.t('prompts.title'), href: PATH }],
    prompt,
    path: pathOf(prompt.id),
    languages: languageSections(page, prompt, kept),
    missing: languageNames(page, missingLanguages(prompt.sounds)),
    uses: uses.map((usage) => usageView(page, usage)),
  };
}

const usageView = (page: PageContext, usage: Usage) => ({
  kind: page.t(`prompts.use.${usage.kind}`),
  name: usage.name,
  isNumber: usage.kind === 'did',
  href: `/setup/${USE_PATHS[usage.kind]}/${String(usage.id)}`,
});
const USE_PATHS: Readonly<Record<Usage['kind'], string>> = {
  did: 'dids',
  queue: 'queues',
  flow: 'ivr',
  agent: 'agents',
  'queue-skill': 'queues',
  'routing-rule': 'routing',
  disposition: 'dispositions',
};
