import { can } from '../../kernel/actor.js';
import type { AgentId, CallId, QueueId } from '../../kernel/ids.js';
import type { DeskAnswer, Explanation } from '../../telephony/live.js';
import { formatPhone, type PageContext, type PageRoutes } from '../../web/kit/index.js';
import { decisionText } from '../calls/index.js';
import { agentPath, queuePath } from './board.js';
import { placeOf, refusalStatus, refusalText, type LivePageParts } from './page-parts.js';

const ACCESS = 'live.read';

/** Why a caller waits, why an agent gets no calls, and who would get a call: pages that are drawers, too. */
export function addWhyPages(pages: PageRoutes, parts: LivePageParts): void {
  pages.get('/live/queues/:id/calls/:call/why', ACCESS, (page) => explainCall(page, parts));
  pages.get('/live/queues/:id/why', ACCESS, (page) => previewOffer(page, parts));
  pages.get('/live/agents/:id/why', ACCESS, (page) => explainAgent(page, parts));
  pages.get('/workspace/why', 'workspace.use', (page) => explainOwn(page, parts));
}

async function explainCall(page: PageContext, parts: LivePageParts): Promise<void> {
  const place = placeOf(page);
  const queue = parts.service.queue(page.actor, place.queueId);
  const answer = await parts.service.explainCall(page.actor, place);
  const waiting = await parts.service.waiting(place);
  const number = waiting === undefined ? '' : formatPhone(waiting.from, page);
  const who = waiting?.name || number || page.t('live-queues.a-caller');
  const origin =
    waiting === undefined
      ? undefined
      : (await parts.reports.priorityOrigins([waiting.callId])).get(place.callId as CallId);
  show(page, parts, answer, {
    title: page.t('live-queues.why.call-title', { who }),
    lead: page.t('live-queues.why.call-lead', { queue: queue.name }),
    crumbs: [
      { label: page.t('live-queues.title'), href: '/live/queues' },
      { label: queue.name, href: queuePath(queue.id) },
    ],
    routed: (origin?.reasons ?? []).map((reason) => decisionText(page.t, reason)),
    setBy: origin?.setBy,
  });
}

async function previewOffer(page: PageContext, parts: LivePageParts): Promise<void> {
  const queue = parts.service.queue(page.actor, page.id<QueueId>());
  show(page, parts, await parts.service.previewOffer(page.actor, queue.id), {
    title: page.t('live-queues.why.queue-title'),
    lead: page.t('live-queues.why.queue-lead', { queue: queue.name }),
    crumbs: [
      { label: page.t('live-queues.title'), href: '/live/queues' },
      { label: queue.name, href: queuePath(queue.id) },
    ],
    isOrder: true,
  });
}

async function explainAgent(page: PageContext, parts: LivePageParts): Promise<void> {
  const id = page.id<AgentId>();
  const { name } = parts.service.agent(page.actor, id);
  show(page, parts, await parts.service.explainAgent(page.actor, id), {
    title: page.t('live-queues.why.agent-title', { name }),
    lead: page.t('live-queues.why.agent-lead'),
    crumbs: [{ label: page.t('live-queues.agents.title'), href: '/live/agents' }],
  });
}

/** The agent's own answer. */
async function explainOwn(page: PageContext, parts: LivePageParts): Promise<void> {
  show(
    page,
    parts,
    await parts.service.explainOwn(page.actor),
    {
      title: page.t('live-queues.why.own-title'),
      lead: page.t('live-queues.why.own-lead'),
      crumbs: [{ label: page.t('workspace.title'), href: '/workspace' }],
    },
    200,
  );
}

function show(
  page: PageContext,
  parts: LivePageParts,
  answer: DeskAnswer,
  frame: { readonly title: string; readonly lead: string; readonly [name: string]: unknown },
  status = answer.ok ? 200 : refusalStatus(answer),
): void {
  const lines = answer.ok ? (answer.explanations ?? []) : [];
  const data = {
    ...frame,
    styles: ['live', 'live-queue'],
    problem: answer.ok ? '' : refusalText(page, answer),
    lines: lines.map((line) => lineView(page, parts, line)),
    isEmpty: answer.ok && lines.length === 0,
    address: page.req.originalUrl,
    isPartial: page.isPartial,
  };
  // A drawer shows the refusal in its place; for a script that fetches it nothing has failed.
  if (page.isPartial) page.renderPartial('live-queues/why', data);
  else page.render('live-queues/why', data, status);
}

/** Whom a line is about, and its reasons in words. */
function lineView(page: PageContext, { directory, live }: LivePageParts, line: Explanation) {
  const { queues, agents } = directory.current;
  const { agentId, queueId } = line;
  const agent =
    agentId === undefined
      ? ''
      : (agents.get(agentId)?.name ??
        live.current?.agents.find(({ id }) => id === agentId)?.name ??
        '');
  const queue = queueId === undefined ? '' : (queues.get(queueId)?.name ?? '');
  return {
    who: agent || queue,
    href: !can(page.actor, ACCESS)
      ? undefined
      : agentId !== undefined && agent !== ''
        ? agentPath(agentId)
        : queueId === undefined
          ? undefined
          : queuePath(queueId),
    isOffered: line.isOffered === true,
    reasons: line.reasons.map((reason) => decisionText(page.t, reason)),
  };
}
