import { expect } from 'chai';
import fc from 'fast-check';
import { costOf, type CallRate } from '../../../src/engines/limits/call-cost.js';
import { OutsideUse, type ExtensionUse } from '../../../src/engines/limits/outside-use.js';
import type { CallId, ChannelId, ExtensionId, TrunkId } from '../../../src/kernel/ids.js';

const DESK = 1 as ExtensionId;
const HOUR_MS = 3_600_000;
const NONE = { callsPerHour: 0, atOnce: 0, costPerHour: 0 };
const rate = (more: Partial<CallRate>): CallRate => ({
  ...{ id: 1, trunkId: undefined, direction: 'out', prefix: '', perMinute: 600_000, perCall: 0 },
  ...{ minimumS: 0, incrementS: 1, validAt: 0, ...more },
});
const RATES = [rate({})];

describe('what an extension uses of the lines to the outside', () => {
  const kept = new Map<ExtensionId, ExtensionUse>();
  const open = (before: readonly ExtensionUse[] = []): OutsideUse =>
    new OutsideUse((use) => kept.set(use.extension, structuredClone(use)), before);
  const leg = (id: string, at: number, number = '+442079460999') => ({
    ...{ call: id as CallId, leg: `leg ${id}` as ChannelId, number, trunkId: 1 as TrunkId },
    beganAt: at,
  });
  const end = (use: OutsideUse, id: string, at: number): void => {
    use.ended(`leg ${id}` as ChannelId, at);
  };

  it('is counted for exactly an hour, over a restart too', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.record({
            afterMs: fc.integer({ min: 1, max: 1_200_000 }),
            talkMs: fc.integer({ min: 0, max: 600_000 }),
          }),
          { maxLength: 40 },
        ),
        fc.nat({ max: 40 }),
        (calls, restartAt) => {
          kept.clear();
          let use = open();
          let at = 10 * HOUR_MS;
          const truth: { readonly beganAt: number; readonly from: number; readonly to: number }[] =
            [];
          for (const [index, { afterMs, talkMs }] of calls.entries()) {
            if (index === restartAt) use = open([...kept.values()]);
            at += afterMs;
            const id = String(index);
            use.began(DESK, leg(id, at));
            use.answered(`leg ${id}` as ChannelId, at + 1_000);
            end(use, id, at + 1_000 + talkMs);
            truth.push({ beganAt: at, from: at + 1_000, to: at + 1_000 + talkMs });
            at += 1_000 + talkMs;
            const now = use.of(DESK, RATES, at);
            expect(now.calls).to.equal(truth.filter((t) => t.beganAt > at - HOUR_MS).length);
            expect(now.atOnce).to.equal(0);
            const paid = truth
              .filter(({ to }) => to > at - HOUR_MS)
              .reduce((sum, { from, to }) => {
                const ms = Math.max(0, to - Math.max(from, at - HOUR_MS));
                return sum + Math.round(Math.ceil(ms / 1_000) * 10_000);
              }, 0);
            expect(now.cost).to.equal(paid);
          }
        },
      ),
      { numRuns: 200 },
    );
  });

  it('costs while it goes on', () => {
    const use = open();
    use.began(DESK, leg('a', 0));
    use.answered('leg a' as ChannelId, 0);
    expect(use.of(DESK, RATES, 60_000)).to.deep.equal({ calls: 1, atOnce: 1, cost: 600_000 });
    expect(use.problem(DESK, { ...NONE, costPerHour: 600_001 }, RATES, 60_000)).to.equal(undefined);
    expect(use.problem(DESK, { ...NONE, costPerHour: 600_000 }, RATES, 60_000)).to.equal(
      'cap-cost',
    );
  });

  it('is one call over however many trunks it is tried', () => {
    const use = open();
    use.began(DESK, leg('a', 0));
    end(use, 'a', 100);
    use.began(DESK, { ...leg('a', 200), leg: 'second' as ChannelId, trunkId: 2 as TrunkId });
    expect(use.of(DESK, [], 300)).to.deep.include({ calls: 1, atOnce: 1 });
    use.ended('second' as ChannelId, 400);
    expect(use.of(DESK, [], 500)).to.deep.include({ calls: 1, atOnce: 0 });
  });

  it('has a cap for each: calls begun, calls at once', () => {
    const use = open();
    for (const id of ['a', 'b', 'c']) use.began(DESK, leg(id, 1));
    expect(use.problem(DESK, { ...NONE, callsPerHour: 3 }, [], 2)).to.equal('cap-calls');
    expect(use.problem(DESK, { ...NONE, atOnce: 3 }, [], 2)).to.equal('cap-at-once');
    expect(use.problem(DESK, NONE, [], 2)).to.equal(undefined);
    for (const id of ['a', 'b', 'c']) end(use, id, 3);
    expect(use.problem(DESK, { ...NONE, callsPerHour: 3 }, [], HOUR_MS + 2)).to.equal(undefined);
    expect(use.problem(2 as ExtensionId, { ...NONE, callsPerHour: 1 }, [], 2)).to.equal(undefined);
  });

  it('goes by the rate of its own trunk, then the longest prefix, then the latest day', () => {
    const call = { trunkId: 1 as TrunkId, number: '+8610999', beganAt: 100, ms: 60_000 };
    const rates = [
      rate({ id: 1, perMinute: 1 }),
      rate({ id: 2, prefix: '+86', perMinute: 2 }),
      rate({ id: 3, prefix: '+86', perMinute: 3, validAt: 50 }),
      rate({ id: 4, prefix: '+86', perMinute: 4, validAt: 101 }),
      rate({ id: 5, prefix: '+8', perMinute: 5, trunkId: 1 as TrunkId }),
      rate({ id: 6, prefix: '+8610', perMinute: 6, trunkId: 2 as TrunkId }),
      rate({ id: 7, prefix: '+8610', perMinute: 7, direction: 'in' }),
    ];
    expect(costOf(rates, call)).to.equal(5);
    expect(costOf(rates.slice(0, 4), call)).to.equal(3);
    expect(costOf([rate({ minimumS: 90, incrementS: 30, perCall: 5 })], call)).to.equal(900_005);
    expect(costOf([], call)).to.equal(0);
  });
});
