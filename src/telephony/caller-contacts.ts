import type { CallerContact } from '../engines/routing/rule.js';
import type { ContactQuestions } from '../engines/routing/rules.js';
import type { Clock } from '../kernel/clock.js';
import type { CallId } from '../kernel/ids.js';
import { withinLimit } from './caller-history.js';
import type { CallLog } from './calls/services.js';

/** A caller waits at most so long until we know who it is. */
export const CONTACT_LIMIT_MS = 500;

/** Who calls, by number. */
export interface CallerContacts {
  /**
   * What is asked of the contact who has a number in stored form; undefined where nobody has it. Of several people the one who
   * was changed last. Rejects where contacts cannot be read: ask through {@link contactWithin}.
   */
  find(number: string, asked: ContactQuestions): Promise<CallerContact | undefined>;
}

/**
 * Looks a contact up, but never longer than {@link CONTACT_LIMIT_MS}; `unknown` where that takes longer or fails: a database
 * that is slow or away costs what is known of the caller, not the call.
 */
export async function contactWithin<Contact>(
  parts: { readonly clock: Clock; readonly log: CallLog },
  callId: CallId | undefined,
  find: () => Promise<Contact | undefined>,
): Promise<Contact | undefined | 'unknown'> {
  const { clock, log } = parts;
  try {
    const found = await withinLimit(clock, CONTACT_LIMIT_MS, find());
    if (found !== 'late') return found;
    log.warn({ callId }, 'the contact of a caller was found too late');
  } catch (error) {
    log.warn({ callId, err: error }, 'the contact of a caller could not be looked up');
  }
  return 'unknown';
}
