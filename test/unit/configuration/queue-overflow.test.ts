import { expect } from 'chai';
import fc from 'fast-check';
import { overflowLoop } from '../../../src/features/queues/queue.js';
import type { QueueId } from '../../../src/kernel/ids.js';

const net = (links: Readonly<Record<number, readonly number[]>>) => (id: QueueId) =>
  (links[id] ?? []) as QueueId[];
const chain = (links: Readonly<Record<number, number>>) => (id: QueueId) =>
  links[id] === undefined ? [] : [links[id] as QueueId];

describe('overflows that lead round in a circle', () => {
  it('are found, with the way', () => {
    expect(overflowLoop(1 as QueueId, chain({ 1: 1 }))).to.deep.equal([1, 1]);
    expect(overflowLoop(1 as QueueId, chain({ 1: 2, 2: 3, 3: 1 }))).to.deep.equal([1, 2, 3, 1]);
    expect(overflowLoop(1 as QueueId, chain({ 1: 2, 2: 3, 3: 2 }))).to.deep.equal([1, 2, 3, 2]);
  });
  it('are not seen where every chain ends', () => {
    expect(overflowLoop(1 as QueueId, chain({}))).to.equal(undefined);
    expect(overflowLoop(1 as QueueId, chain({ 1: 2, 2: 3 }))).to.equal(undefined);
  });
  it('are found behind any of several targets', () => {
    expect(overflowLoop(1 as QueueId, net({ 1: [2, 3], 2: [4], 3: [4, 1] }))).to.deep.equal([
      1, 3, 1,
    ]);
    expect(overflowLoop(1 as QueueId, net({ 1: [2, 3], 2: [4], 3: [4, 2] }))).to.equal(undefined);
  });
  it('exist exactly when following the chain never ends', () => {
    const links = fc.dictionary(
      fc.integer({ min: 1, max: 8 }).map(String),
      fc.integer({ min: 1, max: 8 }),
    );
    fc.assert(
      fc.property(links, (of) => {
        let at: number | undefined = 1;
        for (let steps = 0; at !== undefined && steps < 20; steps += 1) at = of[at];
        expect(overflowLoop(1 as QueueId, chain(of)) !== undefined).to.equal(at !== undefined);
      }),
      { numRuns: 2_000 },
    );
  });
});
