import { STRATEGIES } from '../../engines/acd/acd-events.js';
import { ACD_DEFAULTS } from '../../engines/acd/acd.js';
import type { SkillRequirement } from '../../engines/acd/requirement.js';
import { MAX_PRIORITY } from '../../engines/routing/rule.js';
import { can, requirePermission } from '../../kernel/actor.js';
import type { Clock } from '../../kernel/clock.js';
import { AppError } from '../../kernel/errors.js';
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
import { distributionFields } from './queue-form.js';
import { skillRowsView } from './queue-form-view.js';
import type { QueueOptions, QueueStore } from './queue-store.js';
import { QUEUE_LIMITS, type StoredQueue } from './queue.js';
import { skillRowsField, skillRowsOf } from './skill-rows.js';

/** What the page is made of. */
export interface PreviewPageParts {
  readonly store: QueueStore;
  readonly live: LiveView;
  readonly desk: Desk;
  readonly clock: Clock;
}

/** Skills of the imagined call, besides those of the queue. */
const ROWS = [0, 1, 2];

/** What can be tried before it is saved: how the queue's form names it. */
const TRIED = ['strategy', 'weightLevel', 'weightIdle', 'weightLoad', 'weightResult'] as const;

const imagined = z.preprocess(
  (query) => {
    const flat = query as Readonly<Record<string, unknown>>;
    return { ...flat, skills: skillRowsOf(flat) };
  },
  z.object({
    priority: integerField(0, MAX_PRIORITY),
    waitedS: secondsField(0, QUEUE_LIMITS.maxWaitS.max),
    skills: skillRowsField(),
    ...distributionFields,
  }),
);
type Imagined = z.output<typeof imagined>;
const PATH = '/setup/queues/:id/preview';
/** Whoever sees lines sees who would be offered a call; only the form that is tried from needs more. */
const ACCESS = 'live.read';

/**
 * The page that says who would get a call of a queue now, and why. It asks the running distribution and changes nothing.
 * The queue's form sends its unsaved strategy and weights here to try them.
 */
export const addPreviewPage = (pages: PageRoutes, parts: PreviewPageParts): PageRoutes =>
  pages
    .get(PATH, ACCESS, (page) => show(page, parts))
    .post(PATH, ACCESS, (page) => {
      const typed = TRIED.flatMap((name) => {
        const value = page.body[name];
        return typeof value === 'string' ? [[name, value] as [string, string]] : [];
      });
      const query = new URLSearchParams(typed).toString();
      return page.redirect(`/setup/queues/${String(page.id())}/preview?${query}`);
    });

async function show(page: PageContext, parts: PreviewPageParts): Promise<void> {
  requirePermission(page.actor, ACCESS);
  const queue = await parts.store.find(page.id<QueueId>());
  if (queue === undefined) throw new AppError('not-found', 'no such queue');
  const options = await parts.store.options();
  const href = `/setup/queues/${String(queue.id)}`;
  const form = { prefix: 'queues.preview.form', action: `${href}/preview` };
  const mayEdit = can(page.actor, 'queues.edit');
  const stored = pick(queue);
  const query = { priority: '0', waitedS: '0', ...stored, ...page.query };
  const parsed = parseFields(imagined, query);
  page.render('queues/preview', {
    title: page.t('queues.preview.title'),
    crumbs: [
      { label: page.t('queues.title'), href: mayEdit ? '/setup/queues' : '/live/queues' },
      { label: queue.name, href: mayEdit ? href : `/live/queues/${String(queue.id)}` },
    ],
    styles: ['setup', 'queues'],
    form: parsed.ok
      ? formView(form, query)
      : formWithProblems({ t: page.t, body: query }, form, parsed.problems),
    maxPriority: MAX_PRIORITY,
    strategies: STRATEGIES.map((value) => ({ value, label: page.t(`queues.strategy.${value}`) })),
    isTried: TRIED.some((name) => query[name] !== stored[name]),
    ...skillRowsView(page, ROWS, options),
    own: queue.skills.length,
    ...(parsed.ok ? await answerView(page, parts, queue, options, parsed.values) : {}),
  });
}

/** The stored distribution as the form sends it. */
const pick = (queue: StoredQueue): Record<(typeof TRIED)[number], string> => ({
  strategy: queue.strategy,
  weightLevel: String(queue.weightLevel),
  weightIdle: String(queue.weightIdle),
  weightLoad: String(queue.weightLoad),
  weightResult: String(queue.weightResult),
});

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
    rule: {
      strategy: call.strategy,
      weights: {
        level: call.weightLevel,
        idle: call.weightIdle,
        load: call.weightLoad,
        result: call.weightResult,
      },
    },
  });
  return { ...candidatesView(page, options, answer), line: lineText(page, parts, queue, call) };
}

function candidatesView(page: PageContext, options: QueueOptions, answer: DeskAnswer) {
  const { t } = page;
  if (!answer.ok) return { refusal: t(`desk.refused.${answer.code}`, { detail: answer.detail }) };
  const lines = answer.explanations ?? [];
  const names = new Map(options.agents.map((agent) => [agent.id, agent.name]));
  const mayEdit = can(page.actor, 'agents.edit');
  const view = ({ agentId, reasons }: Explanation) => ({
    name: agentId === undefined ? '' : (names.get(agentId) ?? ''),
    href: mayEdit ? `/setup/agents/${String(agentId ?? 0)}` : '',
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
