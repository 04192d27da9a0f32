import type { Actor } from '../kernel/actor.js';
import type { Language } from '../kernel/call-event.js';
import type { PromptId } from '../kernel/ids.js';

/** A recording of a prompt that somebody asked for on its page, and makes at a phone. */
export interface PromptTake {
  readonly id: string;
  readonly prompt: PromptId;
  readonly language: Language;
  /** Number of the phone that rings. */
  readonly extension: string;
  /** Who asked: the new sound is saved in this name. */
  readonly actor: Actor;
}

/**
 * ringing ─▶ speaking ─▶ checking ─▶ kept
 *    │          ▲  │         │  └──▶ failed
 *    ▼          └──┼─────────┘ once more
 * unanswered       └──▶ left: hung up, or nothing to keep
 */
export const TAKE_STATES = [
  'ringing',
  'unanswered',
  'speaking',
  'checking',
  'kept',
  'left',
  'failed',
] as const;
export type TakeState = (typeof TAKE_STATES)[number];

/** The takes under way. */
export interface PromptTakes {
  find(id: string): Promise<PromptTake | undefined>;
  /** Tells the page how far it is; never rejects. */
  note(id: string, state: TakeState): void;
  /** Saves a wav as the prompt's new sound. False where it cannot be kept: the page says why. */
  keep(take: PromptTake, wav: Buffer): Promise<boolean>;
}
