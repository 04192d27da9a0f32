import { peoplePhrase } from '../../../engines/speech/announcements.js';
import { digitsPhrase } from '../../../engines/speech/digits.js';
import { piece } from '../../../engines/speech/sound.js';
import type { RoomNews } from '../../../engines/conference/room.js';
import type { Language } from '../../../kernel/call-event.js';
import type { RoomAnnouncement } from '../../conference-rooms.js';
import type { SystemPromptName } from '../../system-prompts.js';
import type { PromptLibrary } from '../prompts.js';

interface Hearer {
  readonly language: Language;
}

const NEWS: Readonly<Record<Exclude<RoomNews['what'], 'joined' | 'left'>, SystemPromptName>> = {
  locked: 'conference-locked-now',
  unlocked: 'conference-open-now',
  'guests-muted': 'conference-guests-muted',
  recorded: 'conference-recorded',
  'recording-ended': 'conference-recording-ended',
};

/** What everybody in a room hears, as the room says when somebody comes or goes. */
export function newsMedia(
  prompts: PromptLibrary,
  announces: RoomAnnouncement,
  news: RoomNews,
  hearer: Hearer,
): readonly string[] {
  if (news.what !== 'joined' && news.what !== 'left') return prompts.named(NEWS[news.what], hearer);
  const { what, number } = news;
  if (announces === 'none') return [];
  if (announces === 'tone')
    return prompts.spoken(() => [piece(what === 'joined' ? 'room-in' : 'room-out')], hearer);
  const spoken = prompts.spoken((language) => digitsPhrase(language, number) ?? [], hearer);
  if (number === '' || spoken.length === 0) return prompts.named(`conference-${what}`, hearer);
  return [...spoken, ...prompts.named(`conference-number-${what}`, hearer)];
}

/** How many others are in the room. */
export const countMedia = (
  prompts: PromptLibrary,
  others: number,
  hearer: Hearer,
): readonly string[] =>
  others === 0
    ? prompts.named('conference-alone', hearer)
    : prompts.spoken((language) => peoplePhrase(language, others), hearer);
