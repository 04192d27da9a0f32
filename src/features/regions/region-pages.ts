import { formatNumber, normaliseNumber } from '../../kernel/numbers.js';
import type { PageContext, PageRoutes } from '../../web/kit/index.js';
import { rowPages, type UsageReports } from '../configuration/index.js';
import type { RegionService } from './region-service.js';
import { PREFIXES_MAX, REGION_SORTS, regionSchema } from './region.js';

/** A cell of the list names so many prefixes. */
const SHOWN_PREFIXES = 6;

/** The answer to "try a number". */
async function tried(page: PageContext, service: RegionService) {
  const typed = (page.query['try'] ?? '').trim().slice(0, 60);
  if (typed === '') return { typed };
  const number = normaliseNumber(typed, page.country);
  const match = await service.locate(page.actor, number);
  return {
    typed,
    number: formatNumber(number, page.country, page.language),
    stored: number,
    isAsked: true,
    match: match && { id: match.region.id, name: match.region.name, prefix: match.prefix },
  };
}

/** The set-up pages of regions, added to those of the import. */
export const regionPages = (
  service: RegionService,
  usage: UsageReports,
  pages: PageRoutes,
): PageRoutes =>
  rowPages(
    {
      name: 'regions',
      permission: 'regions.edit',
      service,
      schema: regionSchema,
      list: {
        sorts: REGION_SORTS,
        defaultSort: 'name',
        columns: [
          { label: 'regions.form.name', sort: 'name' },
          { label: 'regions.column.count', numeric: true },
          { label: 'regions.form.prefixes' },
          { label: 'configuration.column.updated', sort: 'updated' },
          { label: '' },
        ],
        rows: (_page, regions) =>
          regions.map(({ prefixes, updatedAt }) => ({
            count: prefixes.length,
            prefixes: prefixes.slice(0, SHOWN_PREFIXES).join(' '),
            more: Math.max(0, prefixes.length - SHOWN_PREFIXES),
            updatedAt,
          })),
        data: async (page) => ({ styles: ['setup'], tried: await tried(page, service) }),
      },
      title: (_page, region) => region.name,
      newValues: () => ({}),
      values: (_page, region) => ({ name: region.name, prefixes: region.prefixes.join('\n') }),
      data: () => ({ styles: ['setup'], maxPrefixes: PREFIXES_MAX }),
      create: (page, values) => service.create(page.actor, values),
      save: (page, id, version, values) => service.save(page.actor, id, version, values),
      uses: (region) => usage.ofRegion(region.id),
    },
    pages,
  );
