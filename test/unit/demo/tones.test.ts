import { expect } from 'chai';
import {
  loudness,
  makeTone,
  readWav,
  soundSpans,
  toneMs,
  toneShare,
  toneSpans,
  writeWav,
} from '../../../src/demo/tones.js';

const RATE = 8000;

function join(...parts: Int16Array[]): Int16Array {
  const all = new Int16Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
const mix = (a: Int16Array, b: Int16Array): Int16Array =>
  a.map((sample, i) => sample + (b[i] ?? 0));
const silence = (ms: number): Int16Array => new Int16Array((RATE * ms) / 1000);

describe('tones', () => {
  it('finds a tone where it is and nowhere else', () => {
    const sound = join(silence(400), makeTone(600, 800), silence(600), makeTone(1000, 400));
    expect(toneSpans(sound, RATE, 600)).to.deep.equal([{ startMs: 400, endMs: 1200 }]);
    expect(toneSpans(sound, RATE, 1000)).to.deep.equal([{ startMs: 1800, endMs: 2200 }]);
    expect(toneSpans(sound, RATE, 440)).to.deep.equal([]);
  });

  it('hears both of two people who speak at once', () => {
    const sound = mix(makeTone(600, 1000), makeTone(1000, 1000));
    expect(toneMs(sound, RATE, 600)).to.equal(1000);
    expect(toneMs(sound, RATE, 1000)).to.equal(1000);
    expect(toneShare(sound, RATE, 600)).to.be.closeTo(0.5, 0.05);
  });

  it('does not take speech-like noise for a tone', () => {
    let state = 1;
    const noise = Int16Array.from({ length: RATE }, () => {
      state = (state * 48271) % 2147483647;
      return (state % 8000) - 4000;
    });
    expect(soundSpans(noise, RATE)).to.deep.equal([{ startMs: 0, endMs: 1000 }]);
    expect(toneMs(noise, RATE, 600)).to.equal(0);
  });

  it('takes what is hardly audible for silence', () => {
    const faint = makeTone(600, 1000, RATE, 0.001);
    expect(loudness(faint)).to.be.greaterThan(0);
    expect(soundSpans(faint, RATE)).to.deep.equal([]);
    expect(toneShare(silence(100), RATE, 600)).to.equal(0);
  });

  it('bridges a lost packet', () => {
    const sound = join(makeTone(600, 400), silence(40), makeTone(600, 400));
    expect(toneSpans(sound, RATE, 600)).to.deep.equal([{ startMs: 0, endMs: 840 }]);
  });
});

describe('WAV files', () => {
  it('come back as they were written', () => {
    const tone = makeTone(440, 100);
    expect(readWav(writeWav(tone, RATE))).to.deep.equal({ rate: RATE, channels: [tone] });
  });

  it('give their channels apart', () => {
    const file = writeWav(Int16Array.from([1, -1, 2, -2, 3, -3]), RATE);
    file.writeUInt16LE(2, 22);
    expect(readWav(file).channels).to.deep.equal([
      Int16Array.from([1, 2, 3]),
      Int16Array.from([-1, -2, -3]),
    ]);
  });

  it('are read as far as they go when their writer died', () => {
    const file = writeWav(makeTone(440, 100), RATE);
    expect(readWav(file.subarray(0, 44 + 200)).channels[0]).to.have.length(100);
  });

  it('are refused when they are not what they say', () => {
    expect(() => readWav(Buffer.from('ID3 not a wave file at all'))).to.throw('not a WAV file');
    const compressed = writeWav(makeTone(440, 10), RATE);
    compressed.writeUInt16LE(6, 20);
    expect(() => readWav(compressed)).to.throw('not 16-bit PCM');
    expect(() => readWav(writeWav(new Int16Array(0), RATE).subarray(0, 36))).to.throw(
      'without data',
    );
  });
});
