import { ACD_DEFAULTS } from '../../engines/acd/acd.js';
import type { SkillRequirement } from '../../engines/acd/requirement.js';
import { MAX_PRIORITY } from '../../engines/routing/rule.js';
import type { Clock } from '../../kernel/clock.js';
import { parseFields, secondsField, integerField } from '../../kernel/fields.js';
import type { QueueId } from '../../kernel/ids.js';
import type { Desk, DeskAnswer, Explanation, LiveView } from '../../telephony/live.js';
import {
  formView,
  formWithProblems,
  type PageContext,
  type PageRoutes,
} from '../../web/kit/index.js';
import { z } from 'zod';
import { decisionText } from '../calls/index.js';
import { skillRowsView } from './queue-form-view.js';
import type { QueueService } from './queue-service.js';
import type { QueueOptions, QueueStore } from './queue-store.js';
import { QUEUE_LIMITS, type StoredQueue } from './queue.js';
import { skillRowsField, skillRowsOf } from './skill-rows.js';

/** What the page is made of. */
export interface PreviewPageParts {
  readonly service: QueueService;
  readonly store: QueueStore;
  readonly live: LiveView;
  readonly desk: Desk;
  readonly clock: Clock;
}

/** Skills of the imagined call, besides those of the queue. */
const ROWS = [0, 1, 2];

const imagined = z.preprocess(
  (query) => {
    const flat = query as Readonly<Record<string, unknown>>;
    return { priority: '0', waitedS: '0', ...flat, skills: skillRowsOf(flat) };
  },
  z.object({
    priority: integerField(0, MAX_PRIORITY),
    waitedS: secondsField(0, QUEUE_LIMITS.maxWaitS.max),
    skills: skillRowsField(),
  }),
);
type Imagined = z.output<typeof imagined>;

/** The page that says who would get a call of a queue now, and why. It asks the running distribution and changes nothing. */
export const addPreviewPage = (pages: PageRoutes, parts: PreviewPageParts): PageRoutes =>
  pages.get('/setup/queues/:id/preview', 'queues.edit', (page) => show(page, parts));

async function show(page: PageContext, parts: PreviewPageParts): Promise<void> {
  const queue = await parts.service.get(page.actor, page.id<QueueId>());
  const options = await parts.store.options();
  const href = `/setup/queues/${String(queue.id)}`;
  const form = { prefix: 'queues.preview.form', action: `${href}/preview` };
  const parsed = parseFields(imagined, page.query);
  page.render('queues/preview', {
    title: page.t('queues.preview.title'),
    crumbs: [
      { label: page.t('queues.title'), href: '/setup/queues' },
      { label: queue.name, href },
    ],
    styles: ['setup', 'queues'],
    form: parsed.ok
      ? formView(form, { priority: '0', waitedS: '0', ...page.query })
      : formWithProblems({ t: page.t, body: page.query }, form, parsed.problems),
    maxPriority: MAX_PRIORITY,
    ...skillRowsView(page, ROWS, options),
    own: queue.skills.length,
    ...(parsed.ok ? await answerView(page, parts, queue, options, parsed.values) : {}),
  });
}

async function answerView(
  page: PageContext,
  parts: PreviewPageParts,
  queue: StoredQueue,
  options: QueueOptions,
  call: Imagined,
) {
  const answer = await parts.desk.ask({
    kind: 'preview-offer',
    queueId: queue.id,
    requirements: call.skills.map((one): SkillRequirement => ({
      skill: one.skill,
      minLevel: one.minLevel,
      isRequired: one.isRequired,
      relax: [],
    })),
    priority: call.priority,
    waitedMs: call.waitedS * 1_000,
  });
  return { ...candidatesView(page, options, answer), line: lineText(page, parts, queue, call) };
}

function candidatesView(page: PageContext, options: QueueOptions, answer: DeskAnswer) {
  const { t } = page;
  if (!answer.ok) return { refusal: t(`desk.refused.${answer.code}`, { detail: answer.detail }) };
  const lines = answer.explanations ?? [];
  const names = new Map(options.agents.map((agent) => [agent.id, agent.name]));
  const view = ({ agentId, reasons }: Explanation) => ({
    name: agentId === undefined ? '' : (names.get(agentId) ?? ''),
    href: `/setup/agents/${String(agentId ?? 0)}`,
    reasons: reasons.map((reason) => decisionText(t, reason)),
  });
  // While the queue is at its limit those who fit are there, but are not offered the call.
  const fitting = lines.filter((line) => line.isOffered !== undefined);
  return {
    isAnswered: true,
    isFull: fitting.some((line) => line.isOffered === false),
    candidates: fitting.map(view),
    passedOver: lines.filter((line) => line.isOffered === undefined).map(view),
  };
}

/** How many of those in line would be served before such a call. */
function lineText(
  page: PageContext,
  { live, clock }: PreviewPageParts,
  queue: StoredQueue,
  call: Imagined,
): string {
  const waiting = live.current?.queues.find((one) => one.id === queue.id)?.waiting ?? [];
  const rank = (since: number, priority: number): number => since - priority * ACD_DEFAULTS.pointMs;
  const own = rank(clock.now() - call.waitedS * 1_000, call.priority);
  const before = waiting.filter((one) => rank(one.since, one.priority) <= own).length;
  return page.t('queues.preview.line', { count: waiting.length, before });
}
