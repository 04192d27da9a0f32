import type { KnownAgent } from '../../engines/reporting/queue-log/summary.js';
import type { Actor } from '../../kernel/actor.js';
import type { CallEvent } from '../../kernel/call-event.js';
import type { AgentId, CallId, EventId, QueueId } from '../../kernel/ids.js';
import type {
  CheckedLog,
  ChosenNames,
  ImportId,
  ImportResult,
  LogFile,
  LogImport,
  NamedHere,
  StoredState,
} from './import.js';

/** What may be noted of an import that is worked on. */
export interface Progress {
  readonly bytesDone?: number;
  readonly files?: readonly LogFile[];
  readonly summary?: CheckedLog;
  readonly result?: ImportResult;
}

/** What the names of the old system were the last time; a former one is archived here. */
export interface Remembered {
  readonly id: number;
  readonly isFormer: boolean;
}

/** Imports, and what their pages offer. */
export interface QueueLogStore {
  /** The newest first. */
  list(): Promise<readonly LogImport[]>;
  find(id: ImportId): Promise<LogImport | undefined>;
  insert(
    actor: Actor,
    made: { readonly zone: string; readonly files: readonly LogFile[]; readonly at: Date },
  ): Promise<ImportId>;
  /** Only from one of these states; false where it is in another one by now. */
  move(id: ImportId, from: readonly StoredState[], to: StoredState): Promise<boolean>;
  /** Makes former queues and agents, remembers all names, and lets the import wait for whoever runs it; one transaction. */
  choose(
    actor: Actor,
    id: ImportId,
    chosen: {
      readonly queues: Readonly<Record<string, QueueId | undefined>>;
      readonly agents: Readonly<Record<string, AgentId | undefined>>;
    },
  ): Promise<boolean>;
  remove(actor: Actor, id: ImportId): Promise<void>;
  queues(): Promise<readonly NamedHere<QueueId>[]>;
  agents(): Promise<readonly KnownAgent[]>;
  remembered(kind: 'queue' | 'agent'): Promise<ReadonlyMap<string, Remembered>>;
}

/** Imports as whoever works on them sees them. */
export interface QueueLogWork {
  /** Takes the oldest one that waits, and those of them that were left lying. */
  claim(now: Date): Promise<LogImport | undefined>;
  /** Notes progress and that somebody is alive. False where it was cancelled, or somebody else works on it by now. */
  beat(job: LogImport, now: Date, progress: Progress): Promise<boolean>;
  end(
    job: LogImport,
    to: 'checked' | 'done' | 'failed',
    last: Progress & { readonly problem?: string },
  ): Promise<boolean>;
  /** Forgets those of before that nobody ran; their ids. */
  forgetOld(before: Date): Promise<readonly ImportId[]>;
}

/** The ledger, for calls of the old system. */
export interface OldCallLedger {
  /** The events that are there, by call. */
  known(calls: readonly CallId[]): Promise<ReadonlyMap<CallId, ReadonlySet<EventId>>>;
  /** Takes calls of an old system out, with everything folded from them. */
  forget(calls: readonly CallId[]): Promise<void>;
  /** Stores events and folds their calls, all or nothing. */
  write(events: readonly CallEvent[]): Promise<void>;
}

export type { ChosenNames };
