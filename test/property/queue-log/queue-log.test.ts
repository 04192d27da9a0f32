import { expect } from 'chai';
import fc from 'fast-check';
import { foldCall } from '../../../src/engines/reporting/fold-call.js';
import { ledgerEvents } from '../../../src/engines/reporting/queue-log/events.js';
import { LogCounter } from '../../../src/engines/reporting/queue-log/summary.js';
import {
  isTalked,
  linesOf,
  LOG_START_S,
  NAMES,
  readLog,
  type MadeVisit,
} from '../../support/queue-logs.js';

const DONE = ['COMPLETEAGENT', 'COMPLETECALLER'] as const;
const GOES_ON = [
  ...['BLINDTRANSFER', 'ATTENDEDTRANSFER', 'EXITWITHTIMEOUT'],
  ...['EXITWITHKEY', 'EXITEMPTY'],
] as const;
const visit = (...ends: readonly string[]): fc.Arbitrary<MadeVisit> =>
  fc.record({
    queue: fc.constantFrom('sales', 'billing', 'care'),
    waits: fc.integer({ min: 0, max: 900 }),
    missed: fc.integer({ min: 0, max: 3 }),
    end: fc.constantFrom(...(ends as readonly MadeVisit['end'][])),
    talks: fc.integer({ min: 0, max: 9_000 }),
    agent: fc.constantFrom('PJSIP/2001', 'SIP/2002-00a', 'Agent/2003'),
  });
const call = fc.record({
  at: fc.integer({ min: LOG_START_S, max: LOG_START_S + 200_000 }),
  visits: fc
    .tuple(fc.array(visit(...GOES_ON), { maxLength: 2 }), visit(...DONE, ...GOES_ON, 'ABANDON'))
    .map(([first, last]) => [...first, last]),
});
const calls = fc.array(call, { maxLength: 25 });

/** Calls mixed as they happened: each call's lines stay in their order. */
function logOf(made: readonly { readonly at: number; readonly visits: readonly MadeVisit[] }[]) {
  return made
    .flatMap(({ at, visits }, n) => linesOf(`old-${String(at)}.${String(n)}`, at, visits))
    .map((line, n) => ({ ...line, n }))
    .sort((a, b) => a.at - b.at || a.n - b.n)
    .map(({ text }) => text);
}

const idsOf = (text: string): readonly string[] =>
  readLog(text).calls.flatMap((found) => ledgerEvents(found, NAMES).map(({ id }) => id as string));

describe('queue_log of an old system, whatever the mix', () => {
  it('gives the counts that went in, in the summary and in the folded ledger', () => {
    fc.assert(
      fc.property(calls, (made) => {
        const read = readLog(logOf(made).join('\n'));
        expect(read.problems).to.deep.equal([]);
        expect(read.unfinished).to.deep.equal([]);
        expect(read.calls).to.have.length(made.length);
        const visits = made.flatMap((one) => one.visits);
        const count = (end: (one: MadeVisit) => boolean, queue: string): number =>
          visits.filter((one) => one.queue === queue && end(one)).length;
        const counter = new LogCounter();
        for (const one of read.calls) counter.call(one);
        const folded = read.calls.map((one) => foldCall(ledgerEvents(one, NAMES)));
        const rows = folded.flatMap(({ queueVisits }) => queueVisits);
        for (const { name, ...counted } of counter.summary.queues) {
          expect(counted).to.deep.equal({
            offered: count(() => true, name),
            answered: count(isTalked, name),
            abandoned: count(({ end }) => end === 'ABANDON', name),
            overflowed: count((one) => !isTalked(one) && one.end !== 'ABANDON', name),
          });
          const own = rows.filter(({ queueId }) => Number(queueId) === name.charCodeAt(0));
          expect(own).to.have.length(counted.offered);
          for (const outcome of ['answered', 'abandoned', 'overflowed'] as const)
            expect(own.filter((row) => row.outcome === outcome)).to.have.length(counted[outcome]);
        }
        const talkMs = folded
          .flatMap(({ talks }) => talks)
          .reduce((sum, one) => sum + one.talkMs, 0);
        const talked = visits.filter(isTalked);
        expect(talkMs).to.equal(talked.reduce((sum, one) => sum + one.talks, 0) * 1_000);
        const waitMs = folded.reduce((sum, one) => sum + (one.call?.waitMs ?? 0), 0);
        expect(waitMs).to.equal(visits.reduce((sum, one) => sum + one.waits, 0) * 1_000);
        expect(folded.every(({ call: row }) => row?.endedAt !== undefined)).to.equal(true);
      }),
      { numRuns: 60 },
    );
  });

  it('gives the same events again from the same file, and none twice from overlapping ones', () => {
    fc.assert(
      fc.property(calls, fc.nat(), fc.nat(), (made, from, to) => {
        const lines = logOf(made);
        const all = idsOf(lines.join('\n'));
        expect(new Set(all).size).to.equal(all.length);
        expect(idsOf(lines.join('\n'))).to.deep.equal(all);
        // A part of the log has calls of the whole only, and no call that begins before it.
        const [a, b] = [from % (lines.length + 1), to % (lines.length + 1)];
        const part = readLog(lines.slice(Math.min(a, b), Math.max(a, b)).join('\n'));
        const whole = new Map(readLog(lines.join('\n')).calls.map((one) => [one.uniqueId, one]));
        for (const one of part.calls) {
          const same = whole.get(one.uniqueId);
          expect(one.startedAt).to.be.at.least(same?.startedAt ?? Infinity);
          expect(one.visits.length).to.be.at.most(same?.visits.length ?? 0);
        }
      }),
      { numRuns: 60 },
    );
  });
});
