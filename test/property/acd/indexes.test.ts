import { expect } from 'chai';
import fc from 'fast-check';
import { CallTable } from '../../../src/engines/acd/call-table.js';
import { SortedList } from '../../../src/engines/acd/sorted-list.js';
import { Waiter } from '../../../src/engines/acd/waiter.js';
import {
  acdQueue,
  AcdBench,
  callId,
  member,
  offered,
  queueId,
  requires,
} from '../../support/acd.js';

interface Thing {
  readonly key: number;
  readonly id: number;
}
const byKey = (a: Thing, b: Thing): number => a.key - b.key || a.id - b.id;

/** Adds (true) or removes the one at a share of the list. */
const steps = fc.array(fc.tuple(fc.boolean(), fc.nat(50), fc.nat(999)), {
  minLength: 1,
  maxLength: 400,
  size: 'max',
});

describe('what the ACD finds people by', () => {
  it('keeps a list in order, however it is filled and emptied, short or long', () => {
    fc.assert(
      fc.property(steps, fc.constantFrom(0, 500, 1_500), (changes, atFirst) => {
        const list = new SortedList<Thing>(({ key }) => key, byKey);
        const plain: Thing[] = [];
        let id = 0;
        const add = (key: number): void => {
          const thing = { key, id: id++ };
          list.add(thing);
          plain.push(thing);
          plain.sort(byKey);
        };
        const takeAt = (share: number): void => {
          const [thing] = plain.splice(Math.floor((share / 1_000) * plain.length), 1);
          if (thing !== undefined) expect(list.remove(thing)).to.equal(true);
        };
        for (let i = 0; i < atFirst; i++) add((i * 7) % 51);
        for (const [isAdded, key, share] of changes)
          if (isAdded) add(key);
          else takeAt(share);
        expect([...list]).to.deep.equal(plain);
        expect(list.length).to.equal(plain.length);
        expect(list.first).to.equal(plain[0]);
        expect(list.firstKey).to.equal(plain[0]?.key ?? Infinity);
        plain.forEach((thing, place) => {
          if (place % 37 !== 0) return;
          expect(list.countBefore(thing)).to.equal(place);
          expect(list.at(place)).to.equal(thing);
        });
        expect(list.remove({ key: 3, id: -1 })).to.equal(false);
        while (plain.length > 0) takeAt(0);
        expect(list.length).to.equal(0);
        expect(list.first).to.equal(undefined);
        add(1);
        expect([...list]).to.deep.equal(plain);
      }),
      { numRuns: 60 },
    );
  });

  it('finds every call that is here, and no other, while calls come and go', () => {
    fc.assert(
      fc.property(steps, (changes) => {
        const table = new CallTable();
        const known = new Map<string, Waiter>();
        changes.forEach(([isAdded, prefix], number) => {
          const call = `${'c'.repeat(prefix % 3)}${String(number)}`;
          const oldest = [...known.keys()][prefix % Math.max(1, known.size)];
          if (isAdded || oldest === undefined) {
            const waiter = Object.assign(new Waiter(), { call: callId(call) });
            table.add(waiter);
            known.set(call, waiter);
          } else {
            const waiter = known.get(oldest);
            if (waiter !== undefined) table.remove(waiter);
            known.delete(oldest);
            expect(table.get(callId(oldest))).to.equal(undefined);
          }
        });
        for (const [call, waiter] of known) expect(table.get(callId(call))).to.equal(waiter);
        const all = [...table];
        expect(all.length).to.equal(known.size);
        for (const waiter of all) expect(known.get(waiter.call)).to.equal(waiter);
      }),
      { numRuns: 200 },
    );
  });

  it('tells a caller apart from whoever left before, also where a timer of that one is still to come', () => {
    const desk = new AcdBench(
      [acdQueue(1, { requirements: [requires(1, 50, [{ afterMs: 60_000, minLevel: 1 }])] })],
      [member(1, [1], [[1, 90]]), member(2, [1], [[1, 5]])],
    );
    desk.ready(2);
    desk.call('first', 1, { priority: 5 });
    desk.send({ kind: 'caller-left', call: callId('first') });
    desk.at += 30_000;
    desk.call('second', 1, { notBefore: desk.at });
    // The time of the first one is up, that of the second is not: nothing is decided about it again.
    expect(desk.pass(31_000).filter(({ kind }) => kind !== 'wake-at')).to.deep.equal([]);
    expect(desk.acd.waiter(callId('first'))).to.equal(undefined);
    expect(desk.acd.waiter(callId('second'))).to.deep.include({ priority: 0 });
    expect(desk.acd.waiting(queueId(1)).map(({ call }) => call)).to.deep.equal(['second']);
    expect(offered(desk.pass(30_000))).to.deep.equal([2]);
  });
});
