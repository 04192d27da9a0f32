import { can } from '../../kernel/actor.js';
import type { Clock } from '../../kernel/clock.js';
import { siteDayOf } from '../../kernel/site-day.js';
import type { LiveView } from '../../telephony/live.js';
import {
  DIRECTION_LOOKS,
  formatPhone,
  formatWhen,
  listHref,
  listView,
  readList,
  sendCsv,
  RESULT_LOOKS,
  type ListRequest,
  type PageContext,
  type PageRoutes,
} from '../../web/kit/index.js';
import { outlineOf, pathText } from '../dispositions/index.js';
import {
  CALL_SORTS,
  DIRECTIONS,
  RESULTS,
  type CallFilters,
  type CallLine,
  type CallSort,
  type FilterChoices,
  type RecordingMark,
} from './call.js';
import { csvCall, csvHeader } from './call-csv.js';
import { callsTopic, liveState, type LiveState } from './calls-topic.js';
import type { CallsService } from './calls-service.js';
import { parseFigure, REACHED, type FigureFilter } from '../report-sums/index.js';
import { PERIODS, timeRange } from './period.js';

const HOUR_MS = 3_600_000;
export const CALLS_PATH = '/calls';
export const CALLS_ACCESS = ['calls.read', 'calls.read-own'] as const;
/** `/calls/export.csv` is the list as a file. */
const EXPORT_PATH = `${CALLS_PATH}/export.csv`;

const FILTERS = [
  'period',
  'from',
  'to',
  'direction',
  'result',
  'queue',
  'agent',
  'extension',
  'did',
  'reached',
  'figure',
  'column',
  'disposition',
  'test',
] as const;

const COLUMNS = [
  { label: 'calls.column.started', sort: 'started' },
  { label: 'calls.column.who', sort: 'from' },
  { label: 'calls.column.queue' },
  { label: 'calls.column.agent' },
  { label: 'calls.column.result' },
  { label: 'calls.column.waited', sort: 'waited', numeric: true },
  { label: 'calls.column.talked', sort: 'talked', numeric: true },
  { label: 'calls.column.recording' },
] as const;

interface ListParts {
  readonly service: CallsService;
  readonly live: LiveView;
  readonly clock: Clock;
}

/** Adds the list of calls and its export. */
export function addCallListPages(pages: PageRoutes, parts: ListParts): void {
  pages.get(CALLS_PATH, CALLS_ACCESS, (page) => showList(page, parts));
  pages.get(EXPORT_PATH, CALLS_ACCESS, (page) => sendCalls(page, parts));
}

const readCalls = (page: PageContext): ListRequest<CallSort> =>
  readList(page, {
    path: CALLS_PATH,
    sorts: CALL_SORTS,
    defaultSort: '-started',
    filters: FILTERS,
  });

/** Filters of the query string; what makes no sense narrows nothing. */
function filtersOf(page: PageContext, request: ListRequest<CallSort>, now: number): CallFilters {
  const asked = request.filters;
  const id = <Id extends number>(name: string): Id | undefined => {
    const value = asked[name] ?? '';
    return /^\d{1,9}$/.test(value) ? (Number(value) as Id) : undefined;
  };
  return {
    ...timeRange({ period: asked['period'], from: asked['from'], to: asked['to'] }, now, page.zone),
    direction: DIRECTIONS.find((known) => known === asked['direction']),
    result: [...RESULTS, 'open' as const].find((known) => known === asked['result']),
    queueId: id('queue'),
    agentId: id('agent'),
    extensionId: id('extension'),
    didId: asked['did'] === 'any' ? 'any' : id('did'),
    reached: REACHED.find((known) => known === asked['reached']),
    figure: parseFigure(asked['figure'], page.zone),
    dispositionId: id('disposition'),
    withTests: asked['test'] === 'shown',
    ownAgentId: undefined,
  };
}

async function showList(page: PageContext, parts: ListParts): Promise<void> {
  const request = readCalls(page);
  const query = { ...request, ...filtersOf(page, request, parts.clock.now()) };
  const [{ page: found, recordings }, choices] = await Promise.all([
    parts.service.list(page.actor, query),
    parts.service.choices(page.actor),
  ]);
  const now = parts.clock.now();
  const rows = found.rows.map((call) =>
    rowView(call, {
      page,
      now,
      live: liveState(parts.live.current, call.id, page),
      recording: recordings.find((mark) => mark.callId === call.id),
    }),
  );
  page.render('calls/list', {
    title: page.t('calls.title'),
    styles: ['calls'],
    topic: callsTopic.name,
    values: callsTopic.values(parts.live.current, page),
    list: listView(request, { rows, total: found.total }, COLUMNS),
    isMore: found.isMore,
    isOwnOnly: !can(page.actor, 'calls.read'),
    exportHref: listHref(
      { ...request, options: { ...request.options, path: EXPORT_PATH } },
      { page: '', size: '' },
    ),
    ...filterData(page, request, choices),
    figure: query.figure && figureView(page, request, query.figure, choices),
    fromDay: request.filters['from'] ?? '',
    toDay: request.filters['to'] ?? '',
  });
}

/** What the figure of a report said, in words, and the list without it. */
function figureView(
  page: PageContext,
  request: ListRequest<CallSort>,
  { source, subject, item, measure, fromAt, toAt, weekHour }: FigureFilter,
  choices: FilterChoices,
) {
  const named: Readonly<Record<string, readonly { readonly id: number; readonly name: string }[]>> =
    { queue: choices.queues, team: choices.queues, agent: choices.agents };
  const column = `reports.column.${request.filters['column'] ?? ''}`;
  const name = named[subject]?.find(({ id }) => String(id) === item)?.name;
  const counts = `calls.figure.counts.${source}`;
  return {
    value: request.filters['figure'],
    column: request.filters['column'],
    text: page.t(item === undefined ? 'calls.figure.any' : 'calls.figure.item', {
      figure: page.hasText(column) ? page.t(column) : measure,
      item: name ?? item ?? '',
      from: formatWhen(fromAt, 'datetime', page),
      to: formatWhen(toAt, 'datetime', page),
    }),
    hour: weekHour === undefined ? '' : hourText(page, weekHour.place),
    counts: page.hasText(counts) ? page.t(counts) : '',
    without: listHref(request, { figure: '', column: '', page: '' }),
  };
}

/** 5 January 2026 was a Monday. */
const MONDAY = Date.UTC(2026, 0, 5);

/** An hour of a weekday: `Mon 09:00`. */
const hourText = ({ language }: PageContext, place: number): string =>
  new Intl.DateTimeFormat(language, {
    ...{ weekday: 'short', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' },
    timeZone: 'UTC',
  }).format(MONDAY + place * HOUR_MS);

interface Option {
  readonly value: string | number;
  readonly label: string;
}

interface FilterView {
  readonly name: string;
  readonly label: string;
  readonly any: string;
  readonly options: readonly Option[];
}

/** Filters that are folded away unless one of them is in use. */
const FOLDED: readonly string[] = [
  ...['extension', 'did', 'reached', 'disposition', 'test', 'from', 'to'],
];

function filterData(page: PageContext, request: ListRequest<CallSort>, choices: FilterChoices) {
  const all = filterViews(page, choices);
  return {
    filters: all.filter((filter) => !FOLDED.includes(filter.name)),
    moreFilters: all.filter((filter) => FOLDED.includes(filter.name)),
    hasMore: FOLDED.some((name) => request.filters[name] !== undefined),
  };
}

/** The list's chips. Those without a choice are left out. */
function filterViews(page: PageContext, choices: FilterChoices): readonly FilterView[] {
  const { t } = page;
  const any = t('list.any');
  const words = (values: readonly string[], prefix: string): Option[] =>
    values.map((value) => ({ value, label: t(`${prefix}.${value}`) }));
  const named = (rows: readonly { id: number; name: string }[]): Option[] =>
    rows.map((row) => ({ value: row.id, label: row.name }));
  const dids = choices.dids.map((did) => ({ value: did.id, label: formatPhone(did.name, page) }));
  const filters: FilterView[] = [
    {
      name: 'period',
      label: t('calls.filter.period'),
      any: t('calls.period.any'),
      options: words(PERIODS, 'calls.period'),
    },
    {
      name: 'direction',
      label: t('calls.filter.direction'),
      any,
      options: words(DIRECTIONS, 'direction'),
    },
    {
      name: 'result',
      label: t('calls.filter.result'),
      any,
      options: [{ value: 'open', label: t('stage.other') }, ...words(RESULTS, 'result')],
    },
    { name: 'queue', label: t('calls.filter.queue'), any, options: named(choices.queues) },
    { name: 'agent', label: t('calls.filter.agent'), any, options: named(choices.agents) },
    {
      name: 'extension',
      label: t('calls.filter.extension'),
      any,
      options: named(choices.extensions),
    },
    {
      name: 'did',
      label: t('calls.filter.did'),
      any,
      options:
        dids.length === 0 ? [] : [{ value: 'any', label: t('calls.filter.any-did') }, ...dids],
    },
    {
      name: 'reached',
      label: t('calls.filter.reached'),
      any,
      options: words(REACHED, 'calls.reached'),
    },
    {
      name: 'disposition',
      label: t('calls.filter.disposition'),
      any,
      options: outlineOf(choices.dispositions, page.language).map((line) => ({
        value: line.disposition.id,
        label: pathText(line.path),
      })),
    },
    {
      name: 'test',
      label: t('calls.filter.test'),
      any: t('calls.filter.test-hidden'),
      options: [{ value: 'shown', label: t('calls.filter.test-shown') }],
    },
  ];
  return filters.filter((filter) => filter.options.length > 0);
}

/** Whom the call was with, as one looks for it: the outside party; for internal calls both. */
export function partiesOf(call: CallLine): {
  readonly name: string;
  readonly number: string;
  readonly other: string;
} {
  switch (call.direction) {
    case 'inbound':
      return { name: call.fromName, number: call.fromNumber, other: '' };
    case 'outbound':
      return { name: '', number: call.toNumber, other: '' };
    case 'internal':
      return { name: call.fromName, number: call.fromNumber, other: call.toNumber };
  }
}

function rowView(
  call: CallLine,
  {
    page,
    now,
    live,
    recording,
  }: {
    page: PageContext;
    now: number;
    live: LiveState | undefined;
    recording: RecordingMark | undefined;
  },
) {
  const { name, number, other } = partiesOf(call);
  const look = call.result === undefined ? undefined : RESULT_LOOKS[call.result];
  return {
    id: call.id,
    href: `${CALLS_PATH}/${call.id}`,
    startedAt: call.startedAt,
    isToday: call.startedAt.getTime() >= siteDayOf(now, page.zone).startAt,
    direction: DIRECTION_LOOKS[call.direction],
    name,
    number,
    other,
    queueName: call.queueName,
    agentName: call.agentName,
    result: look,
    isOver: call.isOver,
    live,
    waitMs: call.waitMs === 0 ? undefined : call.waitMs,
    talkMs: call.talkMs === 0 ? undefined : call.talkMs,
    isAbandoned: call.result === 'abandoned',
    isTest: call.isTest,
    recording,
    playLabel: page.t('calls.play', { who: name === '' ? formatPhone(number, page) : name }),
  };
}

async function sendCalls(page: PageContext, parts: ListParts): Promise<void> {
  const request = readCalls(page);
  const at = parts.clock.now();
  const query = { ...request, ...filtersOf(page, request, at) };
  await sendCsv(page, { name: 'calls', head: csvHeader(page.t), at }, (write) =>
    parts.service.export(page.actor, query, (lines) =>
      write(lines.map((line) => csvCall(line, page.t, page)).join('')),
    ),
  );
}
