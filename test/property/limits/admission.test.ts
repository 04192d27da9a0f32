import { expect } from 'chai';
import fc from 'fast-check';
import { Admissions, type LoadLimits } from '../../../src/engines/limits/admission.js';
import type { CallId, TrunkId } from '../../../src/kernel/ids.js';

const count = fc.integer({ min: 0, max: 8 });
const limitsOf: fc.Arbitrary<LoadLimits> = fc.record({
  ...{ maxCalls: count, reserve: count, perSecond: count },
  ...{ perSource: count, perSourceMinute: count },
});
const step = fc.record({
  source: fc.constantFrom('', '+441', '+442', '+443'),
  trunk: fc.constantFrom(1, 2),
  afterMs: fc.integer({ min: 0, max: 20_000 }),
  /** Which of the calls on the line ends before, if any. */
  ends: fc.option(fc.nat(), { nil: undefined }),
});

interface OnLine {
  readonly id: CallId;
  readonly source: string;
  readonly trunk: number;
}

describe('who is let in', () => {
  it('is counted exactly, whatever comes and goes', () => {
    fc.assert(
      fc.property(
        limitsOf,
        count,
        fc.array(step, { maxLength: 60 }),
        (limits, trunkLimit, steps) => {
          const door = new Admissions();
          let line: OnLine[] = [];
          const admitted: { readonly source: string; readonly at: number }[] = [];
          let at = 1_000_000;
          for (const [index, { source, trunk, afterMs, ends }] of steps.entries()) {
            at += afterMs;
            if (ends !== undefined && line.length > 0) {
              const gone = line[ends % line.length];
              line = line.filter((one) => one !== gone);
              if (gone !== undefined) door.leave(gone.id);
            }
            const verdict = door.ask(limits, { source, trunk: trunk as TrunkId, trunkLimit, at });
            const own = line.filter((one) => one.source === source).length;
            const second = admitted.filter((one) => one.at > at - 1_000).length;
            const minute = admitted.filter((one) => one.source === source && one.at > at - 60_000);
            const { maxCalls, reserve, perSecond, perSource, perSourceMinute } = limits;
            const isFull = maxCalls > 0 && line.length >= maxCalls;
            const isRefused =
              (isFull && line.length >= maxCalls + reserve) ||
              (perSecond > 0 && second >= perSecond) ||
              (source !== '' && perSource > 0 && own >= perSource) ||
              (source !== '' && perSourceMinute > 0 && minute.length >= perSourceMinute);
            const ofTrunk = line.filter((one) => one.trunk === trunk).length;
            const isBusy = isFull || (trunkLimit > 0 && ofTrunk >= trunkLimit);
            expect(verdict.kind).to.equal(isRefused ? 'refused' : isBusy ? 'busy' : 'admitted');
            if (isRefused) continue;
            const id = String(index) as CallId;
            admitted.push({ source, at });
            line.push({ id, source, trunk });
            door.enter(id, { source, trunk: trunk as TrunkId });
            // Taken up again after an outage: once all the same.
            door.enter(id, { source, trunk: trunk as TrunkId });
            expect(door.count).to.equal(line.length);
            if (maxCalls > 0) expect(door.count).to.be.at.most(maxCalls + reserve);
          }
        },
      ),
      { numRuns: 300 },
    );
  });

  it('nobody is turned away where nothing is limited', () => {
    const door = new Admissions();
    const none = { maxCalls: 0, reserve: 0, perSecond: 0, perSource: 0, perSourceMinute: 0 };
    for (let i = 0; i < 2_000; i++) {
      const caller = { source: '+441', trunk: 1 as TrunkId };
      expect(door.ask(none, { ...caller, trunkLimit: 0, at: 1 }).kind).to.equal('admitted');
      door.enter(String(i) as CallId, caller);
    }
  });

  it('counts calls of the house, and never asks them', () => {
    const door = new Admissions();
    const limits = { maxCalls: 1, reserve: 0, perSecond: 0, perSource: 0, perSourceMinute: 0 };
    door.enter('inside' as CallId);
    const caller = { source: '+441', trunk: undefined, trunkLimit: 0, at: 1 };
    expect(door.ask(limits, caller)).to.include({ kind: 'refused', cause: 42, why: 'calls-full' });
    door.leave('inside' as CallId);
    expect(door.ask(limits, caller).kind).to.equal('admitted');
  });
});
