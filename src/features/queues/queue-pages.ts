import type { QueueId } from '../../kernel/ids.js';
import type { LiveView } from '../../telephony/live.js';
import type { PageContext, PageRoutes } from '../../web/kit/index.js';
import {
  rowPages,
  targetGroups,
  targetViews,
  type TargetStore,
  type UsageReports,
} from '../configuration/index.js';
import type { QueueService } from './queue-service.js';
import type { QueueStore } from './queue-store.js';
import { queueFormView } from './queue-form-view.js';
import { queueSchema, queueValues } from './queue-form.js';
import { NEW_QUEUE, QUEUE_SORTS, type StoredQueue } from './queue.js';
import { queueWarnings } from './queue-warnings.js';
import { queueWords } from './queue-words.js';

/** What the pages are made of. */
export interface QueuePagesParts {
  readonly service: QueueService;
  readonly store: QueueStore;
  readonly targets: TargetStore;
  readonly usage: UsageReports;
  readonly live: LiveView;
  readonly country: string;
}

/** Agents of a queue who are signed in now; undefined while nothing is known. */
export const signedIn = (live: LiveView, id: QueueId): number | undefined =>
  live.current?.agents.filter((agent) => agent.state !== 'signed-out' && agent.queues.includes(id))
    .length;

const waiting = (live: LiveView, id: QueueId): number | undefined =>
  live.current?.queues.find((queue) => queue.id === id)?.waitingCount;

/** The set-up pages of queues, added to `pages`. */
export const queuePages = (parts: QueuePagesParts, pages: PageRoutes): PageRoutes =>
  rowPages(
    {
      name: 'queues',
      permission: 'queues.edit',
      service: parts.service,
      schema: queueSchema(parts.country),
      list: {
        sorts: QUEUE_SORTS,
        defaultSort: 'name',
        columns: [
          { label: 'queues.form.name', sort: 'name' },
          { label: 'queues.strategy' },
          { label: 'queues.column.members', numeric: true },
          { label: 'queues.column.signed-in', numeric: true },
          { label: 'queues.column.in-line', numeric: true },
          { label: 'queues.form.max-wait-s', numeric: true },
          { label: 'queues.form.overflow' },
          { label: 'configuration.column.updated', sort: 'updated' },
          { label: '' },
        ],
        rows: (page, queues) => listRows(page, parts, queues),
      },
      title: (_page, queue) => queue.name,
      newValues: () => queueValues({ ...NEW_QUEUE, members: [] }),
      values: (_page, queue) => queueValues(queue),
      data: (page, queue) => editData(page, parts, queue),
      create: (page, values) => parts.service.create(page.actor, values),
      created: (page, id) =>
        page.redirect(`/setup/queues/${String(id)}`, { message: 'queues.created' }),
      save: (page, id, version, values) => parts.service.save(page.actor, id, version, values),
      uses: (queue) => parts.usage.ofQueue(queue.id),
    },
    pages,
  );

async function listRows(page: PageContext, parts: QueuePagesParts, queues: readonly StoredQueue[]) {
  const [notTaken, places] = await Promise.all([
    parts.store.nobodyTakes(),
    targetViews(
      page,
      parts.targets,
      queues.map((queue) => queue.overflow),
    ),
  ]);
  return queues.map((queue, at) => ({
    strategy: page.t(`queues.strategy.${queue.strategy}`),
    members: queue.members.length,
    isNotTaken: notTaken.has(queue.id),
    signedIn: signedIn(parts.live, queue.id),
    inLine: waiting(parts.live, queue.id),
    maxWaitMs: queue.maxWaitS === 0 ? undefined : queue.maxWaitS * 1_000,
    overflow: places[at],
    updatedAt: queue.updatedAt,
  }));
}

async function editData(page: PageContext, parts: QueuePagesParts, queue: StoredQueue | undefined) {
  const [options, targets] = await Promise.all([parts.store.options(), parts.targets.options()]);
  const view = {
    ...queueFormView(page, queue, options, parts.live),
    targetGroups: targetGroups(page, targets),
  };
  if (queue === undefined) return view;
  return {
    ...view,
    previewHref: `/setup/queues/${String(queue.id)}/preview`,
    inLine: waiting(parts.live, queue.id),
    words: await queueWords(page, queue, parts.targets, options),
    warnings: queueWarnings(page, queue, signedIn(parts.live, queue.id), options),
  };
}
