import { expect } from 'chai';
import {
  recycle,
  RECYCLED_RESULTS,
  USUAL_RECYCLING,
  type EndedDial,
  type RecycleRule,
} from '../../../src/engines/outbound/recycling.js';

const HOUR_MS = 3_600_000;
const TEN = Date.parse('2026-11-26T10:00:00Z');
const ended = (result: string, changes: Partial<EndedDial> = {}): EndedDial => ({
  result,
  endedAt: TEN,
  zones: ['Europe/London'],
  position: 1,
  alivePositions: [1, 2],
  results: [result],
  ...changes,
});
const table = (changes: Partial<RecycleRule>) => ({
  ...USUAL_RECYCLING,
  busy: { ...USUAL_RECYCLING.busy, ...changes },
});

describe('recycling', () => {
  it('ends with a person, and costs nothing where the fault was ours', () => {
    expect(recycle(ended('human'), USUAL_RECYCLING)).to.deep.equal({ state: 'done', why: 'human' });
    const own = recycle(
      ended('failed', { results: Array<string>(99).fill('failed') }),
      USUAL_RECYCLING,
    );
    expect(own).to.deep.equal({ state: 'open', nextAt: TEN + 60_000, position: 1 });
  });

  it('waits as long as the table says, each result for itself, and then has enough', () => {
    for (const result of RECYCLED_RESULTS) {
      const rule = USUAL_RECYCLING[result];
      const fate = recycle(ended(result), USUAL_RECYCLING);
      expect(fate, result).to.deep.include({ state: 'open', nextAt: TEN + rule.delayMs });
      const often = Array<string>(rule.most).fill(result);
      expect(recycle(ended(result, { results: often }), USUAL_RECYCLING)).to.deep.equal({
        state: 'done',
        why: result,
      });
    }
    const many = Array<string>(50).fill('busy');
    expect(recycle(ended('busy', { results: many }), table({ most: 0 })).state).to.equal('open');
  });

  it('goes to the next number, and round again', () => {
    const next = (position: number) =>
      recycle(ended('busy', { position }), table({ number: 'next' }));
    expect(next(1)).to.deep.include({ position: 2 });
    expect(next(2)).to.deep.include({ position: 1 });
  });

  it('leaves a dead number at once, and gives up where none is left', () => {
    expect(recycle(ended('invalid', { alivePositions: [2] }), USUAL_RECYCLING)).to.deep.equal({
      state: 'open',
      nextAt: TEN,
      position: 2,
    });
    expect(recycle(ended('invalid', { alivePositions: [] }), USUAL_RECYCLING)).to.deep.equal({
      state: 'refused',
      why: 'dead-number',
    });
  });

  it('keeps to hours of the day by the clock of the person, over midnight too', () => {
    const evening = table({ delayMs: HOUR_MS, fromMinute: 18 * 60, toMinute: 20 * 60 });
    expect(recycle(ended('busy'), evening)).to.deep.include({
      nextAt: Date.parse('2026-11-26T18:00:00Z'),
    });
    expect(recycle(ended('busy', { zones: ['Asia/Tokyo'] }), evening)).to.deep.include({
      // 19:00 in Tokyo plus an hour is 20:00: too late today.
      nextAt: Date.parse('2026-11-27T09:00:00Z'),
    });
    const night = table({ delayMs: HOUR_MS, fromMinute: 22 * 60, toMinute: 60 });
    expect(recycle(ended('busy'), night)).to.deep.include({
      nextAt: Date.parse('2026-11-26T22:00:00Z'),
    });
  });
});
