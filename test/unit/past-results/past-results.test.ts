import { expect } from 'chai';
import fc from 'fast-check';
import { pastResults, type ResultSample } from '../../../src/engines/reporting/past-results.js';
import type { AgentId, QueueId } from '../../../src/kernel/ids.js';

const sample = (queue: number, agent: number, contacts: number, worth: number): ResultSample => ({
  queue: queue as QueueId,
  agent: agent as AgentId,
  contacts,
  worth,
});

describe('past results', () => {
  it('are the mean worth, drawn towards the mean of the queue where there are few contacts', () => {
    const found = pastResults([
      sample(1, 1, 180, 162),
      sample(1, 2, 20, 6),
      sample(1, 3, 0, 0),
      sample(2, 1, 10, 10),
    ]);
    // The queue's mean is 168 / 200 = 0.84: (162 + 16.8) / 200 and (6 + 16.8) / 40.
    expect(found.map((one) => [one.queue, one.agent, one.result, one.contacts])).to.deep.equal([
      [1, 1, 89, 180],
      [1, 2, 57, 20],
      [2, 1, 100, 10],
    ]);
  });

  it('of several sources add up', () => {
    expect(pastResults([sample(1, 1, 10, 5), sample(1, 1, 30, 25)])).to.deep.equal(
      pastResults([sample(1, 1, 40, 30)]),
    );
  });

  it('are half of what callers said where they are asked, each measure drawn to its own mean', () => {
    const asked = [sample(1, 1, 20, 20), sample(1, 2, 20, 10)];
    const found = pastResults([sample(1, 1, 40, 30), sample(1, 2, 40, 30)], asked);
    // Solved at once: both 0.75. Ratings, whose mean is 0.75: (20 + 15) / 40 and (10 + 15) / 40.
    expect(found.map((one) => one.result)).to.deep.equal([81, 69]);
    const onlyAsked = pastResults([], asked);
    expect(onlyAsked.map(({ contacts, result }) => [contacts, result])).to.deep.equal([
      [0, 88],
      [0, 63],
    ]);
  });

  it('lie between 0 and 100, and better contacts never make a worse result among the same others', () => {
    const contacts = fc.nat(500).chain((count) => fc.tuple(fc.constant(count), fc.nat(count)));
    fc.assert(
      fc.property(fc.array(contacts, { minLength: 1, size: 'max', maxLength: 30 }), (all) => {
        const found = pastResults(all.map(([count, worth], at) => sample(1, at + 1, count, worth)));
        for (const { result } of found) expect(result).to.be.within(0, 100);
        const rate = (agent: number): number => {
          const [count = 0, worth = 0] = all[agent - 1] ?? [];
          return worth / count;
        };
        for (const a of found)
          for (const b of found)
            if (a.contacts === b.contacts && rate(a.agent) > rate(b.agent))
              expect(a.result).to.be.at.least(b.result);
      }),
    );
  });
});
