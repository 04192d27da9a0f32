import type { LogSummary } from '../../engines/reporting/queue-log/summary.js';
import type { AgentId, QueueId } from '../../kernel/ids.js';

export type ImportId = number & { readonly __brand: 'ImportId' };

/**
 * Where an import stands. uploading: its files are put where they belong · check-waits, checking: what it has is being looked at · checked: somebody must say what its names
 * are · waits, running: it is written into the ledger · done, cancelled, failed · broken: whoever worked on it is gone.
 */
export const STORED_STATES = [
  ...['uploading', 'check-waits', 'checking', 'checked', 'waits', 'running'],
  ...['done', 'cancelled', 'failed'],
] as const;
export type StoredState = (typeof STORED_STATES)[number];
export type ImportState = StoredState | 'broken';

/** Without a sign of life for so long, whoever worked on an import is gone. */
export const SILENT_MS = 20_000;
/** What nobody ran, or ran to its end, is thrown away with its files. */
export const KEPT_MS = 7 * 86_400_000;

export interface LogFile {
  /** As the browser named it. */
  readonly name: string;
  readonly bytes: number;
}

/** What a name of the old system is here. */
export interface NamedHere<Id extends number> {
  readonly id: Id;
  readonly name: string;
}

/** By the names of the old system. */
export interface ChosenNames {
  readonly queues: Readonly<Record<string, NamedHere<QueueId>>>;
  readonly agents: Readonly<Record<string, NamedHere<AgentId>>>;
}

/** `summary` with the moment at which the day of the check began: calls that ended later are left out. */
export interface CheckedLog extends LogSummary {
  readonly before: number;
}

/** What became of the calls that can be imported. `replaced`: they were there with other names, or less complete. */
export interface ImportResult {
  readonly imported: number;
  readonly replaced: number;
  readonly already: number;
}
export const NOTHING_IMPORTED: ImportResult = { imported: 0, replaced: 0, already: 0 };

export interface LogImport {
  readonly id: ImportId;
  readonly createdAt: Date;
  readonly userName: string;
  /** IANA zone in which dates of the files are. */
  readonly zone: string;
  /** In the order of time once they are checked. */
  readonly files: readonly LogFile[];
  readonly state: ImportState;
  readonly run: number;
  readonly bytesTotal: number;
  readonly bytesDone: number;
  readonly summary: CheckedLog | undefined;
  readonly names: ChosenNames | undefined;
  readonly result: ImportResult | undefined;
  /** Key of the catalog that says why it failed; '' where it did not. */
  readonly problem: string;
}
