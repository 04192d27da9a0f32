/** A way into a JSON document: names of fields and places in lists. */
export type JsonPath = readonly PropertyKey[];

/** `queues[2].overflow.to`, as people write it. */
export const pathText = (path: JsonPath): string =>
  path
    .map((part) => (typeof part === 'number' ? `[${String(part)}]` : `.${String(part)}`))
    .join('')
    .replace(/^\./, '');

/**
 * The line on which a field's value begins; that of the nearest thing around it where the field is absent. The text must be
 * valid JSON.
 */
export function lineOfPath(text: string, path: JsonPath): number {
  const scanner = new Scanner(text);
  scanner.find(path, 0);
  return text.slice(0, scanner.found).split('\n').length;
}

const STRING = /"(?:[^"\\]|\\.)*"/y;
const SCALAR = /[^\s,\]}]+/y;

/** Walks over the document once and remembers where the deepest part of the path begins. */
class Scanner {
  found = 0;
  #at = 0;

  constructor(private readonly text: string) {}

  /** Reads one value; `depth` parts of the path have led to it, or -1 where it is beside the path. */
  find(path: JsonPath, depth: number): void {
    this.#skipSpace();
    if (depth >= 0) this.found = this.#at;
    const opening = this.text[this.#at];
    if (opening !== '{' && opening !== '[') {
      this.#token();
      return;
    }
    this.#at++;
    for (let place = 0; ; place++) {
      this.#skipSpace();
      if (this.text[this.#at] === ',') this.#at++;
      this.#skipSpace();
      const next = this.text[this.#at];
      if (next === undefined || next === '}' || next === ']') break;
      const key = opening === '{' ? this.#key() : place;
      this.find(path, depth >= 0 && path[depth] === key ? depth + 1 : -1);
    }
    this.#at++;
  }

  #key(): string {
    const name = JSON.parse(this.#token()) as string;
    this.#skipSpace();
    this.#at++;
    return name;
  }

  #token(): string {
    const pattern = this.text[this.#at] === '"' ? STRING : SCALAR;
    pattern.lastIndex = this.#at;
    const [token = ''] = pattern.exec(this.text) ?? [];
    this.#at += Math.max(1, token.length);
    return token;
  }

  #skipSpace(): void {
    while (/\s/.test(this.text[this.#at] ?? '')) this.#at++;
  }
}
