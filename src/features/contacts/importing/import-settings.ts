import { z } from 'zod';
import type { ContactFieldDraft } from '../contact-field.js';

/** What becomes of a row that is somebody who is there already: same external key, or same number. */
export const DUPLICATE_CHOICES = ['skip', 'update', 'list'] as const;
export type DuplicateChoice = (typeof DUPLICATE_CHOICES)[number];

/** What a column can be. `field:<key>` is one of the site's own fields; '' is left out. */
export const COLUMN_TARGETS = [
  'name',
  'company',
  'key',
  'number',
  'mobile',
  'work',
  'home',
  'country',
  'zone',
  'language',
  'consent',
  'note',
] as const;
export type ColumnTarget = (typeof COLUMN_TARGETS)[number] | '' | `field:${string}`;

/** Of a contact. Notes belong to lists of numbers that are not called. */
export const CONTACT_TARGETS = COLUMN_TARGETS.filter((target) => target !== 'note');
export const DO_NOT_CALL_TARGETS = ['number', 'note'] as const;

/** Columns that may be there several times. */
export const NUMBER_TARGETS: readonly string[] = ['number', 'mobile', 'work', 'home'];

export const importSettingsSchema = z.object({
  /** What each column is, from the left. */
  columns: z.array(z.string()),
  /** The first row has names, not somebody's data. */
  hasHeader: z.boolean(),
  /** ISO 3166 country of numbers that are written without their country. */
  country: z.string(),
  duplicates: z.enum(DUPLICATE_CHOICES),
  /** Of numbers that are not called: the campaign that does not call them; 0 for all. */
  campaignId: z.number().default(0),
});
export type ImportSettings = z.infer<typeof importSettingsSchema>;

const HEADINGS: readonly (readonly [ColumnTarget, RegExp])[] = [
  ['consent', /consent|opt.?in|permission|同意|授权|许可/],
  ['zone', /time.?zone|^tz$|时区/],
  ['language', /^lang|language|语言|语种/],
  [
    'key',
    /external|^(id|key|ref|code|uid)$|customer.?(id|no|number|key)|account|编号|客户号|账号|主键|工号/,
  ],
  ['mobile', /mobile|cell|handy|手机|移动电话/],
  ['home', /home|private|家庭|住宅|宅电/],
  ['work', /(work|office|business).*(phone|tel|number)|办公电话|工作电话|单位电话|公司电话/],
  ['number', /phone|tel|number|call|msisdn|dial|电话|号码|联系方式/],
  ['company', /company|organi[sz]ation|employer|firm|公司|单位|企业|机构/],
  ['country', /country|nation|国家|国别/],
  ['note', /note|reason|remark|comment|备注|原因|说明/],
  ['name', /name|contact|customer|person|姓名|名字|名称|客户|联系人/],
];

/**
 * What each column probably is, by its heading in English or Chinese. A field's own name or key comes first. What can be
 * there once only is taken by the first column that fits.
 */
export function guessColumns(
  header: readonly string[],
  fields: readonly Pick<ContactFieldDraft, 'key' | 'name'>[],
  allowed: readonly string[],
): readonly ColumnTarget[] {
  const taken = new Set<ColumnTarget>();
  return header.map((heading): ColumnTarget => {
    const plain = heading.normalize('NFKC').trim().toLowerCase();
    if (plain === '') return '';
    const field = fields.find(({ key, name }) => key === plain || name.toLowerCase() === plain);
    const guess: ColumnTarget =
      (field === undefined ? undefined : (`field:${field.key}` as const)) ??
      HEADINGS.find(
        ([target, pattern]) =>
          allowed.includes(target) &&
          pattern.test(plain) &&
          (NUMBER_TARGETS.includes(target) || !taken.has(target)),
      )?.[0] ??
      '';
    if (guess !== '' && !NUMBER_TARGETS.includes(guess) && taken.has(guess)) return '';
    taken.add(guess);
    return guess;
  });
}

/** Whether the first row has names of columns: none of its cells holds a number to call, and something is guessed of it. */
export const looksLikeHeader = (
  first: readonly string[],
  guessed: readonly ColumnTarget[],
): boolean =>
  !first.some((cell) => cell.replaceAll(/\D/g, '').length >= 6) &&
  guessed.some((target) => target !== '');

/** What is wrong with a choice of columns: a key of the catalog. */
export function columnsProblem(columns: readonly string[]): string | undefined {
  if (!columns.some((target) => NUMBER_TARGETS.includes(target)))
    return 'contact-import.problem.number-column';
  const once = columns.filter((target) => target !== '' && !NUMBER_TARGETS.includes(target));
  return new Set(once).size === once.length ? undefined : 'contact-import.problem.twice';
}
