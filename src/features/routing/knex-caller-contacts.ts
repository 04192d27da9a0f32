import type { Knex } from 'knex';
import type { CallerContact } from '../../engines/routing/rule.js';
import type { ContactQuestions } from '../../engines/routing/rules.js';
import type { ContactFieldId, ContactListId } from '../../kernel/ids.js';
import type { CallerContacts } from '../../telephony/caller-contacts.js';
import { findContact } from '../contacts/index.js';

/** Reads who has a number, by its index; fields and lists that are archived count as not there. */
export class KnexCallerContacts implements CallerContacts {
  constructor(private readonly db: Knex) {}

  async find(number: string, asked: ContactQuestions): Promise<CallerContact | undefined> {
    if (number === '') return undefined;
    const [contact, fields] = await Promise.all([
      findContact(this.db, number),
      this.#fields(asked.fields),
    ]);
    if (contact === undefined) return undefined;
    return {
      fields: new Map(
        fields.flatMap(({ id, key }) => {
          const value = Object.hasOwn(contact.fields, key) ? contact.fields[key] : undefined;
          return value === undefined ? [] : [[id, value] as const];
        }),
      ),
      lists: new Set(await this.#lists(contact.id, asked.lists)),
    };
  }

  async #fields(ids: readonly ContactFieldId[]) {
    if (ids.length === 0) return [];
    return this.db('contact_fields')
      .whereIn('id', ids)
      .whereNull('archived_at')
      .select<{ id: ContactFieldId; key: string }[]>('id', 'key');
  }

  async #lists(contact: number, ids: readonly ContactListId[]): Promise<readonly ContactListId[]> {
    if (ids.length === 0) return [];
    const rows = await this.db('contact_list_members as m')
      .join('contact_lists as l', 'l.id', 'm.list_id')
      .where('m.contact_id', contact)
      .whereIn('m.list_id', ids)
      .whereNull('l.archived_at')
      .select<{ id: ContactListId }[]>('l.id');
    return rows.map(({ id }) => id);
  }
}
