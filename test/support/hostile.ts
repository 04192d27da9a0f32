/** Values that somebody sends who means harm, or whose program is broken. */
export const HOSTILE_TEXTS: readonly string[] = [
  '',
  ' ',
  '0',
  '-1',
  '1e400',
  '9007199254740993',
  '99999999999999999999',
  'NaN',
  'null',
  'undefined',
  'true',
  '[]',
  '{}',
  '{"a":',
  '[[[[[[[[[[',
  '__proto__',
  'constructor',
  "' OR 1=1 -- ",
  '"; DROP TABLE calls; --',
  '%',
  '%00',
  '%c0%ae%c0%ae%2f',
  '\u0000',
  '\u0001\u0007\u001b[31m',
  '\r\nSet-Cookie: a=b',
  '\u202e\u200f\ufeff',
  '\ud800',
  '😀'.repeat(300),
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  '{{constructor.constructor "return process"}}',
  '{{#each this}}{{@key}}{{/each}}',
  '${jndi:ldap://127.0.0.1/a}',
  '../../../../etc/passwd',
  '..%2f..%2fetc%2fpasswd',
  'file:///etc/passwd',
  'http://[',
  '//',
  'javascript:alert(1)',
  '2026-02-30',
  '2026-13-01T99:99',
  '0000-00-00',
  '9999-12-31',
  '-271821-04-20',
  '24:00',
  'Europe/Nowhere',
  '+',
  '+44 20 7946 0000',
  '*1#',
  '(a+)+$',
  'a'.repeat(2_000),
  '9'.repeat(400),
  'x'.repeat(70_000),
];

/** A repeatable series of choices. */
export interface Choices {
  /** A whole number from 0 to below `limit`. */
  below(limit: number): number;
  of<T>(list: readonly T[]): T;
  text(): string;
}

/** `random` as from `series`: 0 to below 1. */
export function choices(random: () => number): Choices {
  const below = (limit: number): number => Math.floor(random() * limit);
  const of = <T>(list: readonly T[]): T => {
    const one = list[below(list.length)];
    if (one === undefined) throw new Error('nothing to choose from');
    return one;
  };
  const noise = (): string =>
    String.fromCodePoint(...Array.from({ length: 1 + below(40) }, () => 1 + below(0xd7ff - 1)));
  return { below, of, text: () => (below(4) === 0 ? noise() : of(HOSTILE_TEXTS)) };
}
