import type { DirectorySnapshot } from '../../telephony/directory.js';
import { slotsOf } from '../../telephony/parking.js';
import type { DeviceKey } from './files/device.js';

/** A key as it was typed. */
export interface TypedKey {
  readonly number: string;
  /** '' where nothing was typed: the directory knows the name. */
  readonly label: string;
}

const MAX_LABEL = 40;

export type TypedKeys =
  | { readonly ok: true; readonly keys: readonly TypedKey[] }
  | { readonly ok: false; readonly line: number };

/** Reads a number and a name a line; empty lines are left out. The first line that begins with no number is given back. */
export function readLineKeys(text: string): TypedKeys {
  const keys: TypedKey[] = [];
  for (const [at, line] of text.split(/\r\n|\r|\n/).entries()) {
    if (line.trim() === '') continue;
    const [, number = '', label = ''] = /^\s*([+*#\d]{1,20})(?:[\s,;]+(.*?))?\s*$/.exec(line) ?? [];
    if (number === '' || label.length > MAX_LABEL || /\p{Cc}/u.test(label))
      return { ok: false, line: at + 1 };
    keys.push({ number, label });
  }
  return { ok: true, keys };
}

type Known = Pick<
  DirectorySnapshot,
  'extensionsByNumber' | 'conferencesByNumber' | 'ringGroupsByNumber' | 'parking' | 'featureCodes'
>;

/** What keys do: extensions, park slots and codes with lamps are watched, anything else is dialled. */
export const deviceKeys = (keys: readonly TypedKey[], known: Known): readonly DeviceKey[] =>
  keys.map(({ number, label }) => ({
    kind: kindOf(number, known),
    number,
    label: label === '' ? nameOf(number, known) : label,
  }));

function kindOf(number: string, known: Known): DeviceKey['kind'] {
  if (known.extensionsByNumber.has(number)) return 'phone';
  if (slotsOf(known.parking).includes(number)) return 'watch';
  const { 'do-not-disturb': quiet, availability } = known.featureCodes;
  const hasLamp = [quiet, availability].some(
    ({ code, isEnabled }) => isEnabled && number.startsWith(code) && number.length > code.length,
  );
  return hasLamp ? 'watch' : 'dial';
}

const nameOf = (number: string, known: Known): string =>
  (
    known.extensionsByNumber.get(number) ??
    known.conferencesByNumber.get(number) ??
    known.ringGroupsByNumber.get(number)
  )?.name ?? number;
