import { can } from '../../kernel/actor.js';
import type { Clock } from '../../kernel/clock.js';
import { AppError } from '../../kernel/errors.js';
import type { AgentId, MissedCallerId, QueueId } from '../../kernel/ids.js';
import type { DeskAnswer } from '../../telephony/live.js';
import {
  listView,
  PageRoutes,
  parseForm,
  readList,
  RESULT_LOOKS,
  type ListRequest,
  type Look,
  type PageContext,
} from '../../web/kit/index.js';
import { PERIODS, timeRange } from '../calls/index.js';
import {
  MISSED_SORTS,
  missedNoteSchema,
  SHOWN_MISSED,
  type MissedLine,
  type MissedQuery,
  type MissedSort,
  type MissedState,
  type MissedWhy,
} from './missed-caller.js';
import { MISSED_ACCESS, MISSED_SUPERVISION, type MissedService } from './missed-service.js';

export const MISSED_PATH = '/calls/to-return';
const FILTERS = ['state', 'queue', 'period', 'from', 'to'] as const;
const OVER: readonly string[] = ['reached', 'called-again', 'talked', 'in-time', 'done', 'all'];

const COLUMNS = [
  { label: 'missed-callers.column.who' },
  { label: 'missed-callers.column.why' },
  { label: 'missed-callers.column.queue' },
  { label: 'missed-callers.column.missed', sort: 'missed' },
  { label: 'missed-callers.column.misses', sort: 'misses', numeric: true },
  { label: 'missed-callers.column.due', sort: 'due' },
  { label: 'missed-callers.column.state' },
  { label: 'missed-callers.column.owner' },
  { label: 'missed-callers.column.note' },
  { label: '' },
] as const;

const look = (state: MissedState, icon: string, tone: Look['tone']): Look => ({
  label: `missed-callers.state.${state}`,
  icon,
  tone,
});
const STATE_LOOKS: Readonly<Record<MissedState, Look>> = {
  open: look('open', 'phone-x', 'hold'),
  reached: look('reached', 'phone-check', 'plain'),
  'called-again': look('called-again', 'phone-incoming', 'plain'),
  done: look('done', 'check', ''),
};

const WHY_LOOKS: Readonly<Record<MissedWhy, Look>> = {
  ...RESULT_LOOKS,
  'not-called-back': {
    label: 'missed-callers.why.not-called-back',
    icon: 'phone-off',
    tone: 'alarm',
  },
};

interface Parts {
  readonly service: MissedService;
  readonly clock: Clock;
}

/** The list of people who did not reach us, and what can be done for one. */
export function missedPages(parts: Parts): PageRoutes {
  const { service } = parts;
  const pages = new PageRoutes();
  pages.get(MISSED_PATH, MISSED_ACCESS, (page) => showList(page, parts));
  pages.post(`${MISSED_PATH}/:id/call`, MISSED_ACCESS, async (page) => {
    const answer = await service.call(page.actor, page.id<MissedCallerId>());
    if (answer.ok) await page.redirect(backTo(page), { message: 'missed-callers.done.call' });
    else await showList(page, parts, answer);
  });
  const act = (name: 'take' | 'close' | 'reopen', undo?: 'reopen'): PageRoutes =>
    pages.post(`${MISSED_PATH}/:id/${name}`, MISSED_ACCESS, async (page) => {
      const id = page.id<MissedCallerId>();
      await service[name](page.actor, id);
      await page.redirect(backTo(page), {
        message: `missed-callers.done.${name}`,
        ...(undo === undefined ? {} : { undo: `${MISSED_PATH}/${String(id)}/${undo}` }),
      });
    });
  act('take');
  act('close', 'reopen');
  act('reopen');
  pages.post(`${MISSED_PATH}/:id/give`, MISSED_ACCESS, async (page) => {
    const owner = page.body['owner'];
    if (typeof owner !== 'string' || !/^\d{0,9}$/.test(owner))
      throw new AppError('not-found', 'no such agent');
    const agent = owner === '' ? undefined : (Number(owner) as AgentId);
    await service.give(page.actor, page.id<MissedCallerId>(), agent);
    await page.redirect(backTo(page), { message: 'missed-callers.done.give' });
  });
  pages.post(`${MISSED_PATH}/:id/note`, MISSED_ACCESS, async (page) => {
    const parsed = parseForm(missedNoteSchema, page.body);
    if (!parsed.ok) throw new AppError('invalid-fields', 'note', parsed.problems);
    await service.note(page.actor, page.id<MissedCallerId>(), parsed.values.note);
    await page.redirect(backTo(page), { message: 'callbacks.note-saved' });
  });
  return pages;
}

/** The list that the form was on, with its search and page; nowhere else. */
function backTo(page: PageContext): string {
  const back = page.body['back'];
  const query = typeof back === 'string' && back.startsWith(`${MISSED_PATH}?`) ? back : '';
  return /^[\x21-\x7e]+$/.test(query) ? query : MISSED_PATH;
}

const readMissed = (page: PageContext): ListRequest<MissedSort> =>
  readList(page, {
    path: MISSED_PATH,
    sorts: MISSED_SORTS,
    // What is over begins with the newest, what is open with what is due first.
    defaultSort: OVER.includes(page.query['state'] ?? '') ? '-missed' : 'due',
    filters: FILTERS,
  });

/** What the query string asks for; what makes no sense narrows nothing. */
function queryOf(page: PageContext, request: ListRequest<MissedSort>, now: number): MissedQuery {
  const { state, queue = '', period, from, to } = request.filters;
  return {
    ...request,
    shown: SHOWN_MISSED.find((known) => known === state) ?? 'open',
    queueId:
      queue === 'none' ? queue : /^\d{1,9}$/.test(queue) ? (Number(queue) as QueueId) : undefined,
    ...timeRange({ period, from, to }, now, page.zone),
  };
}

type Refused = Extract<DeskAnswer, { readonly ok: false }>;

async function showList(page: PageContext, parts: Parts, refused?: Refused): Promise<void> {
  const { service, clock } = parts;
  const request = readMissed(page);
  const now = clock.now();
  const { actor, t } = page;
  const [found, counts, queues, owners] = await Promise.all([
    service.list(actor, queryOf(page, request, now)),
    service.counts(actor),
    service.queues(actor),
    service.owners(actor),
  ]);
  const words = (names: readonly string[], prefix: string) =>
    names.map((value) => ({ value, label: t(`${prefix}.${value}`) }));
  page.render(
    'missed-callers/list',
    {
      title: t('missed-callers.title'),
      styles: ['calls', 'callbacks'],
      path: MISSED_PATH,
      counts,
      list: listView(
        request,
        { rows: found.rows.map((line) => rowView(page, line, now)), total: found.total },
        COLUMNS,
      ),
      back: refused === undefined ? page.req.originalUrl : MISSED_PATH,
      isScoped: !can(actor, MISSED_SUPERVISION),
      mayGive: owners.length > 0,
      owners: owners.map(({ id, name }) => ({ value: String(id), label: name })),
      states: words(
        SHOWN_MISSED.filter((one) => one !== 'mine' || actor.agentId !== undefined),
        'missed-callers.shown',
      ),
      periods: words(PERIODS, 'calls.period'),
      queues: queues.map(({ id, name }) => ({ value: id, label: name })),
      fromDay: request.filters['from'] ?? '',
      toDay: request.filters['to'] ?? '',
      reportHref: can(actor, MISSED_SUPERVISION) ? '/reports/missed-callers' : undefined,
      problem: refused && t(`desk.refused.${refused.code}`, { detail: refused.detail }),
    },
    refused === undefined ? 200 : statusOf(refused),
  );
}

const statusOf = ({ code }: Refused): number =>
  code === 'pbx-offline' || code === 'calls-not-running' ? 503 : 409;

function rowView(page: PageContext, line: MissedLine, now: number) {
  const { actor, masksNumbers } = page;
  const isOpen = line.state === 'open';
  const isMine = line.ownerId !== undefined && line.ownerId === actor.agentId;
  return {
    ...line,
    look: STATE_LOOKS[line.state],
    whyLook: WHY_LOOKS[line.why],
    isOverdue: isOpen && line.dueAt.getTime() < now,
    isOpen,
    ownerValue: line.ownerId === undefined ? '' : String(line.ownerId),
    // The address would have the number as it is.
    callsHref: masksNumbers ? '' : `/calls?${new URLSearchParams({ q: line.number }).toString()}`,
    lastHref: can(actor, 'calls.read') ? `/calls/${line.lastCallId}` : '',
    closedHref:
      line.closedCallId !== undefined && can(actor, 'calls.read')
        ? `/calls/${line.closedCallId}`
        : '',
    mayCall: actor.agentId !== undefined,
    mayTake: isOpen && actor.agentId !== undefined && !isMine,
    mayLeave: isOpen && isMine && !can(actor, MISSED_SUPERVISION),
    mayReopen: line.state === 'done',
  };
}
