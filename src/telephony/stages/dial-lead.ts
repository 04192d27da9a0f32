import { NO_POOL } from '../../engines/caller-id/choose.js';
import { classifyNumber } from '../../kernel/numbers.js';
import type { AttemptNews, AttemptResult } from '../campaigns.js';
import type { Call } from '../calls/call.js';
import { callerIdWishes } from '../calls/caller-id.js';
import type { CallServices } from '../calls/services.js';
import type { EndedStage, Stage } from '../calls/stage.js';
import type { LeadDial } from '../previews.js';
import { refuse, tryTrunks } from './trunk-dialling.js';

/**
 * An agent calls somebody of a campaign: the agent's own phone is there already. What came of it is told to the campaign before the
 * call goes on.
 */
export async function dialLead(
  s: CallServices,
  call: Call,
  number: string,
  lead: LeadDial,
): Promise<Stage> {
  s.previews.begun(lead, call.id);
  call.scope.defer(() => {
    // While we stop it is not over: the next process goes on with the call.
    if (s.server.cancelled) return;
    // The agent hung up before anybody answered.
    s.previews.settled(lead, call.id, { result: 'cancelled', endedAt: call.clock.now() });
    s.previews.over(lead, call.goneAt ?? call.clock.now());
  });
  const over: { trunkId?: NonNullable<AttemptNews['trunkId']>; callerId?: string } = {};
  const next = await dialOut(s, call, number, lead, over);
  s.previews.settled(lead, call.id, { ...over, ...newsOf(next, call.clock.now()) });
  return next;
}

async function dialOut(
  s: CallServices,
  call: Call,
  number: string,
  { agent, callerIds, ringMs, queue }: LeadDial,
  over: { trunkId?: NonNullable<AttemptNews['trunkId']>; callerId?: string },
): Promise<Stage> {
  const { current } = s.directory;
  const extension = current.extensions.get(call.facts.extensionId ?? NOBODY);
  if (extension === undefined) return refuse(call, 'not-permitted', 'no-extension');
  const numberClass = classifyNumber(number, s.country);
  // The campaign decides whom it calls, not what the agent's phone may dial; nobody is to be called for help by it.
  if (numberClass === 'invalid' || numberClass === 'emergency')
    return refuse(call, 'bad-number', 'bad-number', 28);
  call.other = number;
  call.changed();
  if (!call.answered) await call.ari.ring(call.channel);
  const own = callerIdWishes(current, { extension, agentId: agent, queueId: queue });
  const next = await tryTrunks(s, call, number, {
    wishes:
      callerIds.length === 0
        ? own
        : {
            isWithheld: false,
            pool: NO_POOL,
            owners: [
              ...callerIds.map((one) => ({ of: 'campaign' as const, number: one })),
              ...own.owners,
            ],
          },
    turn: s.callerIdTurns.next(agent),
    ringMs,
    agentId: () => agent,
    tried: (trunkId, callerId) => {
      Object.assign(over, { trunkId, callerId });
    },
  });
  // Recording, wrap-up and dispositions are those of the campaign's queue.
  return next.kind === 'talk' ? { ...next, partner: { ...next.partner, queueId: queue } } : next;
}

const NOBODY = 0 as NonNullable<Call['facts']['extensionId']>;

function newsOf(next: Stage, at: number): AttemptNews {
  if (next.kind === 'talk') return { result: 'human', answeredAt: at, connectedAt: at };
  const end = next.kind === 'announce' ? next.then : next;
  if (end.kind !== 'ended') return { result: 'failed', endedAt: at };
  return { result: resultOf(end), cause: end.cause, endedAt: at };
}

/** Q.850 causes by which nobody has the number. */
const UNKNOWN_CAUSES: ReadonlySet<number> = new Set([1, 28]);

function resultOf({ result, reason, cause }: EndedStage): AttemptResult {
  if (result === 'busy' || result === 'no-answer') return result;
  if (reason === 'declined') return 'rejected';
  if (UNKNOWN_CAUSES.has(cause)) return 'invalid';
  // Nothing was dialled.
  if (reason === 'no-trunk' || result === 'refused') return 'failed';
  return 'congestion';
}
