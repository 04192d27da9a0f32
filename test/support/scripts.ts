import type {
  Script,
  ScriptPage,
  ScriptQuestion,
  ScriptTarget,
  ScriptWay,
} from '../../src/engines/script/script.js';
import type { DispositionId } from '../../src/kernel/ids.js';

const both = (text: string) => ({ en: text, 'zh-CN': text });

export const toPage = (page: string): ScriptTarget => ({ kind: 'page', page });
export const toCode = (id: number): ScriptTarget => ({
  kind: 'disposition',
  disposition: id as DispositionId,
});

export const way = (label: string, to: ScriptTarget): ScriptWay => ({ label: both(label), to });

export const question = (key: string, changes: Partial<ScriptQuestion> = {}): ScriptQuestion => ({
  ...{ key, kind: 'text', label: both(key), choices: [], isNeeded: false, field: '' },
  ...changes,
});

export const page = (
  key: string,
  ways: readonly ScriptWay[],
  changes: Partial<ScriptPage> = {},
): ScriptPage => ({
  ...{ key, title: both(key), text: both(`Text of ${key}`), questions: [], ways },
  ...changes,
});

/** Greeting → offer (asks for an amount) → interested (7) or not (8); the greeting may end at once. */
export const SALE: Script = {
  pages: [
    page('p1', [way('Go on', toPage('p2')), way('No time', { kind: 'end' })], {
      text: {
        en: 'Hello {{contact.name}}, this is {{agent.name}}.',
        'zh-CN': '您好 {{contact.name}}',
      },
    }),
    page('p2', [way('Yes', toCode(7)), way('No', toCode(8))], {
      questions: [
        question('amount', { kind: 'number', isNeeded: true, field: 'amount' }),
        question('size', { kind: 'choice', choices: [both('Small'), both('Large')] }),
        question('day', { kind: 'date' }),
      ],
    }),
  ],
};
