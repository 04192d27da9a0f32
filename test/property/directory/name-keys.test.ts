import { expect } from 'chai';
import * as fc from 'fast-check';
import { DirectoryBook, type Person } from '../../../src/engines/directory/book.js';
import { keysOf, nameKeys } from '../../../src/engines/directory/name-keys.js';
import type { ExtensionId } from '../../../src/kernel/ids.js';

const fits = (name: string, keys: string): boolean =>
  nameKeys(name).some((key) => key.startsWith(keys));

const letter = fc.constantFrom(...Array.from('abcdefghijklmnopqrstuvwxyz'));
const word = fc.string({ unit: letter, minLength: 1, maxLength: 8 });
const person = (id: number, name: string, isListed = true): Person => ({
  ...{ id: id as ExtensionId, number: String(2000 + id), name, isListed },
});

describe('What is typed for a name', () => {
  it('finds every name by any beginning of its first name, its last name, and both in either order', () => {
    fc.assert(
      fc.property(word, word, fc.nat(16), (first, last, length) => {
        for (const typed of [first, last, first + last, last + first])
          if (length > 0)
            expect(fits(`${first} ${last}`, keysOf(typed).slice(0, length))).to.equal(true);
        expect(fits(`${first} ${last}`, keysOf(`${first.charAt(0)}${last.charAt(0)}`))).to.equal(
          true,
        );
      }),
      { size: 'max' } as object,
    );
  });

  it('gives figures only, whatever the name is, and never an empty one', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 40 }), (name) => {
        for (const key of nameKeys(name)) expect(key).to.match(/^\d+$/);
      }),
    );
  });

  it('never finds who is not listed, and reaches everybody by number', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(word, fc.boolean()), { maxLength: 12 }),
        word,
        (names, typed) => {
          const people = names.map(([name, isListed], at) => person(at, name, isListed));
          const book = new DirectoryBook(people);
          const found = book.named(keysOf(typed));
          expect(found.every(({ isListed }) => isListed)).to.equal(true);
          for (const one of people) expect(book.numbered(one.number)).to.equal(one);
          // Who fits is found whatever else is in the book.
          const wanted = people.filter(
            ({ name, isListed }) => isListed && fits(name, keysOf(typed)),
          );
          const numbers = (all: readonly Person[]) => all.map(({ number }) => number).sort();
          expect(numbers(found)).to.deep.equal(numbers(wanted));
        },
      ),
    );
  });

  it('knows the keys of a telephone', () => {
    expect(keysOf('abc def ghi jkl mno pqrs tuv wxyz')).to.equal('22233344455566677778889999');
    expect(keysOf("Zoë Ångström-O'Neil ß")).to.equal(keysOf('zoeangstromoneilss'));
  });

  it('reads Chinese names by their pinyin: whole, without the surname, by initials, and mixed', () => {
    for (const typed of ['wangxiaoming', 'wang', 'xiaoming', 'ming', 'wxm', 'xm', 'wangxm'])
      expect(fits('王小明', keysOf(typed)), typed).to.equal(true);
    expect(fits('王小明', keysOf('li'))).to.equal(false);
    // A surname is read as one: 曾 is zeng, 单 is shan, 仇 is qiu.
    for (const [name, typed] of [
      ['曾国强', 'zengguoqiang'],
      ['单田芳', 'shantianfang'],
      ['仇英', 'qiuying'],
      ['欧阳娜', 'ouyangna'],
      ['吕布', 'lvbu'],
    ] as const)
      expect(fits(name, keysOf(typed)), name).to.equal(true);
    expect(fits('Amy 王', keysOf('amyw'))).to.equal(true);
    expect(fits('王 Amy', keysOf('amy'))).to.equal(true);
  });
});
