import { z } from 'zod';
import { choiceField, flagField, problem } from '../../kernel/fields.js';
import { isEmergencyNumber } from '../../kernel/numbers.js';
import { PERMISSION_CLASSES } from '../../telephony/directory.js';
import { sizeOf, type NumberRange, type OtherPbx } from '../../telephony/other-pbx.js';
import { parseTargetText } from '../configuration/index.js';

export const TRUNK_KINDS = ['carrier', 'pbx'] as const;

/** What the form says of another telephone system. */
export interface PbxDraft extends OtherPbx {
  /** Numbers of ours within the ranges are meant: they have moved here. */
  readonly acceptsMoved?: boolean;
}

/** As extensions have them: 2 to 8 digits, not beginning with 0. */
const RANGE = /^([1-9]\d{1,7})(?:[-–—]([1-9]\d{1,7}))?$/;
const MAX_RANGES = 100;
/** Numbers on one other telephone system; more are a slip of a finger. */
const MAX_NUMBERS = 100_000;
/** No emergency number is longer. */
const LONGEST_EMERGENCY = 4;

type Problem = ReturnType<typeof problem>;

/** `3000-3499`, one range or number a line; or what is wrong with them. */
export function parseRanges(text: string, country: string): readonly NumberRange[] | Problem {
  const lines = text
    .normalize('NFKC')
    .split(/[\n,;]+/)
    .map((line) => line.replace(/[\s()./]/g, ''))
    .filter((line) => line !== '');
  if (lines.length === 0) return problem('form.problem.needed');
  if (lines.length > MAX_RANGES) return problem('trunks.problem.ranges', { max: MAX_RANGES });
  const ranges: NumberRange[] = [];
  for (const line of lines) {
    const [, from, to = from] = RANGE.exec(line) ?? [];
    if (from === undefined || to === undefined || from.length !== to.length || from > to)
      return problem('trunks.problem.range', { range: line.slice(0, 40) });
    const range = { from, to };
    const other = ranges.find((one) => overlap(one, range));
    if (other !== undefined)
      return problem('trunks.problem.range-twice', {
        range: rangeText(range),
        other: rangeText(other),
      });
    const emergency = emergencyIn(range, country);
    if (emergency !== undefined)
      return problem('trunks.problem.range-emergency', { number: emergency });
    ranges.push(range);
  }
  if (ranges.reduce((sum, range) => sum + sizeOf(range), 0) > MAX_NUMBERS)
    return problem('trunks.problem.range-numbers', { max: MAX_NUMBERS });
  return ranges;
}

export const overlap = (a: NumberRange, b: NumberRange): boolean =>
  a.from.length === b.from.length && a.from <= b.to && b.from <= a.to;

export const rangeText = ({ from, to }: NumberRange): string =>
  from === to ? from : `${from}-${to}`;

function emergencyIn({ from, to }: NumberRange, country: string): string | undefined {
  if (from.length > LONGEST_EMERGENCY) return undefined;
  for (let number = Number(from); number <= Number(to); number++)
    if (isEmergencyNumber(String(number), country)) return String(number);
  return undefined;
}

/** The fields of the form that only another telephone system has. */
export const pbxFields = () => ({
  kind: choiceField(TRUNK_KINDS).default('carrier'),
  ranges: z.string().max(4_000, 'trunks.problem.ranges-text').default(''),
  permission: choiceField(PERMISSION_CLASSES).default('internal'),
  elsewhere: z.string().default('hangup'),
  acceptsMoved: flagField(),
});

type PbxValues = z.output<z.ZodObject<ReturnType<typeof pbxFields>>>;

/** What those fields mean together; undefined for a carrier's trunk, whatever they hold. */
export function readPbx(
  { kind, ranges: text, permission, elsewhere, acceptsMoved }: PbxValues,
  country: string,
  context: z.RefinementCtx,
): PbxDraft | undefined {
  if (kind === 'carrier') return undefined;
  const ranges = parseRanges(text, country);
  const target = parseTargetText(elsewhere);
  if (target === undefined)
    context.addIssue({ ...problem('form.problem.choose'), path: ['elsewhere'] });
  if ('message' in ranges) context.addIssue({ ...ranges, path: ['ranges'] });
  else if (target !== undefined) return { ranges, permission, elsewhere: target, acceptsMoved };
  return undefined;
}
