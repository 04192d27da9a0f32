import type { Clock } from '../../kernel/clock.js';
import type { Language } from '../../kernel/call-event.js';
import type { RecordingId } from '../../kernel/ids.js';
import { formatNumber } from '../../kernel/numbers.js';
import type { Scope } from '../../kernel/scope.js';
import type { CallLog } from '../../telephony/calls/services.js';
import { formatDuration, formatWhen, type Messages } from '../../web/kit/index.js';
import { MAX_ATTACHED_BYTES, type NewMail } from '../mail/index.js';
import type { MessageSounds } from './message-sounds.js';
import type { MailSound } from './mailbox.js';

const LOOK_MS = 3_000;

/** A message of which nobody has decided yet whether it is mailed, with what its box says. */
export interface UnmailedMessage {
  readonly id: RecordingId;
  readonly leftAt: Date;
  readonly from: string;
  readonly fromName: string;
  readonly durationMs: number;
  /** `2001 Ann`, `Sales`. */
  readonly boxName: string;
  readonly language: Language;
  /** Nobody where there is no box, or it mails to nobody. */
  readonly mailTo: readonly string[];
  readonly mailSound: MailSound;
}

export interface UnmailedMessages {
  /** Those whose sound is stored, or known to be missing; the oldest first. */
  next(): Promise<readonly UnmailedMessage[]>;
  /** Notes that it was decided, and keeps the mails with that note: both or neither. Nothing where it was decided already. */
  decide(id: RecordingId, at: Date, mails: readonly NewMail[]): Promise<void>;
}

export interface VoicemailMailerParts {
  readonly messages: UnmailedMessages;
  readonly sounds: MessageSounds;
  readonly texts: Messages;
  readonly clock: Clock;
  readonly log: Pick<CallLog, 'warn'>;
  /** IANA zone and country that times and numbers are written for. */
  readonly zone: string;
  readonly country: string;
  /** Where people open the pages; undefined where nobody has said so: then a mail has no link. */
  readonly publicUrl: string | undefined;
}

/** Makes mails of messages, until the scope ends. */
export function mailVoicemails(server: Scope, parts: VoicemailMailerParts): void {
  server.fork('mail of messages', async (scope) => {
    for (;;) {
      let decided = 0;
      try {
        decided = await mailNext(parts);
      } catch (error) {
        if (scope.cancelled) return;
        parts.log.warn({ err: error }, 'messages could not be mailed; trying again');
      }
      if (decided === 0) await parts.clock.sleep(LOOK_MS, scope.signal);
    }
  });
}

/** Decides on some messages; on how many. */
export async function mailNext(parts: VoicemailMailerParts): Promise<number> {
  const { messages, clock } = parts;
  const next = await messages.next();
  for (const message of next)
    await messages.decide(message.id, new Date(clock.now()), await mailsOf(parts, message));
  return next.length;
}

async function mailsOf(
  parts: VoicemailMailerParts,
  message: UnmailedMessage,
): Promise<readonly NewMail[]> {
  const { mailTo, mailSound, language } = message;
  if (mailTo.length === 0) return [];
  const wav = mailSound === 'attach' ? await parts.sounds.wav(message.id) : undefined;
  const isAttached = wav !== undefined && wav.length <= MAX_ATTACHED_BYTES;
  const t = (key: string, params = {}): string => parts.texts.translate(language, key, params);
  const reader = { language, zone: parts.zone, country: parts.country };
  const said = {
    from:
      message.from === ''
        ? t('voicemail.unknown')
        : formatNumber(message.from, parts.country, language),
    name: message.fromName,
    box: message.boxName,
    left: formatWhen(message.leftAt, 'datetime', reader),
    length: formatDuration(message.durationMs),
  };
  const link =
    parts.publicUrl === undefined || mailSound === 'none'
      ? undefined
      : new URL('/voicemail', parts.publicUrl).href;
  const lines = [
    t('voicemail.mail.text', said),
    ...(said.name === '' ? [] : [t('voicemail.mail.name', said)]),
    ...(mailSound !== 'attach' || isAttached
      ? []
      : [t(wav === undefined ? 'voicemail.mail.no-sound' : 'voicemail.mail.too-large')]),
    ...(link === undefined ? [] : ['', t('voicemail.mail.link', { link })]),
  ];
  const name = `${message.leftAt.toISOString().slice(0, 16).replaceAll(/[-:]/g, '')}-${message.id}.wav`;
  return mailTo.map((recipient) => ({
    recipient,
    subject: t('voicemail.mail.subject', said),
    text: `${lines.join('\n')}\n`,
    ...(isAttached ? { attachments: [{ name, type: 'audio/wav', content: wav }] } : {}),
  }));
}
