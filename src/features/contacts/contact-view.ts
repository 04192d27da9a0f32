import { clockOf } from '../../engines/outbound/time-zone.js';
import {
  formatPhone,
  RESULT_LOOKS,
  DIRECTION_LOOKS,
  type PageContext,
  type Reader,
} from '../../web/kit/index.js';
import type { CallResult } from '../../kernel/call-event.js';
import type { StoredContact } from './contact.js';
import type { ContactFieldDraft } from './contact-field.js';
import type { ContactHistory, ContactLine } from './contact-reports.js';

/** What a person is called on pages: the name, else the company, else that there is none. */
export const nameOf = (
  page: PageContext,
  { name, company }: { readonly name: string; readonly company: string },
): string => name || company || page.t('contacts.nameless');

const NUMBERS_SHOWN = 3;

/** A row of a list of people. */
export const lineView = (line: ContactLine) => ({
  ...line,
  numbers: line.numbers.slice(0, NUMBERS_SHOWN),
  moreNumbers: Math.max(0, line.numbers.length - NUMBERS_SHOWN),
});

interface Shown {
  readonly history: ContactHistory;
  readonly fields: readonly ContactFieldDraft[];
  /** Numbers are shown whole to those who may see them. */
  readonly showsNumbers: boolean;
}

/** A person with everything that is known. */
export function contactView(page: PageContext, contact: StoredContact, shown: Shown) {
  const { history, fields } = shown;
  const reader: Reader = {
    language: page.language,
    zone: page.zone,
    country: page.country,
    masksNumbers: page.masksNumbers || !shown.showsNumbers,
  };
  const phone = (number: string): string => formatPhone(number, reader);
  const regions = new Intl.DisplayNames(page.language, { type: 'region' });
  const [first] = contact.numbers;
  const clock = clockOf({ timeZone: contact.timeZone, number: first?.number ?? '' }, page.zone);
  const blockedEverywhere = new Set(
    history.blocked.filter((one) => one.campaignId === 0).map(({ number }) => number),
  );
  return {
    contact: {
      ...contact,
      countryName: contact.country === '' ? '' : (regions.of(contact.country) ?? contact.country),
      zones: clock.zones.join(', '),
      zoneFrom: page.t(`contacts.zone-from.${clock.from}`),
    },
    numbers: contact.numbers.map(({ number, kind, deadAt, deadReason }, position) => ({
      position,
      number: phone(number),
      kind: page.t(`contacts.kind.${kind}`),
      deadAt,
      deadReason: deadText(page, deadReason),
      isBlocked: blockedEverywhere.has(number),
    })),
    ownFields: fields.map((field) => ({
      name: field.name,
      value:
        field.kind === 'flag' && contact.fields[field.key] !== undefined
          ? page.t(`contacts.flag.${contact.fields[field.key] ?? ''}`)
          : (contact.fields[field.key] ?? ''),
    })),
    consents: history.consents,
    consent: history.consents[0]?.kind,
    remarks: history.remarks,
    lists: history.lists,
    blocked: history.blocked.map((one) => ({
      ...one,
      number: phone(one.number),
      where: one.campaignId === 0 ? page.t('do-not-call.everywhere') : one.campaignName,
    })),
    calls: history.calls.map((call) => ({
      ...call,
      number: phone(call.number),
      direction: DIRECTION_LOOKS[call.direction],
      result: call.result === undefined ? undefined : RESULT_LOOKS[call.result as CallResult],
    })),
    attempts: history.attempts.map((attempt) => ({
      ...attempt,
      number: phone(attempt.number),
      what:
        attempt.kind === 'refusal'
          ? page.t('contacts.attempt.refused', { rule: word(page, 'rule', attempt.refusedBy) })
          : word(page, 'result', attempt.result),
    })),
  };
}

/** A word that other parts of the product keep; as it is stored where no catalog knows it. */
function word(page: PageContext, kind: 'rule' | 'result', value: string): string {
  const key = `campaigns.${kind}.${value}`;
  return page.hasText(key) ? page.t(key) : value;
}

function deadText(page: PageContext, reason: string): string {
  const key = `contacts.dead.${reason}`;
  return page.hasText(key) ? page.t(key) : reason;
}
