import { expect } from 'chai';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SpillFile } from '../../../src/adapters/ledger/spill-file.js';
import { settle } from '../../../src/kernel/clock.js';
import { newId } from '../../../src/kernel/ids.js';
import { ownerName } from '../../../src/adapters/files/process-owner.js';

/** A process id that the kernel cannot give: larger than its limit. */
const DEAD_OWNER = '99999999-1';

describe('SpillFile', () => {
  let directory: string;
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'cordboard-spill-'));
  });
  afterEach(() => rm(directory, { recursive: true, force: true }));

  const drain = async (spill: SpillFile): Promise<string[]> => {
    const lines: string[] = [];
    for (let chunk = await spill.read(); chunk !== undefined; chunk = await spill.read()) {
      lines.push(...chunk.lines);
      await spill.consumed(chunk);
    }
    return lines;
  };

  it('gives lines back in order and leaves no file', async () => {
    const spill = await SpillFile.open(directory);
    await spill.append(['one', 'two']);
    await spill.append(['three']);
    expect(spill.records).to.equal(3);
    expect(await drain(spill)).to.deep.equal(['one', 'two', 'three']);
    expect(spill.records).to.equal(0);
    expect(await readdir(directory)).to.deep.equal([]);
  });

  it('gives a chunk again until it was consumed', async () => {
    const spill = await SpillFile.open(directory);
    await spill.append(['one']);
    expect((await spill.read())?.lines).to.deep.equal(['one']);
    expect((await spill.read())?.lines).to.deep.equal(['one']);
    await spill.close();
  });

  it('reads many lines and lines longer than one piece', async () => {
    const spill = await SpillFile.open(directory);
    const lines = Array.from({ length: 3_000 }, (_, n) => `${String(n)} ${'x'.repeat(n)}`);
    lines.splice(5, 0, 'long '.repeat(200_000));
    await spill.append(lines);
    expect(await drain(spill)).to.deep.equal(lines);
  });

  it('keeps characters of any script whole', async () => {
    const spill = await SpillFile.open(directory);
    const lines = Array.from({ length: 20_000 }, () => '陈女士 🎧 é');
    await spill.append(lines);
    expect(await drain(spill)).to.deep.equal(lines);
  });

  it('takes over what a dead process left, without the line that its death tore', async () => {
    await writeFile(join(directory, `${newId()}.${DEAD_OWNER}.ndjson`), 'one\ntwo\n{"torn":');
    const spill = await SpillFile.open(directory);
    expect(spill.records).to.equal(2);
    await spill.append(['three']);
    expect(await drain(spill)).to.deep.equal(['one', 'two', 'three']);
    expect(spill.torn).to.equal(1);
    expect(await readdir(directory)).to.deep.equal([]);
  });

  it('takes over several files in the order in which they were begun, and empty ones', async () => {
    for (const content of ['1\n2\n', '', 'torn', '3\n'])
      await writeFile(join(directory, `${newId()}.${DEAD_OWNER}.ndjson`), content);
    expect(await drain(await SpillFile.open(directory))).to.deep.equal(['1', '2', '3']);
  });

  it('leaves the file of a living process alone', async () => {
    const name = `${newId()}.${ownerName()}.ndjson`;
    await writeFile(join(directory, name), 'one\n');
    const spill = await SpillFile.open(directory);
    expect(await spill.read()).to.equal(undefined);
    expect(await readdir(directory)).to.deep.equal([name]);
  });

  it('leaves files alone that are not its own kind', async () => {
    await writeFile(join(directory, 'notes.txt'), 'one\n');
    expect(await (await SpillFile.open(directory)).read()).to.equal(undefined);
    expect(await readdir(directory)).to.deep.equal(['notes.txt']);
  });

  it('loses nothing when lines come while others are taken out', async () => {
    const spill = await SpillFile.open(directory);
    const written: string[] = [];
    const taken: string[] = [];
    const writing = (async () => {
      for (let n = 0; n < 300; n++) {
        written.push(String(n));
        await spill.append([String(n)]);
      }
    })();
    const state = { isWriting: true };
    void writing.then(() => {
      state.isWriting = false;
    });
    while (state.isWriting) {
      taken.push(...(await drain(spill)));
      await settle();
    }
    await writing;
    taken.push(...(await drain(spill)));
    expect(taken).to.deep.equal(written);
    expect(await readdir(directory)).to.deep.equal([]);
  });
});
