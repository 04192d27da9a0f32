import type { RecordingControl } from '../../engines/recording/control.js';
import type { Hop } from '../../engines/reach/reach.js';
import type { Direction, Language } from '../../kernel/call-event.js';
import type { CallId, ChannelId, DidId, ExtensionId, QueueId, TrunkId } from '../../kernel/ids.js';
import type { CallContext } from './call-context.js';
import type { CampaignCall } from './campaigns/campaign-call.js';
import type { FlowMemory } from './flow-memory.js';
import type { TrialFacts } from '../flow-trials.js';
import type { Stage, TalkPartner } from './stage.js';

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
  /** How often it has come over from another telephone system, with the calls that it is a part of; absent for none. */
  readonly crossings?: number;
  /** The extension's agent is at this phone outside, and not at the desk. */
  readonly outsidePhone?: string;
  /** Set where a campaign called this person. */
  readonly campaign?: CampaignCall;
  /** Set where somebody in the talk of another call asks a queue, a flow or a ring group; `leg`: the half that is there. */
  readonly enquiry?: { readonly of: CallId; readonly leg: ChannelId };
  /** Set for a test call of a flow's draft: no figure counts it. */
  readonly trial?: TrialFacts;
}

/** Whom a call is about: at first the caller, later whoever remains when the caller's phone leaves. */
export interface CallAnchor {
  readonly channel: ChannelId;
  readonly number: string;
  readonly name: string;
  /** As a partner, should the two change places. */
  readonly party?: TalkPartner;
}

/** A call that somebody sent on, and what is done where nobody takes it. */
export interface PendingTransfer {
  /** Whose phone rings again. */
  readonly sender: ExtensionId;
  /** To whom, as people read it. */
  readonly to: string;
  /** The queue that the talk came from, and since when the caller had waited there. */
  readonly queue?: { readonly id: QueueId; readonly since: number };
  /** On its way back: why. */
  readonly returned?: string;
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
  readonly hops?: readonly Hop[];
  readonly flows?: FlowMemory;
  readonly stage: Stage;
  /** The channel that the call is about, where that is not the caller's any more; and who that is. */
  readonly anchor?: CallAnchor;
  /** The caller has talked with somebody. */
  readonly hasTalked?: boolean;
  readonly transfer?: PendingTransfer;
  /** What people asked of the recording. */
  readonly recordingControl?: RecordingControl;
  /** Whoever is outside was told of it; or does not want to be recorded. */
  readonly recordingTold?: 'stayed' | 'declined';
  readonly writtenAt: number;
}

/**
 * Where living calls are written down so that another process can take them up. Writing never fails and never waits:
 * the newest entry of each call is kept until the store takes it.
 */
export interface Journal {
  /** Until when the process before this one is known to have lived, in ms since the epoch; absent where nothing is known. */
  readonly aliveAt?: number;
  write(entry: JournalEntry): void;
  remove(call: CallId): void;
  /** Every call that was alive when the last process stopped. */
  readAll(): Promise<readonly JournalEntry[]>;
}
