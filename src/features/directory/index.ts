import type { Sealer } from '../../adapters/crypto/seal.js';
import type { Logger } from '../../adapters/log/logger.js';
import type { Database } from '../../adapters/mysql/database.js';
import type { FlowId } from '../../kernel/ids.js';
import type { Directory, DirectorySnapshot, FlowConfig } from '../../telephony/directory.js';
import { readDirectory, readFlowVersion } from './knex-directory.js';

export { readDispositions } from './knex-dispositions.js';
export { questionOf, surveysOf, type SurveyQuestionRow, type SurveyRow } from './knex-surveys.js';

/** Calls go on with the last configuration while the database is away; it is read again at least this often. */
const REFRESH_MS = 30_000;

/** The directory of a process. `refresh` after each announced change; `onChange` tells who must know. */
export interface LiveDirectory extends Directory {
  refresh(): Promise<void>;
  onChange(listener: (snapshot: DirectorySnapshot) => void): void;
  close(): void;
}

/** Reads the configuration; rejects where the database cannot be read at start. */
export async function openDirectory(
  database: Database,
  sealer: Sealer,
  log: Logger,
): Promise<LiveDirectory> {
  let current = await readDirectory(database, sealer);
  const listeners = new Set<(snapshot: DirectorySnapshot) => void>();
  const olderFlows = new Map<string, FlowConfig>();
  let running: Promise<void> | undefined;
  let isStale = false;

  const read = async (): Promise<void> => {
    try {
      do {
        isStale = false;
        const next = await readDirectory(database, sealer, current);
        // Calls in a flow keep the version that they started with, also while the database is away.
        for (const flow of current.flows.values())
          olderFlows.set(`${String(flow.id)}/${String(flow.version)}`, flow);
        current = next;
      } while (wasAskedAgain());
      for (const listener of listeners) listener(current);
    } catch (error) {
      log.warn(
        { err: error },
        'the configuration could not be read; calls go on with the last one',
      );
    } finally {
      running = undefined;
    }
  };
  const wasAskedAgain = (): boolean => isStale;
  const refresh = (): Promise<void> => {
    // A change that comes while we read would be missed: read once more.
    if (running) isStale = true;
    return (running ??= read());
  };
  const timer = setInterval(() => void refresh(), REFRESH_MS);
  timer.unref();
  return {
    get current() {
      return current;
    },
    flowVersion: async (id: FlowId, version: number) => {
      const published = current.flows.get(id);
      if (published?.version === version) return published;
      const key = `${String(id)}/${String(version)}`;
      const known = olderFlows.get(key) ?? (await readFlowVersion(database, id, version));
      // A draft is tried once.
      if (known && version > 0) olderFlows.set(key, known);
      return known;
    },
    refresh,
    onChange: (listener) => {
      listeners.add(listener);
    },
    close: () => {
      clearInterval(timer);
    },
  };
}
