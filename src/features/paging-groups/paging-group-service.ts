import type { Announcer } from '../../kernel/announcer.js';
import type { PagingGroupId } from '../../kernel/ids.js';
import { RowService } from '../configuration/index.js';
import type { PagingGroupStore } from './paging-group-store.js';
import type { PagingGroupDraft, PagingGroupSort, StoredPagingGroup } from './paging-group.js';

/** Paging groups. */
export class PagingGroupService extends RowService<
  PagingGroupId,
  PagingGroupDraft,
  StoredPagingGroup,
  PagingGroupSort
> {
  constructor(groups: PagingGroupStore, announcer: Announcer) {
    super(groups, announcer, {
      permission: 'extensions.edit',
      objectKind: 'paging-group',
      announces: 'paging-groups',
      nameOf: (draft) => draft.name,
      describe: async ({ name, number, members }) => {
        const phones = (await groups.phones()).filter(({ id }) => members.includes(id));
        return { name, number, members: phones.map((phone) => phone.number).join(', ') };
      },
    });
  }
}
