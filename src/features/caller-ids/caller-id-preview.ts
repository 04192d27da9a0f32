import { turnsOf, type CallerIdSource, type CallerIdWish } from '../../engines/caller-id/choose.js';
import type { AgentId, ExtensionId, QueueId } from '../../kernel/ids.js';
import { callerIdWishes, helpWishes, shownNumber } from '../../telephony/calls/caller-id.js';
import type { DirectorySnapshot } from '../../telephony/directory.js';
import { isHelpNumber } from '../../telephony/emergency.js';

/** A call that somebody imagines. */
export interface ImaginedCall {
  readonly extension: ExtensionId;
  readonly agent: AgentId | undefined;
  readonly queue: QueueId | undefined;
  /** As it is dialled: E.164, or a number that reaches help. */
  readonly customer: string;
  readonly isWithheld: boolean;
}

/** What would be shown over one trunk. */
export interface TrunkPreview {
  readonly trunk: string;
  /** More than one where an agent's numbers take turns; '' is no number. */
  readonly numbers: readonly string[];
  /** Whose they are; undefined where the trunk would not be used. */
  readonly of: CallerIdSource | undefined;
  readonly passedOver: readonly CallerIdWish[];
}

/** Which number would be shown on an imagined call, by trunk, in the order in which trunks are tried. */
export function previewCallerId(
  directory: DirectorySnapshot,
  country: string,
  { extension: id, agent, queue, customer, isWithheld }: ImaginedCall,
): readonly TrunkPreview[] {
  const extension = directory.extensions.get(id);
  if (extension === undefined) return [];
  const isForHelp = isHelpNumber(directory.emergency, customer, country);
  const wishes = isForHelp
    ? helpWishes(directory, extension)
    : callerIdWishes(directory, {
        ...{ extension, isWithheld },
        ...(agent === undefined ? {} : { agentId: agent }),
        ...(queue === undefined ? {} : { queueId: queue }),
      });
  return [...directory.trunks.values()]
    .filter((trunk) => trunk.enabled)
    .sort((a, b) => a.priority - b.priority || a.id - b.id)
    .map((trunk) => {
      const turns = turnsOf(wishes.pool);
      const shown = turns.map((turn) => shownNumber(wishes, trunk, customer, turn));
      const first = shown[0];
      return {
        trunk: trunk.name,
        numbers: [...new Set(shown.flatMap((one) => (one === undefined ? [] : [one.number])))],
        of: first?.of,
        passedOver: first?.passedOver ?? [],
      };
    });
}
