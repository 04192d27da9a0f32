import { z } from 'zod';
import { isKnownZone } from '../../engines/routing/wall-clock.js';
import { problem, textField, optionalIdField } from '../../kernel/fields.js';
import type { AgentId, ContactId } from '../../kernel/ids.js';
import type { Versioned } from '../configuration/index.js';
import { readFieldValue, type ContactFieldDraft } from './contact-field.js';
import { MAX_NUMBERS, type NumberKind } from './importing/row-reader.js';
import { telephoneNumber } from './telephone-number.js';

export const NUMBER_KINDS = ['mobile', 'work', 'home', 'other'] as const;

/** A person whom the site calls, or who calls. */
export interface ContactDraft {
  readonly name: string;
  readonly company: string;
  /** The company's own key of this person; '' for none. */
  readonly externalKey: string;
  readonly language: string;
  /** ISO 3166 code and IANA zone; '' where the number says it. */
  readonly country: string;
  readonly timeZone: string;
  readonly ownerAgentId: AgentId | undefined;
  /** The site's own fields, by key; empty ones are not there. */
  readonly fields: Readonly<Record<string, string>>;
  /** In the order in which they are called; at least one. */
  readonly numbers: readonly { readonly number: string; readonly kind: NumberKind }[];
}

export interface ContactNumber {
  readonly number: string;
  readonly kind: NumberKind;
  /** Since when nobody can be reached there, and how that became known; it is not dialled. */
  readonly deadAt: Date | undefined;
  readonly deadReason: string;
}

export interface StoredContact extends Versioned<ContactId>, ContactDraft {
  readonly createdAt: Date;
  readonly ownerName: string;
  readonly numbers: readonly ContactNumber[];
}

export const CONTACT_SORTS = ['name', 'company', 'newest'] as const;
export type ContactSort = (typeof CONTACT_SORTS)[number];

const texts = z
  .union([z.string(), z.array(z.string())])
  .default([])
  .transform((value) => (typeof value === 'string' ? [value] : value));

/** The form, for numbers of `country`. Own fields come as `field.<key>`. */
export const contactSchema = (country: string, fields: readonly ContactFieldDraft[]) =>
  z
    .looseObject({
      name: textField({ min: 0, max: 160 }).default(''),
      company: textField({ min: 0, max: 160 }).default(''),
      externalKey: textField({ min: 0, max: 80 }).default(''),
      language: z.string().trim().max(10, 'form.problem.unfit').default(''),
      country: z
        .string()
        .trim()
        .regex(/^(?:[A-Z]{2})?$/, 'form.problem.choose')
        .default(''),
      timeZone: z.string().trim().default(''),
      ownerAgentId: optionalIdField<AgentId>(),
      number: texts,
      numberKind: texts,
    })
    .transform((values, context): ContactDraft => {
      const { timeZone } = values;
      if (timeZone !== '' && !isKnownZone(timeZone))
        context.addIssue({
          ...problem('contacts.problem.zone', { value: timeZone.slice(0, 40) }),
          path: ['timeZone'],
        });
      const home = values.country === '' ? country : values.country;
      const { number: typed, numberKind, ...rest } = values;
      const numbers: { number: string; kind: NumberKind }[] = [];
      for (const [at, text] of typed.entries()) {
        if (text.trim() === '') continue;
        const number = telephoneNumber(text.replace(/^tel:/i, ''), home);
        if (number === undefined)
          context.addIssue({
            ...problem('contacts.problem.phone', { value: text.slice(0, 40) }),
            path: ['number'],
          });
        else if (!numbers.some((known) => known.number === number)) {
          const kind = NUMBER_KINDS.find((known) => known === numberKind[at]) ?? 'other';
          numbers.push({ number, kind });
        }
      }
      if (numbers.length === 0 && typed.every((text) => text.trim() === ''))
        context.addIssue({ ...problem('contacts.problem.no-phone'), path: ['number'] });
      if (numbers.length > MAX_NUMBERS)
        context.addIssue({
          ...problem('contacts.problem.phones', { max: MAX_NUMBERS }),
          path: ['number'],
        });
      const own: Record<string, string> = {};
      for (const field of fields) {
        const name = `field.${field.key}`;
        const value = rest[name];
        const reading = readFieldValue(field, typeof value === 'string' ? value : '');
        if (!reading.ok)
          context.addIssue({ ...problem(reading.message, reading.params), path: [name] });
        else if (reading.value !== '') own[field.key] = reading.value;
      }
      return {
        name: rest.name,
        company: rest.company,
        externalKey: rest.externalKey,
        language: rest.language,
        country: rest.country,
        timeZone: rest.timeZone,
        ownerAgentId: rest.ownerAgentId,
        fields: own,
        numbers,
      };
    });
