import type { AgentId } from '../../../kernel/ids.js';
import {
  formatPercent,
  formatWhen,
  listView,
  NO_VALUE,
  readList,
  urlWith,
  type PageContext,
  type PageRoutes,
} from '../../../web/kit/index.js';
import { agentPath, queuePath } from '../board.js';
import { rightsOf } from '../live-queue-service.js';
import { readValues, type LivePageParts } from '../page-parts.js';
import {
  askedDay,
  dayAfter,
  groupOf,
  OFFER_GROUPS,
  readAgentDay,
  type AgentDay,
  type AskedDay,
} from './agent-day.js';
import type { AgentDayReports } from './agent-day-reports.js';
import { agentNowValues, dayTopicName } from './day-values.js';
import { callRows, offerRows, summaryView, timelineRows, type DayWords } from './day-view.js';

const PATH = '/live/agents/:id';
const ACCESS = 'live.read';
const STYLES = ['live', 'live-queue'];
/** Rows of each list on the page itself; the others have a page. */
const ROWS_SHOWN = { timeline: 15, calls: 8, offers: 8 } as const;
const LISTS = ['timeline', 'calls', 'offers'] as const;
type DayList = (typeof LISTS)[number];

export interface DayPageParts extends LivePageParts {
  readonly dayReports: AgentDayReports;
}

/** One agent's day, and its lists in full. */
export function addDayPages(pages: PageRoutes, parts: DayPageParts): void {
  pages.get(PATH, ACCESS, (page) => showDay(page, parts));
  for (const list of LISTS)
    pages.get(`${PATH}/${list}`, ACCESS, (page) => showList(page, parts, list));
}

async function load(page: PageContext, parts: DayPageParts) {
  const id = page.id<AgentId>();
  const { name, now: live } = parts.service.agent(page.actor, id);
  const { directory, clock, zone, dayReports } = parts;
  const now = clock.now();
  const day = askedDay(page.query['day'], now, zone);
  const { notReadyReasons: reasons, queues } = directory.current;
  const read = await readAgentDay(dayReports, id, day, live, reasons);
  const words: DayWords = {
    page,
    reasons,
    queueName: (queue) => queues.get(queue as never)?.name,
  };
  return { id, name, live, now, day, read, words };
}

const rowsOf = (list: DayList, read: AgentDay, words: DayWords, now: number) => {
  switch (list) {
    case 'timeline':
      return timelineRows(read, words, now);
    case 'calls':
      return callRows(read, words, now);
    case 'offers':
      return offerRows(read, words, now);
  }
};

/** `?day=` for every day but today. */
const dayQuery = (day: AskedDay): { readonly day?: string } =>
  day.isToday ? {} : { day: day.name };

async function showDay(page: PageContext, parts: DayPageParts): Promise<void> {
  const { id, name, now, day, read, words } = await load(page, parts);
  const path = agentPath(id);
  const lists = Object.fromEntries(
    LISTS.map((list) => {
      const rows = rowsOf(list, read, words, now);
      return [
        list,
        {
          rows: rows.slice(0, ROWS_SHOWN[list]),
          count: rows.length,
          more: Math.max(0, rows.length - ROWS_SHOWN[list]),
          href: urlWith(`${path}/${list}`, dayQuery(day)),
        },
      ];
    }),
  );
  const summary = summaryView(read, words, now);
  const part = {
    path,
    day: { ...day, text: formatWhen(day.startAt, 'day', page) },
    summary: {
      ...summary,
      offersBy: summary.offersBy.map((one) => ({
        ...one,
        href: urlWith(`${path}/offers`, { ...dayQuery(day), result: one.group }),
      })),
    },
    lists,
    offersHref: (result: string): string => urlWith(`${path}/offers`, { ...dayQuery(day), result }),
    ...rightsOf(page.actor),
  };
  if (page.isPartial) {
    page.renderPartial('live-queues/day', part);
    return;
  }
  const values = await readValues(parts, () =>
    agentNowValues(id, parts.live.current, parts.sources, page),
  );
  page.render('live-queues/day', {
    ...part,
    title: name,
    crumbs: [{ label: page.t('live-queues.agents.title'), href: '/live/agents' }],
    styles: STYLES,
    scripts: ['live-queue', 'agent-day'],
    topic: dayTopicName(id),
    values,
    agentId: id,
    madeAt: formatWhen(now, 'seconds', page),
    before: urlWith(path, { day: dayAfter(day.name, -1) }),
    after: day.isToday ? '' : afterHref(path, day, now, parts.zone),
    ...(await aboutView(page, parts, id)),
  });
}

function afterHref(path: string, day: AskedDay, now: number, zone: string): string {
  const next = askedDay(dayAfter(day.name, 1), now, zone);
  return urlWith(path, dayQuery(next));
}

/** Skills, queues, and what the contacts in them were worth. */
async function aboutView(page: PageContext, parts: DayPageParts, id: AgentId) {
  const { agents, skills, queues } = parts.directory.current;
  const agent = agents.get(id);
  const now = parts.live.current?.agents.find((one) => one.id === id);
  const contacts = await parts.dayReports.firstContacts(id);
  return {
    skills: [...(agent?.skills ?? [])]
      .flatMap(([skill, level]) => {
        const name = skills.get(skill)?.name;
        return name === undefined ? [] : [{ name, level }];
      })
      .sort((a, b) => b.level - a.level || a.name.localeCompare(b.name)),
    queues: [...new Set([...(agent?.queues ?? []), ...(now?.queues ?? [])])]
      .flatMap((queueId) => {
        const queue = queues.get(queueId);
        if (queue === undefined) return [];
        const known = contacts.find((one) => one.queueId === queueId);
        return [
          {
            name: queue.name,
            href: queuePath(queueId),
            isHelper: agent?.queues.includes(queueId) !== true,
            result: known?.result,
            contacts: known?.contacts,
            solved: known?.solved,
            share:
              known?.solved === undefined || known.contacts === 0
                ? NO_VALUE
                : formatPercent(known.solved / known.contacts, page.language),
          },
        ];
      })
      .sort((a, b) => a.name.localeCompare(b.name)),
  };
}

async function showList(page: PageContext, parts: DayPageParts, list: DayList): Promise<void> {
  const { id, name, now, day, read, words } = await load(page, parts);
  const path = agentPath(id);
  const wanted = OFFER_GROUPS.find((one) => one === page.query['result']);
  const request = readList(page, {
    path: `${path}/${list}`,
    sorts: ['at'],
    defaultSort: '-at',
    filters: ['day', ...(list === 'offers' ? ['result'] : [])],
  });
  const narrowed =
    list === 'offers' && wanted !== undefined
      ? { ...read, offers: read.offers.filter(({ result }) => groupOf(result) === wanted) }
      : read;
  const all: readonly unknown[] = rowsOf(list, narrowed, words, now);
  const rows = all.slice(request.offset, request.offset + request.limit);
  page.render('live-queues/day-list', {
    title: page.t(`live-queues.day.${list}`),
    crumbs: [
      { label: page.t('live-queues.agents.title'), href: '/live/agents' },
      { label: name, href: urlWith(path, dayQuery(day)) },
    ],
    styles: STYLES,
    path: `${path}/${list}`,
    day: { ...day, text: formatWhen(day.startAt, 'day', page) },
    is: { [list]: true },
    rows,
    list: listView(request, { rows, total: all.length }, []),
    results: OFFER_GROUPS.map((value) => ({
      value,
      label: page.t(`live-queues.offers.${value}`),
    })),
    result: wanted ?? '',
    ...rightsOf(page.actor),
  });
}
