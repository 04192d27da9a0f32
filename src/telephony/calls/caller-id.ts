import {
  chooseCallerId,
  NO_POOL,
  type CallerIdLimits,
  type CallerIdWishes,
  type ChosenCallerId,
} from '../../engines/caller-id/choose.js';
import type { AgentId, QueueId } from '../../kernel/ids.js';
import type { DirectorySnapshot, ExtensionConfig, TrunkConfig } from '../directory.js';

/** Who dials an outside number, and in whose name. */
export interface OutsideCaller {
  readonly extension: ExtensionConfig;
  readonly agentId?: AgentId;
  /** The queue in whose name it is: a callback, or a caller of the queue who is sent on. */
  readonly queueId?: QueueId;
  readonly isWithheld?: boolean;
}

/** What these want to be shown. */
export function callerIdWishes(
  { agents, queues }: Pick<DirectorySnapshot, 'agents' | 'queues'>,
  { extension, agentId, queueId, isWithheld = false }: OutsideCaller,
): CallerIdWishes {
  const pool = agentId === undefined ? undefined : agents.get(agentId)?.callerIds;
  const queue = queueId === undefined ? undefined : queues.get(queueId);
  return {
    isWithheld,
    pool: pool ?? NO_POOL,
    owners: [
      { of: 'queue', number: queue?.callerId ?? '' },
      { of: 'extension', number: extension.callerId },
    ],
  };
}

/** On calls for help: never withheld, never one of many. */
export const helpWishes = (
  { emergency }: Pick<DirectorySnapshot, 'emergency'>,
  extension: ExtensionConfig,
): CallerIdWishes => ({
  isWithheld: false,
  pool: NO_POOL,
  owners: [
    { of: 'emergency', number: emergency.callerId },
    { of: 'extension', number: extension.callerId },
  ],
});

/** What a trunk lets us show. */
export const limitsOf = ({
  callerId,
  allowedCallerIds: allowed,
  mayWithhold,
}: TrunkConfig): CallerIdLimits => ({ callerId, allowed, mayWithhold });

/** Counts the calls of agents whose numbers take turns. */
export class CallerIdTurns {
  readonly #turns = new Map<AgentId, number>();

  /** The turn of the agent's next call; 0 where no agent dials. */
  next(agent: AgentId | undefined): number {
    if (agent === undefined) return 0;
    const turn = this.#turns.get(agent) ?? 0;
    this.#turns.set(agent, turn + 1);
    return turn;
  }
}

/** The number that is shown; undefined where the trunk cannot do what is wanted. */
export const shownNumber = (
  wishes: CallerIdWishes,
  trunk: TrunkConfig,
  customer: string,
  turn: number,
): ChosenCallerId | undefined => chooseCallerId(wishes, limitsOf(trunk), customer, turn);
