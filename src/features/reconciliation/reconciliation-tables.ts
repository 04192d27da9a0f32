import type { Finding, Line } from '../../engines/reconciliation/finding.js';
import type { QueueId } from '../../kernel/ids.js';
import {
  formatDuration,
  formatNumber,
  formatWhen,
  NO_VALUE,
  type PageContext,
} from '../../web/kit/index.js';
import { figureText } from '../report-sums/index.js';
import type { DayStory } from './reconciliation-service.js';
import { FINDINGS_KEPT, type CheckedDay } from './reconciliation-store.js';

/** Names of queues and agents by id. */
export interface Names {
  readonly queues: ReadonlyMap<number, string>;
  readonly agents: ReadonlyMap<number, string>;
}

interface Cell {
  readonly label: string;
  readonly text: string;
  readonly href?: string | undefined;
  readonly isNumber?: boolean;
  readonly isBad?: boolean;
  readonly isGood?: boolean;
}

interface Table {
  readonly id: string;
  readonly title: string;
  readonly note: string;
  readonly back?: string;
  readonly head: readonly { readonly label: string; readonly isNumber: boolean }[];
  readonly rows: readonly (readonly Cell[])[];
}

interface Links {
  readonly intervalsOf: (queue: number | undefined) => string;
  readonly reportOf: (queue: number) => string;
  readonly agentsReport: string;
}

const VISITS = ['offered', 'answered', 'abandoned', 'overflowed', 'callback', 'closed'] as const;

/** What the day came to: queues (or the intervals of one), agents, recordings. */
export function lineTables(
  page: PageContext,
  story: DayStory,
  names: Names,
  links: Links,
): readonly Table[] {
  const asked = Number(page.query['queue'] ?? Number.NaN);
  const queues = story.lines.filter(({ check }) => check === 'queues');
  const ofAsked = queues.filter(({ subject }) => subject === asked);
  const tables = [
    ofAsked.length > 0
      ? intervalTable(page, story, ofAsked, names, links)
      : queueTable(page, story, queues, names, links),
    agentTable(
      page,
      story.lines.filter(({ check }) => check === 'agents'),
      names,
      links,
    ),
    recordingTable(
      page,
      story.lines.filter(({ check }) => check === 'recordings'),
      names,
    ),
  ];
  return tables.filter(({ rows }) => rows.length > 0);
}

function table(
  page: PageContext,
  id: string,
  rows: readonly (readonly Cell[])[],
  queue = '',
): Table {
  return {
    id,
    title: page.t(`reconciliation.table.${id}`, { queue }),
    note: page.t(`reconciliation.table.${id}.note`),
    head: (rows[0] ?? []).map(({ label, isNumber }) => ({ label, isNumber: isNumber === true })),
    rows,
  };
}

function queueTable(
  page: PageContext,
  story: DayStory,
  lines: readonly Line[],
  names: Names,
  links: Links,
): Table {
  const subjects = [...new Set(lines.map(({ subject }) => subject))];
  const rows = subjects.map((subject) => {
    const own = lines.filter((line) => line.subject === subject);
    return [
      nameCell(page, nameOf(names.queues, subject), links.intervalsOf(subject)),
      ...visitCells(page, own, subject as QueueId, story.span),
    ];
  });
  return table(page, 'queues', rows);
}

function intervalTable(
  page: PageContext,
  story: DayStory,
  lines: readonly Line[],
  names: Names,
  links: Links,
): Table {
  const QUARTER_MS = 900_000;
  const subject = lines[0]?.subject ?? 0;
  const rows = lines.map((line) => [
    { label: page.t('reconciliation.column.interval'), text: formatWhen(line.at, 'time', page) },
    ...visitCells(page, [line], subject as QueueId, {
      startAt: line.at,
      endAt: Math.min(line.at + QUARTER_MS, story.span.endAt),
    }),
  ]);
  return {
    ...table(page, 'intervals', rows, nameOf(names.queues, subject)),
    back: links.intervalsOf(undefined),
  };
}

/** Callers who came and what became of them, each opening its calls, and what is left over. */
function visitCells(
  page: PageContext,
  lines: readonly Line[],
  queueId: QueueId,
  { startAt, endAt }: DayStory['span'],
): readonly Cell[] {
  const sum = (name: string): number =>
    lines.reduce((all, { figures }) => all + (figures[name] ?? 0), 0);
  const waiting = sum('waiting');
  const callsOf = (measure: string): string =>
    `/calls?figure=${figureText({
      ...{ source: 'visits', subject: 'queue', item: String(queueId), measure },
      ...{ fromAt: startAt, toAt: endAt },
    })}`;
  return [
    ...VISITS.map((name): Cell => ({
      ...countCell(page, page.t(`reports.column.${name}`), sum(name)),
      href: sum(name) === 0 ? undefined : callsOf(name),
    })),
    countCell(page, page.t('reports.column.waiting'), waiting),
    differenceCell(
      page,
      lines.reduce((all, { difference }) => all + difference, 0),
      String,
    ),
  ];
}

function agentTable(page: PageContext, lines: readonly Line[], names: Names, links: Links): Table {
  const rows = lines.map(({ subject, figures, difference }) => [
    nameCell(page, nameOf(names.agents, subject), links.agentsReport, 'agent'),
    timeCell(page, 'ledger', figures['ledgerMs']),
    timeCell(page, 'signed-in', figures['signedInMs']),
    timeCell(page, 'states', figures['statesMs']),
    differenceCell(page, difference, formatDuration),
  ]);
  return table(page, 'agents', rows);
}

function recordingTable(page: PageContext, lines: readonly Line[], names: Names): Table {
  const rows = lines.map(({ subject, figures, difference }) => [
    nameCell(
      page,
      subject === 0 ? page.t('reconciliation.no-queue') : nameOf(names.queues, subject),
      undefined,
    ),
    countCell(page, page.t('reconciliation.column.calls'), figures['calls'] ?? 0),
    timeCell(page, 'to-record', figures['toRecordMs']),
    timeCell(page, 'recorded', figures['recordedMs']),
    differenceCell(page, difference, String),
  ]);
  return table(page, 'recordings', rows);
}

/** Everything that does not add up, with the call, the queue or the agent behind it. */
export function findingTable(
  page: PageContext,
  { findings }: DayStory,
  names: Names,
  checked: CheckedDay | undefined,
) {
  const { t } = page;
  const hidden = (checked?.differences ?? 0) - findings.length;
  return {
    rows: findings.map((finding) => ({
      check: t(`reconciliation.check.${finding.check}`),
      text: t(`reconciliation.finding.${finding.code}`),
      where: whereText(page, finding, names),
      callId: finding.callId,
      expected: measureText(page, finding, finding.expected),
      found: measureText(page, finding, finding.found),
    })),
    hidden: hidden > 0 ? t('reconciliation.hidden', { count: hidden, kept: FINDINGS_KEPT }) : '',
  };
}

function whereText(
  page: PageContext,
  { queueId, agentId, at, check, part }: Finding,
  names: Names,
) {
  const parts = [
    queueId === undefined ? '' : nameOf(names.queues, queueId),
    agentId === undefined ? '' : nameOf(names.agents, agentId),
    at === undefined || check !== 'queues' ? '' : formatWhen(at, 'time', page),
    part === undefined ? '' : page.t(`reports.column.${part}`),
  ].filter((part) => part !== '');
  return parts.length === 0 ? NO_VALUE : parts.join(' · ');
}

/** Of agents, recordings and talks it is a time; of everything else a count. */
const measureText = (page: PageContext, { check, code }: Finding, value: number): string =>
  check === 'agents' || check === 'recordings' || code === 'call-differs'
    ? formatDuration(value)
    : formatNumber(value, page.language);

const nameOf = (names: ReadonlyMap<number, string>, id: number): string =>
  names.get(id) ?? `#${String(id)}`;

const nameCell = (
  { t }: PageContext,
  text: string,
  href: string | undefined,
  column: 'queue' | 'agent' = 'queue',
): Cell => ({ label: t(`reconciliation.column.${column}`), text, href });

const countCell = ({ language }: PageContext, label: string, count: number): Cell => ({
  ...{ label, text: formatNumber(count, language), isNumber: true },
});

const timeCell = ({ t }: PageContext, column: string, ms = 0): Cell => ({
  label: t(`reconciliation.column.${column}`),
  ...{ text: formatDuration(ms), isNumber: true },
});

const differenceCell = (
  { t }: PageContext,
  difference: number,
  textOf: (value: number) => string,
): Cell => ({
  label: t('reconciliation.column.difference'),
  text: difference === 0 ? '0' : `${difference < 0 ? '−' : ''}${textOf(Math.abs(difference))}`,
  ...{ isNumber: true, isBad: difference !== 0, isGood: difference === 0 },
});
