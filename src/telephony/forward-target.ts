import { classifyNumber, normaliseNumber } from '../kernel/numbers.js';
import { isPermitted, type DirectorySnapshot, type PermissionClass } from './directory.js';
import { pbxOf } from './other-pbx.js';

/** Why calls cannot be sent on to a number: `call-handling.problem.<why>` in the catalog. */
export type ForwardProblem =
  'own' | 'bad-number' | 'not-permitted' | 'emergency' | 'paging' | 'code';

export type ForwardTarget =
  | { readonly ok: true; readonly number: string }
  | { readonly ok: false; readonly why: ForwardProblem };

/** Who sends calls on. */
interface Forwarder {
  readonly number: string;
  readonly permission: PermissionClass;
}

/** A number as somebody types it on a page or a phone, as it is stored; '' takes the forward away. */
export function readForwardTarget(
  directory: DirectorySnapshot,
  country: string,
  from: Forwarder,
  typed: string,
): ForwardTarget {
  const digits = typed.normalize('NFKC').replace(/[\s().-]/g, '');
  if (digits === '') return { ok: true, number: '' };
  if (digits === from.number) return { ok: false, why: 'own' };
  if (isInside(directory, digits) || pbxOf(directory, digits) !== undefined)
    return { ok: true, number: digits };
  if (directory.pagingGroupsByNumber.has(digits)) return { ok: false, why: 'paging' };
  if (digits.startsWith('*')) return { ok: false, why: 'code' };
  if (!/^\+?\d{2,20}$/.test(digits)) return { ok: false, why: 'bad-number' };
  const number = normaliseNumber(digits, country);
  if (directory.didsByNumber.has(number)) return { ok: true, number };
  const why = outsideProblem(from.permission, number, country);
  if (why !== undefined) return { ok: false, why };
  return { ok: true, number };
}

/** Why calls that come in may not be sent on to an outside number; undefined where they may. */
export function outsideProblem(
  permission: PermissionClass,
  number: string,
  country: string,
): 'bad-number' | 'not-permitted' | 'emergency' | undefined {
  const numberClass = classifyNumber(number, country);
  if (numberClass === 'emergency') return 'emergency';
  if (numberClass === 'invalid' || numberClass === 'internal') return 'bad-number';
  return isPermitted(permission, numberClass) ? undefined : 'not-permitted';
}

/** True for a number that is dialled inside the house. */
export const isInside = (
  { extensionsByNumber, conferencesByNumber, ringGroupsByNumber }: DirectorySnapshot,
  digits: string,
): boolean =>
  [extensionsByNumber, conferencesByNumber, ringGroupsByNumber].some((one) => one.has(digits));
