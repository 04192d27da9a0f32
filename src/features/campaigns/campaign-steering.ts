import type { Actor } from '../../kernel/actor.js';
import type { CampaignId } from '../../kernel/ids.js';
import type { CampaignState } from '../../telephony/campaigns.js';

/** A change of state, with what it must be before. */
export interface StateChange {
  readonly from: readonly CampaignState[];
  readonly to: CampaignState;
  /** A word below `campaigns.reason`, or what a person typed; '' for none. */
  readonly reason: string;
}

/** What happens to a campaign as a whole and to all of its people. Instants in ms since the epoch. */
export interface CampaignSteering {
  /**
   * Changes the state with its line in the audit log, all or nothing. False where it is in none of the states before, so that of
   * two who stop it only one has done so; throws `not-found`. `reopenAt`: those who were refused are looked at again then.
   */
  change(actor: Actor, id: CampaignId, change: StateChange, reopenAt?: number): Promise<boolean>;
  /** Who was refused or is held by a rule is looked at again at this instant; gives how many people that are. */
  lookAgain(
    actor: Actor,
    campaign: { readonly id: CampaignId; readonly name: string },
    at: number,
  ): Promise<number>;
  /** The first people of the sources become leads; more come in while the campaign runs. */
  bringIn(
    campaign: { readonly id: CampaignId; readonly ownersOnly: boolean },
    at: number,
  ): Promise<void>;
  /** Writes down that somebody took every attempt away as a file. */
  noteExport(
    actor: Actor,
    campaign: { readonly id: CampaignId; readonly name: string },
  ): Promise<void>;
}
