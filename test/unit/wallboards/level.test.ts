import { expect } from 'chai';
import fc from 'fast-check';
import {
  HOLD_MS,
  levelOf,
  settle,
  type Level,
  type LevelState,
} from '../../../src/engines/wallboard/level.js';

describe('the colour of a tile', () => {
  const wait = { warn: 60, critical: 180, isLowBad: false };

  it('says warning and critical from their thresholds on, and below them where low is bad', () => {
    const levels = [59, 60, 179, 180].map((value) => levelOf(value, wait));
    expect(levels).to.deep.equal(['ok', 'warn', 'warn', 'critical']);
    const low = { warn: 80, critical: 60, isLowBad: true };
    expect([80, 79, 60, 59].map((value) => levelOf(value, low))).to.deep.equal([
      ...['ok', 'warn', 'warn', 'critical'],
    ]);
    expect(levelOf(undefined, low)).to.equal('ok');
    expect(levelOf(1_000, { isLowBad: false })).to.equal('ok');
  });

  it('counts at once at first, and later only when it has held for ten seconds', () => {
    const first = settle(undefined, 'critical', 0);
    expect(first.level).to.equal('critical');
    const soon = settle(first, 'ok', 1_000);
    expect(soon.level).to.equal('critical');
    expect(settle(soon, 'ok', 1_000 + HOLD_MS - 1).level).to.equal('critical');
    expect(settle(soon, 'ok', 1_000 + HOLD_MS).level).to.equal('ok');
    // Back in between: the time begins anew.
    const back = settle(soon, 'critical', 5_000);
    expect(settle(back, 'ok', 1_000 + HOLD_MS).level).to.equal('critical');
  });

  it('goes over while a figure swings between two worse levels', () => {
    const state = settle({ level: 'ok' }, 'warn', 0);
    const worse = settle(state, 'critical', 5_000);
    expect(worse.level).to.equal('ok');
    expect(settle(worse, 'warn', HOLD_MS).level).to.equal('warn');
  });

  it('never changes twice within the time that a change must hold', () => {
    const steps = fc.array(
      fc.tuple(
        fc.constantFrom<Level>('ok', 'warn', 'critical'),
        fc.integer({ min: 1, max: 4_000 }),
      ),
      { minLength: 2, maxLength: 60 },
    );
    fc.assert(
      fc.property(steps, (all) => {
        let at = 0;
        let state: LevelState | undefined;
        let changedAt = -HOLD_MS;
        for (const [level, after] of all) {
          at += after;
          const before = state?.level;
          state = settle(state, level, at);
          if (before === undefined || before === state.level) continue;
          expect(at - changedAt).to.be.at.least(HOLD_MS);
          changedAt = at;
        }
      }),
    );
  });
});
