import type { Language } from '../kernel/call-event.js';
import type { CallId, CampaignId } from '../kernel/ids.js';

/** A time that a caller has chosen to be called at. */
export interface AppointmentWish {
  /** Whose agents call, by whose rules. */
  readonly campaign: CampaignId;
  readonly callId: CallId;
  /** As it was typed or shown. */
  readonly number: string;
  /** '' where nobody said. */
  readonly name: string;
  readonly language: Language;
  /** ms since the epoch. */
  readonly at: number;
}

/** Where callers' appointments are kept. Never rejects: false where it is not kept, for whatever reason. */
export interface AppointmentDesk {
  book(wish: AppointmentWish): Promise<boolean>;
}
