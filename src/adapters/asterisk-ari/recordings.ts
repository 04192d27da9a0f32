import { AriError, type StoredRecordings } from '../../telephony/ari/port.js';
import { path, type HttpCommands } from './http-commands.js';

/** A whole file comes in one answer: an hour of wav is 58 MB. */
const FETCH_TIMEOUT_MS = 120_000;
const LIST_TIMEOUT_MS = 30_000;

/**
 * The name as it may be sent. Asterisk refuses `../x` but takes `a/../../x`, which leaves its folder: here every part
 * must begin with a letter or digit.
 */
export function checkedName(command: string, name: string): string {
  if (!/^[A-Za-z0-9][\w.-]*(\/[A-Za-z0-9][\w.-]*)*$/.test(name) || name.includes('..'))
    throw new AriError('refused', command, 0, 'not a name for a recording');
  return name;
}

/** Recordings on the node, over HTTP: binary, with encoded names (`call1%2Fmix`). */
export class HttpRecordings implements StoredRecordings {
  constructor(private readonly http: HttpCommands) {}

  async list(): Promise<readonly string[]> {
    const answer = await this.http.json({
      command: 'recordings.list',
      method: 'GET',
      path: 'recordings/stored',
      timeoutMs: LIST_TIMEOUT_MS,
    });
    if (!Array.isArray(answer)) return [];
    return answer.flatMap((entry: unknown) =>
      typeof entry === 'object' &&
      entry !== null &&
      'name' in entry &&
      typeof entry.name === 'string'
        ? [entry.name]
        : [],
    );
  }

  async fetch(name: string): Promise<Buffer> {
    return await this.http.run({
      command: 'recordings.fetch',
      method: 'GET',
      path: path`recordings/stored/${checkedName('recordings.fetch', name)}/file`,
      timeoutMs: FETCH_TIMEOUT_MS,
    });
  }

  /** True for one that is being made. */
  async isRunning(name: string): Promise<boolean> {
    const command = 'isRecording';
    try {
      await this.http.run({
        command,
        method: 'GET',
        path: path`recordings/live/${checkedName(command, name)}`,
      });
      return true;
    } catch (error) {
      if (error instanceof AriError && error.failure === 'gone') return false;
      throw error;
    }
  }

  async remove(name: string): Promise<void> {
    await this.http.run({
      command: 'recordings.remove',
      method: 'DELETE',
      path: path`recordings/stored/${checkedName('recordings.remove', name)}`,
    });
  }
}
