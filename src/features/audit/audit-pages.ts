import { requirePermission } from '../../kernel/actor.js';
import { siteDayOf } from '../../kernel/site-day.js';
import { listView, PageRoutes, readList, type PageContext } from '../../web/kit/index.js';
import type { AuditLine, AuditReports } from './audit-reports.js';
import { auditField, auditKind, auditVerb } from './audit-words.js';

const PATH = '/setup/audit';

/** The page that reads the audit log. */
export function auditPages(reports: AuditReports): PageRoutes {
  return new PageRoutes().get(PATH, 'audit.read', async (page) => {
    requirePermission(page.actor, 'audit.read');
    const request = readList(page, {
      path: PATH,
      sorts: ['at'],
      defaultSort: '-at',
      filters: ['kind', 'object', 'from', 'until'],
    });
    const { kind = '', object = '', from = '', until = '' } = request.filters;
    const [result, kinds] = await Promise.all([
      reports.list({
        ...request,
        kind,
        objectId: object,
        from: dayOf(from, page.zone)?.from,
        until: dayOf(until, page.zone)?.until,
      }),
      reports.kinds(),
    ]);
    const rows = result.rows.map((line) => lineView(page, line));
    page.render('audit/list', {
      title: page.t('audit.title'),
      list: listView(request, { rows, total: result.total }, [
        { label: 'audit.column.at' },
        { label: 'audit.column.who' },
        { label: 'audit.column.what' },
        { label: 'audit.column.object' },
        { label: 'audit.column.changes' },
        { label: 'audit.column.address' },
      ]),
      kinds: kinds.map((value) => ({ value, label: auditKind(page, value) })),
    });
  });
}

/** The limits of a day typed as `2026-11-24`; undefined for anything else. */
function dayOf(
  text: string,
  zone: string,
): { readonly from: Date; readonly until: Date } | undefined {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return undefined;
  const noon = Date.parse(`${text}T12:00:00Z`);
  if (Number.isNaN(noon)) return undefined;
  const day = siteDayOf(noon, zone);
  return { from: new Date(day.startAt), until: new Date(day.endAt) };
}

function lineView(page: PageContext, line: AuditLine) {
  return {
    ...line,
    what: auditVerb(page, line.action),
    kind: auditKind(page, line.objectKind),
    changes: Object.entries(line.changes).map(([field, [before, after]]) => ({
      field: auditField(page, line.objectKind, field),
      before: valueText(before),
      after: valueText(after),
    })),
  };
}

function valueText(value: unknown): string {
  if (value === null || value === undefined || value === '') return '–';
  if (Array.isArray(value)) return value.map(valueText).join(', ') || '–';
  return typeof value === 'string' ? value : JSON.stringify(value);
}
