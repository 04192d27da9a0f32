import type { TalkInput } from '../../../engines/talk/talk.js';
import type { CallId, ChannelId } from '../../../kernel/ids.js';
import type { AriEventOf } from '../../ari/events.js';
import type { DialOutcome } from '../../calls/leg.js';
import type { Stage, TalkPartner } from '../../calls/stage.js';
import type { TalkCommand } from '../../calls/talk-desk.js';
import type { DeskAnswer, DeskRefusal } from '../../live.js';

/** Whatever happens to a talk. */
export type Mail =
  | { readonly kind: 'input'; readonly input: TalkInput }
  | {
      readonly kind: 'command';
      readonly channel: ChannelId;
      readonly command: TalkCommand;
      readonly answer: (answer: DeskAnswer) => void;
    }
  | { readonly kind: 'phone-key'; readonly channel: ChannelId; readonly isHold: boolean }
  | { readonly kind: 'rang'; readonly leg: ChannelId; readonly outcome: DialOutcome }
  /** Somebody answered an enquiry, and talks with nobody until the enquiry is joined. */
  | { readonly kind: 'enquiry-answered'; readonly leg: ChannelId }
  | { readonly kind: 'refer'; readonly event: AriEventOf<'ChannelTransfer'> }
  | {
      readonly kind: 'give';
      readonly channel: ChannelId;
      readonly to: CallId;
      readonly answer: (party: TalkPartner | undefined) => void;
    }
  | {
      readonly kind: 'replace';
      readonly channel: ChannelId;
      readonly by: TalkPartner;
      readonly answer: (isDone: boolean) => void;
    }
  | { readonly kind: 'vanished'; readonly leg: ChannelId }
  /** A key of somebody's phone. */
  | { readonly kind: 'digit'; readonly channel: ChannelId; readonly digit: string }
  /** The time of a pause is over. */
  | { readonly kind: 'recording-limit' };

/** What it led to: the talk goes on, something was refused, or the talk is over. */
export type Outcome =
  | { readonly kind: 'done' }
  | { readonly kind: 'refused'; readonly code: DeskRefusal; readonly detail: string }
  | { readonly kind: 'next'; readonly stage: Stage };

export const DONE: Outcome = { kind: 'done' };
export const refused = (code: DeskRefusal, detail = ''): Outcome => ({
  kind: 'refused',
  code,
  detail,
});
export const goesTo = (stage: Stage): Outcome => ({ kind: 'next', stage });
