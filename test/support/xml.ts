/** An element of a file that a phone reads. */
export interface XmlElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly XmlElement[];
  /** Texts between its children, with entities read. */
  readonly text: string;
}

const NAME = /[A-Za-z_][\w.-]*/y;
const ENTITIES: Readonly<Record<string, string>> = {
  'amp;': '&',
  'lt;': '<',
  'gt;': '>',
  'quot;': '"',
  'apos;': "'",
};

/**
 * Reads XML as strictly as XML 1.0 says, as far as our files go: one root, closed elements, no bare `&` or `<`, no control
 * characters. Throws with the place of what is wrong.
 */
export function parseXml(text: string): XmlElement {
  let at = 0;
  const fail = (what: string): never => {
    throw new Error(`${what} at ${String(at)}: ${text.slice(at, at + 40)}`);
  };
  const skip = (pattern: RegExp): string => {
    pattern.lastIndex = at;
    const found = pattern.exec(text)?.[0];
    if (found === undefined) return fail(`expected ${pattern.source}`);
    at += found.length;
    return found;
  };
  const decode = (raw: string): string => {
    if (/[\p{Cc}\p{Cs}\uFFFE\uFFFF]/u.test(raw.replaceAll(/[\t\r\n]/g, '')))
      fail('a forbidden character');
    return raw.replaceAll(/&([^&]*)/g, (_, rest: string) => {
      const entity = Object.keys(ENTITIES).find((one) => rest.startsWith(one));
      return entity === undefined
        ? fail('a bare &')
        : (ENTITIES[entity] ?? '') + rest.slice(entity.length);
    });
  };
  const element = (): XmlElement => {
    skip(/</y);
    const name = skip(NAME);
    const attributes: Record<string, string> = {};
    while (text[at] === ' ') {
      skip(/\s+/y);
      const attribute = skip(NAME);
      skip(/="/y);
      attributes[attribute] = decode(skip(/[^"<]*/y));
      skip(/"/y);
    }
    skip(/>/y);
    const children: XmlElement[] = [];
    let own = '';
    for (;;) {
      own += decode(skip(/[^<]*/y));
      if (at >= text.length) fail('an open element');
      if (text.startsWith('</', at)) break;
      children.push(element());
    }
    skip(/<\//y);
    if (skip(NAME) !== name) fail(`</${name}> expected`);
    skip(/>/y);
    return { name, attributes, children, text: own.trim() };
  };
  skip(/<\?xml version="1\.0" encoding="UTF-8"\?>\s*/y);
  const root = element();
  skip(/\s*$/y);
  return root;
}

/** Texts of all elements below, by their path: `sip/line/PhoneNumber`. */
export function textsIn(root: XmlElement): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>();
  const walk = (one: XmlElement, path: string): void => {
    for (const child of one.children) {
      const below = path === '' ? child.name : `${path}/${child.name}`;
      if (child.children.length === 0) found.set(below, [...(found.get(below) ?? []), child.text]);
      walk(child, below);
    }
  };
  walk(root, '');
  return found;
}
