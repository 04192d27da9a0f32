import { errorByHour, estimateError } from '../../engines/reporting/estimate-error.js';
import type { QueueId } from '../../kernel/ids.js';
import { siteDayOf } from '../../kernel/site-day.js';
import { formatWhen, type PageContext, type PageRoutes } from '../../web/kit/index.js';
import { queuePath } from './board.js';
import { rightsOf } from './live-queue-service.js';
import { idsIn, readValues, type LivePageParts } from './page-parts.js';
import { queueBoardValues, queueListValues, queueTopicName, QUEUES_TOPIC } from './topics.js';

const PATH = '/live/queues';
const ACCESS = 'live.read';
const STYLES = ['live', 'live-queue'];
/** Width of the bars of the estimates' table, in pixels. */
const BAR_WIDTH = 160;

/** All queues, one queue's board, and how good its estimates are. */
export function addLiveQueuePages(pages: PageRoutes, parts: LivePageParts): void {
  pages.get(PATH, ACCESS, async (page) => {
    const values = await readValues(parts, () =>
      queueListValues(parts.live.current, parts.sources, page),
    );
    page.render('live-queues/list', {
      title: page.t('live-queues.title'),
      styles: STYLES,
      topic: QUEUES_TOPIC,
      values,
      madeAt: formatWhen(parts.clock.now(), 'seconds', page),
      queueIds: idsIn(values['queues']),
    });
  });
  pages.get(`${PATH}/:id`, ACCESS, (page) => showBoard(page, parts));
  pages.get(`${PATH}/:id/estimates`, ACCESS, (page) => showEstimates(page, parts));
}

async function showBoard(page: PageContext, parts: LivePageParts): Promise<void> {
  const queue = parts.service.queue(page.actor, page.id<QueueId>());
  const values = await readValues(parts, () =>
    queueBoardValues(queue.id, parts.live.current, parts.sources, page),
  );
  const agentIds = idsIn(values['agents']);
  const about = page.query['agent'] ?? '';
  page.render('live-queues/queue', {
    title: queue.name,
    crumbs: [{ label: page.t('live-queues.title'), href: PATH }],
    styles: STYLES,
    scripts: ['live-queue'],
    mainClass: 'lqp',
    topic: queueTopicName(queue.id),
    queue,
    path: queuePath(queue.id),
    values,
    madeAt: formatWhen(parts.clock.now(), 'seconds', page),
    ...rightsOf(page.actor),
    tabIds: idsIn(values['tabs']),
    changeIds: idsIn(values['changes']),
    callIds: idsIn(values['line']),
    agentIds,
    decisionIds: idsIn(values['decisions']).filter(
      (id) =>
        about === '' ||
        String(values[`decision:${id}.about`] ?? '')
          .split(' ')
          .includes(about),
    ),
    about,
    aboutOptions: agentIds.map((id) => ({ value: id, label: values[`agent:${id}.name`] })),
  });
}

async function showEstimates(page: PageContext, parts: LivePageParts): Promise<void> {
  const queue = parts.service.queue(page.actor, page.id<QueueId>());
  const now = parts.clock.now();
  const { startAt, endAt } = siteDayOf(now, parts.zone);
  const estimates = await parts.reports.estimates(queue.id, new Date(startAt), new Date(endAt));
  const hours = errorByHour(estimates, startAt);
  const most = Math.max(1, ...hours.flatMap((one) => [one.meanExpectedMs, one.meanWaitedMs]));
  page.render('live-queues/estimates', {
    title: page.t('live-queues.estimates.title'),
    crumbs: [
      { label: page.t('live-queues.title'), href: PATH },
      { label: queue.name, href: queuePath(queue.id) },
    ],
    styles: STYLES,
    queue,
    path: queuePath(queue.id),
    startAt,
    now,
    told: parts.live.current?.queues.find(({ id }) => id === queue.id)?.newCaller,
    total: estimateError(estimates),
    hours: hours.map((hour) => ({
      ...hour,
      expectedWidth: Math.round((hour.meanExpectedMs / most) * BAR_WIDTH),
      waitedWidth: Math.round((hour.meanWaitedMs / most) * BAR_WIDTH),
    })),
  });
}
