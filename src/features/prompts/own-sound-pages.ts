import { LANGUAGES, type Language } from '../../kernel/call-event.js';
import { AppError } from '../../kernel/errors.js';
import type { PromptId } from '../../kernel/ids.js';
import type { PageContext, PageRoutes } from '../../web/kit/index.js';
import type { OwnSoundService, SystemSound } from './own-sound-service.js';
import type { PromptService } from './prompt-service.js';
import { PATH } from './prompt-paths.js';
import { MAX_UPLOAD_BYTES } from './sound.js';

const SYSTEM = `${PATH}/system`;
const ACCESS = 'prompts.edit';
const UPLOAD_BYTES = MAX_UPLOAD_BYTES + 1024 * 1024;
/** Prompts that can be chosen from; more than a company has. */
const MAX_PROMPTS = 1_000;

interface Parts {
  readonly sounds: OwnSoundService;
  readonly prompts: PromptService;
}

/** Where the company's own sound of a sentence or piece is chosen. */
export const ownSoundPath = ({ name, language }: Pick<SystemSound, 'name' | 'language'>): string =>
  `${SYSTEM}/${name}/${language}`;

/** Adds the company's own voice for what the switchboard says: pieces of values, one sound, taking it back. */
export function addOwnSoundPages(pages: PageRoutes, parts: Parts): void {
  pages.get(`${SYSTEM}/pieces`, ACCESS, (page) => showPieces(page, parts));
  pages.get(`${SYSTEM}/:name/:language`, ACCESS, (page) => showOne(page, parts));
  pages.upload(`${SYSTEM}/:name/:language`, ACCESS, UPLOAD_BYTES, (page) => keep(page, parts));
  pages.post(`${SYSTEM}/:name/:language/remove`, ACCESS, async (page) => {
    const said = await saidIn(page, parts);
    await parts.sounds.remove(page.actor, said);
    await page.redirect(ownSoundPath(said), { message: 'prompts.own.removed' });
  });
}

const languageIn = ({ query, language }: PageContext): Language =>
  LANGUAGES.find((known) => known === query['language']) ?? language;

/** Pieces of numbers, amounts, dates: those of one language. */
async function showPieces(page: PageContext, { sounds }: Parts): Promise<void> {
  const language = languageIn(page);
  const all = (await sounds.list(page.actor)).filter((one) => one.kind === 'fragment');
  const pieces = all.filter((one) => one.language === language);
  page.render('prompts/pieces', {
    title: page.t('prompts.pieces.title'),
    styles: ['prompts'],
    crumbs: crumbs(page),
    language,
    languageName: page.t(`language.${language}`),
    languages: LANGUAGES.map((value) => ({ value, label: page.t(`language.${value}`) })),
    owned: pieces.filter(({ own }) => own !== undefined).length,
    pieces: pieces.map((piece) => ({ ...piece, href: ownSoundPath(piece) })),
  });
}

const crumbs = (page: PageContext) => [
  { label: page.t('prompts.title'), href: PATH },
  { label: page.t('prompts.system.title'), href: SYSTEM },
];

const saidIn = (page: PageContext, { sounds }: Parts): Promise<SystemSound> =>
  sounds.get(page.actor, { name: page.param('name'), language: page.param('language') });

async function showOne(page: PageContext, parts: Parts, problem?: string): Promise<void> {
  const said = await saidIn(page, parts);
  const { name, language, own, hash, kind } = said;
  const prompts = await promptsIn(page, parts, language);
  const languageName = page.t(`language.${language}`);
  page.render(
    'prompts/own-sound',
    {
      title: kind === 'plain' ? page.t(`prompts.system.name.${name}`) : said.text,
      styles: ['prompts'],
      crumbs: crumbs(page),
      said,
      languageName,
      action: ownSoundPath(said),
      back: kind === 'plain' ? SYSTEM : `${SYSTEM}/pieces?language=${language}`,
      voiceSrc: hash === undefined ? undefined : `/media/${hash}.wav`,
      own: own && { ...own, src: `/media/${own.hash}.wav` },
      prompts: prompts.map((prompt) => ({ value: prompt.id, label: prompt.name })),
      problem,
    },
    problem === undefined ? 200 : 422,
  );
}

/** Prompts that have a sound in a language. */
async function promptsIn(page: PageContext, { prompts }: Parts, language: Language) {
  const { rows } = await prompts.list(page.actor, {
    ...{ search: '', sortBy: 'name', descending: false, offset: 0, limit: MAX_PROMPTS },
    ...{ archived: false, filters: {} },
  });
  return rows.filter((prompt) => prompt.sounds[language] !== undefined);
}

/** A file, or else the sound of a prompt. */
async function keep(page: PageContext, parts: Parts): Promise<void> {
  const said = await saidIn(page, parts);
  const file = page.uploads.find(({ field, fileName }) => field === 'file' && fileName !== '');
  try {
    if (file !== undefined) await parts.sounds.upload(page.actor, said, file.path);
    else {
      const id = Number(page.body['prompt']);
      const found = (await promptsIn(page, parts, said.language)).find(
        (one) => one.id === (id as PromptId),
      );
      const sound = found?.sounds[said.language];
      if (sound === undefined) {
        await showOne(page, parts, page.t('prompts.own.problem.choose'));
        return;
      }
      await parts.sounds.use(page.actor, said, sound);
    }
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'invalid-fields') throw error;
    const [problem] = error.problems;
    await showOne(page, parts, page.t(problem?.message ?? '', problem?.params));
    return;
  }
  await page.redirect(ownSoundPath(said), { message: 'prompts.own.kept' });
}
