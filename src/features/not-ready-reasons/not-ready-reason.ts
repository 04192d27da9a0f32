import { z } from 'zod';
import {
  choiceField,
  flagField,
  integerField,
  optionalIdField,
  textField,
} from '../../kernel/fields.js';
import type { NotReadyReasonId, PromptId } from '../../kernel/ids.js';
import type { Versioned } from '../configuration/index.js';

/** Icons that a reason can have. */
export const REASON_ICONS = [
  'coffee',
  'tools-kitchen-2',
  'school',
  'users',
  'headphones',
  'first-aid-kit',
  'tool',
  'message-circle',
  'walk',
  'clock',
] as const;
export type ReasonIcon = (typeof REASON_ICONS)[number];

/** Codes that the product gives by itself: no reason of an administrator gets one of them. */
export const SYSTEM_REASONS: readonly string[] = [
  'none',
  'signed-in',
  'missed-calls',
  'wrap-up-unfinished',
  'forced',
  'phone',
  'phone-back',
  'not-registered',
  'do-not-disturb',
];

/** A reason as the form sets it. Limits in minutes, 0 is without limit. */
export interface NotReadyReasonDraft {
  readonly nameEn: string;
  readonly nameZh: string;
  readonly icon: ReasonIcon;
  readonly position: number;
  readonly limitMin: number;
  readonly dayLimitMin: number;
  readonly agentsMayChoose: boolean;
  /** '' for none. */
  readonly digit: string;
  /** What agents hear who choose it on the phone; undefined where its name is spoken. */
  readonly prompt: PromptId | undefined;
  readonly active: boolean;
}

export interface StoredNotReadyReason extends Versioned<NotReadyReasonId>, NotReadyReasonDraft {
  readonly code: string;
}

export const REASON_SORTS = ['position', 'name', 'updated'] as const;
export type ReasonSort = (typeof REASON_SORTS)[number];

const NAME_MAX = 40;
const POSITION_MAX = 9_999;
/** A day. */
export const LIMIT_MAX_MIN = 1_440;
const DIGITS = ['', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9'] as const;

/** The form. */
export const notReadyReasonSchema = z.object({
  nameEn: textField({ max: NAME_MAX }),
  nameZh: textField({ max: NAME_MAX }),
  icon: choiceField(REASON_ICONS),
  position: integerField(0, POSITION_MAX),
  limitMin: integerField(0, LIMIT_MAX_MIN),
  dayLimitMin: integerField(0, LIMIT_MAX_MIN),
  agentsMayChoose: flagField(),
  digit: choiceField(DIGITS),
  prompt: optionalIdField<PromptId>(),
  active: flagField(),
});

const CODE_MAX = 40;

/** A code for a new reason: from its English name, with a number where `isTaken`. */
export function codeFor(nameEn: string, isTaken: (code: string) => boolean): string {
  const slug = nameEn
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .slice(0, CODE_MAX)
    .replaceAll(/^-|-$/g, '');
  const base = slug === '' ? 'reason' : slug;
  for (let count = 1; ; count += 1) {
    const code = count === 1 ? base : `${base}-${String(count)}`;
    if (!SYSTEM_REASONS.includes(code) && !isTaken(code)) return code;
  }
}
