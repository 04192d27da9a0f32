import type { QueueId } from '../../kernel/ids.js';
import {
  formatWhen,
  listView,
  readList,
  type PageContext,
  type PageRoutes,
} from '../../web/kit/index.js';
import { queuePath } from './board.js';
import { lineValues } from './line-values.js';
import { rightsOf } from './live-queue-service.js';
import { idsIn, readValues, refusalText, type LivePageParts } from './page-parts.js';

/** The whole line of a queue, page by page: as it was when it was asked for. */
export function addLinePage(pages: PageRoutes, parts: LivePageParts): void {
  pages.get('/live/queues/:id/line', 'live.read', (page) => showLine(page, parts));
}

async function showLine(page: PageContext, parts: LivePageParts): Promise<void> {
  const queue = parts.service.queue(page.actor, page.id<QueueId>());
  const path = queuePath(queue.id);
  const request = readList(page, {
    path: `${path}/line`,
    sorts: ['place'],
    defaultSort: 'place',
    filters: [],
  });
  const { offset, limit } = request;
  const answer = await parts.service.readLine(page.actor, queue.id, offset + 1, limit);
  const { waiting = [], waitingCount = 0 } = answer.ok ? (answer.line ?? {}) : {};
  const { current } = parts.live;
  const live = { id: queue.id, waiting, waitingCount };
  const at = parts.clock.now();
  const { agents = [] } = current ?? {};
  const values = await readValues(parts, () =>
    lineValues({ queue: live, config: queue, agents, at, sources: parts.sources }, page),
  );
  page.render('live-queues/line', {
    title: page.t('live-queues.line-title', { count: waitingCount }),
    crumbs: [
      { label: page.t('live-queues.title'), href: '/live/queues' },
      { label: queue.name, href: path },
    ],
    styles: ['live', 'live-queue'],
    path,
    address: page.req.originalUrl,
    madeAt: formatWhen(at, 'seconds', page),
    problem: answer.ok ? '' : refusalText(page, answer),
    values,
    callIds: idsIn(values['line']),
    list: listView(request, { rows: waiting, total: waitingCount }, []),
    ...rightsOf(page.actor),
  });
}
