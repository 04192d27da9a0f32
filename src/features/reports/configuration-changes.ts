import type { TimeSpan } from '../../engines/reporting/time-spans.js';
import { can } from '../../kernel/actor.js';
import { urlWith, type PageContext } from '../../web/kit/index.js';
import { auditField, auditKind, auditVerb } from '../audit/index.js';
import { subjectOf, type AskedReport, type ReportRow } from './read-report.js';
import type { ReportDefinition } from './report-definition.js';

/** One line of the audit log that changed how calls run. */
export interface ConfigurationChange {
  /** ms since the epoch. */
  readonly at: number;
  readonly userName: string;
  readonly action: string;
  readonly kind: string;
  readonly objectId: string;
  readonly objectName: string;
  /** Names of the fields that changed. */
  readonly fields: readonly string[];
}

/** Whose changes bear on a report: of the items that its rows are about, and of what is in force for all of them. */
export interface ChangesQuery {
  readonly own: readonly string[];
  /** undefined: all items. */
  readonly item: string | undefined;
  readonly common: readonly string[];
  readonly span: TimeSpan;
  /** The newest ones. */
  readonly limit: number;
}

export interface ConfigurationChanges {
  find(query: ChangesQuery): Promise<readonly ConfigurationChange[]>;
}

/** What happens to a caller before any queue, whichever it is. */
const ON_THE_WAY = ['calendar', 'routing-rule'];

/** Kinds of objects of the audit log by the subject of a report; none: nothing is marked. */
const KINDS: Readonly<
  Record<string, { readonly own: readonly string[]; readonly common?: readonly string[] }>
> = {
  queue: { own: ['queue'], common: ON_THE_WAY },
  wait: { own: ['queue'], common: ON_THE_WAY },
  agent: { own: ['agent'], common: ['skill', 'not-ready-reason'] },
  skill: { own: ['skill'], common: ['agent'] },
  team: { own: ['queue'], common: ['agent'] },
  reason: { own: ['not-ready-reason'] },
  did: { own: ['did'], common: ON_THE_WAY },
  trunk: { own: ['trunk'] },
  direction: { own: ['trunk', 'did'] },
  flow: { own: ['flow'], common: ['calendar', 'prompt'] },
  campaign: { own: ['campaign'] },
  result: { own: ['campaign'] },
  survey: { own: ['survey'] },
  disposition: { own: ['disposition'] },
};

/** So many are listed and marked; of more the newest. */
const MOST_CHANGES = 50;

/** Which fields were changed; '' for what is new, all of whose fields are. */
const fieldsOf = (page: PageContext, { action, kind, fields }: ConfigurationChange): string =>
  action === `${kind}.create`
    ? ''
    : fields.map((field) => auditField(page, kind, field)).join(', ');

/** Changes of the set-up in the time of a report: its marks, and the list below. */
export async function changesShown(
  page: PageContext,
  definition: ReportDefinition,
  { by, item, span }: AskedReport,
  changes: ConfigurationChanges,
) {
  const subject = subjectOf(definition, by).key;
  const { own, common = [] } = KINDS[subject] ?? { own: [] };
  const read =
    own.length === 0
      ? []
      : await changes.find({ own, item, common, span, limit: MOST_CHANGES + 1 });
  const found = read.slice(0, MOST_CHANGES);
  const maySee = can(page.actor, 'audit.read');
  const countOf = (count: number): string =>
    count === 0 ? '' : page.t('reports.changes.count', { count });
  return {
    found,
    /** What a row says of its own changes; '' where it has none. */
    ofRow: (row: ReportRow): string =>
      countOf(
        found.filter((one) =>
          row.item === undefined
            ? one.at >= row.span.startAt && one.at < row.span.endAt
            : own.includes(one.kind) && one.objectId === row.item.item,
        ).length,
      ),
    list:
      found.length === 0
        ? undefined
        : {
            about: page.t(
              read.length > MOST_CHANGES ? 'reports.changes.newest' : 'reports.changes.about',
              {
                count: MOST_CHANGES,
              },
            ),
            href: maySee
              ? urlWith('/setup/audit', { kind: own[0] ?? '', object: item ?? '' })
              : undefined,
            // Others learn what was changed, and not by whom.
            hasWho: maySee,
            rows: found.map((one) => ({
              at: one.at,
              who: one.userName,
              what: auditVerb(page, one.action),
              kind: auditKind(page, one.kind),
              name: one.objectName,
              fields: fieldsOf(page, one),
            })),
          },
  };
}
