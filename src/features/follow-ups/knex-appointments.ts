import type { Knex } from 'knex';
import type { ContactId } from '../../kernel/ids.js';
import { normaliseNumber } from '../../kernel/numbers.js';
import type { AppointmentDesk, AppointmentWish } from '../../telephony/appointments.js';
import type { CallLog } from '../../telephony/calls/services.js';
import { inTransaction } from '../configuration/index.js';
import { onlyContactWith } from './knex-followed-call.js';

/** What callers book in flows, in MariaDB. */
export class KnexAppointments implements AppointmentDesk {
  /** `country` is the site's: how a number that was typed is read. */
  constructor(
    private readonly db: Knex,
    private readonly country: string,
    private readonly log: Pick<CallLog, 'warn'>,
  ) {}

  async book(wish: AppointmentWish): Promise<boolean> {
    const number = normaliseNumber(wish.number, this.country);
    if (!/^\+\d{5,18}$/.test(number)) return false;
    try {
      return await inTransaction(this.db, async (tx) => {
        const campaign = await tx('campaigns')
          .where({ id: wish.campaign })
          .whereNull('archived_at')
          .forShare()
          .first<{ id: number } | undefined>('id');
        if (campaign === undefined) return false;
        const contact = (await onlyContactWith(tx, number)) ?? (await addContact(tx, number, wish));
        await tx('follow_ups').insert({
          ...{ kind: 'appointment', source: 'ivr', state: 'open', note: '' },
          ...{ contact_id: contact, campaign_id: wish.campaign, number, call_id: wish.callId },
          due_at: new Date(wish.at),
        });
        return true;
      });
    } catch (error) {
      this.log.warn({ err: error, callId: wish.callId }, 'an appointment could not be kept');
      return false;
    }
  }
}

/** Somebody who was not known, by what the caller's phone says. */
async function addContact(
  tx: Knex,
  number: string,
  { name, language }: AppointmentWish,
): Promise<ContactId> {
  const [id] = (await tx('contacts').insert({ name: name.slice(0, 160), language })) as [ContactId];
  await tx('contact_numbers').insert({ contact_id: id, position: 0, number });
  return id;
}
