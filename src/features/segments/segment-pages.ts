import type { SegmentId } from '../../kernel/ids.js';
import {
  formatPhone,
  formView,
  listView,
  numberIn,
  PageRoutes,
  parseForm,
  readList,
  submitForm,
  type PageContext,
  type PageData,
  versionOf,
} from '../../web/kit/index.js';
import { usageViews } from '../configuration/index.js';
import type { ContactFieldDraft } from '../contacts/index.js';
import { rowsOf, segmentSchema, type ConditionRow } from './segment-form.js';
import {
  CONSENT_WORDS,
  KNOWN_FIELDS,
  OPERATORS,
  RESULT_WORDS,
  type SegmentFilter,
} from './segment-filter.js';
import type { SegmentService } from './segment-service.js';
import { SEGMENT_SORTS, type StoredSegment } from './segment.js';

const PATH = '/segments';
const ACCESS = 'lists.edit';
const FORM = 'segments.form';
/** Rows for more conditions below those that are there. */
const EMPTY_ROWS = 2;

export interface SegmentPagesParts {
  readonly service: SegmentService;
  readonly fields: () => Promise<readonly ContactFieldDraft[]>;
}

/** Saved filters: all, one with how many people it means, the form. */
export function segmentPages(parts: SegmentPagesParts): PageRoutes {
  const { service, fields } = parts;
  const pathOf = (id: SegmentId): string => `${PATH}/${String(id)}`;
  return new PageRoutes()
    .get(PATH, ACCESS, (page) => showAll(page, service))
    .get(`${PATH}/new`, ACCESS, async (page) => {
      page.render('segments/edit', {
        ...(await formData(page, parts)),
        form: formView({ prefix: FORM, action: PATH }, { match: 'all' }),
      });
    })
    .post(PATH, ACCESS, async (page) =>
      submitForm(page, {
        ...{ prefix: FORM, action: PATH, view: 'segments/edit' },
        schema: segmentSchema(await fields()),
        data: () => formData(page, parts),
        save: (draft) => service.create(page.actor, draft),
        done: (id) => page.redirect(pathOf(id), { message: 'segments.created' }),
      }),
    )
    .post(`${PATH}/try`, ACCESS, (page) => tryOut(page, parts))
    .get(`${PATH}/:id`, ACCESS, async (page) => showOne(page, parts, await one(page, service)))
    .post(`${PATH}/:id`, ACCESS, async (page) => {
      const segment = await one(page, service);
      await submitForm(page, {
        ...{ prefix: FORM, action: pathOf(segment.id), view: 'segments/edit' },
        schema: segmentSchema(await fields()),
        data: () => formData(page, parts, segment),
        save: (draft, version) => service.save(page.actor, segment.id, version, draft),
        current: async () => {
          const stored = await one(page, service);
          return { values: valuesOf(stored), version: stored.version };
        },
        done: () => page.redirect(pathOf(segment.id), { message: 'segments.saved' }),
      });
    })
    .post(`${PATH}/:id/archive`, ACCESS, async (page) => {
      const segment = await one(page, service);
      const uses = await service.archive(page.actor, segment.id);
      if (uses.length > 0)
        return showOne(page, parts, segment, {
          notArchived: uses.length,
          uses: usageViews(page, uses),
        });
      return page.redirect(PATH, {
        message: 'segments.archived',
        undo: `${pathOf(segment.id)}/restore`,
      });
    })
    .post(`${PATH}/:id/restore`, ACCESS, async (page) => {
      const segment = await one(page, service);
      await service.restore(page.actor, segment.id);
      return page.redirect(pathOf(segment.id), { message: 'segments.restored' });
    });
}

const one = (page: PageContext, service: SegmentService): Promise<StoredSegment> =>
  service.get(page.actor, page.id<SegmentId>());

const valuesOf = (segment: StoredSegment) => {
  const rows = rowsOf(segment.filter);
  return {
    name: segment.name,
    match: segment.filter.match,
    field: rows.map((row) => row.field),
    operator: rows.map((row) => row.operator),
    value: rows.map((row) => row.value),
    value2: rows.map((row) => row.value2),
  };
};

async function showAll(page: PageContext, service: SegmentService): Promise<void> {
  const request = readList(page, {
    path: PATH,
    sorts: SEGMENT_SORTS,
    defaultSort: 'name',
    filters: ['archived'],
  });
  const found = await service.list(page.actor, {
    ...request,
    archived: request.filters['archived'] === 'yes',
    filters: {},
  });
  const rows = found.rows.map((segment) => ({
    ...segment,
    words: page.t('segments.conditions', { count: segment.filter.conditions.length }),
  }));
  page.render('segments/list', {
    title: page.t('segments.title'),
    styles: ['setup', 'contacts'],
    list: listView(request, { rows, total: found.total }, [
      { label: 'segments.form.name', sort: 'name' },
      { label: 'segments.form.conditions' },
      { label: 'configuration.column.updated', sort: 'updated' },
      { label: '' },
    ]),
  });
}

async function showOne(
  page: PageContext,
  parts: SegmentPagesParts,
  segment: StoredSegment,
  more: Readonly<Record<string, unknown>> = {},
): Promise<void> {
  const form = formView(
    { prefix: FORM, action: `${PATH}/${String(segment.id)}` },
    valuesOf(segment),
    segment.version,
  );
  const sample = await sampleView(page, parts.service, segment.filter);
  page.render(
    'segments/edit',
    { ...(await formData(page, parts, segment)), form, sample, ...more },
    Object.keys(more).length === 0 ? 200 : 409,
  );
}

/** How many people what is typed would mean; nothing is saved. For scripts and without them: the form's own button. */
async function tryOut(page: PageContext, parts: SegmentPagesParts): Promise<void> {
  const id = numberIn(page.body, 'segment') as SegmentId;
  const segment = id > 0 ? await parts.service.get(page.actor, id) : undefined;
  const action = segment === undefined ? PATH : `${PATH}/${String(segment.id)}`;
  const parsed = parseForm(segmentSchema(await parts.fields()), {
    ...page.body,
    name:
      typeof page.body['name'] === 'string' && page.body['name'] !== '' ? page.body['name'] : '–',
  });
  if (!parsed.ok) {
    await submitForm(page, {
      ...{ prefix: FORM, action, view: 'segments/edit' },
      schema: segmentSchema(await parts.fields()),
      data: () => formData(page, parts, segment),
      save: () => Promise.resolve(),
      done: () => page.redirect(action),
    });
    return;
  }
  const version = versionOf(page.body);
  const form = formView({ prefix: FORM, action }, page.body, version > 0 ? version : undefined);
  const sample = await sampleView(page, parts.service, parsed.values.filter);
  page.render('segments/edit', { ...(await formData(page, parts, segment)), form, sample });
}

async function sampleView(page: PageContext, service: SegmentService, filter: SegmentFilter) {
  const { count, people } = await service.sample(page.actor, filter);
  return {
    count,
    people: people.map((person) => ({
      ...person,
      name: person.name || person.company || page.t('contacts.nameless'),
      number: formatPhone(person.number, page),
    })),
  };
}

async function formData(
  page: PageContext,
  { service, fields: readFields }: SegmentPagesParts,
  segment?: StoredSegment,
): Promise<PageData> {
  const [fields, lists] = await Promise.all([readFields(), service.lists()]);
  const typed = typedRows(page);
  const rows = typed ?? (segment === undefined ? [] : rowsOf(segment.filter));
  return {
    title: segment?.name ?? page.t('segments.new'),
    crumbs: [{ label: page.t('segments.title'), href: PATH }],
    styles: ['setup', 'contacts'],
    isNew: segment === undefined,
    row: segment,
    matches: ['all', 'any'].map((value) => ({ value, label: page.t(`segments.match.${value}`) })),
    conditionRows: [
      ...rows,
      ...Array.from({ length: EMPTY_ROWS }, () => ({
        ...{ field: '', operator: 'is', value: '', value2: '' },
      })),
    ].map((row, at) => ({ ...row, at, problemKey: `conditions.${String(at)}` })),
    fieldGroups: [
      {
        label: page.t('segments.group.known'),
        options: Object.keys(KNOWN_FIELDS).map((value) => ({
          value,
          label: page.t(`segments.field.${value}`),
        })),
      },
      {
        label: page.t('segments.group.own'),
        options: fields.map(({ key, name }) => ({ value: `field:${key}`, label: name })),
      },
      {
        label: page.t('segments.group.lists'),
        options: lists.map(({ id, name }) => ({ value: `list:${String(id)}`, label: name })),
      },
    ].filter((group) => group.options.length > 0),
    operators: OPERATORS.map((value) => ({ value, label: page.t(`segments.operator.${value}`) })),
    words: ['yes', 'no', ...CONSENT_WORDS, ...RESULT_WORDS],
  };
}

/** Rows that the form sent. */
function typedRows(page: PageContext): readonly ConditionRow[] | undefined {
  const list = (name: string): readonly string[] => {
    const value = page.body[name];
    return value === undefined ? [] : typeof value === 'string' ? [value] : value;
  };
  if (page.body['field'] === undefined) return undefined;
  const [operators, values, seconds] = [list('operator'), list('value'), list('value2')];
  return list('field')
    .map((field, at) => ({
      field,
      operator: operators[at] ?? 'is',
      value: values[at] ?? '',
      value2: seconds[at] ?? '',
    }))
    .filter(({ field }) => field !== '');
}
