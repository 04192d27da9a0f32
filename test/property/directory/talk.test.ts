import { expect } from 'chai';
import * as fc from 'fast-check';
import { DirectoryBook, type Person } from '../../../src/engines/directory/book.js';
import {
  advanceDirectory,
  MAX_OFFERED,
  startDirectory,
  type DirectoryInput,
  type DirectoryStep,
} from '../../../src/engines/directory/talk.js';
import { keysOf } from '../../../src/engines/directory/name-keys.js';
import type { ExtensionId } from '../../../src/kernel/ids.js';

const people = (names: readonly string[]): readonly Person[] =>
  names.map((name, at) => ({
    ...{ id: (at + 1) as ExtensionId, number: String(2001 + at), name, isListed: true },
  }));
const COMPANY = people(['Ada Finch', 'Adam Frost', 'Ben Okafor', '陈静']);

const FIGURES = Array.from('0123456789');
const typed = (keys: string): DirectoryInput => ({ kind: 'typed', keys });
const key = (pressed: string): DirectoryInput => ({ kind: 'key', key: pressed });
const NO_KEY: DirectoryInput = { kind: 'no-key' };

function talk(
  inputs: readonly DirectoryInput[],
  options: {
    book?: DirectoryBook;
    tries?: number;
    by?: 'name' | 'extension';
    operator?: boolean;
  } = {},
): DirectoryStep {
  const book = options.book ?? new DirectoryBook(COMPANY);
  let step = startDirectory(options.by ?? 'name', options.tries ?? 3, options.operator ?? true);
  for (const input of inputs) step = advanceDirectory(book, step.state, input);
  return step;
}

describe('Asking for somebody', () => {
  it('offers those who fit, one after the other, and connects the one who is taken', () => {
    const first = talk([typed(keysOf('ada'))]);
    expect(first.effect).to.include({ kind: 'offer', isOnly: false });
    const second = talk([typed(keysOf('ada')), key('#')]);
    expect(second.effect).to.have.nested.property('person.name', 'Adam Frost');
    const back = talk([typed(keysOf('ada')), key('#'), key('*'), key('1')]);
    expect(back.effect).to.deep.equal({ kind: 'end', outcome: { kind: 'chosen', extension: 1 } });
  });

  it('asks again after nothing, nobody and the last name, and gives up after so many tries', () => {
    expect(talk([typed('')]).effect).to.deep.equal({ kind: 'ask', told: 'nothing-typed' });
    expect(talk([typed('9999999')]).effect).to.deep.equal({ kind: 'ask', told: 'nobody-found' });
    expect(talk([typed(keysOf('ben')), key('#')]).effect).to.deep.equal({
      ...{ kind: 'ask', told: 'no-more' },
    });
    expect(talk([typed(''), typed('9999999'), typed('')]).effect).to.deep.equal({
      ...{ kind: 'end', outcome: { kind: 'nobody' } },
    });
  });

  it('leads to the operator by 0, at any time, and only where there is one', () => {
    const toOperator = { kind: 'end', outcome: { kind: 'operator' } };
    expect(talk([typed('0')]).effect).to.deep.equal(toOperator);
    expect(talk([typed(keysOf('ada')), key('0')]).effect).to.deep.equal(toOperator);
    expect(talk([typed('0')], { operator: false }).effect).to.include({ kind: 'ask' });
  });

  it('asks for more letters once where many fit, then reads them out', () => {
    const book = new DirectoryBook(people(Array.from({ length: MAX_OFFERED + 1 }, () => '李伟')));
    const step = talk([typed(keysOf('liwei'))], { book });
    expect(step.effect).to.deep.equal({ kind: 'ask', told: 'too-many' });
    expect(talk([typed(keysOf('li')), typed(keysOf('liwei'))], { book }).effect).to.include({
      kind: 'offer',
    });
  });

  it('connects an extension by its number, and says where there is none', () => {
    expect(talk([typed('2003')], { by: 'extension' }).effect).to.deep.equal({
      ...{ kind: 'end', outcome: { kind: 'chosen', extension: 3 } },
    });
    expect(talk([typed('2999')], { by: 'extension' }).effect).to.deep.equal({
      ...{ kind: 'ask', told: 'nobody-found' },
    });
  });

  it('ends by itself where nobody presses a key, never connects whom it did not offer, and never throws', () => {
    const input = fc.oneof(
      fc.string({ unit: fc.constantFrom(...FIGURES), maxLength: 6 }).map(typed),
      fc.constantFrom(...FIGURES, '*', '#').map(key),
      fc.constant(NO_KEY),
    );
    fc.assert(
      fc.property(
        fc.array(input, { maxLength: 40 }),
        fc.constantFrom('name' as const, 'extension' as const),
        (inputs, by) => {
          const book = new DirectoryBook(COMPANY);
          let step = startDirectory(by, 3, true);
          for (const one of inputs) {
            const before = step.effect;
            if (before.kind === 'end') break;
            step = advanceDirectory(book, step.state, one);
            if (step.effect.kind !== 'end' || step.effect.outcome.kind !== 'chosen') continue;
            const chosen = step.effect.outcome.extension;
            if (by === 'name') expect(before).to.have.nested.property('person.id', chosen);
            else expect(book.numbered(one.kind === 'typed' ? one.keys : '')?.id).to.equal(chosen);
          }
          for (let silent = 0; step.effect.kind !== 'end'; silent++) {
            expect(silent).to.be.lessThan(20);
            step = advanceDirectory(
              book,
              step.state,
              step.effect.kind === 'ask' ? typed('') : NO_KEY,
            );
          }
        },
      ),
    );
  });
});
