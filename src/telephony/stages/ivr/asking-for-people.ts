import { DirectoryBook, type Person } from '../../../engines/directory/book.js';
import {
  advanceDirectory,
  KEYS,
  MAX_KEYS,
  startDirectory,
  type DirectoryEffect,
  type DirectoryInput,
  type Told,
} from '../../../engines/directory/talk.js';
import type { FlowEffect, FlowHappening } from '../../../engines/ivr/effects.js';
import { digitsPhrase } from '../../../engines/speech/digits.js';
import type { Scope } from '../../../kernel/scope.js';
import type { Call } from '../../calls/call.js';
import { askKey } from '../../calls/prompts.js';
import type { CallServices } from '../../calls/services.js';
import type { DirectorySnapshot, ExtensionConfig } from '../../directory.js';
import type { SystemPromptName } from '../../system-prompts.js';

type Asking = Extract<FlowEffect, { readonly kind: 'ask-directory' }>;

/** How long a caller may look for the first letter, for each further one, and think about a name. */
const FIRST_MS = 8_000;
const NEXT_MS = 3_000;
const OFFER_MS = 6_000;
/** Forgets what was typed; ends the entry. */
const CLEAR = '*';
const DONE = '#';

const TOLD: Readonly<Record<Exclude<Told, 'first'>, SystemPromptName>> = {
  'nothing-typed': 'directory-nothing',
  'nobody-found': 'directory-none',
  'too-many': 'directory-too-many',
  'no-more': 'directory-no-more',
};

/** Asks the caller for somebody of the company, by name or by extension. */
export function askDirectory(
  parent: Scope,
  s: CallServices,
  call: Call,
  effect: Asking,
): Promise<FlowHappening> {
  return parent.run('ask for somebody', (scope) => new PeopleTalk(s, call, effect).run(scope));
}

class PeopleTalk {
  readonly #book: DirectoryBook;
  #keys = '';

  constructor(
    private readonly s: CallServices,
    private readonly call: Call,
    private readonly asking: Asking,
  ) {
    this.#book = bookOf(s.directory.current);
  }

  async run(scope: Scope): Promise<FlowHappening> {
    const { by, tries } = this.asking;
    const hasOperator = this.s.directory.current.operator?.target !== undefined;
    let step = startDirectory(by, tries, hasOperator);
    for (;;) {
      const { state, effect } = step;
      if (effect.kind === 'end') {
        const { outcome } = effect;
        if (outcome.kind === 'chosen')
          return { kind: 'person-chosen', extension: outcome.extension, keys: this.#keys };
        return { kind: outcome.kind === 'operator' ? 'operator-asked' : 'nobody-chosen' };
      }
      const input =
        effect.kind === 'ask'
          ? await this.#ask(scope, effect.told, hasOperator)
          : await this.#offer(scope, effect, hasOperator);
      step = advanceDirectory(this.#book, state, input);
    }
  }

  /** Takes letters until the hash key, silence, or as many as a name has; the operator's key counts alone. */
  async #ask(scope: Scope, told: Told, hasOperator: boolean): Promise<DirectoryInput> {
    const { call, asking } = this;
    // What was pressed during a prompt of the flow begins the first entry.
    let keys = told === 'first' ? asking.typed : '';
    let media = [
      ...(told === 'first' ? [] : this.#named(TOLD[told])),
      ...this.#question(),
      ...(hasOperator ? this.#named('directory-operator') : []),
    ];
    if (keys !== '') media = [];
    while (keys.length < MAX_KEYS && !this.#isDone(keys, hasOperator)) {
      const key = await askKey(scope, call, media, keys === '' ? FIRST_MS : NEXT_MS);
      media = [];
      if (key === undefined || key === DONE) break;
      keys = key === CLEAR ? '' : keys + key;
    }
    this.#keys = keys;
    return { kind: 'typed', keys };
  }

  /** Nothing more needs to be typed. */
  #isDone(keys: string, hasOperator: boolean): boolean {
    if (hasOperator && keys === KEYS.operator) return true;
    return this.asking.by === 'extension' && this.#book.isWhole(keys);
  }

  async #offer(
    scope: Scope,
    { person, isOnly }: Extract<DirectoryEffect, { kind: 'offer' }>,
    hasOperator: boolean,
  ): Promise<DirectoryInput> {
    const { s, call } = this;
    const media = [
      ...(await this.#name(person)),
      ...this.#named('directory-number'),
      ...s.prompts.spoken((language) => digitsPhrase(language, person.number) ?? [], call),
      ...this.#named(isOnly ? 'directory-take-only' : 'directory-take'),
      ...(hasOperator ? this.#named('directory-operator') : []),
    ];
    const key = await askKey(scope, call, media, OFFER_MS);
    return key === undefined ? { kind: 'no-key' } : { kind: 'key', key };
  }

  #question(): readonly string[] {
    const { by, prompt } = this.asking;
    const own = prompt === undefined ? [] : this.s.prompts.of(prompt, this.call);
    return own.length > 0 ? own : this.#named(by === 'name' ? 'directory-name' : 'directory-dial');
  }

  /** As its owner says it, else as a voice does that speaks its language; nothing where there is none. */
  #name({ id, name }: Person): Promise<readonly string[]> {
    const { s, call } = this;
    const sound = s.directory.current.extensions.get(id)?.nameSound;
    if (sound !== undefined) return Promise.resolve(s.prompts.kept(sound));
    return s.prompts.text(name, call, /\p{Script=Han}/u.test(name) ? 'zh-CN' : 'en');
  }

  #named(name: SystemPromptName): readonly string[] {
    return this.s.prompts.named(name, this.call);
  }
}

/** The book of each configuration, made when somebody first asks. */
const books = new WeakMap<DirectorySnapshot['extensions'], DirectoryBook>();

function bookOf({ extensions }: Pick<DirectorySnapshot, 'extensions'>): DirectoryBook {
  const known = books.get(extensions);
  if (known !== undefined) return known;
  const book = new DirectoryBook([...extensions.values()].map(personOf));
  books.set(extensions, book);
  return book;
}

const personOf = ({ id, number, name, isUnlisted }: ExtensionConfig): Person => ({
  ...{ id, number, name },
  isListed: isUnlisted !== true,
});
