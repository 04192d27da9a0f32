import type { Direction, Language } from '../../kernel/call-event.js';
import type { CallId, ChannelId, DidId, ExtensionId, TrunkId } from '../../kernel/ids.js';
import type { CallContext } from './call-context.js';
import type { Stage } from './stage.js';

/** What a call is from its first to its last moment. */
export interface CallFacts {
  readonly id: CallId;
  readonly node: string;
  /** The caller's channel. */
  readonly channel: ChannelId;
  readonly direction: Direction;
  readonly from: string;
  readonly fromName: string;
  readonly to: string;
  readonly startedAt: number;
  readonly trunkId?: TrunkId;
  readonly didId?: DidId;
  readonly extensionId?: ExtensionId;
}

export interface JournalEntry {
  readonly facts: CallFacts;
  readonly language: Language;
  readonly answered: boolean;
  /** Ledger lines written so far: the next process goes on behind them. */
  readonly seq: number;
  readonly path: readonly string[];
  /** Absent in entries of earlier releases. */
  readonly context?: CallContext;
  readonly stage: Stage;
  readonly writtenAt: number;
}

/**
 * Where living calls are written down so that another process can take them up. Writing never fails and never waits:
 * the newest entry of each call is kept until the store takes it.
 */
export interface Journal {
  write(entry: JournalEntry): void;
  remove(call: CallId): void;
  /** Every call that was alive when the last process stopped. */
  readAll(): Promise<readonly JournalEntry[]>;
}
