import { expect } from 'chai';
import { joinParts } from '../../../src/features/recordings/join-parts.js';
import { derivedId, newId, timeOfId } from '../../../src/kernel/ids.js';

const AT = 1_800_000_000_000;
const BYTES_PER_MS = 16;

/** As Asterisk writes it; of `ms` length, all samples alike. */
function wav(sample: number, ms: number): Buffer {
  const sound = Buffer.alloc(ms * BYTES_PER_MS);
  for (let at = 0; at < sound.length; at += 2) sound.writeInt16LE(sample, at);
  const header = Buffer.alloc(44);
  header.write('RIFF', 0, 'latin1');
  header.write('WAVEfmt ', 8, 'latin1');
  header.write('data', 36, 'latin1');
  return Buffer.concat([header, sound]);
}

const part = (atMs: number, sample: number, ms: number) => ({
  name: `${derivedId(AT + atMs, String(atMs))}-snoop`,
  wav: sample === 0 ? undefined : wav(sample, ms),
});

/** Length in ms of each run of one sample. */
function runs(joined: Buffer | undefined): readonly (readonly [sample: number, ms: number])[] {
  const found: [number, number][] = [];
  const sound = joined?.subarray(44) ?? Buffer.alloc(0);
  for (let at = 0; at < sound.length; at += BYTES_PER_MS) {
    const sample = sound.readInt16LE(at);
    const last = found.at(-1);
    if (last?.[0] === sample) last[1] += 1;
    else found.push([sample, 1]);
  }
  return found;
}

describe('a side of a recording in parts', () => {
  it('has each part at the moment at which it was begun', () => {
    expect(runs(joinParts([part(0, 5, 1_000), part(1_150, 7, 500)]))).to.deep.equal([
      [5, 1_000],
      [0, 150],
      [7, 500],
    ]);
  });

  it('goes on behind a part that is longer than it should be', () => {
    expect(runs(joinParts([part(0, 5, 1_000), part(900, 7, 500)]))).to.deep.equal([
      [5, 1_000],
      [7, 500],
    ]);
  });

  it('is silent where a part is missing, also the first', () => {
    const lost = [part(0, 5, 1_000), part(1_100, 0, 0), part(2_000, 7, 500)];
    expect(runs(joinParts(lost))).to.deep.equal([
      [5, 1_000],
      [0, 1_000],
      [7, 500],
    ]);
    expect(runs(joinParts([part(0, 0, 0), part(300, 7, 500)]))).to.deep.equal([
      [0, 300],
      [7, 500],
    ]);
    expect(joinParts([part(0, 0, 0), part(300, 0, 0)])).to.equal(undefined);
  });

  it('knows the moment by the name', () => {
    expect(timeOfId(`${newId(AT + 50_000_000)}-snoop`)).to.equal(AT + 50_000_000);
  });
});
