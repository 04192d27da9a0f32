import { expect } from 'chai';
import { Pacer } from '../../../src/engines/dialer/pacer.js';
import { scoreOf } from '../../../src/telephony/calls/campaigns/score.js';

describe('how likely somebody answers', () => {
  it('is what the field of the campaign says, as people write numbers', () => {
    for (const [text, score] of [
      ['0.35', 0.35],
      ['0,35', 0.35],
      [' 35 % ', 35],
      ['35', 35],
      ['0', undefined],
      ['-1', undefined],
      ['high', undefined],
      ['', undefined],
      ['1e9', undefined],
    ] as const)
      expect(scoreOf({ fields: { chance: text } }, { scoreField: 'chance' }), text).to.equal(score);
    expect(scoreOf({ fields: {} }, { scoreField: 'chance' })).to.equal(undefined);
    expect(scoreOf({ fields: { chance: '1' } }, {})).to.equal(undefined);
  });

  /** Answers that are expected of twenty lines that ring, after a hundred with these scores; what they ended with is alike. */
  const expected = (past: number | undefined, now: number | undefined): number => {
    const pacer = new Pacer({
      ...{ limit: 0.03, windowMs: 86_400_000, ringLimitMs: 26_000 },
      ...{ minimumRingMs: 15_000, patienceMs: 2_000 },
    });
    let at = 1_000_000;
    for (let n = 0; n < 100; n++) {
      pacer.lineStarted(`past ${String(n)}`, at, past);
      pacer.lineEnded(`past ${String(n)}`, n % 5 === 0 ? 'answered' : 'failed', at + 6_000);
      if (n % 5 === 0) pacer.lost(`past ${String(n)}`, 'hung-up', at + 6_500);
      at += 10_000;
    }
    pacer.agentIdle(1, at);
    for (let n = 0; n < 20; n++) pacer.lineStarted(`now ${String(n)}`, at, now);
    pacer.decide(at + 1_000, 40);
    return pacer.state.answersAhead;
  };

  it('makes lines expect more or fewer answers, by how it stands to others', () => {
    const usual = expected(undefined, undefined);
    expect(expected(0.3, 0.3)).to.be.closeTo(usual, 1e-9);
    expect(expected(30, 30), 'only ratios count').to.be.closeTo(usual, 1e-9);
    expect(expected(0.2, 0.8)).to.be.greaterThan(usual * 1.5);
    expect(expected(0.8, 0.2)).to.be.lessThan(usual * 0.7);
    expect(expected(0.8, undefined), 'without one it answers as others do').to.be.closeTo(
      usual,
      1e-9,
    );
  });
});
