import { execFile } from 'node:child_process';
import { readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { newId } from '../../src/kernel/ids.js';
import { AriError, type StoredRecordings } from '../../src/telephony/ari/port.js';

const run = promisify(execFile);

/** A wav as Asterisk writes it, 8 kHz mono 16 bit: silence, then a tone. */
export async function toneWav(
  frequency: number,
  seconds: number,
  afterSeconds = 0,
): Promise<Buffer> {
  const path = join(tmpdir(), `cordboard-tone-${newId()}.wav`);
  const synth = ['synth', String(seconds), 'sine', String(frequency), 'gain', '-6'];
  await run('sox', [
    ...['-n', '-r', '8000', '-b', '16', '-c', '1', path, ...synth],
    ...['pad', String(afterSeconds)],
  ]);
  const bytes = await readFile(path);
  await rm(path);
  return bytes;
}

/** Finished recordings of a node that a test fills, takes away and brings back. Notes what was asked. */
export class NodeFiles implements StoredRecordings {
  readonly files = new Map<string, Buffer>();
  readonly asked: string[] = [];
  isAway = false;

  list(): Promise<readonly string[]> {
    return Promise.resolve([...this.files.keys()]);
  }

  fetch(name: string): Promise<Buffer> {
    return this.#answer(`fetch ${name}`, name);
  }

  async remove(name: string): Promise<void> {
    await this.#answer(`remove ${name}`, name);
    this.files.delete(name);
  }

  #answer(question: string, name: string): Promise<Buffer> {
    this.asked.push(question);
    const file = this.files.get(name);
    if (this.isAway) return Promise.reject(new AriError('unavailable', question, 0, 'test'));
    if (file === undefined) return Promise.reject(new AriError('gone', question, 404, 'test'));
    return Promise.resolve(file);
  }
}
