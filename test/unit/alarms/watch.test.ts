import { expect } from 'chai';
import fc from 'fast-check';
import { lostPercent, notePhones, type PhonePeaks } from '../../../src/engines/alarm/phone-peak.js';
import { isQuiet } from '../../../src/engines/alarm/quiet-hours.js';
import { AlarmWatch, CLEAR_MS, type AlarmLimit } from '../../../src/engines/alarm/watch.js';

const WAITING: AlarmLimit = { id: 1, kind: 'waiting', threshold: 60, holdMs: 5_000 };
const DISK: AlarmLimit = { id: 2, kind: 'disk', threshold: 80, holdMs: 0 };
const queue = (value: number) => [{ subject: 'queue:3', name: 'Repairs', value }];

describe('alarms', () => {
  it('begin when it was wrong for so long, once, and end when it was right for ten seconds', () => {
    const watch = new AlarmWatch();
    expect(watch.look(WAITING, queue(61), 0).begins).to.have.length(0);
    expect(watch.look(WAITING, queue(64), 4_999).begins).to.have.length(0);
    expect(watch.look(WAITING, queue(65), 5_000).begins).to.deep.equal([
      { rule: 1, subject: 'queue:3', name: 'Repairs', value: 65 },
    ]);
    expect(watch.look(WAITING, queue(66), 6_000).begins).to.have.length(0);
    expect(watch.look(WAITING, queue(0), 7_000).ends).to.have.length(0);
    expect(watch.look(WAITING, queue(0), 7_000 + CLEAR_MS).ends).to.deep.equal([
      { rule: 1, subject: 'queue:3' },
    ]);
  });

  it('stay while nobody can tell, and end with what they were about', () => {
    const watch = new AlarmWatch([{ rule: 1, subject: 'queue:3' }]);
    expect(watch.look(WAITING, undefined, 0).ends).to.have.length(0);
    expect(watch.look(WAITING, [], 100_000).ends).to.have.length(0);
    expect(watch.look(WAITING, undefined, 105_000).ends).to.have.length(0);
    expect(watch.look(WAITING, [], 100_000 + CLEAR_MS).ends).to.have.length(1);
  });

  it('go on while a share swings about its threshold', () => {
    const watch = new AlarmWatch();
    const disk = (value: number, at: number) =>
      watch.look(DISK, [{ subject: 'all', name: '', value }], at);
    expect(disk(80, 0).begins).to.have.length(1);
    expect(disk(79, 1_000).ends).to.have.length(0);
    expect(disk(73, 60_000).ends).to.have.length(0);
    expect(disk(71, 61_000).ends).to.have.length(0);
    expect(disk(71, 61_000 + CLEAR_MS).ends).to.have.length(1);
  });

  it('are after a restart what they were before: none begins again, none is lost', () => {
    const looks = fc.array(fc.integer({ min: 0, max: 120 }), { minLength: 5, maxLength: 60 });
    fc.assert(
      fc.property(looks, fc.nat(59), (values, restartAt) => {
        let watch = new AlarmWatch();
        let open = 0;
        for (const [at, value] of values.entries()) {
          if (at === restartAt)
            watch = new AlarmWatch(open > 0 ? [{ rule: 1, subject: 'queue:3' }] : []);
          const { begins, ends } = watch.look(WAITING, queue(value), at * 3_000);
          open += begins.length - ends.length;
          expect(open).to.be.within(0, 1);
        }
      }),
    );
  });

  it('tell nobody in quiet hours, also over midnight, on the clock of the site', () => {
    const night = { fromMin: 22 * 60, toMin: 6 * 60 };
    const at = (text: string): number => Date.parse(text);
    expect(isQuiet(night, at('2026-07-01T21:30:00Z'), 'Europe/London')).to.equal(true);
    expect(isQuiet(night, at('2026-07-01T04:59:00Z'), 'Europe/London')).to.equal(true);
    expect(isQuiet(night, at('2026-07-01T05:00:00Z'), 'Europe/London')).to.equal(false);
    expect(isQuiet({ fromMin: 0, toMin: 0 }, at('2026-07-01T00:00:00Z'), 'UTC')).to.equal(false);
  });

  it('measure lost phones by the most that were there in the last quarter of an hour', () => {
    let peaks: PhonePeaks = [];
    peaks = notePhones(peaks, 40, 0, false);
    peaks = notePhones(peaks, 20, 30_000, false);
    expect(lostPercent(peaks, 20)).to.equal(50);
    expect(lostPercent(notePhones(peaks, 20, 16 * 60_000, true), 20)).to.equal(50);
    expect(lostPercent(notePhones(peaks, 20, 16 * 60_000, false), 20)).to.equal(0);
    expect(lostPercent([], 0)).to.equal(0);
  });
});
