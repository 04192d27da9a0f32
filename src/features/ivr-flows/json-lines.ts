/** A place in a text, both counted from 1. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

/** Where an offset of a text is. */
export function placeAt(text: string, offset: number): Place {
  const before = text.slice(0, offset).split('\n');
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}

/** Where text ceases to be JSON; undefined where it is JSON. */
export function brokenAt(text: string): Place | undefined {
  const scanner = new Scanner(text);
  try {
    scanner.value();
    scanner.end();
    return undefined;
  } catch (error) {
    if (error instanceof Broken) return placeAt(text, error.offset);
    throw error;
  }
}

/** Where a value of a JSON text begins, by its path; the nearest one around it where the path goes further than the text. */
export function placeOf(text: string, path: readonly PropertyKey[]): Place {
  const scanner = new Scanner(text);
  scanner.value();
  for (let length = path.length; length >= 0; length -= 1) {
    const offset = scanner.found.get(path.slice(0, length).map(String).join('\u0000'));
    if (offset !== undefined) return placeAt(text, offset);
  }
  return { line: 1, column: 1 };
}

class Broken extends Error {
  constructor(readonly offset: number) {
    super(`no JSON at ${String(offset)}`);
  }
}

const STRING = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y;
const PLAIN = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y;
const SPACE = /[ \t\r\n]*/y;
/** Values within each other at most: flows are six deep. */
const MAX_DEPTH = 64;

/** Walks through JSON and notes where each value begins. */
class Scanner {
  readonly found = new Map<string, number>();
  #at = 0;
  readonly #path: string[] = [];

  constructor(private readonly text: string) {}

  value(): void {
    this.#take(SPACE);
    const key = this.#path.join('\u0000');
    if (!this.found.has(key)) this.found.set(key, this.#at);
    if (this.#path.length > MAX_DEPTH) throw new Broken(this.#at);
    const first = this.text[this.#at];
    if (first === '{') this.#object();
    else if (first === '[') this.#array();
    else if (first === '"') this.#need(STRING);
    else this.#need(PLAIN);
    this.#take(SPACE);
  }

  end(): void {
    if (this.#at < this.text.length) throw new Broken(this.#at);
  }

  #object(): void {
    this.#each('}', () => {
      const name = JSON.parse(this.#need(STRING)) as string;
      this.#take(SPACE);
      this.#character(':');
      this.#path.push(name);
      this.value();
      this.#path.pop();
    });
  }

  #array(): void {
    let index = 0;
    this.#each(']', () => {
      this.#path.push(String(index));
      this.value();
      this.#path.pop();
      index += 1;
    });
  }

  /** Members between commas up to the closing character. */
  #each(close: string, member: () => void): void {
    this.#at += 1;
    this.#take(SPACE);
    if (this.text[this.#at] === close) {
      this.#at += 1;
      return;
    }
    for (;;) {
      this.#take(SPACE);
      member();
      this.#take(SPACE);
      if (this.text[this.#at] === close) break;
      this.#character(',');
    }
    this.#at += 1;
  }

  #character(expected: string): void {
    if (this.text[this.#at] !== expected) throw new Broken(this.#at);
    this.#at += 1;
  }

  #take(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.text)?.[0];
    if (found !== undefined) this.#at += found.length;
    return found;
  }

  #need(pattern: RegExp): string {
    const found = this.#take(pattern);
    if (found === undefined || found === '') throw new Broken(this.#at);
    return found;
  }
}
