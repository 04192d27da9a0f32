import { expect } from 'chai';
import fc from 'fast-check';
import { createHash } from 'node:crypto';
import { mkdtemp, open, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { openSealed, sealInto } from '../../../src/adapters/crypto/sealed-file.js';
import {
  UnreadableSound,
  type StoredSound,
} from '../../../src/features/recordings/recording-sound.js';
import { flipByte } from '../../support/flip-byte.js';

const KEY = { id: '0123456789abcdef', key: Buffer.alloc(32, 9) };
const NAME = 'a recording.flac';
/** Chunks of 64 bytes: a file of some hundred bytes has many of them. */
const CHUNK_LOG2 = 6;
const HEAD_BYTES = 52;
const TAG_BYTES = 16;

/** In pieces of a size that fits no chunk. */
function* piecesOf(plain: Buffer): Generator<Buffer> {
  for (let at = 0; at < plain.length; at += 37) yield plain.subarray(at, at + 37);
}

describe('a sealed file', () => {
  let folder: string;
  let made = 0;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'cordboard-sealed-'));
  });
  after(() => rm(folder, { recursive: true, force: true }));

  const newFile = (): string => join(folder, String(made++));
  const sourceOf = (plain: Buffer) => ({
    bytes: plain.length,
    read: (from: number, to: number) => Readable.from(piecesOf(plain.subarray(from, to))),
  });
  async function seal(plain: Buffer, chunkLog2 = CHUNK_LOG2): Promise<string> {
    const file = newFile();
    const facts = await sealInto(file, sourceOf(plain), KEY, NAME, chunkLog2);
    expect(facts).to.deep.equal({
      sha256: createHash('sha256').update(plain).digest('hex'),
      bytes: plain.length,
    });
    return file;
  }
  async function using<T>(
    file: string,
    work: (sound: StoredSound) => Promise<T>,
    { name = NAME, key = KEY.key } = {},
  ): Promise<T> {
    const handle = await open(file, 'r');
    try {
      return await work(await openSealed(handle, () => Promise.resolve(key), name));
    } finally {
      await handle.close();
    }
  }
  const slice =
    (from: number, to?: number) =>
    async (sound: StoredSound): Promise<Buffer> => {
      const parts: Buffer[] = [];
      for await (const part of sound.read(from, to ?? sound.bytes)) parts.push(part);
      return Buffer.concat(parts);
    };
  /** Why it cannot be read, in whole; 'readable' where it can. */
  async function whyNot(file: string, options = {}): Promise<string> {
    try {
      await using(file, slice(0), options);
      return 'readable';
    } catch (error) {
      if (error instanceof UnreadableSound) return error.why;
      throw error;
    }
  }
  const sounds = fc.uint8Array({ maxLength: 700, size: 'max' }).map((bytes) => Buffer.from(bytes));

  it('gives back a sound of any size, and every part of it', () =>
    fc.assert(
      fc.asyncProperty(sounds, fc.nat(), fc.nat(), async (plain, a, b) => {
        const file = await seal(plain);
        const [from = 0, to = 0] = [a % (plain.length + 1), b % (plain.length + 1)].sort(
          (x, y) => x - y,
        );
        await using(file, async (sound) => {
          expect(sound.bytes).to.equal(plain.length);
          expect(sound.keyId).to.equal(KEY.id);
          expect((await slice(0)(sound)).equals(plain)).to.equal(true);
          expect((await slice(from, to)(sound)).equals(plain.subarray(from, to))).to.equal(true);
        });
      }),
      { numRuns: 150 },
    ));

  it('gives back sounds around the size of its chunks', async () => {
    for (const size of [0, 1, 63, 64, 65, 127, 128, 129, 640])
      for (const from of [0, 1, 63, 64, 65].filter((at) => at <= size)) {
        const plain = Buffer.from(Array.from({ length: size }, (_, at) => at % 251));
        const got = await using(await seal(plain), slice(from));
        expect(got.equals(plain.subarray(from)), `${String(size)} from ${String(from)}`).to.equal(
          true,
        );
      }
  });

  it('has chunks of 64 KiB unless told otherwise, each readable without the others', async () => {
    const plain = Buffer.alloc(200_000, 'sound');
    const file = newFile();
    await sealInto(file, sourceOf(plain), KEY, NAME);
    const sealed = await readFile(file);
    expect(sealed.length).to.equal(HEAD_BYTES + plain.length + 4 * TAG_BYTES);
    // The second chunk is changed: what lies in the third is given out still.
    flipByte(sealed, HEAD_BYTES + 65_536 + TAG_BYTES + 5);
    await writeFile(file, sealed);
    const third = await using(file, slice(131_072, 140_000));
    expect(third.equals(plain.subarray(131_072, 140_000))).to.equal(true);
    expect(await whyNot(file)).to.equal('broken');
  });

  it('says nothing of the sound, and nothing twice', async () => {
    const plain = Buffer.from('fLaC'.repeat(60));
    const [one, two] = [await readFile(await seal(plain)), await readFile(await seal(plain))];
    expect(one.includes('fLaC')).to.equal(false);
    // Another salt, so another key and another text.
    expect(one.subarray(HEAD_BYTES).equals(two.subarray(HEAD_BYTES))).to.equal(false);
  });

  it('refuses a file of which any byte was changed', () =>
    fc.assert(
      fc.asyncProperty(
        sounds,
        fc.nat(),
        fc.integer({ min: 1, max: 255 }),
        async (plain, place, flip) => {
          const file = await seal(plain);
          const sealed = await readFile(file);
          flipByte(sealed, place % sealed.length, flip);
          await writeFile(file, sealed);
          expect(await whyNot(file)).to.equal('broken');
        },
      ),
      { numRuns: 200 },
    ));

  it('refuses a file that was cut off anywhere, before it gives out any sound', async () => {
    const sealed = await readFile(await seal(Buffer.alloc(300, 'sound')));
    for (let length = 0; length < sealed.length; length++) {
      const file = newFile();
      await writeFile(file, sealed.subarray(0, length));
      let opened = false;
      await using(file, () => {
        opened = true;
        return Promise.resolve();
      }).catch((error: unknown) => {
        expect(error).to.be.instanceOf(UnreadableSound);
      });
      expect(opened, `cut to ${String(length)}`).to.equal(false);
    }
  });

  it('refuses what was appended, doubled, left out or put in another order', async () => {
    const sealed = await readFile(await seal(Buffer.alloc(64 * 4, 'sound')));
    const head = sealed.subarray(0, HEAD_BYTES);
    const chunk = (at: number): Buffer =>
      sealed.subarray(HEAD_BYTES + at * 80, HEAD_BYTES + (at + 1) * 80);
    const orders = [
      [0, 1, 2],
      [1, 2, 3],
      [0, 2, 3],
      [0, 2, 1, 3],
      [0, 1, 2, 3, 3],
      [0, 1, 1, 3],
    ];
    for (const order of orders) {
      const file = newFile();
      await writeFile(file, Buffer.concat([head, ...order.map(chunk)]));
      expect(await whyNot(file), order.join()).to.equal('broken');
    }
    const file = newFile();
    await writeFile(file, Buffer.concat([sealed, Buffer.from([0])]));
    expect(await whyNot(file)).to.equal('broken');
  });

  it('refuses a file in the place of another one, and another key', async () => {
    const file = await seal(Buffer.from('sound of somebody'));
    expect(await whyNot(file)).to.equal('readable');
    expect(await whyNot(file, { name: 'another recording.flac' })).to.equal('broken');
    expect(await whyNot(file, { key: Buffer.alloc(32, 8) })).to.equal('broken');
    expect(await using(file, slice(0)).then(String)).to.equal('sound of somebody');
  });

  it('says that a key is missing rather than that the file is broken', async () => {
    const file = await seal(Buffer.from('sound'));
    const handle = await open(file, 'r');
    try {
      await openSealed(handle, () => Promise.resolve(undefined), NAME);
      expect.fail('opened without a key');
    } catch (error) {
      expect(error).to.be.instanceOf(UnreadableSound).and.include({ why: 'no-key' });
      expect(String(error)).to.include(KEY.id);
    } finally {
      await handle.close();
    }
  });
});
