import type { AgentId, DispositionId, QueueId } from '../../kernel/ids.js';
import type { Clock } from '../../kernel/clock.js';
import { AppError } from '../../kernel/errors.js';
import { spanOfDay } from '../../kernel/site-day.js';
import {
  listView,
  parseForm,
  readList,
  type ListRequest,
  type PageContext,
  type PageRoutes,
} from '../../web/kit/index.js';
import { outlineOf, pathText } from '../dispositions/index.js';
import {
  holdSchema,
  RECORDING_SORTS,
  remarkSchema,
  type FoundRecording,
  type RecordingQuery,
  type RecordingSort,
} from './recording-care.js';
import { CARE_ACCESS, type RecordingCareService } from './recording-care-service.js';
import type { Recording } from './recording.js';

const PATH = '/recordings';
const FILTERS = [
  ...(['from', 'to', 'agent', 'queue', 'disposition', 'kind', 'only'] as const),
  ...(['longer', 'shorter'] as const),
] as const;
const KINDS = ['call', 'conference', 'comment', 'voicemail'] as const;
const ONLY = ['remarks', 'held', 'missing'] as const;

const COLUMNS = [
  { label: 'recordings.column.at', sort: 'at' },
  { label: 'recordings.column.who' },
  { label: 'recordings.column.queue' },
  { label: 'recordings.column.agent' },
  { label: 'recordings.column.kind' },
  { label: 'recordings.column.length', sort: 'length', numeric: true },
  { label: 'recordings.column.remarks', numeric: true },
  { label: 'recordings.column.state' },
] as const;

interface Parts {
  readonly care: RecordingCareService;
  readonly clock: Clock;
}

/** Searching recordings; remarks at a second; holding against deletion. What was done is seen on the page of the call. */
export function addCarePages(pages: PageRoutes, parts: Parts): void {
  const { care } = parts;
  pages.get(PATH, CARE_ACCESS, (page) => showList(page, parts));
  pages.post(`${PATH}/:id/remarks`, CARE_ACCESS, async (page) => {
    const parsed = parseForm(remarkSchema, page.body);
    if (!parsed.ok) throw new AppError('invalid-fields', 'remark', parsed.problems);
    const { at, text } = parsed.values;
    const recording = await care.remark(page.actor, page.param('id'), at * 1_000, text);
    await backToCall(page, recording, 'recordings.done.remark');
  });
  pages.post(`${PATH}/:id/remarks/:remark/remove`, CARE_ACCESS, async (page) => {
    const remark = page.id<number>('remark');
    const recording = await care.unremark(page.actor, page.param('id'), remark);
    await backToCall(page, recording, 'recordings.done.remark-removed');
  });
  pages.post(`${PATH}/:id/hold`, CARE_ACCESS, async (page) => {
    const parsed = parseForm(holdSchema, page.body);
    if (!parsed.ok) throw new AppError('invalid-fields', 'hold', parsed.problems);
    const recording = await care.hold(page.actor, page.param('id'), parsed.values.why);
    await backToCall(page, recording, 'recordings.done.hold');
  });
  pages.post(`${PATH}/:id/release`, CARE_ACCESS, async (page) => {
    const recording = await care.release(page.actor, page.param('id'));
    await backToCall(page, recording, 'recordings.done.release');
  });
}

const backToCall = (page: PageContext, { callId }: Recording, message: string): Promise<void> =>
  page.redirect(`/calls/${callId}`, { message });

async function showList(page: PageContext, { care, clock }: Parts): Promise<void> {
  const request: ListRequest<RecordingSort> = readList(page, {
    path: PATH,
    sorts: RECORDING_SORTS,
    defaultSort: '-at',
    filters: FILTERS,
  });
  const [found, choices] = await Promise.all([
    care.search(page.actor, queryOf(page, request, clock.now())),
    care.choices(page.actor),
  ]);
  const { t } = page;
  const words = (values: readonly string[], prefix: string) =>
    values.map((value) => ({ value, label: t(`${prefix}.${value}`) }));
  const named = (all: readonly { readonly id: number; readonly name: string }[]) =>
    all.map(({ id, name }) => ({ value: String(id), label: name }));
  page.render('recordings/list', {
    title: t('recordings.title'),
    styles: ['calls'],
    list: listView(
      request,
      { rows: found.rows.map((row) => rowView(row, page)), total: found.total },
      COLUMNS,
    ),
    queues: named(choices.queues),
    agents: named(choices.agents),
    dispositions: outlineOf(choices.dispositions, page.language).map((line) => ({
      value: String(line.disposition.id),
      label: pathText(line.path),
    })),
    kinds: words(KINDS, 'recordings.kind'),
    onlys: words(ONLY, 'recordings.only'),
    ...Object.fromEntries(
      (['from', 'to', 'longer', 'shorter'] as const).map((name) => [
        `${name}Value`,
        request.filters[name] ?? '',
      ]),
    ),
  });
}

const rowView = (found: FoundRecording, { t }: PageContext) => ({
  ...found,
  kindText: t(`recordings.kind.${found.kind}`),
  isMissing: found.state === 'missing',
  problemText: found.problem === '' ? '' : t(`recordings.problem.${found.problem}`),
});

/** What the query string asks for; what makes no sense narrows nothing. */
function queryOf(
  page: PageContext,
  request: ListRequest<RecordingSort>,
  now: number,
): RecordingQuery {
  const { filters } = request;
  const id = <Id extends number>(text: string | undefined): Id | undefined =>
    /^[1-9]\d{0,8}$/.test(text ?? '') ? (Number(text) as Id) : undefined;
  return {
    ...request,
    agentId: id<AgentId>(filters.agent),
    queueId: id<QueueId>(filters.queue),
    dispositionId: id<DispositionId>(filters.disposition),
    kind: KINDS.find((known) => known === filters.kind),
    only: ONLY.find((known) => known === filters.only),
    longerMs: secondsOf(filters.longer),
    shorterMs: secondsOf(filters.shorter),
    fromAt: spanOfDay(filters.from ?? '', page.zone, now)?.startAt,
    toAt: spanOfDay(filters.to ?? '', page.zone, now)?.endAt,
  };
}

function secondsOf(text: string | undefined): number | undefined {
  return /^\d{1,6}$/.test(text ?? '') ? Number(text) * 1_000 : undefined;
}
