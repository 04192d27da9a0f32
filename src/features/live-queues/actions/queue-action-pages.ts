import { overflowFor, type OverflowReason } from '../../../engines/acd/overflow.js';
import { AppError } from '../../../kernel/errors.js';
import type { QueueId } from '../../../kernel/ids.js';
import type { QueueConfig } from '../../../telephony/directory.js';
import { formatDuration, type PageContext, type PageRoutes } from '../../../web/kit/index.js';
import { targetViews, type TargetStore } from '../../configuration/index.js';
import { queuePath } from '../board.js';
import {
  agentChoices,
  field,
  refusalStatus,
  refusalText,
  wantsJson,
  type LivePageParts,
} from '../page-parts.js';
import type { QueueActionAnswer, QueueActionService } from './queue-action-service.js';
import { HELP_MINUTES, QUEUE_ACTIONS, USUAL_HELP_MIN, type QueueAction } from './queue-action.js';

const PATH = '/live/queues/:id';
const NEEDED = 'queues.steer';
/** Why callers are sent on after an action. */
const REASONS: Readonly<Partial<Record<QueueAction | 'undo', OverflowReason | 'max-wait'>>> = {
  opening: 'queue-closed',
  'max-wait': 'max-wait',
};

export interface QueueActionPageParts extends LivePageParts {
  readonly actions: QueueActionService;
  readonly targets: TargetStore;
}

/** What was refused, said beside the field where it was typed. */
interface Problem {
  readonly field: string;
  readonly text: string;
}

/** The forms for a whole queue (pages, and the content of a dialog), and the commands that they give. */
export function addQueueActionPages(pages: PageRoutes, parts: QueueActionPageParts): void {
  pages.get(`${PATH}/actions/:action`, NEEDED, (page) => showForm(page, parts, actionOf(page)));
  for (const action of QUEUE_ACTIONS)
    pages.post(`${PATH}/actions/${action}`, NEEDED, async (page) => {
      await answer(page, parts, action, await give(page, parts.actions, action));
    });
  pages.post(`${PATH}/undo`, NEEDED, async (page) => {
    const id = page.id<QueueId>();
    const result = await parts.actions.undo(page.actor, id, field(page, 'key'));
    await answer(page, parts, 'undo', result);
  });
}

function actionOf(page: PageContext): QueueAction {
  const action = QUEUE_ACTIONS.find((one) => one === page.param('action'));
  if (action === undefined) throw new AppError('not-found', 'no such action');
  return action;
}

function give(
  page: PageContext,
  actions: QueueActionService,
  action: QueueAction,
): Promise<QueueActionAnswer> {
  const { actor } = page;
  const id = page.id<QueueId>();
  const typed = (name: string): string => field(page, name);
  switch (action) {
    case 'opening':
      return actions.setOpening(actor, id, {
        isOpen: typed('to') === 'open',
        until: typed('until'),
        why: typed('why'),
      });
    case 'max-wait':
      return actions.setMaxWait(actor, id, { maxWait: typed('maxWait'), until: typed('until') });
    case 'helper':
      return actions.addHelper(actor, id, { agent: typed('agent'), minutes: typed('minutes') });
    case 'announce':
      return actions.announce(actor, id, typed('prompt'));
    case 'send-on':
      return actions.sendOn(actor, id, typed('why'));
  }
}

async function answer(
  page: PageContext,
  parts: QueueActionPageParts,
  action: QueueAction | 'undo',
  result: QueueActionAnswer,
): Promise<void> {
  const message = `live-queues.done.${action}`;
  const params = result.ok ? { queue: result.who, count: result.callers ?? 0 } : {};
  const status = result.ok ? 200 : refusalStatus(result);
  // What shows itself on the board needs no words; what only callers hear does.
  const isSeen = result.ok && result.callers === undefined;
  const text = result.ok ? (isSeen ? '' : page.t(message, params)) : refusalText(page, result);
  if (wantsJson(page)) page.res.status(status).json({ ok: result.ok, text });
  else if (result.ok) await page.redirect(queuePath(page.id<QueueId>()), { message, params });
  else
    await showForm(
      page,
      parts,
      action,
      { field: 'field' in result ? result.field : 'form', text },
      status,
    );
}

async function showForm(
  page: PageContext,
  parts: QueueActionPageParts,
  action: QueueAction | 'undo',
  problem?: Problem,
  status = 200,
): Promise<void> {
  const queue = parts.service.queue(page.actor, page.id<QueueId>());
  const target = overflowFor(queue, REASONS[action] ?? '');
  const [overflow] = await targetViews(page, parts.targets, [target]);
  const now = parts.live.current?.queues.find(({ id }) => id === queue.id);
  const onTheLine = (now?.waitingCount ?? 0) - (now?.callbackCount ?? 0);
  const data = {
    title: page.t(`live-queues.act.${action}.title`, { queue: queue.name }),
    crumbs: [
      { label: page.t('live-queues.title'), href: '/live/queues' },
      { label: queue.name, href: queuePath(queue.id) },
    ],
    styles: ['live', 'live-queue'],
    queue,
    action,
    is: { [action]: true },
    path: `${queuePath(queue.id)}/actions/${action}`,
    about: `queue:${String(queue.id)}`,
    address: page.req.originalUrl,
    isPartial: page.isPartial,
    onTheLine,
    overflow: overflow?.text ?? '',
    isHangup: target.kind === 'hangup',
    zone: page.zone,
    ...fieldsOf(page, parts, queue, action),
    problem: problem && { [problem.field]: problem.text },
  };
  if (page.isPartial) page.renderPartial('live-queues/act', data, status);
  else page.render('live-queues/act', data, status);
}

/** What the action's own fields show: as typed, else what is usual. */
function fieldsOf(
  page: PageContext,
  parts: QueueActionPageParts,
  queue: QueueConfig,
  action: QueueAction | 'undo',
) {
  const typed = (name: string, usual = ''): string => field(page, name) || usual;
  const now = parts.live.current?.queues.find(({ id }) => id === queue.id);
  switch (action) {
    case 'opening':
      return {
        isOpen: now?.isOpen ?? true,
        to: typed('to', now?.isOpen === false ? 'open' : 'closed'),
        clears: queue.clearsAtClosing,
        ...{ until: typed('until'), why: typed('why') },
      };
    case 'max-wait':
      return {
        own: queue.maxWaitMs === 0 ? '' : formatDuration(queue.maxWaitMs),
        maxWait: typed('maxWait', formatDuration(queue.maxWaitMs)),
        until: typed('until'),
      };
    case 'helper': {
      const { agents } = parts.directory.current;
      return {
        agents: agentChoices(
          parts,
          [...agents.keys()].filter((id) => !queue.members.includes(id)),
        ),
        chosen: typed('agent'),
        minutes: HELP_MINUTES.map((value) => ({
          value: String(value),
          label: page.t('live-queues.act.for-minutes', { minutes: value }),
        })),
        forMinutes: typed('minutes', String(USUAL_HELP_MIN)),
        asksSkills: queue.requirements.some(({ isRequired }) => isRequired),
      };
    }
    case 'announce':
      return {
        prompts: parts.actions.prompts().map(({ id, name, files }) => ({
          value: String(id),
          label: page.t('queues.announcement-option', {
            name,
            languages: Object.keys(files)
              .map((language) => page.t(`language.${language}`))
              .join(', '),
          }),
        })),
        chosen: typed('prompt', String(queue.announcements?.[0] ?? '')),
      };
    case 'send-on':
      return { why: typed('why') };
    case 'undo':
      return {};
  }
}
