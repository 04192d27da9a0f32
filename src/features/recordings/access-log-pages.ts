import { requirePermission } from '../../kernel/actor.js';
import type { Clock } from '../../kernel/clock.js';
import type { CallId } from '../../kernel/ids.js';
import type { ListResult } from '../../kernel/list.js';
import { spanOfDay } from '../../kernel/site-day.js';
import { listView, readList, type PageContext, type PageRoutes } from '../../web/kit/index.js';
import type { HearPurpose } from './recording-service.js';

export const ACCESS_LOG_PATH = '/recordings/access';
export const ACCESS_LOG_ACCESS = 'audit.read';
const PURPOSES: readonly HearPurpose[] = ['hear', 'download'];

/** Somebody heard or downloaded a recording. */
export interface Access {
  readonly at: Date;
  readonly userName: string;
  readonly purpose: HearPurpose;
  readonly callId: CallId;
  readonly address: string;
  /** Of the recording; undefined where there is none of that id any more. */
  readonly kind: string | undefined;
}

export interface AccessQuery {
  /** Part of a person's name, the call's id or an address; '' is any. */
  readonly search: string;
  readonly purpose: HearPurpose | undefined;
  /** From this instant on, and before the other. */
  readonly from: Date | undefined;
  readonly until: Date | undefined;
  readonly offset: number;
  readonly limit: number;
}

export interface AccessLog {
  /** The latest first. */
  list(query: AccessQuery): Promise<ListResult<Access>>;
}

/** Who heard or downloaded which recording, when and from where. */
export function addAccessLogPages(
  pages: PageRoutes,
  { log, clock }: { readonly log: AccessLog; readonly clock: Clock },
): void {
  pages.get(ACCESS_LOG_PATH, ACCESS_LOG_ACCESS, (page) => showLog(page, log, clock.now()));
}

async function showLog(page: PageContext, log: AccessLog, now: number): Promise<void> {
  requirePermission(page.actor, ACCESS_LOG_ACCESS);
  const request = readList(page, {
    path: ACCESS_LOG_PATH,
    sorts: ['at'],
    defaultSort: '-at',
    filters: ['purpose', 'from', 'to'],
  });
  const { purpose, from = '', to = '' } = request.filters;
  const begin = spanOfDay(from, page.zone, now)?.startAt;
  const end = spanOfDay(to, page.zone, now)?.endAt;
  const found = await log.list({
    ...request,
    purpose: PURPOSES.find((known) => known === purpose),
    from: begin === undefined ? undefined : new Date(begin),
    until: end === undefined ? undefined : new Date(end),
  });
  const { t } = page;
  page.render('recordings/access', {
    title: t('recordings.access.title'),
    crumbs: [{ label: t('recordings.title'), href: '/recordings' }],
    list: listView(
      request,
      {
        rows: found.rows.map((row) => ({
          ...row,
          what: t(`audit.verb.${row.purpose}`),
          kindText: row.kind === undefined ? '–' : t(`recordings.kind.${row.kind}`),
        })),
        total: found.total,
      },
      [
        { label: 'audit.column.at' },
        { label: 'audit.column.who' },
        { label: 'audit.column.what' },
        { label: 'recordings.column.kind' },
        { label: 'recordings.access.call' },
        { label: 'audit.column.address' },
      ],
    ),
    purposes: PURPOSES.map((value) => ({ value, label: t(`audit.verb.${value}`) })),
    ...{ fromValue: from, toValue: to },
  });
}
