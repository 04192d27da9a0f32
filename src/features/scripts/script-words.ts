import { scriptWarnings, type ScriptWarning } from '../../engines/script/check.js';
import type { Script, ScriptPage, ScriptTarget } from '../../engines/script/script.js';
import { textIn } from '../../engines/survey/survey.js';
import type { DispositionId } from '../../kernel/ids.js';
import type { PageContext } from '../../web/kit/index.js';
import { outlineOf, pathOf, pathText } from '../dispositions/index.js';
import type { ScriptOptions } from './script-store.js';

type Page = Pick<PageContext, 't' | 'language'>;

/** What a page is called in lists: its number and title. */
export const pageName = ({ t, language }: Page, page: ScriptPage, at: number): string =>
  t('scripts.page-named', { number: at + 1, title: textIn(page.title, language) });

/** Codes that some queue offers, by id. */
const choosable = ({ dispositions }: ScriptOptions): ReadonlySet<DispositionId> =>
  new Set(
    outlineOf(dispositions.values(), 'en')
      .filter(({ isGroup, disposition }) => !isGroup && disposition.isActive)
      .map(({ disposition }) => disposition.id),
  );

/** What is allowed but hardly meant, each with the page that it is about. */
export function scriptProblems(
  page: Page,
  script: Script,
  options: ScriptOptions,
): readonly { readonly text: string; readonly key: string }[] {
  const known = {
    contactFields: new Set(options.contactFields.map(({ key }) => key)),
    codes: choosable(options),
  };
  return scriptWarnings(script, known).map((warning) => ({
    key: warning.page,
    text: page.t(`scripts.warning.${warning.kind}`, {
      page: nameOfKey(page, script, warning.page),
      detail: detailOf(page, warning),
    }),
  }));
}

const detailOf = ({ t }: Page, { kind, detail }: ScriptWarning): string =>
  kind === 'no-text' ? t(`language.${detail}`) : detail;

function nameOfKey(page: Page, script: Script, key: string): string {
  const at = script.pages.findIndex((one) => one.key === key);
  const found = script.pages[at];
  return found === undefined ? key : pageName(page, found, at);
}

/** Where a way leads, in words. */
export function targetText(
  page: Page,
  script: Script,
  to: ScriptTarget,
  { dispositions }: Pick<ScriptOptions, 'dispositions'>,
): string {
  switch (to.kind) {
    case 'page':
      return nameOfKey(page, script, to.page);
    case 'disposition':
      return pathOf(dispositions, to.disposition, page.language);
    case 'end':
      return page.t('scripts.to.end');
  }
}

/** Codes for the select of a way. Those of some queues only are offered too: the queue's offer is looked at in the call. */
export const codeOptions = (
  { language }: Page,
  { dispositions }: ScriptOptions,
): readonly { readonly value: string; readonly label: string }[] =>
  outlineOf(dispositions.values(), language)
    .filter(({ isGroup, disposition }) => !isGroup && disposition.isActive)
    .map(({ disposition, path }) => ({
      value: `disposition:${String(disposition.id)}`,
      label: pathText(path),
    }));
