import type { AgentId, QueueId } from '../../kernel/ids.js';
import { siteDayOf } from '../../kernel/site-day.js';
import { listView, readList, type PageContext, type PageRoutes } from '../../web/kit/index.js';
import { queuePath } from './board.js';
import { decisionValues } from './decision-values.js';
import { rightsOf } from './live-queue-service.js';
import { agentChoices, idsIn, type LivePageParts } from './page-parts.js';

/** All decisions of a queue today, from the ledger, page by page. */
export function addDecisionPage(pages: PageRoutes, parts: LivePageParts): void {
  pages.get('/live/queues/:id/decisions', 'live.read', (page) => showDecisions(page, parts));
}

async function showDecisions(page: PageContext, parts: LivePageParts): Promise<void> {
  const queue = parts.service.queue(page.actor, page.id<QueueId>());
  const path = `${queuePath(queue.id)}/decisions`;
  const request = readList(page, { path, sorts: ['at'], defaultSort: '-at', filters: ['agent'] });
  const { startAt, endAt } = siteDayOf(parts.clock.now(), parts.zone);
  const about = request.filters['agent'] ?? '';
  const id = Number(about) as AgentId;
  const name = parts.directory.current.agents.get(id)?.name;
  const found = await parts.reports.decisions({
    queueId: queue.id,
    from: new Date(startAt),
    to: new Date(endAt),
    agent: name === undefined ? undefined : { id, name },
    offset: request.offset,
    limit: request.limit,
  });
  const values = decisionValues(found.rows, parts.live.current?.agents ?? [], page);
  page.render('live-queues/decisions', {
    title: page.t('live-queues.decisions-today'),
    crumbs: [
      { label: page.t('live-queues.title'), href: '/live/queues' },
      { label: queue.name, href: queuePath(queue.id) },
    ],
    styles: ['live', 'live-queue'],
    path,
    startAt,
    values,
    decisionIds: idsIn(values['decisions']),
    list: listView(request, found, []),
    about,
    aboutOptions: agentChoices(parts, queue.members),
    ...rightsOf(page.actor),
  });
}
