import type { ScriptId } from '../../kernel/ids.js';
import {
  formView,
  numberIn,
  type PageContext,
  type PageRoutes,
  versionOf,
} from '../../web/kit/index.js';
import { rowPages, usageViews, type UsageReports } from '../configuration/index.js';
import { editorView } from './editor-view.js';
import { addPreviewPage } from './preview-page.js';
import { NEW_SCRIPT, scriptSchema, scriptValues } from './script-form.js';
import { changedPages, flatPages, type FlatValues } from './script-rows.js';
import type { ScriptService } from './script-service.js';
import { pageName, scriptProblems, targetText } from './script-words.js';
import { SCRIPT_SORTS, type StoredScript } from './script.js';

/** What the pages are made of. */
export interface ScriptPagesParts {
  readonly service: ScriptService;
  readonly usage: Pick<UsageReports, 'ofScript'>;
}

const PATH = '/setup/scripts';
const ACCESS = 'scripts.edit';

/** The set-up pages of scripts, added to `pages`. */
export function scriptPages(parts: ScriptPagesParts, pages: PageRoutes): PageRoutes {
  const { service, usage } = parts;
  pages.post(`${PATH}/rows`, ACCESS, (page) => changeRows(page, parts));
  addPreviewPage(pages, service);
  return rowPages(
    {
      name: 'scripts',
      permission: ACCESS,
      service,
      schema: scriptSchema,
      list: {
        sorts: SCRIPT_SORTS,
        defaultSort: 'name',
        columns: [
          { label: 'scripts.form.name', sort: 'name' },
          { label: 'scripts.form.pages' },
          { label: 'scripts.column.warnings', numeric: true },
          { label: 'scripts.column.used', numeric: true },
          { label: 'configuration.column.updated', sort: 'updated' },
          { label: '' },
        ],
        rows: async (page, all) => {
          const options = await service.options(page.actor);
          return Promise.all(
            all.map(async (script) => ({
              pages: script.pages.map((one, at) => pageName(page, one, at)),
              warnings: scriptProblems(page, script, options).length,
              used: (await usage.ofScript(script.id)).length,
              updatedAt: script.updatedAt,
            })),
          );
        },
        data: () => ({ styles: ['scripts'] }),
      },
      title: (_page, script) => script.name,
      newValues: () => NEW_SCRIPT,
      values: (_page, script) => scriptValues(script),
      data: (page, script) => editData(page, parts, script, typedOr(page, script)),
      create: (page, values) => service.create(page.actor, values),
      created: (page, id) => page.redirect(`${PATH}/${String(id)}`, { message: 'scripts.created' }),
      save: (page, id, version, values) => service.save(page.actor, id, version, values),
      uses: (script) => usage.ofScript(script.id),
    },
    pages,
  );
}

/** A form that is shown again keeps the pages that were typed. */
const typedOr = (page: PageContext, script: StoredScript | undefined): FlatValues => {
  if ('name' in page.body) return page.body;
  return script === undefined ? NEW_SCRIPT : scriptValues(script);
};

async function editData(
  page: PageContext,
  { service }: ScriptPagesParts,
  script: StoredScript | undefined,
  flat: FlatValues,
) {
  const options = await service.options(page.actor);
  return {
    styles: ['setup', 'surveys', 'scripts'],
    ...editorView(page, flat, options),
    ...(script === undefined
      ? {}
      : {
          previewHref: `${PATH}/${String(script.id)}/preview`,
          warnings: scriptProblems(page, script, options).map(({ text, key }) => ({
            text,
            href: `#page-${key}`,
            action: page.t('scripts.to-page'),
          })),
          outline: script.pages.map((one, at) => ({
            name: pageName(page, one, at),
            href: `#page-${one.key}`,
            leads: one.ways.map(({ to }) => targetText(page, script, to, options)),
          })),
        }),
  };
}

/** The form again with its pages, questions and ways added, taken away or moved; nothing is saved, all typed is kept. */
async function changeRows(page: PageContext, parts: ScriptPagesParts): Promise<void> {
  const { service, usage } = parts;
  const typed: FlatValues = page.body;
  const others = Object.entries(typed).filter(([name]) => !/^pages\.|^do$|^_csrf$/.test(name));
  const values = { ...Object.fromEntries(others), ...flatPages(changedPages(typed)) };
  const id = numberIn(page.body, 'script');
  const stored = id > 0 ? await service.get(page.actor, id as ScriptId) : undefined;
  const version = versionOf(page.body);
  const form = formView(
    {
      prefix: 'scripts.form',
      action: stored === undefined ? PATH : `${PATH}/${String(stored.id)}`,
    },
    values,
    version > 0 ? version : undefined,
  );
  const uses = stored === undefined ? [] : await usage.ofScript(stored.id);
  page.render('scripts/edit', {
    title: stored?.name ?? page.t('scripts.new'),
    crumbs: [{ label: page.t('scripts.title'), href: PATH }],
    ...(stored === undefined ? { isNew: true } : { row: stored, uses: usageViews(page, uses) }),
    ...(await editData(page, parts, stored, values)),
    form,
  });
}
