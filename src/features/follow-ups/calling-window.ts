import type { CampaignId } from '../../kernel/ids.js';
import type { BookableContact } from './follow-up.js';

/** Whether a person may be called at an instant, by the clock on their own wall. */
export interface WindowAnswer {
  readonly isOpen: boolean;
  /** The first instant from then on at which it is open; undefined where that never comes. */
  readonly openAt: number | undefined;
}

/** Hours in which people may be called: of the campaign and of the law of their country. */
export interface CallingWindows {
  ask(
    campaign: CampaignId | undefined,
    person: Pick<BookableContact, 'country' | 'timeZone'> & { readonly number: string },
    at: number,
  ): Promise<WindowAnswer>;
}
