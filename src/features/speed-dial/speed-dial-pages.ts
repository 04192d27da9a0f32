import { formatNumber } from '../../kernel/numbers.js';
import type { PageRoutes } from '../../web/kit/index.js';
import { rowPages } from '../configuration/index.js';
import type { SpeedDialService } from './speed-dial-service.js';
import { SPEED_DIAL_SORTS, speedDialSchema } from './speed-dial.js';

/** The set-up pages of the company's speed dials. `dialled`: what phones dial before a code. */
export const speedDialPages = (
  service: SpeedDialService,
  country: string,
  dialled: () => string,
  pages: PageRoutes,
): PageRoutes =>
  rowPages(
    {
      name: 'speed-dials',
      permission: 'extensions.edit',
      service,
      schema: speedDialSchema(country),
      list: {
        sorts: SPEED_DIAL_SORTS,
        defaultSort: 'code',
        columns: [
          { label: 'speed-dials.form.code', sort: 'code' },
          { label: 'speed-dials.form.name', sort: 'name' },
          { label: 'speed-dials.form.number', sort: 'number' },
          { label: 'speed-dials.column.dialled' },
          { label: 'configuration.column.updated', sort: 'updated' },
          { label: '' },
        ],
        rows: (page, dials) =>
          dials.map(({ code, name, number, updatedAt }) => ({
            code,
            label: name,
            number: formatNumber(number, page.country, page.language),
            dialled: dialled() + code,
            updatedAt,
          })),
      },
      title: (_page, { code, name }) => `${code} ${name}`,
      newValues: () => ({}),
      values: (page, { code, name, number }) => ({
        ...{ code, name },
        number: formatNumber(number, page.country, page.language),
      }),
      data: () => ({ styles: ['setup'], dialled: dialled() }),
      create: (page, values) => service.create(page.actor, values),
      save: (page, id, version, values) => service.save(page.actor, id, version, values),
    },
    pages,
  );
