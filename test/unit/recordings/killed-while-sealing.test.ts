import { expect } from 'chai';
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { recordingFolder } from '../../../src/adapters/files/recording-folder.js';
import { newRecordingId } from '../../../src/kernel/ids.js';
import { SEAL_DAY, TWO_KEYS } from '../../support/two-keys.js';

const ROUNDS = 6;

describe('a process that is killed while it seals', function () {
  this.timeout(60_000);
  let root: string;
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'cordboard-killed-'));
  });
  afterEach(() => rm(root, { recursive: true, force: true }));

  it('has every recording readable as it was, and what it left behind is cleared', async () => {
    await mkdir(join(root, SEAL_DAY), { recursive: true });
    const sounds = Array.from({ length: 8 }, (_, at) =>
      Buffer.alloc(90_000 * (at + 1), `s${String(at)}`),
    );
    const files = sounds.map((sound) => ({ path: `${SEAL_DAY}/${newRecordingId()}.flac`, sound }));
    for (const { path, sound } of files) await writeFile(join(root, path), sound);
    const folder = recordingFolder(root, {
      key: () => Promise.resolve(undefined),
      find: (id) => Promise.resolve(TWO_KEYS.find((key) => key.id === id)?.key),
    });
    for (let round = 0; round < ROUNDS; round++) {
      await killAfter(root, round * 37);
      for (const { path, sound } of files) {
        const facts = await folder.facts({ path, keyId: '' });
        expect(facts, path).to.deep.equal({
          sha256: createHash('sha256').update(sound).digest('hex'),
          bytes: sound.length,
        });
      }
    }
    // Plain sound may lie in what was left; another process may be at work in what is young.
    await mkdir(join(root, '.work-young'));
    const left = (await readdir(root)).filter((name) => name.startsWith('.work-'));
    for (const name of left.filter((one) => one !== '.work-young'))
      await utimes(join(root, name), new Date(0), new Date(0));
    await folder.clearScratch(new Date());
    expect((await readdir(root)).filter((name) => name.startsWith('.'))).to.deep.equal([
      '.work-young',
    ]);
  });
});

/** Lets a process seal, and kills it so many ms after it began. */
function killAfter(root: string, ms: number): Promise<void> {
  const script = new URL('../../support/seal-process.ts', import.meta.url).pathname;
  const child = spawn(process.execPath, ['--import', 'tsx', script, root], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  return new Promise((resolve, reject) => {
    child.stdout.once('data', () => {
      setTimeout(() => child.kill('SIGKILL'), ms);
    });
    child.once('exit', (_code, signal) => {
      if (signal === 'SIGKILL') resolve();
      else reject(new Error('ended by itself'));
    });
  });
}
