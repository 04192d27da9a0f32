import type { LookupId } from '../../kernel/ids.js';
import { PageRoutes, type PageContext } from '../../web/kit/index.js';
import { rowPages, type UsageReports } from '../configuration/index.js';
import type { LookupService, TriedLookup } from './lookup-service.js';
import { DEFAULT_PORT, LOOKUP_SORTS, lookupSchema } from './lookup.js';

export interface LookupPagesParts {
  readonly service: LookupService;
  readonly usage: UsageReports;
}

const PATH = '/setup/lookups';

/** The set-up pages of the databases that flows read from. */
export const lookupPages = ({ service, usage }: LookupPagesParts): PageRoutes =>
  rowPages(
    {
      name: 'lookups',
      permission: 'trunks.edit',
      service,
      schema: lookupSchema,
      list: {
        sorts: LOOKUP_SORTS,
        defaultSort: 'name',
        columns: [
          { label: 'lookups.form.name', sort: 'name' },
          { label: 'lookups.form.host' },
          { label: 'lookups.form.database' },
          { label: 'lookups.form.user' },
          { label: 'configuration.column.updated', sort: 'updated' },
          { label: '' },
        ],
        rows: (_page, lookups) =>
          lookups.map(({ host, port, database, user, updatedAt }) => ({
            server: `${host}:${String(port)}`,
            database,
            user,
            updatedAt,
          })),
      },
      title: (_page, lookup) => lookup.name,
      newValues: () => ({ port: DEFAULT_PORT }),
      values: (_page, { name, host, port, database, user }) => ({
        ...{ name, host, port, database, user },
        password: '',
      }),
      data: () => ({ styles: ['setup'] }),
      create: (page, values) => service.createLookup(page.actor, values),
      created: (page, id) => page.redirect(`${PATH}/${String(id)}`, { message: 'lookups.created' }),
      save: (page, id, version, values) => service.saveLookup(page.actor, id, version, values),
      uses: (lookup) => usage.ofConnection(lookup.id),
    },
    new PageRoutes().post(`${PATH}/:id/try`, 'trunks.edit', async (page) => {
      const id = page.id<LookupId>();
      const tried = await service.try(page.actor, id);
      return page.redirect(`${PATH}/${String(id)}`, toast(page, tried));
    }),
  );

function toast(page: PageContext, tried: TriedLookup) {
  if (tried.ok) return { message: 'lookups.tried', params: { version: tried.version } };
  const key = REASONS[tried.reason];
  const reason = key === undefined ? tried.reason : page.t(key);
  return { message: 'lookups.tried.failed', params: { reason } };
}

/** What most often goes wrong, in words; anything else by its code. */
const REASONS: Readonly<Record<string, string>> = {
  timeout: 'lookups.reason.timeout',
  ETIMEDOUT: 'lookups.reason.timeout',
  ECONNREFUSED: 'lookups.reason.refused',
  ENOTFOUND: 'lookups.reason.unknown-host',
  EAI_AGAIN: 'lookups.reason.unknown-host',
  ER_ACCESS_DENIED_ERROR: 'lookups.reason.denied',
  ER_DBACCESS_DENIED_ERROR: 'lookups.reason.no-database',
  ER_BAD_DB_ERROR: 'lookups.reason.no-database',
};
