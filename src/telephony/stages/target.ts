import type { CallServices } from '../calls/services.js';
import { ended, type Stage } from '../calls/stage.js';
import type { QueueId } from '../../kernel/ids.js';
import type { Target } from '../directory.js';
import { insideStage } from './inside-numbers.js';
import { enterFlow } from './ivr/ivr.js';

/** The stage that a target means. `from`: queues that the call has overflowed from already. */
export function stageOfTarget(
  s: CallServices,
  target: Target,
  from: readonly QueueId[] = [],
): Stage {
  switch (target.kind) {
    case 'flow':
      return enterFlow(s, target.id);
    case 'queue':
      return { kind: 'queue', queue: target.id, priority: 0, from };
    case 'extension':
      return { kind: 'ring-extension', extension: target.id };
    case 'ring-group':
      return { kind: 'ring-group', group: target.id };
    case 'conference':
      return { kind: 'conference', room: target.id };
    case 'pbx':
      return (
        insideStage(s.directory.current, target.number) ?? {
          kind: 'announce',
          prompt: 'unknown-number',
          then: ended('refused', 'system', 1, 'unknown-extension'),
        }
      );
    case 'voicemail':
      return {
        kind: 'voicemail',
        ...(target.extensionId === undefined ? {} : { extensionId: target.extensionId }),
        ...(target.queueId === undefined ? {} : { queueId: target.queueId }),
      };
    case 'hangup':
      return ended(from.length > 0 ? 'overflowed' : 'closed', 'system', 16, 'target-hangup');
  }
}
