import type { Clock } from '../../../kernel/clock.js';
import { newCallId, type AgentId, type CallId, type FollowUpId } from '../../../kernel/ids.js';
import type { Scope } from '../../../kernel/scope.js';
import { FOLLOW_UP_RULE, type AttemptResult, type ClearedLead } from '../../campaigns.js';
import type { FollowUpCall, FollowUpStore } from '../../follow-ups.js';
import type { LiveReminder } from '../../live-previews.js';
import type { AgentRoster } from '../agent-roster.js';
import type { CampaignWrites } from '../campaign-writes.js';
import type { WaitingPerson } from '../live-lines.js';
import type { CallLog } from '../services.js';
import type { AgentCampaign, RunningCampaigns } from './running-campaigns.js';

/** Whoever promised a call is reminded so long before. */
export const REMIND_MS = 5 * 60_000;
/** Nobody is reminded of what should have been done longer ago: lists show it. */
const LATE_MS = 15 * 60_000;
/** How often the table is asked what is due. */
const READ_MS = 5_000;
/** A promise goes before callers who wait less than 50 minutes: it has its time. */
const PRIORITY = 100;
/** After an error, and where an agent went in that moment. */
const SOON_MS = 5_000;

/** A promise whose call an agent was offered and that may be made now. */
export interface TakenPromise {
  readonly followUp: FollowUpCall;
  readonly campaign: AgentCampaign;
  readonly agent: AgentId;
  /** The place in line that was offered. */
  readonly offered: CallId;
  readonly lead: ClearedLead;
}

interface PromiseParts {
  readonly clock: Clock;
  readonly log: CallLog;
  readonly roster: AgentRoster;
  readonly followUps: FollowUpStore;
  readonly campaigns: RunningCampaigns;
  readonly writes: Pick<CampaignWrites, 'settle'>;
  /** False where the agent is not to be had any more. */
  readonly take: (promise: TakenPromise) => boolean;
  readonly onChange: () => void;
}

/**
 * Calls that were promised for a time. Each stands in its queue's line from then on; the line offers it to whoever promised it,
 * once that agent is free, and after a while without that agent to anybody.
 */
export class Promises {
  #due: readonly FollowUpCall[] = [];
  #readAt = -Infinity;
  readonly #places = new Map<CallId, FollowUpCall>();
  /** Taken up: the table may still say that they are due. */
  readonly #taken = new Set<FollowUpId>();
  readonly #notBefore = new Map<FollowUpId, number>();

  constructor(
    private readonly scope: Scope,
    private readonly parts: PromiseParts,
  ) {}

  /** Puts into line what is due, and takes out what is not any more. Never rejects. */
  async look(): Promise<void> {
    await this.#read();
    const wanted = new Map<FollowUpId, FollowUpCall>();
    for (const one of this.#due) if (this.#mayWait(one)) wanted.set(one.id, one);
    for (const [call, { id, notBefore }] of this.#places)
      if (wanted.get(id)?.notBefore === notBefore) wanted.delete(id);
      else if (!this.#isOffered(call)) this.#leave(call);
      else wanted.delete(id);
    for (const one of wanted.values()) this.#join(one);
  }

  /** How pages show a promise that waits in line. */
  person(call: CallId): WaitingPerson | undefined {
    const one = this.#places.get(call);
    return one && { from: one.number, name: one.name, followUpId: one.id };
  }

  /** The next call that this agent has promised, shortly before its time. */
  reminder(agent: AgentId): LiveReminder | undefined {
    const now = this.parts.clock.now();
    const next = this.#due.find(
      (one) =>
        one.agent === agent &&
        !this.#taken.has(one.id) &&
        one.dueAt - now <= REMIND_MS &&
        now - one.dueAt <= LATE_MS,
    );
    if (next === undefined) return undefined;
    const { id, kind, name, number, dueAt, campaign } = next;
    return { followUpId: id, comesByItself: campaign !== undefined, kind, name, number, dueAt };
  }

  /** The call was made, or could not be: done, tried again later, or given up. */
  settle(followUp: FollowUpCall, result: AttemptResult): void {
    const { id, agent } = followUp;
    const rule = this.#campaignOf(followUp)?.followUps ?? FOLLOW_UP_RULE;
    const isReached = result === 'human';
    // An agent who went, or our own fault, is no try.
    const isTry = !['cancelled', 'failed', 'skipped'].includes(result);
    const attempts = followUp.attempts + (isTry ? 1 : 0);
    const isOver = isReached || attempts >= rule.attempts || result === 'invalid';
    const wait = isTry || result === 'skipped' ? rule.retryMs : SOON_MS;
    const notBefore = this.parts.clock.now() + wait;
    if (!isOver) this.#notBefore.set(id, notBefore);
    const change = {
      state: isReached ? ('done' as const) : isOver ? ('failed' as const) : ('open' as const),
      ...{ attempts, result },
      ...(isOver ? {} : { notBefore }),
    };
    this.parts.writes.settle(id, change, () => {
      this.#taken.delete(id);
      this.#readAt = -Infinity;
    });
    this.parts.log.info({ followUpId: id, agentId: agent, result, attempts }, 'a promised call');
  }

  /** It was taken up before a restart; whoever takes its attempt up again settles it. */
  hold(followUp: FollowUpCall): void {
    this.#taken.add(followUp.id);
  }

  async #read(): Promise<void> {
    const { clock, followUps, log } = this.parts;
    if (clock.now() - this.#readAt < READ_MS) return;
    this.#readAt = clock.now();
    try {
      this.#due = await followUps.due(clock.now() + REMIND_MS);
    } catch (error) {
      log.warn({ err: error }, 'promised calls could not be read');
    }
  }

  /** It has its time, and whoever promised it is at work or was waited for long enough. */
  #mayWait(followUp: FollowUpCall): boolean {
    const { id, notBefore, agent } = followUp;
    const { clock, roster } = this.parts;
    const now = clock.now();
    const from = Math.max(notBefore, this.#notBefore.get(id) ?? 0);
    if (from > now || this.#taken.has(id) || this.#campaignOf(followUp) === undefined) return false;
    if (agent === undefined || now >= this.#graceEnd(followUp)) return true;
    return roster.acd.engine.isAtWork(agent);
  }

  #campaignOf({ campaign }: FollowUpCall): AgentCampaign | undefined {
    return campaign === undefined ? undefined : this.parts.campaigns.of(campaign);
  }

  #graceEnd(followUp: FollowUpCall): number {
    const { graceMs } = this.#campaignOf(followUp)?.followUps ?? FOLLOW_UP_RULE;
    return followUp.dueAt + graceMs;
  }

  #isOffered(call: CallId): boolean {
    return (this.parts.roster.acd.engine.waiter(call)?.offers.length ?? 0) > 0;
  }

  #leave(call: CallId): void {
    this.#places.delete(call);
    this.parts.roster.leave(call);
    this.parts.onChange();
  }

  #join(followUp: FollowUpCall): void {
    const { roster, clock } = this.parts;
    const { agent, dueAt } = followUp;
    const queue = this.#campaignOf(followUp)?.queueId;
    if (queue === undefined) return;
    const call = newCallId();
    this.#places.set(call, followUp);
    const until = this.#graceEnd(followUp);
    const isAwaited = agent !== undefined && until > clock.now();
    roster.join(
      {
        ...{ call, queue, priority: PRIORITY, enteredAt: dueAt, isCallback: true },
        ...(isAwaited ? { sticky: { agent, until } } : {}),
      },
      (news) => {
        if (news.kind === 'offer') this.#offered(call, followUp, news.agent);
        // It stays in the queue of its campaign.
        else if (news.kind === 'steered') this.#leave(call);
      },
    );
    this.parts.onChange();
  }

  #offered(call: CallId, followUp: FollowUpCall, agent: AgentId): void {
    const { roster, followUps, clock, log } = this.parts;
    const isFor = followUp.agent;
    const isEarly = clock.now() < this.#graceEnd(followUp);
    this.scope.fork('promised call', async () => {
      const campaign = this.#campaignOf(followUp);
      const refuse = (): void => {
        roster.failed(call, agent, 'withdrawn');
        this.#leave(call);
      };
      // Whoever promised it left in the moment in which the line looked.
      if (campaign === undefined || (isFor !== undefined && isFor !== agent && isEarly)) {
        refuse();
        return;
      }
      this.#taken.add(followUp.id);
      let lead: ClearedLead | undefined;
      try {
        lead = await followUps.clear(followUp.id, agent);
      } catch (error) {
        log.warn({ err: error, followUpId: followUp.id }, 'a promised call could not be taken up');
      }
      this.#readAt = -Infinity;
      if (lead === undefined) {
        this.#notBefore.set(followUp.id, clock.now() + SOON_MS);
        this.#taken.delete(followUp.id);
        refuse();
        return;
      }
      this.#places.delete(call);
      const isTaken = this.parts.take({ followUp, campaign, agent, offered: call, lead });
      // An offer that is over leaves its place behind.
      if (!isTaken) roster.leave(call);
    });
  }
}
