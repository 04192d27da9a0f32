import type { PageRoutes } from '../../web/kit/index.js';
import { rowPages } from '../configuration/index.js';
import type { PagingGroupService } from './paging-group-service.js';
import type { PagingGroupStore } from './paging-group-store.js';
import { PAGING_GROUP_SORTS, pagingGroupSchema } from './paging-group.js';

/** The set-up pages of paging groups. */
export const pagingGroupPages = (
  service: PagingGroupService,
  store: PagingGroupStore,
  country: string,
): PageRoutes =>
  rowPages({
    name: 'paging-groups',
    permission: 'extensions.edit',
    service,
    schema: pagingGroupSchema(country),
    list: {
      sorts: PAGING_GROUP_SORTS,
      defaultSort: 'number',
      columns: [
        { label: 'paging-groups.form.number', sort: 'number' },
        { label: 'paging-groups.form.name', sort: 'name' },
        { label: 'paging-groups.form.members' },
        { label: 'configuration.column.updated', sort: 'updated' },
        { label: '' },
      ],
      rows: async (_page, groups) => {
        const phones = await store.phones();
        return groups.map(({ number, members, updatedAt }) => ({
          number,
          members: phones
            .filter(({ id }) => members.includes(id))
            .map((phone) => phone.number)
            .join(', '),
          updatedAt,
        }));
      },
    },
    title: (_page, group) => group.name,
    newValues: () => ({ members: [] }),
    values: (_page, { name, number, members }) => ({
      ...{ name, number },
      members: members.map(String),
    }),
    data: async () => ({
      styles: ['setup'],
      scripts: ['check-filter'],
      phones: (await store.phones()).map(({ id, number, name }) => ({
        value: String(id),
        label: name,
        note: number,
      })),
    }),
    create: (page, values) => service.create(page.actor, values),
    save: (page, id, version, values) => service.save(page.actor, id, version, values),
  });
