import type { CallEvent } from '../../kernel/call-event.js';
import type { AgentId, CallbackId, CallId } from '../../kernel/ids.js';
import type { ListResult } from '../../kernel/list.js';
import type { DispositionConfig } from '../../telephony/directory.js';
import type {
  CallbackFile,
  CallDetail,
  CallLine,
  CallQuery,
  FilterChoices,
  LegLine,
  RecordingMark,
  WrapUpLine,
} from './call.js';

/** Matches are counted up to here: counting millions would take longer than anybody waits for a page. */
export const COUNT_AT_MOST = 10_000;

/** A page of calls; `total` is at most {@link COUNT_AT_MOST}, and `isMore` says that there are more. */
export interface CallPage extends ListResult<CallLine> {
  readonly isMore: boolean;
}

/** What pages read of calls. Everything comes from the tables that the ledger fills. */
export interface CallReports {
  list(query: CallQuery): Promise<CallPage>;
  /** Calls `visit` with one batch after the other, the newest first; paging and sorting of the query do not count. */
  each(query: CallQuery, visit: (lines: readonly CallLine[]) => Promise<void>): Promise<void>;
  find(id: CallId): Promise<CallDetail | undefined>;
  /** Did the agent talk in this call? */
  isOwn(id: CallId, agentId: AgentId): Promise<boolean>;
  legs(id: CallId): Promise<readonly LegLine[]>;
  events(id: CallId): Promise<readonly CallEvent[]>;
  recordingsOf(ids: readonly CallId[]): Promise<readonly RecordingMark[]>;
  /** What agents said of a call, the first one first. */
  wrapUps(id: CallId): Promise<readonly WrapUpLine[]>;
  /** With their tries, the first one first. */
  callbacks(ids: readonly CallbackId[]): Promise<readonly CallbackFile[]>;
  dispositions(): Promise<readonly DispositionConfig[]>;
  choices(): Promise<FilterChoices>;
}
