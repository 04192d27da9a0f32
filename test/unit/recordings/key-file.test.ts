import { expect } from 'chai';
import { appendFile, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { keyFile } from '../../../src/adapters/crypto/key-file.js';
import { KeysLost } from '../../../src/features/recordings/sealing-keys.js';
import { sealingKey } from '../../../src/features/recordings/sealing.js';

const NOW = new Date(Date.UTC(2026, 10, 27));

describe('the file of the keys of recordings', () => {
  let folder: string;
  let path: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'cordboard-keys-'));
    path = join(folder, 'below', 'recording-keys');
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const idsIn = async (): Promise<readonly string[]> =>
    (await keyFile(path).all()).map(({ id }) => id);

  it('is made with the first key, for the program alone, and keeps all of them in their order', async () => {
    const keys = keyFile(path);
    expect(await keys.all()).to.deep.equal([]);
    const first = await keys.add(NOW);
    expect((await stat(path)).mode & 0o777).to.equal(0o600);
    const second = await keys.add(NOW);
    expect(first.key).to.have.length(32);
    expect(first.key.equals(second.key)).to.equal(false);
    // As this process has it, and as another one reads it.
    expect(await keys.all()).to.deep.equal([first, second]);
    expect(await keyFile(path).all()).to.deep.equal([first, second]);
  });

  it('keeps every key of processes that make one at the same time', async () => {
    const made = await Promise.all(Array.from({ length: 12 }, () => keyFile(path).add(NOW)));
    expect(await idsIn()).to.have.members(made.map(({ id }) => id));
  });

  it('sees what another process added', async () => {
    const keys = keyFile(path);
    const first = await keys.add(NOW);
    expect(await keys.all()).to.have.length(1);
    const second = await keyFile(path).add(NOW);
    expect((await keys.all()).map(({ id }) => id)).to.deep.equal([first.id, second.id]);
  });

  it('takes no notice of a line that was never finished, and goes on after it', async () => {
    const first = await keyFile(path).add(NOW);
    await appendFile(path, 'deadbeefdeadbeef AAAA');
    expect(await idsIn()).to.deep.equal([first.id]);
    const second = await keyFile(path).add(NOW);
    const third = await keyFile(path).add(NOW);
    expect(await idsIn()).to.deep.equal([first.id, second.id, third.id]);
  });

  it('takes a last line without an end, as people write it', async () => {
    const first = await keyFile(path).add(NOW);
    await writeFile(path, (await readFile(path, 'utf8')).trimEnd());
    const second = await keyFile(path).add(NOW);
    expect(await idsIn()).to.deep.equal([first.id, second.id]);
  });

  it('does not take anything else for a key, and does not say what stands there', async () => {
    const { id } = await keyFile(path).add(NOW);
    const text = await readFile(path, 'utf8');
    const secret = Buffer.alloc(32, 3).toString('base64');
    await writeFile(path, `${text}${id} ${secret} ${NOW.toISOString()}\n# end\n`);
    try {
      await keyFile(path).all();
      expect.fail('a key with the id of another one was taken');
    } catch (error) {
      expect(error).to.be.instanceOf(KeysLost);
      expect(String(error)).to.match(/line 4 of .*recording-keys is not a key/);
      expect(String(error)).to.not.include(secret);
    }
  });

  it('gets its first key by itself, and none where sealed recordings say that there was one', async () => {
    const none = (): Promise<boolean> => Promise.resolve(false);
    const key = await sealingKey(keyFile(path), none, NOW);
    expect(await sealingKey(keyFile(path), none, NOW)).to.deep.equal(key);
    const newer = await keyFile(path).add(NOW);
    expect((await sealingKey(keyFile(path), none, NOW)).id).to.equal(newer.id);
    await rm(path);
    try {
      await sealingKey(keyFile(path), () => Promise.resolve(true), NOW);
      expect.fail('a key was made in the place of those that are lost');
    } catch (error) {
      expect(error).to.be.instanceOf(KeysLost);
    }
    expect(await idsIn()).to.deep.equal([]);
  });
});
