import type { Knex } from 'knex';
import type { ContactId, ContactListId } from '../../kernel/ids.js';
import { HELD_BY_LIST } from '../contacts/index.js';

/** Leads that campaigns have from a list. */
const fromList = (tx: Knex, list: ContactListId): Knex.QueryBuilder =>
  tx('campaign_sources').where({ list_id: list }).select('id');

/**
 * A person has left a list: campaigns that have the person from it do not call any more. A lead that is being called is marked;
 * who tells its result looks at the mark before it opens the lead again. A campaign that has the person from another source too keeps
 * the lead, under that source.
 */
export async function leadsLeave(tx: Knex, list: ContactListId, contact: ContactId): Promise<void> {
  await tx.raw(
    `UPDATE leads l
       JOIN campaign_sources s ON s.id = l.source_id AND s.list_id = ?
       JOIN campaign_sources o ON o.campaign_id = l.campaign_id AND o.list_id <> ?
       JOIN contact_list_members m ON m.list_id = o.list_id AND m.contact_id = l.contact_id
       SET l.source_id = o.id, l.updated_at = NOW(3)
     WHERE l.contact_id = ?`,
    [list, list, contact],
  );
  const leads = (): Knex.QueryBuilder =>
    tx('leads').where({ contact_id: contact }).whereIn('source_id', fromList(tx, list));
  await leads()
    .where({ state: 'open' })
    .update({ state: 'removed', held_by: HELD_BY_LIST, updated_at: tx.fn.now(3) });
  await leads().where({ state: 'calling' }).update({ held_by: HELD_BY_LIST });
}

/** A person is back in a list: what was removed with it is called again. */
export async function leadsJoin(tx: Knex, list: ContactListId, contact: ContactId): Promise<void> {
  const leads = (): Knex.QueryBuilder =>
    tx('leads')
      .where({ contact_id: contact, held_by: HELD_BY_LIST })
      .whereIn('source_id', fromList(tx, list));
  await leads()
    .where({ state: 'removed' })
    .update({ state: 'open', held_by: '', updated_at: tx.fn.now(3) });
  await leads().where({ state: 'calling' }).update({ held_by: '' });
}
