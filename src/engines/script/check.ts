import { LANGUAGES, type Language } from '../../kernel/call-event.js';
import type { DispositionId } from '../../kernel/ids.js';
import { fieldsIn, isKnownField, type FieldSources } from './merge.js';
import { pageOf, questionsOf, type Script, type ScriptPage } from './script.js';

/**
 * Something about a script that its author should know. None of it forbids saving: a script grows page by page.
 * - `unreachable`: no way leads to the page.
 * - `dead-end`: nothing leads on from the page.
 * - `no-way-out`: from here the script never ends: its pages only lead to each other.
 * - `unknown-field`: a merge field that nothing will ever fill in (`detail`).
 * - `no-text`: not written in a language (`detail`).
 * - `no-code`: a way ends in a disposition that agents cannot choose (any more).
 * - `unknown-target`: an answer is written to a field of the contact that is not there (`detail`).
 */
export interface ScriptWarning {
  readonly kind:
    | 'unreachable'
    | 'dead-end'
    | 'no-way-out'
    | 'unknown-field'
    | 'no-text'
    | 'no-code'
    | 'unknown-target';
  /** Key of the page. */
  readonly page: string;
  readonly detail: string;
}

/** What a script is checked against. */
export interface ScriptKnowledge {
  /** Keys of the contact's own fields. */
  readonly contactFields: ReadonlySet<string>;
  /** Dispositions that can be chosen: those that nothing stands below, and in use. */
  readonly codes: ReadonlySet<DispositionId>;
}

/** Everything that is worth saying, page by page in their order. */
export function scriptWarnings(script: Script, known: ScriptKnowledge): readonly ScriptWarning[] {
  const reached = reachedFrom(script);
  const ending = pagesThatEnd(script);
  const sources: FieldSources = {
    contactFields: known.contactFields,
    questions: new Set(questionsOf(script).keys()),
  };
  return script.pages.flatMap((page) => {
    const warn = (kind: ScriptWarning['kind'], detail = ''): ScriptWarning => ({
      ...{ kind, page: page.key, detail },
    });
    const isReached = reached.has(page.key);
    return [
      ...(isReached ? [] : [warn('unreachable')]),
      ...(page.ways.length === 0 ? [warn('dead-end')] : []),
      ...(page.ways.length > 0 && isReached && !ending.has(page.key) ? [warn('no-way-out')] : []),
      ...unknownFields(page, sources).map((field) => warn('unknown-field', field)),
      ...missingIn(page).map((language) => warn('no-text', language)),
      ...(page.ways.some(({ to }) => to.kind === 'disposition' && !known.codes.has(to.disposition))
        ? [warn('no-code')]
        : []),
      ...page.questions.flatMap(({ field }) =>
        field === '' || known.contactFields.has(field) ? [] : [warn('unknown-target', field)],
      ),
    ];
  });
}

/** Keys of the pages that the first one leads to, itself among them. */
function reachedFrom(script: Script): ReadonlySet<string> {
  const reached = new Set<string>();
  const open = script.pages.slice(0, 1).map(({ key }) => key);
  for (let key = open.pop(); key !== undefined; key = open.pop()) {
    if (reached.has(key)) continue;
    reached.add(key);
    for (const { to } of pageOf(script, key)?.ways ?? [])
      if (to.kind === 'page') open.push(to.page);
  }
  return reached;
}

/** Keys of the pages from which an end can be reached; a page without ways is one, as a dead end. */
function pagesThatEnd(script: Script): ReadonlySet<string> {
  const ending = new Set<string>();
  for (let before = -1; before < ending.size;) {
    before = ending.size;
    for (const { key, ways } of script.pages)
      if (ways.length === 0 || ways.some(({ to }) => to.kind !== 'page' || ending.has(to.page)))
        ending.add(key);
  }
  return ending;
}

const unknownFields = ({ text, title }: ScriptPage, sources: FieldSources): readonly string[] => [
  ...new Set(
    LANGUAGES.flatMap((language) => fieldsIn(`${title[language]} ${text[language]}`)).filter(
      (field) => !isKnownField(field, sources),
    ),
  ),
];

/** Languages in which something of the page is not written although it is in another. */
const missingIn = ({ title, text, questions, ways }: ScriptPage): readonly Language[] =>
  LANGUAGES.filter((language) =>
    [
      ...[title, text],
      ...questions.flatMap(({ label, choices }) => [label, ...choices]),
      ...ways.map(({ label }) => label),
    ].some((texts) => texts[language] === '' && LANGUAGES.some((other) => texts[other] !== '')),
  );
