import { LANGUAGES } from '../../kernel/call-event.js';
import type { PromptId } from '../../kernel/ids.js';
import {
  formView,
  listView,
  readList,
  submitForm,
  type PageContext,
  type PageRoutes,
} from '../../web/kit/index.js';
import type { KeptSounds, PromptService, PromptUploads } from './prompt-service.js';
import { editPage, FORM, languageNames, newPage, soundsOf, valuesOf } from './prompt-views.js';
import { PATH, pathOf } from './prompt-paths.js';
import type { PhoneReports } from './phone-reports.js';
import { FIELD_SUFFIX, PROMPT_SORTS, missingLanguages, promptForm } from './prompt.js';
import { MAX_UPLOAD_BYTES } from './sound.js';

/** Both languages may bring a file of the full size; the texts are small. */
const UPLOAD_BYTES = LANGUAGES.length * MAX_UPLOAD_BYTES + 1024 * 1024;

interface Parts {
  readonly service: PromptService;
  readonly phones: PhoneReports | undefined;
}

/** Adds the set-up pages of prompts: list, new, edit, archive, restore. */
export function addPromptPages(
  pages: PageRoutes,
  service: PromptService,
  phones: PhoneReports | undefined,
): void {
  pages.get(PATH, 'prompts.edit', (page) => showList(page, service));
  pages.get(`${PATH}/new`, 'prompts.edit', (page) => {
    const form = formView({ prefix: FORM, action: PATH }, {});
    page.render('prompts/edit', { ...newPage(page, {}), form });
  });
  pages.upload(PATH, 'prompts.edit', UPLOAD_BYTES, (page) =>
    submit(page, { service, phones }, undefined),
  );
  pages.get(`${PATH}/:id`, 'prompts.edit', async (page) => {
    const prompt = await service.get(page.actor, page.id<PromptId>());
    const form = formView(
      { prefix: FORM, action: pathOf(prompt.id) },
      valuesOf(prompt),
      prompt.version,
    );
    page.render('prompts/edit', {
      ...(await editPage(page, service, prompt, { kept: {}, phones })),
      form,
    });
  });
  pages.upload(`${PATH}/:id`, 'prompts.edit', UPLOAD_BYTES, (page) =>
    submit(page, { service, phones }, page.id<PromptId>()),
  );
  pages.post(`${PATH}/:id/archive`, 'prompts.edit', (page) => archive(page, { service, phones }));
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
  const [result, uses, used] = await Promise.all([
    service.list(page.actor, { ...request, archived: isArchive, filters: {} }),
    service.uses(page.actor),
    service.usedLanguages(page.actor),
  ]);
  const rows = result.rows.map((prompt) => ({
    ...prompt,
    href: pathOf(prompt.id),
    languages: soundsOf(page, prompt),
    missing: languageNames(page, missingLanguages(prompt.sounds, used)),
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

/** Both forms: everything typed is kept when something is wrong, and so are files that were good. */
async function submit(
  page: PageContext,
  { service, phones }: Parts,
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
        : editPage(page, service, await service.get(page.actor, id), { kept, phones }),
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

async function archive(page: PageContext, { service, phones }: Parts): Promise<void> {
  const id = page.id<PromptId>();
  const uses = await service.archive(page.actor, id);
  if (uses.length === 0)
    return page.redirect(PATH, {
      message: 'prompts.archived',
      undo: `${pathOf(id)}/restore`,
    });
  const prompt = await service.get(page.actor, id);
  const form = formView({ prefix: FORM, action: pathOf(id) }, valuesOf(prompt), prompt.version);
  const data = await editPage(page, service, prompt, { kept: {}, phones });
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
