import type { RecordingRefusal } from '../engines/recording/control.js';
import type { RoomRefusal } from '../engines/conference/room.js';
import type { TalkRefusal } from '../engines/talk/talk.js';
import type { PhoneKeyRefusal } from './phone-keys.js';
import type { PreviewRefusal } from './previews.js';

/** Each has a text in the catalog: `desk.refused.<code>`. */
export type DeskRefusal =
  | PreviewRefusal
  | TalkRefusal
  | RoomRefusal
  | 'in-the-room-already'
  | RecordingRefusal
  | PhoneKeyRefusal
  | 'not-your-call'
  | 'phone-of-the-agent'
  | 'phone-has-a-call'
  | 'agent-does-not-talk'
  | 'transfer-to-self'
  | 'transfer-to-caller'
  | 'nobody-to-ask'
  | 'in-the-call-already'
  | 'unknown-flow'
  | 'queue-full'
  | 'queue-closed'
  | 'queue-empty'
  | 'no-free-line'
  | 'outside-cap'
  | 'other-pbx-away'
  | 'no-free-slot'
  | 'slot-taken'
  | 'unknown-agent'
  | 'unknown-extension'
  | 'extension-taken'
  | 'already-signed-in'
  | 'phone-not-registered'
  | 'no-outside-phone'
  | 'not-from-outside'
  | 'not-signed-in'
  | 'on-a-call'
  | 'no-call'
  | 'unknown-queue'
  | 'unknown-prompt'
  | 'already-member'
  | 'nobody-on-the-line'
  | 'time-has-passed'
  | 'not-in-line'
  | 'callback-not-open'
  | 'code-needed'
  | 'bad-number'
  | 'not-permitted'
  | 'do-not-disturb'
  | 'pbx-offline'
  | 'calls-not-running';
