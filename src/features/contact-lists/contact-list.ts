import { z } from 'zod';
import { textField } from '../../kernel/fields.js';
import type { ContactId, ContactListId } from '../../kernel/ids.js';
import type { AuditLog } from '../audit/audit.js';
import type { Usage, Versioned, VersionedStore } from '../configuration/index.js';

/** People to call, under one name. */
export interface ContactListDraft {
  readonly name: string;
  readonly description: string;
}
export interface StoredContactList extends Versioned<ContactListId>, ContactListDraft {
  /** As last counted; undefined while that is still to be done. */
  readonly members: number;
  readonly callable: number;
  readonly countedAt: Date | undefined;
  /** When the last import into it ended. */
  readonly importedAt: Date | undefined;
}

export const CONTACT_LIST_SORTS = ['name', 'members', 'newest'] as const;
export type ContactListSort = (typeof CONTACT_LIST_SORTS)[number];

/** The form. */
export const contactListSchema = z.object({
  name: textField({ max: 80 }),
  description: textField({ min: 0, max: 400 }).default(''),
});

/** Lists with their members. */
export interface ContactListStore extends VersionedStore<
  ContactListId,
  ContactListDraft,
  StoredContactList,
  ContactListSort
> {
  /** Campaigns that call it, and routing rules that ask for it. */
  usesOf(id: ContactListId): Promise<readonly Usage[]>;
  /**
   * Puts a person in; a lead that was removed with the list is called again. False where the person was in it, or is not
   * there.
   */
  add(
    id: ContactListId,
    contact: ContactId,
    record: (audit: AuditLog) => Promise<void>,
  ): Promise<boolean>;
  /**
   * Takes a person out, and out of every campaign that has the person from this list: leads that wait become `removed`, one
   * that is being called is not called again.
   */
  remove(
    id: ContactListId,
    contact: ContactId,
    record: (audit: AuditLog) => Promise<void>,
  ): Promise<boolean>;
}
