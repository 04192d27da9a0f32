import { requirePermission, type Actor } from '../../kernel/actor.js';
import type { Announcer } from '../../kernel/announcer.js';
import { AppError } from '../../kernel/errors.js';
import type { QueueId } from '../../kernel/ids.js';
import { describeTarget, RowService, type TargetStore } from '../configuration/index.js';
import { describeQueue } from './queue-description.js';
import type { QueueStore } from './queue-store.js';
import {
  OVERFLOW_FIELDS,
  overflowLoop,
  queuesBehind,
  type QueueDraft,
  type QueueSort,
  type StoredQueue,
} from './queue.js';

/** Queues. A save that would send callers round in a circle of overflows is refused. */
export class QueueService extends RowService<QueueId, QueueDraft, StoredQueue, QueueSort> {
  constructor(
    private readonly queues: QueueStore,
    announcer: Announcer,
    targets: TargetStore,
  ) {
    super(queues, announcer, {
      permission: 'queues.edit',
      objectKind: 'queue',
      announces: 'queues',
      nameOf: (draft) => draft.name,
      describe: async (draft) => {
        const words = await Promise.all(
          OVERFLOW_FIELDS.map(async (field) => {
            const target = draft[field];
            return [field, target ? await describeTarget(targets, target) : ''] as const;
          }),
        );
        return describeQueue(draft, await queues.options(), Object.fromEntries(words));
      },
    });
  }

  override async save(
    actor: Actor,
    id: QueueId,
    version: number,
    draft: QueueDraft,
  ): Promise<void> {
    requirePermission(actor, 'queues.edit');
    await this.#refuseLoop(id, draft);
    await super.save(actor, id, version, draft);
  }

  async #refuseLoop(id: QueueId, draft: QueueDraft): Promise<void> {
    const others = new Map((await this.queues.all()).map((queue) => [queue.id, queue]));
    const behind = (queue: QueueId): readonly QueueId[] => {
      const other = others.get(queue);
      return other === undefined ? [] : queuesBehind(other).map(([, next]) => next);
    };
    const nameOf = (queue: QueueId): string =>
      queue === id ? draft.name : (others.get(queue)?.name ?? '');
    const problems = queuesBehind(draft).flatMap(([field, first]) => {
      const loop = overflowLoop(id, (queue) => (queue === id ? [first] : behind(queue)));
      const path = loop?.map(nameOf).join(' → ');
      return path === undefined
        ? []
        : [{ field, message: 'queues.problem.overflow-loop', params: { path } }];
    });
    if (problems.length === 0) return;
    throw new AppError('invalid-fields', 'overflows lead round in a circle', problems);
  }
}
