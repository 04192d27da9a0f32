import type { PageRoutes } from '../../web/kit/index.js';
import { AppError } from '../../kernel/errors.js';
import { rowPages, type RowService, type UsageReports } from '../configuration/index.js';
import type { ContactFieldId } from '../../kernel/ids.js';
import {
  CONTACT_FIELD_KINDS,
  CONTACT_FIELD_SORTS,
  contactFieldSchema,
  type ContactFieldDraft,
  type ContactFieldSort,
  type StoredContactField,
} from './contact-field.js';

export type ContactFieldService = RowService<
  ContactFieldId,
  ContactFieldDraft,
  StoredContactField,
  ContactFieldSort
>;

/** The set-up pages of the site's own fields. */
export const contactFieldPages = (
  service: ContactFieldService,
  usage: Pick<UsageReports, 'ofContactField'>,
): PageRoutes =>
  rowPages({
    name: 'contact-fields',
    permission: 'contact-fields.edit',
    service,
    schema: contactFieldSchema,
    list: {
      sorts: CONTACT_FIELD_SORTS,
      defaultSort: 'name',
      columns: [
        { label: 'contact-fields.form.name', sort: 'name' },
        { label: 'contact-fields.form.key', sort: 'key' },
        { label: 'contact-fields.form.kind' },
        { label: 'configuration.column.updated', sort: 'updated' },
        { label: '' },
      ],
      rows: ({ t }, fields) =>
        fields.map(({ key, kind, choices, updatedAt }) => ({
          key,
          kind: t(`contact-fields.kind.${kind}`),
          choices: choices.join(', '),
          updatedAt,
        })),
      data: () => ({ styles: ['setup'] }),
    },
    title: (_page, field) => field.name,
    uses: ({ id }) => usage.ofContactField(id),
    newValues: () => ({ kind: 'text' }),
    values: (_page, field) => ({
      key: field.key,
      name: field.name,
      kind: field.kind,
      choices: field.choices.join('\n'),
    }),
    data: ({ t }) => ({
      styles: ['setup'],
      kinds: CONTACT_FIELD_KINDS.map((value) => ({
        value,
        label: t(`contact-fields.kind.${value}`),
      })),
    }),
    create: (page, values) => service.create(page.actor, values),
    save: async (page, id, version, values) => {
      const { key, kind } = await service.get(page.actor, id);
      // Values are kept under the key, in the form of the kind.
      if (key !== values.key || kind !== values.kind)
        throw new AppError('invalid-fields', 'key and kind stay', [
          {
            field: key === values.key ? 'kind' : 'key',
            message: 'contact-fields.problem.stays',
          },
        ]);
      await service.save(page.actor, id, version, values);
    },
  });
