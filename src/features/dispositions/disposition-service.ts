import { requirePermission, type Actor } from '../../kernel/actor.js';
import type { Announcer } from '../../kernel/announcer.js';
import type { DispositionId } from '../../kernel/ids.js';
import type { DispositionConfig } from '../../telephony/directory.js';
import {
  RowService,
  type CsvProblem,
  type CsvTable,
  type QueueOption,
} from '../configuration/index.js';
import {
  knownPaths,
  pathKey,
  planDispositions,
  takenKeys,
  type DispositionPlan,
  type PlannedDisposition,
} from './disposition-import.js';
import type { DispositionStore, DispositionWriter } from './disposition-store.js';
import { pathOf } from './disposition-tree.js';
import {
  DISPOSITION_LIMITS,
  type DispositionDraft,
  type DispositionSort,
  type StoredDisposition,
} from './disposition.js';

const PERMISSION = 'reasons.edit';

/** The codes for what became of calls, as a tree. */
export class DispositionService extends RowService<
  DispositionId,
  DispositionDraft,
  StoredDisposition,
  DispositionSort
> {
  constructor(
    private readonly dispositions: DispositionStore,
    announcer: Announcer,
  ) {
    super(dispositions, announcer, {
      permission: PERMISSION,
      objectKind: 'disposition',
      announces: 'dispositions',
      nameOf: (draft) => draft.nameEn,
      describe: (draft) => describe(dispositions, draft),
    });
  }

  async tree(actor: Actor): Promise<readonly DispositionConfig[]> {
    requirePermission(actor, PERMISSION);
    return this.dispositions.tree();
  }

  async queueOptions(actor: Actor): Promise<readonly QueueOption[]> {
    requirePermission(actor, PERMISSION);
    return this.dispositions.queueOptions();
  }

  /** What stands directly below a disposition, in use. */
  async childrenOf(id: DispositionId): Promise<readonly DispositionConfig[]> {
    const tree = await this.dispositions.tree();
    return tree.filter((one) => one.parentId === id && !one.isArchived);
  }

  /** Changes places with its neighbour. The order is no part of a disposition's version: forms that are open stay valid. */
  async move(actor: Actor, id: DispositionId, direction: 'up' | 'down'): Promise<void> {
    await this.get(actor, id);
    await this.dispositions.move(id, direction);
    await this.announce();
  }

  /** Creates what a file names and is not there yet; nothing at all where a row is wrong. */
  async importTable(actor: Actor, table: CsvTable): Promise<DispositionPlan | CsvProblem> {
    requirePermission(actor, PERMISSION);
    const tree = await this.dispositions.tree();
    const known = knownPaths(tree);
    const plan = planDispositions(table, known, takenKeys(tree));
    if ('message' in plan || plan.problems.length > 0 || plan.creates.length === 0) return plan;
    await this.dispositions.change((writer) => createAll(actor, writer, plan.creates, known));
    await this.announce();
    return plan;
  }
}

async function createAll(
  actor: Actor,
  writer: DispositionWriter,
  creates: readonly PlannedDisposition[],
  known: ReadonlyMap<string, DispositionId>,
): Promise<void> {
  const ids = new Map(known);
  for (const { path, nameZh, phoneKey } of creates) {
    const nameEn = path.at(-1) ?? '';
    const parentId = ids.get(pathKey(path.slice(0, -1)));
    const draft = {
      ...{ parentId, nameEn, nameZh, phoneKey, active: true, allQueues: true, queues: [] },
      ...{ followUpQueue: undefined, followUpHours: DISPOSITION_LIMITS.followUpHours.default },
    };
    const id = await writer.insert(draft);
    ids.set(pathKey(path), id);
    await writer.audit.record(actor, {
      action: 'disposition.create',
      objectKind: 'disposition',
      objectId: String(id),
      objectName: nameEn,
      changes: {
        nameEn: ['', nameEn],
        nameZh: ['', nameZh],
        ...(phoneKey === '' ? {} : { phoneKey: ['', phoneKey] }),
      },
    });
  }
}

async function describe(store: DispositionStore, draft: DispositionDraft) {
  const [tree, queues] = await Promise.all([store.tree(), store.queueOptions()]);
  const byId = new Map(tree.map((one) => [one.id, one]));
  return {
    parentId: draft.parentId === undefined ? '' : pathOf(byId, draft.parentId, 'en'),
    nameEn: draft.nameEn,
    nameZh: draft.nameZh,
    phoneKey: draft.phoneKey,
    active: draft.active,
    allQueues: draft.allQueues,
    followUp:
      draft.followUpQueue === undefined
        ? ''
        : `${queues.find(({ id }) => id === draft.followUpQueue)?.name ?? ''}, ${String(draft.followUpHours)} h`,
    queues: draft.allQueues
      ? ''
      : queues
          .filter((queue) => draft.queues.includes(queue.id))
          .map((queue) => queue.name)
          .join(', '),
  };
}
