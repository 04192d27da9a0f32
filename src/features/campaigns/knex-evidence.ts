import type { Knex } from 'knex';
import type { ContactId } from '../../kernel/ids.js';

/** What is known of a number beside its attempts. */
export interface Evidence {
  readonly people: readonly {
    readonly id: ContactId;
    readonly name: string;
    readonly dead_at: Date | null;
    readonly dead_reason: string;
  }[];
  /** Words of these people about being called, the newest first. */
  readonly consents: readonly {
    readonly name: string;
    readonly kind: 'given' | 'withdrawn';
    readonly source: string;
    readonly at: Date;
  }[];
  /** Where the number is on the do-not-call list now. */
  readonly bans: readonly {
    readonly campaign_id: number;
    readonly campaign_name: string | null;
    readonly source: string;
    readonly note: string;
    readonly at: Date;
    readonly user_name: string | null;
  }[];
  /** Who put it on the list or took it off, as the audit log has it, the newest first. */
  readonly history: readonly {
    readonly at: Date;
    readonly who: string;
    readonly isAdded: boolean;
  }[];
}

type Row<Rows extends readonly unknown[]> = Rows[number];

/** A contact's number in a place, counted from 0 in their order; '' where there is none. */
export async function numberInPlace(db: Knex, contact: ContactId, place: number): Promise<string> {
  const row = await db('contact_numbers')
    .where({ contact_id: contact })
    .orderBy('position')
    .offset(place)
    .first<{ number: string } | undefined>('number');
  return row?.number ?? '';
}

/** Reads who has a number, what they said of calls, and what the do-not-call list says of it. */
export async function readEvidence(db: Knex, number: string): Promise<Evidence> {
  const people = await db('contact_numbers')
    .join('contacts', 'contacts.id', 'contact_numbers.contact_id')
    .where('contact_numbers.number', number)
    .orderBy('contacts.id')
    .select<{ id: ContactId; name: string; dead_at: Date | null; dead_reason: string }[]>(
      'contacts.id as id',
      'contacts.name as name',
      'contact_numbers.dead_at as dead_at',
      'contact_numbers.dead_reason as dead_reason',
    );
  const consents = await db('contact_consents')
    .join('contacts', 'contacts.id', 'contact_consents.contact_id')
    .whereIn(
      'contact_consents.contact_id',
      people.map(({ id }) => id),
    )
    .orderBy('contact_consents.at', 'desc')
    .select<Row<Evidence['consents']>[]>(
      'contacts.name as name',
      'contact_consents.kind as kind',
      'contact_consents.source as source',
      'contact_consents.at as at',
    );
  const bans = await db('do_not_call')
    .leftJoin('campaigns', 'campaigns.id', 'do_not_call.campaign_id')
    .leftJoin('users', 'users.id', 'do_not_call.user_id')
    .where('do_not_call.number', number)
    .orderBy('do_not_call.at', 'desc')
    .select<Row<Evidence['bans']>[]>(
      'do_not_call.campaign_id as campaign_id',
      'campaigns.name as campaign_name',
      'do_not_call.source as source',
      'do_not_call.note as note',
      'do_not_call.at as at',
      'users.name as user_name',
    );
  return { people, consents, bans, history: await banHistory(db, number) };
}

async function banHistory(db: Knex, number: string): Promise<Evidence['history']> {
  const rows = await db('audit_entries')
    .where('action', 'like', 'do-not-call.%')
    .where({ object_name: number })
    .orderBy('id', 'desc')
    .limit(100)
    .select<{ at: Date; user_name: string; action: string }[]>('at', 'user_name', 'action');
  return rows.map(({ at, user_name, action }) => ({
    at,
    who: user_name,
    isAdded: /\.(add|create|import)/.test(action),
  }));
}
