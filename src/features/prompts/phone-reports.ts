import type { Knex } from 'knex';
import type { UserId } from '../../kernel/ids.js';

/** A phone that may ring to record a prompt. */
export interface Phone {
  readonly number: string;
  readonly name: string;
}

/** Reads which phones there are. */
export interface PhoneReports {
  phones(): Promise<readonly Phone[]>;
  /** Number of the phone at a user's own place; undefined where the user is no agent or has none. */
  ownPhone(user: UserId | undefined): Promise<string | undefined>;
}

/** The reports on MariaDB. */
export class KnexPhoneReports implements PhoneReports {
  constructor(private readonly db: Knex) {}

  async phones(): Promise<readonly Phone[]> {
    return this.db('extensions')
      .whereNull('archived_at')
      .orderBy('number')
      .select<Phone[]>('number', 'name');
  }

  async ownPhone(user: UserId | undefined): Promise<string | undefined> {
    if (user === undefined) return undefined;
    const row = await this.db('agents')
      .join('extensions', 'extensions.id', 'agents.extension_id')
      .where({ 'agents.user_id': user })
      .whereNull('agents.archived_at')
      .first<{ number: string } | undefined>('extensions.number');
    return row?.number;
  }
}
