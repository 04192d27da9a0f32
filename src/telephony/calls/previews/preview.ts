import type { AgentId, CallId } from '../../../kernel/ids.js';
import type { Scope } from '../../../kernel/scope.js';
import type { ClearedLead } from '../../campaigns.js';
import type { FollowUpCall } from '../../follow-ups.js';
import type { LivePreview } from '../../live-previews.js';
import type { PreviewCall } from '../../previews.js';
import type { AgentCampaign } from './running-campaigns.js';

/** A promised call is read so long at most; then it is dialled, since it has its time. */
const PROMISE_READ_MS = 20_000;

/** A promise, and who made it and was not there. */
export type PreviewedPromise = FollowUpCall & { readonly insteadOf: string | undefined };

/** Somebody to be called, before one agent. Only `Previews` changes it. */
export class Preview {
  /** Set from the moment in which the agent's own phone is rung, or has dialled by a code. */
  call: CallId | undefined;
  phase: LivePreview['phase'] = 'record';
  /** Absent while it is dialled. */
  until: number | undefined;
  problem: LivePreview['problem'];
  /** While the own phone rings. */
  ring: Scope | undefined;
  readonly limitMs: number;

  constructor(
    readonly lead: ClearedLead,
    readonly campaign: AgentCampaign,
    readonly agent: AgentId,
    readonly since: number,
    readonly promise?: PreviewedPromise,
  ) {
    const { limitMs } = campaign.preview;
    this.limitMs = promise === undefined ? limitMs : Math.min(limitMs, PROMISE_READ_MS);
    this.until = since + this.limitMs;
  }

  get atLimit(): 'dial' | 'skip' {
    return this.promise === undefined ? this.campaign.preview.atLimit : 'dial';
  }

  /** The agent's own phone rings, or the customer's. */
  dials(call: CallId, phase: 'own-phone' | 'customer'): void {
    this.call = call;
    this.phase = phase;
    this.until = undefined;
    this.problem = undefined;
  }

  /** The record is read again, because of a problem. */
  reads(at: number, problem: NonNullable<LivePreview['problem']>): void {
    this.call = undefined;
    this.phase = 'record';
    this.problem = problem;
    this.until = at + this.limitMs;
  }

  /** Its own phone stops ringing. */
  stop(reason: string): void {
    this.ring?.cancel(reason);
    this.ring = undefined;
  }

  get toDial(): PreviewCall {
    const { lead, campaign, agent } = this;
    const { attempt, callerIds } = lead;
    return {
      lead,
      dial: {
        ...{ attempt, agent, callerIds },
        ...{ campaign: campaign.id, queue: campaign.queueId, ringMs: campaign.ringMs },
      },
    };
  }

  get live(): LivePreview {
    const { lead, campaign, phase, since, until, atLimit, problem, promise } = this;
    return {
      ...{ attempt: lead.attempt, contactId: lead.contact, name: lead.name, number: lead.number },
      ...{ campaignId: campaign.id, campaignName: campaign.name, phase, since, atLimit },
      ...(until === undefined ? {} : { until }),
      ...(problem === undefined ? {} : { problem }),
      ...(promise === undefined ? {} : { promise: promiseOf(promise) }),
    };
  }
}

const promiseOf = ({
  kind,
  dueAt,
  note,
  insteadOf,
}: PreviewedPromise): NonNullable<LivePreview['promise']> => ({
  ...{ kind, dueAt, note },
  ...(insteadOf === undefined ? {} : { insteadOf }),
});
