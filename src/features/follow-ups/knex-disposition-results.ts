import type { Knex } from 'knex';
import type { Clock } from '../../kernel/clock.js';
import type { AgentId, CallId, CampaignId, ContactId, DispositionId } from '../../kernel/ids.js';
import type { Directory } from '../../telephony/directory.js';
import { numberToFollow } from './knex-followed-call.js';
import { NOTE_MAX } from './follow-up.js';
import type { FollowUpStore } from './follow-up-store.js';

const HOUR_MS = 3_600_000;

/** What an agent said that a call came to. */
export interface ChosenDisposition {
  readonly callId: CallId;
  readonly agentId: AgentId;
  readonly dispositionId: DispositionId;
  /** The agent's note on the call. */
  readonly note: string;
}

interface Parts {
  readonly database: Knex;
  readonly store: FollowUpStore;
  readonly directory: Pick<Directory, 'current'>;
  readonly clock: Clock;
}

/** Whom a call is about, as far as it is known. */
export interface FollowedCall {
  readonly contactId: ContactId;
  readonly number: string;
  readonly campaignId: CampaignId | undefined;
}

/**
 * What follows from a disposition: the attempt of a campaign bears it, and one that is a promise ("interested") becomes a task
 * of its team with a due time. Told again with the same disposition nothing more follows; with another one, only what that says.
 */
export class DispositionResults {
  constructor(private readonly parts: Parts) {}

  async chosen({ callId, dispositionId, note }: ChosenDisposition): Promise<void> {
    const { database, store, directory, clock } = this.parts;
    await database('attempts').where({ call_id: callId }).update({ disposition_id: dispositionId });
    const promise = directory.current.dispositions.get(dispositionId)?.followUp;
    const call = promise && (await numberToFollow(database, callId));
    await store.follow(
      callId,
      dispositionId,
      promise &&
        call && {
          ...{ kind: 'task', source: 'agent', callId, dispositionId },
          ...{ contactId: call.contactId, number: call.number, note: note.slice(0, NOTE_MAX) },
          ...(call.campaignId === undefined ? {} : { campaignId: call.campaignId }),
          queueId: promise.queueId,
          dueAt: new Date(clock.now() + promise.hours * HOUR_MS),
        },
    );
  }
}
