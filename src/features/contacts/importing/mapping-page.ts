import type { FieldProblem } from '../../../kernel/errors.js';
import {
  formatPhone,
  formView,
  formWithProblems,
  type PageContext,
} from '../../../web/kit/index.js';
import { zonesOfNumber } from '../../../engines/outbound/time-zone.js';
import type { ContactFieldDraft } from '../contact-field.js';
import { countryCodes } from './country-cell.js';
import type { ImportService } from './import-service.js';
import {
  columnsProblem,
  CONTACT_TARGETS,
  DO_NOT_CALL_TARGETS,
  DUPLICATE_CHOICES,
  guessColumns,
  looksLikeHeader,
  type ImportSettings,
} from './import-settings.js';
import type { StoredImport } from './import-store.js';
import { columnName, reasonOf } from './import-view.js';
import { RowReader } from './row-reader.js';
import type { TableRow } from './table-file.js';

const SAMPLE_ROWS = 20;
const SAMPLES_A_COLUMN = 3;
const PREVIEWED = 10;

/** What each column is, with samples, and what the first rows become. */
export async function showMapping(
  page: PageContext,
  service: ImportService,
  job: StoredImport,
  problems: readonly FieldProblem[] = [],
): Promise<void> {
  const [fields, lists, campaigns, read] = await Promise.all([
    service.fields(),
    service.lists(),
    service.campaigns(),
    service.firstRows(job, SAMPLE_ROWS),
  ]);
  const { rows } = read;
  const settings = typedSettings(page) ?? job.settings ?? guessed(page, job, fields, rows);
  const values = {
    country: settings.country,
    hasHeader: settings.hasHeader,
    duplicates: settings.duplicates,
    campaignId: settings.campaignId,
    list: textOf(page, 'list') || String(job.listId ?? (lists.length === 0 ? 'new' : 'none')),
    newList: textOf(page, 'newList'),
  };
  const options = { prefix: 'contact-import.form', action: `/lists/import/${String(job.id)}` };
  const wrong = columnsProblem(settings.columns);
  const form =
    problems.length === 0 ? formView(options, values) : formWithProblems(page, options, problems);
  const isNumbers = job.kind === 'do-not-call';
  page.render(
    'contact-imports/mapping',
    {
      title: job.fileName,
      crumbs: [
        isNumbers
          ? { label: page.t('do-not-call.title'), href: '/do-not-call' }
          : { label: page.t('lists.title'), href: '/lists' },
        { label: page.t('contact-import.title'), href: '/lists/import' },
      ],
      styles: ['setup', 'contacts'],
      form,
      isNumbers,
      format: formatText(page, job),
      fileProblem:
        read.problem === undefined ? '' : page.t(read.problem.message, read.problem.params),
      columnsProblem: wrong === undefined ? '' : page.t(wrong),
      columns: columnViews(page, settings, rows),
      targets: targetOptions(page, job, fields),
      preview: preview(page, settings, fields, rows),
      countries: countryOptions(page),
      duplicates: DUPLICATE_CHOICES.map((value) => ({
        value,
        label: page.t(`contact-import.duplicates.${value}`),
      })),
      lists: [
        { value: 'none', label: page.t('contact-import.list.none') },
        { value: 'new', label: page.t('contact-import.list.new') },
        ...lists.map(({ id, name }) => ({ value: String(id), label: name })),
      ],
      campaigns: [
        { value: 0, label: page.t('do-not-call.everywhere') },
        ...campaigns.map(({ id, name }) => ({ value: id, label: name })),
      ],
    },
    problems.length === 0 ? 200 : 422,
  );
}

/** A field of the form that was sent; '' where none was. */
const textOf = (page: PageContext, name: string): string => {
  const value = page.body[name];
  return typeof value === 'string' ? value : '';
};

/** What the form says, while it is shown again. */
function typedSettings(page: PageContext): ImportSettings | undefined {
  const column = page.body['column'];
  if (column === undefined) return undefined;
  return {
    columns: typeof column === 'string' ? [column] : [...column],
    hasHeader: page.body['hasHeader'] !== undefined,
    country: textOf(page, 'country'),
    duplicates: DUPLICATE_CHOICES.find((known) => known === textOf(page, 'duplicates')) ?? 'skip',
    campaignId: Number(textOf(page, 'campaignId')) || 0,
  };
}

function guessed(
  page: PageContext,
  job: StoredImport,
  fields: readonly ContactFieldDraft[],
  rows: readonly TableRow[],
): ImportSettings {
  const first = rows[0]?.cells ?? [];
  const isNumbers = job.kind === 'do-not-call';
  const allowed = isNumbers ? DO_NOT_CALL_TARGETS : CONTACT_TARGETS;
  const columns = guessColumns(first, isNumbers ? [] : fields, allowed);
  const hasHeader = looksLikeHeader(first, columns);
  const width = Math.max(0, ...rows.map((row) => row.cells.length));
  return {
    columns: Array.from({ length: width }, (_, at) =>
      hasHeader ? (columns[at] ?? '') : width === 1 ? 'number' : '',
    ),
    hasHeader,
    country: page.country,
    duplicates: 'skip',
    campaignId: 0,
  };
}

const formatText = (page: PageContext, { format }: StoredImport): string =>
  format.kind === 'workbook'
    ? page.t('contact-import.format.workbook', { sheet: format.sheet })
    : page.t('contact-import.format.text', {
        encoding: format.encoding.toUpperCase(),
        delimiter: page.t(`contact-import.delimiter.${DELIMITER_WORDS[format.delimiter]}`),
      });
const DELIMITER_WORDS = { ',': 'comma', ';': 'semicolon', '\t': 'tab', '|': 'bar' } as const;

function columnViews(
  page: PageContext,
  { columns, hasHeader }: ImportSettings,
  rows: readonly TableRow[],
) {
  const data = hasHeader ? rows.slice(1) : rows;
  const width = Math.max(columns.length, ...rows.map((row) => row.cells.length));
  return Array.from({ length: width }, (_, at) => {
    const heading = hasHeader ? (rows[0]?.cells[at] ?? '') : '';
    const letter = columnName(at);
    return {
      letter,
      heading,
      label: page.t('contact-import.column-label', {
        letter,
        heading: heading === '' ? '–' : heading,
      }),
      target: columns[at] ?? '',
      samples: data
        .map((row) => (row.cells[at] ?? '').trim())
        .filter((cell) => cell !== '')
        .slice(0, SAMPLES_A_COLUMN),
    };
  });
}

function targetOptions(page: PageContext, job: StoredImport, fields: readonly ContactFieldDraft[]) {
  const known = job.kind === 'do-not-call' ? DO_NOT_CALL_TARGETS : CONTACT_TARGETS;
  return [
    { value: '', label: page.t('contact-import.target.ignore') },
    ...known.map((value) => ({ value, label: page.t(`contact-import.target.${value}`) })),
    ...(job.kind === 'do-not-call' ? [] : fields).map(({ key, name }) => ({
      value: `field:${key}`,
      label: name,
    })),
  ];
}

/** Rows as they would be taken, or why not. */
function preview(
  page: PageContext,
  settings: ImportSettings,
  fields: readonly ContactFieldDraft[],
  rows: readonly TableRow[],
) {
  const reader = new RowReader(settings, fields);
  const names = new Map(fields.map(({ key, name }) => [key, name]));
  const data = rows.slice(settings.hasHeader ? 1 : 0, PREVIEWED + 1);
  return data.map(({ line, cells }) => {
    const outcome = reader.read(cells);
    if (!outcome.ok)
      return { line, reason: reasonOf(page, outcome.problem), cells: cells.join(' · ') };
    const { row } = outcome;
    return {
      line,
      name: row.name,
      company: row.company,
      key: row.externalKey,
      numbers: row.numbers.map(({ number }) => formatPhone(number, page)),
      stored: row.numbers.map(({ number }) => number).join(', '),
      zone:
        row.timeZone === '' ? zonesOfNumber(row.numbers[0]?.number ?? '').join(', ') : row.timeZone,
      note: row.note,
      consent: row.consent === undefined ? '' : page.t(`contacts.consent.${row.consent}`),
      fields: Object.entries(row.fields).map(([key, value]) => ({
        name: names.get(key) ?? key,
        value,
      })),
    };
  });
}

function countryOptions(page: PageContext) {
  const names = new Intl.DisplayNames(page.language, { type: 'region' });
  return countryCodes()
    .map((value) => ({ value, label: names.of(value) ?? value }))
    .toSorted((a, b) => a.label.localeCompare(b.label, page.language));
}
