/**
 * `node dist/tasks/open-recording.js 2026/11/27/ID.flac TARGET`: writes a stored recording as it was encoded, sealed or not, to a
 * file. Needs the folder of recordings and the file of the keys, and neither database nor program: for backups that are tried out, and
 * for the day on which nothing else is left. Exit status 1, with the reason, where it cannot be read.
 */
import { copyFile, constants } from 'node:fs/promises';
import { join } from 'node:path';
import { keyFile } from '../adapters/crypto/key-file.js';
import { recordingFolder } from '../adapters/files/recording-folder.js';
import { loadConfig } from '../config.js';

const [path = '', target = ''] = process.argv.slice(2);
try {
  if (path === '' || target === '')
    throw new Error('usage: open-recording 2026/11/27/ID.flac TARGET');
  const config = loadConfig();
  const keys = keyFile(config.recordingKeys);
  const folder = recordingFolder(join(config.varDir, 'recordings'), {
    key: () => Promise.resolve(undefined),
    find: async (id) => (await keys.all()).find((key) => key.id === id)?.key,
  });
  const opened = await folder.withPlain({ path, keyId: '' }, async (file) => {
    await copyFile(file, target, constants.COPYFILE_EXCL);
    return true;
  });
  if (opened === undefined) throw new Error(`there is no recording ${path}`);
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}
