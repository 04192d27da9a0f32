import type { CallId, RecordingId } from '../../kernel/ids.js';
import type { ListQuery } from '../../kernel/list.js';
import { textField } from '../../kernel/fields.js';
import type { BoxOwner } from '../../telephony/mailboxes.js';
import { z } from 'zod';

/** For whom a message was left. `general`: for nobody in particular. */
export interface VoicemailBox {
  readonly kind: 'extension' | 'queue' | 'general';
  /** The extension's number or the queue's name. */
  readonly name: string;
}

/** A message that a caller left. */
export interface Voicemail {
  readonly id: RecordingId;
  readonly callId: CallId;
  readonly leftAt: Date;
  readonly fromNumber: string;
  readonly fromName: string;
  readonly box: VoicemailBox;
  readonly durationMs: number;
  readonly sound: 'waiting' | 'stored' | 'missing';
  readonly heardAt: Date | undefined;
  readonly heardBy: string;
  readonly remark: string;
  /** Who dealt with it, and when; undefined while nobody has. */
  readonly handledAt: Date | undefined;
  readonly handledBy: string;
  /** Kept on purpose: no retention deletes it. */
  readonly keptAt: Date | undefined;
  readonly archivedAt: Date | undefined;
}

export const VOICEMAIL_SORTS = ['left', 'from'] as const;
export type VoicemailSort = (typeof VOICEMAIL_SORTS)[number];

/** unhandled: nobody dealt with it, heard or not. */
export const VOICEMAIL_STATES = ['new', 'heard', 'unhandled', 'kept'] as const;
export type VoicemailState = (typeof VOICEMAIL_STATES)[number];

export interface VoicemailQuery extends ListQuery<VoicemailSort> {
  readonly state: VoicemailState | undefined;
  readonly box: BoxOwner | undefined;
  readonly archived: boolean;
}

export const remarkSchema = z.object({ remark: textField({ min: 0, max: 255 }) });
