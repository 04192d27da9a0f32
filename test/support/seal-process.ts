/**
 * `tsx seal-process.ts FOLDER`: seals each file of a folder of recordings again and again, with one key and the other, until it is
 * killed. Says `begun` when it is at work.
 */
import { createHash } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { recordingFolder } from '../../src/adapters/files/recording-folder.js';
import { SEAL_DAY, TWO_KEYS } from './two-keys.js';

const [root = ''] = process.argv.slice(2);
const folder = recordingFolder(root, {
  key: () => Promise.resolve(undefined),
  find: (id) => Promise.resolve(TWO_KEYS.find((key) => key.id === id)?.key),
});
const names = await readdir(`${root}/${SEAL_DAY}`);
for (let round = 0; ; round++)
  for (const name of names) {
    const place = { path: `${SEAL_DAY}/${name}`, keyId: '' };
    const sound = await folder.open(place);
    if (sound === undefined) throw new Error(`${name} is gone`);
    const hash = createHash('sha256');
    for await (const part of sound.read(0, sound.bytes)) hash.update(part);
    await sound.close();
    const key = TWO_KEYS[round % 2] ?? TWO_KEYS[0];
    await folder.seal(place, { key, sha256: hash.digest('hex'), commit: (move) => move() });
    if (round === 0) process.stdout.write('begun\n');
  }
