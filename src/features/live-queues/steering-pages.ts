import { can, type Permission } from '../../kernel/actor.js';
import { AppError } from '../../kernel/errors.js';
import type { AgentId, QueueId } from '../../kernel/ids.js';
import type { LiveWaiting } from '../../telephony/live.js';
import { formatPhone, type PageContext, type PageRoutes } from '../../web/kit/index.js';
import { callPath, queuePath } from './board.js';
import {
  agentChoices,
  field,
  placeOf,
  refusalStatus,
  refusalText,
  wantsJson,
  type LivePageParts,
} from './page-parts.js';
import { STEERING, type Place, type Steering, type SteeringAnswer } from './steering.js';

const PATH = '/live/queues/:id/calls/:call';
/** Who may do what with somebody in line. */
const NEEDED: Readonly<Record<Steering, Permission>> = {
  priority: 'queues.steer',
  offer: 'queues.steer',
  move: 'queues.steer',
  end: 'calls.end',
};

/** Forms that can be asked for alone; those of a callback are the callbacks' own. */
const FORMS = [...STEERING, 'callback'] as const;

/** What was refused, said beside the field where it was typed. */
interface Problem {
  readonly command: Steering;
  readonly text: string;
  readonly typed: string;
}

/** The forms for somebody in line (a page, and the content of a dialog), and the commands that they give. */
export function addSteeringPages(pages: PageRoutes, parts: LivePageParts): void {
  pages.get(`${PATH}/edit`, ['queues.steer', 'calls.end'], (page) => {
    const wanted = FORMS.find((one) => one === page.query['do']);
    return showForms(page, parts, wanted);
  });
  const command = (
    name: Steering,
    typed: string,
    give: (page: PageContext, place: Place) => Promise<SteeringAnswer>,
  ): void => {
    pages.post(`${PATH}/${name}`, NEEDED[name], async (page) => {
      const place = placeOf(page);
      await answer(page, parts, { name, typed: field(page, typed) }, await give(page, place));
    });
  };
  const { service } = parts;
  command('priority', 'priority', (page, place) =>
    service.setPriority(page.actor, place, field(page, 'priority')),
  );
  command('offer', 'agent', (page, place) =>
    service.offer(page.actor, place, Number(field(page, 'agent')) as AgentId),
  );
  command('move', 'queue', (page, place) =>
    service.move(page.actor, place, Number(field(page, 'queue')) as QueueId),
  );
  command('end', '', (page, place) => service.end(page.actor, place));
}

async function answer(
  page: PageContext,
  parts: LivePageParts,
  { name, typed }: { readonly name: Steering; readonly typed: string },
  result: SteeringAnswer,
): Promise<void> {
  const text = result.ok ? '' : refusalText(page, result);
  const status = result.ok ? 200 : refusalStatus(result);
  if (wantsJson(page)) page.res.status(status).json({ ok: result.ok, text });
  else if (result.ok) {
    const message = `live-queues.asked.${name}`;
    await page.redirect(queuePath(placeOf(page).queueId), { message, params: { who: result.who } });
  } else await showForms(page, parts, name, { command: name, text, typed }, status);
}

async function showForms(
  page: PageContext,
  parts: LivePageParts,
  wanted: (typeof FORMS)[number] | undefined,
  problem?: Problem,
  status = 200,
): Promise<void> {
  const place = placeOf(page);
  const queue = parts.service.queue(page.actor, place.queueId);
  const waiting = await parts.service.waiting(place);
  const allowed = STEERING.filter((one) => can(page.actor, NEEDED[one])).filter(
    (one) => wanted === undefined || one === wanted,
  );
  const callback = can(page.actor, 'callbacks.read') && [undefined, 'callback'].includes(wanted);
  if (allowed.length === 0 && !callback)
    throw new AppError('not-allowed', 'nothing to do with this caller');
  const number = waiting ? formatPhone(waiting.from, page) : '';
  const who =
    waiting === undefined || (waiting.name === '' && waiting.from === '')
      ? page.t('live-queues.anonymous')
      : waiting.name || number;
  const { queues } = parts.directory.current;
  const data = {
    title: who,
    crumbs: [
      { label: page.t('live-queues.title'), href: '/live/queues' },
      { label: queue.name, href: queuePath(queue.id) },
    ],
    styles: ['live', 'live-queue'],
    who,
    number: waiting?.name === '' ? '' : number,
    queue,
    back: queuePath(queue.id),
    path: callPath(queue.id, place.callId),
    address: page.req.originalUrl,
    isPartial: page.isPartial,
    callId: place.callId,
    waiting,
    isGone: waiting === undefined,
    forms: Object.fromEntries(allowed.map((one) => [one, true])),
    mayEnd: waiting?.callbackId === undefined && waiting?.followUpId === undefined,
    callback: callback ? callbackView(waiting, parts.clock.now()) : undefined,
    priority: problem?.command === 'priority' ? problem.typed : waiting?.priority,
    chosen: problem?.typed ?? '',
    agents: agentChoices(parts, queue.members),
    queues: [...queues.values()]
      .filter(({ id }) => id !== queue.id)
      .map(({ id, name }) => ({ value: String(id), label: name }))
      .sort((a, b) => a.label.localeCompare(b.label)),
    problems: problem ? { [problem.command]: problem.text } : {},
  };
  if (page.isPartial) page.renderPartial('live-queues/steer', data, status);
  else page.render('live-queues/steer', data, status);
}

/** What can be done with somebody who hung up and keeps the place; `waitsMs` until it is tried again, where it waits. */
const callbackView = (waiting: LiveWaiting | undefined, now: number) =>
  waiting?.callbackId === undefined
    ? undefined
    : {
        path: `/callbacks/${waiting.callbackId}`,
        waitsMs: Math.max(0, (waiting.notBefore ?? now) - now),
      };
