import type { Knex } from 'knex';
import { AppError } from '../../kernel/errors.js';
import { isInRanges, type NumberRange } from '../../telephony/other-pbx.js';
import { slotsOf } from '../../telephony/parking.js';
import { readSetting } from './knex-setting-store.js';
import { OPERATOR_SETTING } from './operator-setting.js';
import { EMERGENCY_SETTING } from './emergency-setting.js';
import { PARKING_SETTING } from './parking-setting.js';

/** What can have a number inside the house, and where. A number has one of them at most. */
const TABLES = {
  extension: 'extensions',
  conference: 'conferences',
  'ring-group': 'ring_groups',
  'paging-group': 'paging_groups',
} as const;
export type NumberKind = keyof typeof TABLES | 'park-slot' | 'operator' | 'emergency';

/** Which of these numbers something in use has that is not of this kind. */
export async function numbersOfOthers(
  db: Knex,
  kind: NumberKind,
  numbers: readonly string[],
): Promise<ReadonlyMap<string, NumberKind>> {
  const found = new Map<string, NumberKind>();
  for (const [other, table] of Object.entries(TABLES) as [NumberKind, string][]) {
    if (other === kind) continue;
    const rows = await db(table)
      .whereIn('number', numbers)
      .whereNull('archived_at')
      .forShare()
      .select<{ number: string }[]>('number');
    for (const { number } of rows) found.set(number, other);
  }
  if (kind !== 'park-slot') {
    // Whoever moves the slots meanwhile waits, and sees the number.
    await db('settings').where({ name: PARKING_SETTING.name }).forShare().select('name');
    const slots = new Set(slotsOf((await readSetting(db, PARKING_SETTING)).value));
    for (const number of numbers) if (slots.has(number)) found.set(number, 'park-slot');
  }
  if (kind !== 'operator') {
    await db('settings').where({ name: OPERATOR_SETTING.name }).forShare().select('name');
    const { number } = (await readSetting(db, OPERATOR_SETTING)).value;
    if (numbers.includes(number)) found.set(number, 'operator');
  }
  if (kind !== 'emergency') {
    await db('settings').where({ name: EMERGENCY_SETTING.name }).forShare().select('name');
    const { value } = await readSetting(db, EMERGENCY_SETTING);
    for (const number of numbers)
      if (value.numbers.includes(number)) found.set(number, 'emergency');
  }
  return found;
}

/** Another telephone system, and the numbers that live there. */
export interface PbxNumbers {
  readonly name: string;
  readonly ranges: readonly NumberRange[];
}

const parsed = (column: unknown): unknown =>
  typeof column === 'string' ? JSON.parse(column) : column;

/** Every other telephone system that a trunk in use leads to, by name. */
export async function otherPbxNumbers(db: Knex): Promise<readonly PbxNumbers[]> {
  const rows = await db('trunks')
    .whereNotNull('pbx_ranges')
    .whereNull('archived_at')
    .orderBy('name')
    .select<{ name: string; pbx_ranges: unknown }[]>('name', 'pbx_ranges');
  return rows.map(({ name, pbx_ranges: ranges }) => ({
    name,
    ranges: parsed(ranges) as readonly NumberRange[],
  }));
}

/** A number of ours, and what has it. */
export interface OwnNumber {
  readonly kind: NumberKind;
  readonly id: number;
  readonly number: string;
  /** '' for a slot. */
  readonly name: string;
}

/** Everything in use here whose number lies within ranges, by number. */
export async function ownNumbersWithin(
  db: Knex,
  ranges: readonly NumberRange[],
): Promise<readonly OwnNumber[]> {
  if (ranges.length === 0) return [];
  const found: OwnNumber[] = [];
  for (const [kind, table] of Object.entries(TABLES) as [keyof typeof TABLES, string][]) {
    const rows = await db(table)
      .whereNull('archived_at')
      .where((any) => {
        for (const { from, to } of ranges)
          void any.orWhere((one) => {
            void one.whereRaw('CHAR_LENGTH(number) = ?', [from.length]);
            void one.whereBetween('number', [from, to]);
          });
      })
      .select<Omit<OwnNumber, 'kind'>[]>('id', 'number', 'name');
    found.push(...rows.map((row): OwnNumber => ({ kind, ...row })));
  }
  const slots = slotsOf((await readSetting(db, PARKING_SETTING)).value);
  found.push(
    ...slots
      .filter((slot) => isInRanges(ranges, slot))
      .map((number): OwnNumber => ({ kind: 'park-slot', id: 0, number, name: '' })),
  );
  return found.sort((a, b) => Number(a.number) - Number(b.number));
}

/** Refuses a number that something of another kind has, with the problem at the field `number`. Use it in the transaction. */
export async function requireFreeNumber(tx: Knex, kind: NumberKind, number: string): Promise<void> {
  const other = (await numbersOfOthers(tx, kind, [number])).get(number);
  if (other === undefined) return;
  const message = `configuration.problem.number-of.${other}`;
  throw new AppError('invalid-fields', `the number is taken: ${other}`, [
    { field: 'number', message },
  ]);
}

const SPEED_DIALS = ['speed_dials', 'own_speed_dials'] as const;

/** Which of these numbers a speed dial stands for. */
export async function speedDialsTo(
  tx: Knex,
  numbers: readonly string[],
): Promise<readonly string[]> {
  const found: string[] = [];
  for (const table of SPEED_DIALS) {
    const rows = await tx(table)
      .whereIn('number', numbers)
      .forShare()
      .select<{ number: string }[]>('number');
    found.push(...rows.map(({ number }) => number));
  }
  return found;
}

/** Refuses a number that reaches help, with the problem at the field `number`: whoever needs help dials it in full. */
export async function requireNoHelpNumber(tx: Knex, number: string): Promise<void> {
  await tx('settings').where({ name: EMERGENCY_SETTING.name }).forShare().select('name');
  const { value } = await readSetting(tx, EMERGENCY_SETTING);
  if (!value.numbers.includes(number)) return;
  throw new AppError('invalid-fields', 'the number reaches help', [
    { field: 'number', message: 'configuration.problem.number-of.emergency' },
  ]);
}
