import { z } from 'zod';
import { LANGUAGES, type Language } from '../../kernel/call-event.js';
import { AppError } from '../../kernel/errors.js';
import type { PromptId } from '../../kernel/ids.js';
import type { PageContext, PageRoutes } from '../../web/kit/index.js';
import { serveSound } from './media-routes.js';
import { LISTENERS, type PromptService } from './prompt-service.js';
import { PATH, pathOf } from './prompt-paths.js';

/** Files are named by their content, but what a language's sound is changes. */
const NOT_CACHED = 'private, no-cache';

const versionField = z.coerce.number().int().min(1).catch(0);

/** Adds hearing the sounds of prompts, those of now and earlier ones, and restoring an earlier one. */
export function addSoundPages(pages: PageRoutes, service: PromptService): void {
  pages.get(`${PATH}/:id/sound/:language`, LISTENERS, async (page) => {
    const id = page.id<PromptId>();
    await serveSound(
      page,
      await service.listen(page.actor, id, languageIn(page), 'wide'),
      NOT_CACHED,
    );
  });
  pages.get(`${PATH}/:id/versions/:language/:number/sound`, 'prompts.edit', async (page) => {
    const which = { language: languageIn(page), number: page.id('number') };
    const path = await service.listenToVersion(page.actor, page.id<PromptId>(), which);
    await serveSound(page, path, NOT_CACHED);
  });
  pages.post(`${PATH}/:id/versions/:language/:number/restore`, 'prompts.edit', async (page) => {
    const id = page.id<PromptId>();
    const language = languageIn(page);
    const version = versionField.parse(page.body['version']);
    try {
      const which = { language, number: page.id<number>('number'), version };
      await service.restoreSound(page.actor, id, which);
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== 'conflict') throw error;
      await page.redirect(pathOf(id), { message: 'prompts.versions.conflict' });
      return;
    }
    const params = { language: page.t(`language.${language}`) };
    await page.redirect(pathOf(id), { message: 'prompts.versions.restored', params });
  });
}

/** The language in the path; throws `not-found`. */
export function languageIn(page: PageContext): Language {
  const language = LANGUAGES.find((known) => known === page.param('language'));
  if (language === undefined) throw new AppError('not-found', 'no such language');
  return language;
}
