import type { ExtensionId } from '../../kernel/ids.js';
import { nameKeys } from './name-keys.js';

/** Somebody whom callers can be connected with. */
export interface Person {
  readonly id: ExtensionId;
  /** The extension's number. */
  readonly number: string;
  readonly name: string;
  /** Callers may find the name; by its number it is always reached. */
  readonly isListed: boolean;
}

/** Whom callers find by what they type. */
export class DirectoryBook {
  readonly #listed: readonly { readonly person: Person; readonly keys: readonly string[] }[];
  readonly #byNumber: ReadonlyMap<string, Person>;

  constructor(people: readonly Person[]) {
    this.#byNumber = new Map(people.map((person) => [person.number, person]));
    this.#listed = people
      .filter(({ isListed }) => isListed)
      .map((person) => ({ person, keys: keysOfName(person.name) }))
      .sort((a, b) => order(a.person, b.person));
  }

  /** Those whose name begins with these keys, by name, then by number; nobody for no keys. */
  named(keys: string): readonly Person[] {
    if (keys === '') return [];
    return this.#listed
      .filter((one) => one.keys.some((key) => key.startsWith(keys)))
      .map(({ person }) => person);
  }

  /** The number of somebody, and no other number begins with it: nothing more needs to be typed. */
  isWhole(number: string): boolean {
    return (
      this.#byNumber.has(number) &&
      ![...this.#byNumber.keys()].some((other) => other !== number && other.startsWith(number))
    );
  }

  numbered(number: string): Person | undefined {
    return this.#byNumber.get(number);
  }
}

/** Names whose keys are remembered; when there are more, all are worked out again. */
const MAX_REMEMBERED = 20_000;
/** Books are made anew with every change of the configuration, names hardly ever: 5,000 Chinese ones take a third of a second. */
const remembered = new Map<string, readonly string[]>();

function keysOfName(name: string): readonly string[] {
  const known = remembered.get(name);
  if (known !== undefined) return known;
  if (remembered.size >= MAX_REMEMBERED) remembered.clear();
  const keys = nameKeys(name);
  remembered.set(name, keys);
  return keys;
}

const order = (a: Person, b: Person): number =>
  compare(a.name, b.name) || compare(a.number, b.number);
const compare = (a: string, b: string): number => (a < b ? -1 : Number(a > b));
