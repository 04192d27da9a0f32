import { requirePermission, type Actor } from '../../kernel/actor.js';
import type { ContactId, ContactListId } from '../../kernel/ids.js';
import type { AuditEntry } from '../audit/audit.js';
import { RowService, type Usage } from '../configuration/index.js';
import type {
  ContactListDraft,
  ContactListSort,
  ContactListStore,
  StoredContactList,
} from './contact-list.js';

/** Campaigns read lists when they dial: nobody is told of a change. */
const NOBODY_IS_TOLD = { configurationChanged: () => Promise.resolve() };

/** Lists of people, and who is in them. */
export class ContactListService extends RowService<
  ContactListId,
  ContactListDraft,
  StoredContactList,
  ContactListSort
> {
  constructor(private readonly lists: ContactListStore) {
    super(lists, NOBODY_IS_TOLD, {
      permission: 'lists.edit',
      objectKind: 'contact-list',
      announces: 'settings',
      nameOf: (draft) => draft.name,
      describe: ({ name, description }) => ({ name, description }),
    });
  }

  usesOf(id: ContactListId): Promise<readonly Usage[]> {
    return this.lists.usesOf(id);
  }

  /** False where the person was in it already, or is not there. */
  async add(actor: Actor, id: ContactListId, contact: ContactId): Promise<boolean> {
    requirePermission(actor, 'lists.edit');
    const list = await this.get(actor, id);
    return this.lists.add(id, contact, (audit) =>
      audit.record(actor, line(list, 'add-member', contact, true)),
    );
  }

  /** False where the person was not in it. */
  async remove(actor: Actor, id: ContactListId, contact: ContactId): Promise<boolean> {
    requirePermission(actor, 'lists.edit');
    const list = await this.get(actor, id);
    return this.lists.remove(id, contact, (audit) =>
      audit.record(actor, line(list, 'remove-member', contact, false)),
    );
  }
}

const line = (
  list: StoredContactList,
  what: string,
  contact: ContactId,
  isIn: boolean,
): AuditEntry => ({
  action: `contact-list.${what}`,
  objectKind: 'contact-list',
  objectId: String(list.id),
  objectName: list.name,
  changes: { contact: isIn ? ['', contact] : [contact, ''] },
});
