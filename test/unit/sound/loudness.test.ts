import { expect } from 'chai';
import { LoudnessMeter } from '../../../src/engines/sound/loudness.js';

interface Tone {
  readonly seconds: number;
  readonly levelDb: number;
  readonly hertz?: number;
}

function loudness(rate: number, tones: readonly Tone[], portion = 1_000): number {
  const meter = new LoudnessMeter(rate);
  for (const { seconds, levelDb, hertz = 997 } of tones) {
    const all = Float32Array.from(
      { length: Math.round(seconds * rate) },
      (_, at) => 10 ** (levelDb / 20) * Math.sin((2 * Math.PI * hertz * at) / rate),
    );
    for (let at = 0; at < all.length; at += portion) meter.push(all.subarray(at, at + portion));
  }
  return meter.loudness;
}

describe('loudness by ITU-R BS.1770', () => {
  for (const rate of [48_000, 44_100, 16_000, 8_000])
    it(`of a full-scale sine of 997 Hz in one channel is -3.01 LUFS at ${String(rate)} Hz`, () => {
      expect(loudness(rate, [{ seconds: 3, levelDb: 0 }])).to.be.closeTo(-3.01, 0.06);
    });

  it('follows the level', () => {
    expect(loudness(16_000, [{ seconds: 20, levelDb: -20 }])).to.be.closeTo(-23.01, 0.06);
  });

  // The second compliance signal of EBU Tech 3341, in one channel: what is 36 dB lower does not count.
  it('leaves out what is far quieter than the rest', () => {
    const signal = [
      { seconds: 10, levelDb: -72 },
      { seconds: 10, levelDb: -36 },
      { seconds: 60, levelDb: -23 },
      { seconds: 10, levelDb: -36 },
      { seconds: 10, levelDb: -72 },
    ];
    expect(loudness(16_000, signal)).to.be.closeTo(-26.01, 0.1);
  });

  it('counts low frequencies little and high ones more', () => {
    expect(loudness(48_000, [{ seconds: 2, levelDb: 0, hertz: 40 }])).to.be.below(-8);
    expect(loudness(48_000, [{ seconds: 2, levelDb: 0, hertz: 4_000 }])).to.be.above(-0.5);
  });

  it('of silence, and of nothing, is none', () => {
    expect(loudness(8_000, [{ seconds: 1, levelDb: -200 }])).to.equal(Number.NEGATIVE_INFINITY);
    expect(new LoudnessMeter(8_000).loudness).to.equal(Number.NEGATIVE_INFINITY);
  });

  it('of less than a block is that of the block, in whatever portions it comes', () => {
    const short = [{ seconds: 0.35, levelDb: -10 }];
    expect(loudness(8_000, short)).to.be.closeTo(-13.01, 0.15);
    expect(loudness(8_000, short, 7)).to.be.closeTo(loudness(8_000, short), 1e-9);
  });
});
