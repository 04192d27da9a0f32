import type { Language } from '../../kernel/call-event.js';
import { englishNumber } from './english-numbers.js';
import { mandarinNumber } from './mandarin-numbers.js';
import { piece, type SoundRef } from './sound.js';

/** More callers than this are told as many: an exact number that large helps nobody. */
export const MAX_AHEAD_TOLD = 20;
/** Nobody counts voices beyond that. */
const MAX_PEOPLE_TOLD = 99;
/** Minutes; a longer wait is told as longer than that. */
export const MAX_WAIT_TOLD = 30;

const counted = (language: Language, n: number): readonly SoundRef[] =>
  language === 'en' ? englishNumber(n) : mandarinNumber(n, true);

/** How many callers are before this one. */
export function aheadPhrase(language: Language, count: number): readonly SoundRef[] {
  if (count <= 0) return [piece('ahead-none')];
  if (count > MAX_AHEAD_TOLD) return [piece('ahead-more')];
  if (count === 1) return [piece('ahead-one')];
  return [piece('ahead-before'), ...counted(language, count), piece('ahead-after')];
}

/** The expected wait, in whole minutes, rather too long than too short. */
export function waitPhrase(language: Language, ms: number): readonly SoundRef[] {
  const minutes = Math.max(1, Math.ceil(ms / 60_000));
  if (minutes > MAX_WAIT_TOLD) return [piece('wait-more')];
  if (minutes === 1) return [piece('wait-one')];
  return [piece('wait-before'), ...counted(language, minutes), piece('wait-after')];
}

/** How many others are in a conference; more than 99 are told as such. */
export function peoplePhrase(language: Language, others: number): readonly SoundRef[] {
  if (others <= 1) return [piece('people-one')];
  const told = Math.min(others, MAX_PEOPLE_TOLD);
  return [piece('people-before'), ...counted(language, told), piece('people-after')];
}

/** How many messages a mailbox has; nothing is said of those that there are none of. */
export function messagesPhrase(
  language: Language,
  fresh: number,
  old: number,
): readonly SoundRef[] {
  if (fresh + old === 0) return [piece('no-messages')];
  const told = (name: string, count: number): readonly SoundRef[] =>
    count === 0 ? [] : [piece(name), ...counted(language, count)];
  return [...told('new-messages', fresh), ...told('old-messages', old)];
}
