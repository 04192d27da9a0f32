import type { QueueId } from '../../kernel/ids.js';
import type { LiveView } from '../../telephony/live.js';
import type { PageContext, PageRoutes } from '../../web/kit/index.js';
import {
  rowPages,
  targetGroups,
  targetText,
  targetViews,
  type TargetStore,
  type UsageReports,
} from '../configuration/index.js';
import type { QueueService } from './queue-service.js';
import type { QueueStore } from './queue-store.js';
import { NEW_QUEUE, QUEUE_LIMITS, QUEUE_SORTS, queueSchema, type StoredQueue } from './queue.js';
import { queueWarnings, queueWords } from './queue-words.js';

/** What the pages are made of. */
export interface QueuePagesParts {
  readonly service: QueueService;
  readonly store: QueueStore;
  readonly targets: TargetStore;
  readonly usage: UsageReports;
  readonly live: LiveView;
}

/** Agents of a queue who are signed in now; undefined while nothing is known. */
export const signedIn = (live: LiveView, id: QueueId): number | undefined =>
  live.current?.agents.filter((agent) => agent.state !== 'signed-out' && agent.queues.includes(id))
    .length;

const waiting = (live: LiveView, id: QueueId): number | undefined =>
  live.current?.queues.find((queue) => queue.id === id)?.waiting.length;

/** The set-up pages of queues. */
export const queuePages = (parts: QueuePagesParts): PageRoutes =>
  rowPages({
    name: 'queues',
    permission: 'queues.edit',
    service: parts.service,
    schema: queueSchema,
    list: {
      sorts: QUEUE_SORTS,
      defaultSort: 'name',
      columns: [
        { label: 'queues.form.name', sort: 'name' },
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
    newValues: () => ({ ...NEW_QUEUE, members: [] }),
    values: (_page, queue) => ({
      ...queue,
      overflow: targetText(queue.overflow),
      members: queue.members,
    }),
    data: (page, queue) => editData(page, parts, queue),
    create: (page, values) => parts.service.create(page.actor, values),
    created: (page, id) =>
      page.redirect(`/setup/queues/${String(id)}`, { message: 'queues.created' }),
    save: (page, id, version, values) => parts.service.save(page.actor, id, version, values),
    uses: (queue) => parts.usage.ofQueue(queue.id),
  });

async function listRows(page: PageContext, parts: QueuePagesParts, queues: readonly StoredQueue[]) {
  const places = await targetViews(
    page,
    parts.targets,
    queues.map((queue) => queue.overflow),
  );
  return queues.map((queue, at) => ({
    members: queue.members.length,
    signedIn: signedIn(parts.live, queue.id),
    inLine: waiting(parts.live, queue.id),
    maxWaitMs: queue.maxWaitS === 0 ? undefined : queue.maxWaitS * 1_000,
    overflow: places[at],
    updatedAt: queue.updatedAt,
  }));
}

async function editData(page: PageContext, parts: QueuePagesParts, queue: StoredQueue | undefined) {
  const [agents, announcements, targets] = await Promise.all([
    parts.store.memberOptions(),
    parts.store.announcementOptions(),
    parts.targets.options(),
  ]);
  const live = parts.live.current?.agents ?? [];
  return {
    limits: QUEUE_LIMITS,
    sections: sections(page, queue),
    styles: ['setup'],
    scripts: ['check-filter'],
    targetGroups: targetGroups(page, targets),
    announcements: announcements.map((prompt) => ({
      value: prompt.id,
      label: page.t('queues.announcement-option', {
        name: prompt.name,
        languages: prompt.languages.map((language) => page.t(`language.${language}`)).join(', '),
      }),
    })),
    agents: agents.map((agent) => {
      const state = live.find((one) => one.id === agent.id)?.state;
      return {
        value: agent.id,
        label: agent.name,
        note: agent.number,
        state: state === undefined ? '' : page.t(`state.${state}`),
      };
    }),
    inLine: queue && waiting(parts.live, queue.id),
    words: queue && (await queueWords(page, queue, parts.targets, announcements)),
    warnings: queue && queueWarnings(page, queue, signedIn(parts.live, queue.id), announcements),
  };
}

const sections = (page: PageContext, queue: StoredQueue | undefined) =>
  ['general', 'distribution', 'waiting', 'limits', 'recording', 'service-level', 'members'].map(
    (id) => ({
      id,
      title: page.t(`queues.section.${id}`),
      ...(id === 'members' && queue ? { count: queue.members.length } : {}),
    }),
  );
