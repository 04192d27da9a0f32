import { z } from 'zod';
import { PLAIN_HANDLING, type CallHandling } from '../../engines/reach/reach.js';
import { flagField, parseSeconds, problem, textField } from '../../kernel/fields.js';

/** What is stored for an extension; version 0 where nothing is. */
export interface StoredHandling extends CallHandling {
  readonly version: number;
}

export const NO_HANDLING: StoredHandling = { ...PLAIN_HANDLING, version: 0 };

/** Longer than any number with its brackets and spaces. */
const MAX_TYPED = 40;
const numberField = () =>
  z.string().max(MAX_TYPED, 'extensions.problem.forward-bad-number').trim().default('');

/** Entries of one follow-me at most. */
export const MAX_ENTRIES = 6;
/** How long a phone of a follow-me rings. */
export const ENTRY_RING_S = { min: 5, max: 120, default: 20 } as const;

/** Names of the fields of a row. */
export const entryField = (row: number, field: 'number' | 'ringS' | 'together'): string =>
  `followMe.${String(row)}.${field}`;

const rows = Array.from({ length: MAX_ENTRIES }, (_, row) => row);

/** One entry as it was typed; rows without a number are left out. */
export interface TypedEntry {
  readonly row: number;
  readonly number: string;
  readonly ringS: number;
  readonly isTogether: boolean;
}

/** The form, with numbers as they were typed. */
export const handlingForm = z
  .looseObject({
    doNotDisturb: flagField(),
    callWaiting: flagField(),
    /** Absent where the form does not ask for it: whoever sits at the phone may not change it. */
    pickupGroup: textField({ min: 0, max: 40 }).optional(),
    forwardAlways: numberField(),
    forwardBusy: numberField(),
    forwardNoAnswer: numberField(),
    forwardUnregistered: numberField(),
    followMeOn: flagField(),
    followMeConfirms: flagField(),
  })
  .transform((form, context) => {
    const entries = rows.flatMap((row): TypedEntry[] => {
      const text = (field: 'number' | 'ringS' | 'together'): string => {
        const value = form[entryField(row, field)];
        return typeof value === 'string' ? value.trim() : '';
      };
      const number = text('number');
      if (number === '') return [];
      const ringS = parseSeconds(text('ringS'));
      const { min, max } = ENTRY_RING_S;
      if (ringS === undefined || ringS < min || ringS > max) {
        const path = [entryField(row, 'ringS')];
        context.addIssue({ ...problem('form.problem.between-seconds', { min, max }), path });
        return [];
      }
      return [
        { row, number: number.slice(0, MAX_TYPED), ringS, isTogether: text('together') !== '' },
      ];
    });
    return { ...form, entries };
  });
export type HandlingForm = z.output<typeof handlingForm>;

/** The form's field of each forward. */
export const FORWARD_FIELDS = {
  always: 'forwardAlways',
  busy: 'forwardBusy',
  'no-answer': 'forwardNoAnswer',
  unregistered: 'forwardUnregistered',
} as const satisfies Record<keyof CallHandling['forwards'], keyof HandlingForm>;

/** What is set, flat, as the form and the audit log name it. */
export const describeHandling = ({
  doNotDisturb,
  callWaiting,
  pickupGroup,
  forwards,
  followMe,
}: CallHandling) => ({
  ...{ doNotDisturb, callWaiting, pickupGroup },
  forwardAlways: forwards.always,
  forwardBusy: forwards.busy,
  forwardNoAnswer: forwards['no-answer'],
  forwardUnregistered: forwards.unregistered,
  followMeOn: followMe.isOn,
  followMeConfirms: followMe.confirms,
  followMe: followMe.entries
    .map(
      ({ number, ringMs, isTogether }) =>
        `${isTogether ? '+ ' : ''}${number} ${String(ringMs / 1000)} s`,
    )
    .join(', '),
});
