import type { RecordingWish } from '../../engines/recording/control.js';
import type { TalkPartner, TransferTarget } from '../../engines/talk/talk.js';
import type { AgentId, CallId, ChannelId, ExtensionId } from '../../kernel/ids.js';
import type { DeskAnswer, LiveTalk } from '../live.js';

/** What somebody in a talk asks for. */
export type TalkCommand =
  | { readonly kind: 'hold' | 'resume' | 'swap' | 'complete' | 'conference' | 'drop' }
  | { readonly kind: 'consult'; readonly target: TransferTarget }
  /** At the page, unless it says otherwise. */
  | { readonly kind: 'transfer'; readonly target: TransferTarget; readonly via?: 'phone' }
  | { readonly kind: 'recording'; readonly wish: RecordingWish };

/** An agent, or whoever sits at a phone. */
export interface TalkPerson {
  readonly agentId?: AgentId;
  readonly extensionId?: ExtensionId;
}

/** A talk as everything outside of it sees it. */
export interface TalkDesk {
  readonly live: LiveTalk;
  /** The channel of a person who is in the talk. */
  channelOf(person: TalkPerson): ChannelId | undefined;
  /** Answers when it is done, or why it is not. */
  ask(channel: ChannelId, command: TalkCommand): Promise<DeskAnswer>;
  /** The anchor is gone: whether others talk on. Where not, the call is over. */
  outlives(anchor: ChannelId): boolean;
  /**
   * The phone of this channel joins its two talks: gives whoever it talks with here to the call `to`, and ends this one.
   * Undefined where there is nobody to give.
   */
  give(channel: ChannelId, to: CallId): Promise<TalkPartner | undefined>;
  /** Somebody has answered the enquiry whose half `leg` is in this talk. */
  enquiryAnswered(leg: ChannelId): void;
  /** Somebody whose phone is off the hook takes the place of the one at this channel. False where that cannot be now. */
  replace(channel: ChannelId, by: TalkPartner): Promise<boolean>;
}
