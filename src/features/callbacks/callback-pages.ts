import { can } from '../../kernel/actor.js';
import type { Clock } from '../../kernel/clock.js';
import { AppError } from '../../kernel/errors.js';
import type { QueueId } from '../../kernel/ids.js';
import type { DeskAnswer, LiveView } from '../../telephony/live.js';
import {
  listHref,
  listView,
  PageRoutes,
  parseForm,
  readList,
  sendCsv,
  type ListRequest,
  type PageContext,
  type Toast,
} from '../../web/kit/index.js';
import { PERIODS, timeRange } from '../calls/index.js';
import {
  CALLBACK_SORTS,
  noteSchema,
  SHOWN_STATES,
  type CallbackQuery,
  type CallbackSort,
} from './callback.js';
import { csvCallback, csvHeader } from './callback-csv.js';
import { rowView } from './callback-view.js';
import { callbacksTopic } from './callbacks-topic.js';
import {
  CALLBACK_ACTIONS,
  type CallbackAction,
  type CallbacksService,
} from './callbacks-service.js';

const PATH = '/callbacks';
const ACCESS = 'callbacks.read';
const EXPORT_PATH = `${PATH}/export.csv`;
const FILTERS = ['state', 'queue', 'period', 'from', 'to'] as const;

const COLUMNS = [
  { label: 'callbacks.column.who', sort: 'number' },
  { label: 'callbacks.column.queue' },
  { label: 'callbacks.column.place' },
  { label: 'callbacks.column.asked', sort: 'asked' },
  { label: 'callbacks.column.waited', sort: 'waited', numeric: true },
  { label: 'callbacks.column.state' },
  { label: 'callbacks.column.tries' },
  { label: 'callbacks.column.agent' },
  { label: 'callbacks.column.note' },
  { label: '' },
] as const;

export interface CallbackPageParts {
  readonly service: CallbacksService;
  readonly live: LiveView;
  readonly clock: Clock;
}

/** The list of callbacks, its export, and what can be done with one. */
export function callbackPages(parts: CallbackPageParts): PageRoutes {
  const pages = new PageRoutes();
  pages.get(PATH, ACCESS, (page) => showList(page, parts));
  pages.get(EXPORT_PATH, ACCESS, (page) => sendCallbacks(page, parts));
  for (const action of CALLBACK_ACTIONS)
    pages.post(`${PATH}/:id/${action}`, ACCESS, async (page) => {
      const id = page.param('id');
      const answer = await parts.service.act(page.actor, id, action);
      if (answer.ok) await page.redirect(backTo(page), toastOf(action, id));
      else await showList(page, parts, answer);
    });
  pages.post(`${PATH}/:id/note`, ACCESS, async (page) => {
    const parsed = parseForm(noteSchema, page.body);
    if (!parsed.ok) throw new AppError('invalid-fields', 'note', parsed.problems);
    await parts.service.note(page.actor, page.param('id'), parsed.values.note);
    await page.redirect(backTo(page), { message: 'callbacks.note-saved' });
  });
  return pages;
}

const toastOf = (action: CallbackAction, id: string): Toast => ({
  message: `callbacks.done.${action}`,
  ...(action === 'cancel' ? { undo: `${PATH}/${id}/reopen` } : {}),
});

/** A queue's board, or the list that the form was on, with its search and page; nowhere else. */
function backTo(page: PageContext): string {
  const back = page.body['back'];
  if (typeof back === 'string' && /^\/live\/queues\/\d{1,9}$/.test(back)) return back;
  const query = typeof back === 'string' && back.startsWith(`${PATH}?`) ? back : PATH;
  return /^[\x21-\x7e]+$/.test(query) ? query : PATH;
}

const readCallbacks = (page: PageContext): ListRequest<CallbackSort> =>
  readList(page, {
    path: PATH,
    sorts: CALLBACK_SORTS,
    // The history begins with the newest, the line with who waits longest.
    defaultSort: OVER.includes(page.query['state'] ?? '') ? '-asked' : '-waited',
    filters: FILTERS,
  });
const OVER: readonly string[] = [
  ...['done', 'failed', 'cancelled', 'returned'],
  ...['expired', 'queue-gone', 'all'],
];

/** What the query string asks for; what makes no sense narrows nothing. */
function queryOf(
  page: PageContext,
  request: ListRequest<CallbackSort>,
  now: number,
): CallbackQuery {
  const { state, queue = '', period, from, to } = request.filters;
  return {
    ...request,
    shown: SHOWN_STATES.find((known) => known === state) ?? 'open',
    queueId: /^\d{1,9}$/.test(queue) ? (Number(queue) as QueueId) : undefined,
    ...timeRange({ period, from, to }, now, page.zone),
  };
}

type Refused = Extract<DeskAnswer, { readonly ok: false }>;

async function showList(
  page: PageContext,
  parts: CallbackPageParts,
  refused?: Refused,
): Promise<void> {
  const request = readCallbacks(page);
  const now = parts.clock.now();
  const [found, queues, overdue] = await Promise.all([
    parts.service.list(page.actor, queryOf(page, request, now)),
    parts.service.queues(page.actor),
    parts.service.countOverdue(page.actor),
  ]);
  const { t } = page;
  const rows = found.rows.map((line) =>
    rowView(line, {
      t,
      now,
      // The address would have the number as it is.
      callsHref: page.masksNumbers
        ? ''
        : `/calls?${new URLSearchParams({ q: line.number }).toString()}`,
    }),
  );
  const values = callbacksTopic.values(parts.live.current, page);
  const words = (names: readonly string[], prefix: string) =>
    names.map((value) => ({ value, label: t(`${prefix}.${value}`) }));
  page.render(
    'callbacks/list',
    {
      title: t('callbacks.title'),
      styles: ['calls', 'callbacks'],
      topic: callbacksTopic.name,
      values,
      list: listView(request, { rows, total: found.total }, COLUMNS),
      back: refused === undefined ? page.req.originalUrl : PATH,
      overdue,
      isScoped: !can(page.actor, 'calls.read'),
      states: words(SHOWN_STATES, 'callbacks.state'),
      periods: words(PERIODS, 'calls.period'),
      queues: queues.map(({ id, name }) => ({ value: id, label: name })),
      fromDay: request.filters['from'] ?? '',
      toDay: request.filters['to'] ?? '',
      exportHref: listHref(
        { ...request, options: { ...request.options, path: EXPORT_PATH } },
        { page: '', size: '' },
      ),
      problem: refused && t(`desk.refused.${refused.code}`, { detail: refused.detail }),
    },
    refused === undefined ? 200 : statusOf(refused),
  );
}

const statusOf = ({ code }: Refused): number =>
  code === 'pbx-offline' || code === 'calls-not-running' ? 503 : 409;

async function sendCallbacks(page: PageContext, parts: CallbackPageParts): Promise<void> {
  const now = parts.clock.now();
  const query = queryOf(page, readCallbacks(page), now);
  const { t, language, zone, country } = page;
  await sendCsv(page, { name: 'callbacks', head: csvHeader(t), at: now }, (write) =>
    parts.service.export(page.actor, query, (lines) =>
      write(lines.map((line) => csvCallback(line, { t, language, zone, country, now })).join('')),
    ),
  );
}
