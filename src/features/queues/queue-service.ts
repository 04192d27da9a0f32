import { requirePermission, type Actor } from '../../kernel/actor.js';
import type { Announcer } from '../../kernel/announcer.js';
import { AppError } from '../../kernel/errors.js';
import type { QueueId } from '../../kernel/ids.js';
import { describeTarget, RowService, type TargetStore } from '../configuration/index.js';
import { describeQueue } from './queue-description.js';
import type { QueueStore } from './queue-store.js';
import { overflowLoop, type QueueDraft, type QueueSort, type StoredQueue } from './queue.js';

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
      describe: async (draft) =>
        describeQueue(draft, await queues.options(), await describeTarget(targets, draft.overflow)),
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
    const loop = overflowLoop(id, (queue) => {
      const overflow = queue === id ? draft.overflow : others.get(queue)?.overflow;
      return overflow?.kind === 'queue' ? overflow.id : undefined;
    });
    if (loop === undefined) return;
    const path = loop
      .map((queue) => (queue === id ? draft.name : (others.get(queue)?.name ?? '')))
      .join(' → ');
    throw new AppError('invalid-fields', 'overflows lead round in a circle', [
      { field: 'overflow', message: 'queues.problem.overflow-loop', params: { path } },
    ]);
  }
}
