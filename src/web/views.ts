import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import Handlebars from 'handlebars';
import type { Assets } from './assets.js';
import type { Reader } from './kit/format.js';
import type { Messages } from './kit/translate.js';
import { viewHelpers } from './view-helpers.js';

/** What templates see as `@page`, besides their own data. */
export interface ViewFrame extends Reader {
  readonly csrf: string;
  readonly [name: string]: unknown;
}

/** Compiled pages and partials. */
export interface Views {
  /** Throws where there is no such page. */
  page(name: string, data: object, frame: ViewFrame): string;
  partial(name: string, data: object, frame: ViewFrame): string;
}

/**
 * Compiles everything below `views/` once. `views/layouts/app.hbs` is the partial `layouts/app`, `views/partials/x/y.hbs`
 * the partial `x/y`, `views/pages/x/y.hbs` the page `x/y`. Unknown helpers, triple-stash and values named as a helper fail here, at
 * start.
 */
export function loadViews(root: string, assets: Assets, messages: Messages): Views {
  const engine = Handlebars.create();
  const helpers = viewHelpers(assets, messages);
  for (const [name, helper] of Object.entries(helpers)) engine.registerHelper(name, helper);
  const options: CompileOptions = {
    knownHelpersOnly: true,
    knownHelpers: Object.fromEntries(Object.keys(helpers).map((name) => [name, true])),
    preventIndent: true,
  };
  const compile = (file: string): HandlebarsTemplateDelegate => {
    const source = readFileSync(file, 'utf8');
    if (/\{\{\{|\{\{&/.test(source)) throw new Error(`${file}: values must be escaped, use {{ }}`);
    const alone = [...source.matchAll(/\{\{([\w-]+)\}\}/g)].map(([, name = '']) => name);
    const helper = alone.find((name) => Object.hasOwn(helpers, name));
    if (helper !== undefined)
      throw new Error(`${file}: {{${helper}}} calls the helper; a value is {{this.${helper}}}`);
    return engine.compile(source, options);
  };
  const partials = new Map<string, HandlebarsTemplateDelegate>();
  for (const folder of ['layouts', 'partials'])
    for (const name of templateNames(join(root, 'views', folder)))
      partials.set(
        folder === 'layouts' ? `layouts/${name}` : name,
        compile(join(root, 'views', folder, `${name}.hbs`)),
      );
  for (const [name, template] of partials) engine.registerPartial(name, template);
  const pages = new Map(
    templateNames(join(root, 'views/pages')).map((name) => [
      name,
      compile(join(root, 'views/pages', `${name}.hbs`)),
    ]),
  );
  const run = (
    templates: ReadonlyMap<string, HandlebarsTemplateDelegate>,
    name: string,
    data: object,
    frame: ViewFrame,
  ): string => {
    const template = templates.get(name);
    if (!template) throw new Error(`there is no view ${name}`);
    return template(data, { data: { page: frame } });
  };
  return {
    page: (name, data, frame) => run(pages, name, data, frame),
    partial: (name, data, frame) => run(partials, name, data, frame),
  };
}

/** Names of the templates below a folder, without the ending, with `/` between folders. */
export function templateNames(folder: string, prefix = ''): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (entry.isDirectory())
      return templateNames(join(folder, entry.name), `${prefix}${entry.name}/`);
    return entry.name.endsWith('.hbs') ? [prefix + entry.name.slice(0, -4)] : [];
  });
}
