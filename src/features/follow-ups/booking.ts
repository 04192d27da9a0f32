import { z } from 'zod';
import { clockOf } from '../../engines/outbound/time-zone.js';
import { instantOf, wallText } from '../../engines/routing/wall-clock.js';
import type { FieldProblem } from '../../kernel/errors.js';
import {
  choiceField,
  flagField,
  integerField,
  optionalIdField,
  textField,
} from '../../kernel/fields.js';
import type { AgentId, CampaignId, ContactId, QueueId } from '../../kernel/ids.js';
import { FOLLOW_UP_KINDS, NOTE_MAX, type BookableContact } from './follow-up.js';

/** Nobody plans further ahead; a year that was mistyped is further. */
const LONGEST_AHEAD_MS = 2 * 366 * 86_400_000;
/** The form was opened some time ago: what was "now" then is no mistake. */
const LATE_MS = 5 * 60_000;

const dayField = () =>
  z
    .string('form.problem.needed')
    .trim()
    .regex(/^\d{4}-\d{2}-\d{2}$/, 'follow-ups.problem.day');
const timeField = () =>
  z
    .string('form.problem.needed')
    .trim()
    .regex(/^\d{2}:\d{2}$/, 'follow-ups.problem.time');

/** A day and a time of the wall clock, in the zone of whom it is about. */
export const momentSchema = z.object({ day: dayField(), time: timeField(), anyway: flagField() });

/** The form of something promised. */
export const bookingSchema = momentSchema.extend({
  contact: integerField(1, 4_294_967_295).transform((id) => id as ContactId),
  /** Position of the number: the number itself may be hidden from its reader. */
  number: integerField(0, 1_000),
  kind: choiceField(FOLLOW_UP_KINDS),
  /** `me`, `team`, or an agent's id. */
  whom: z.union(
    [z.literal('me'), z.literal('team'), z.string().regex(/^[1-9]\d{0,9}$/)],
    'form.problem.choose',
  ),
  queue: optionalIdField<QueueId>(),
  campaign: optionalIdField<CampaignId>(),
  note: textField({ min: 0, max: NOTE_MAX }).default(''),
});
export type Booking = z.output<typeof bookingSchema>;

export const assigneeSchema = z.object({
  whom: bookingSchema.shape.whom,
  queue: optionalIdField<QueueId>(),
});

/** Why nothing comes of it. */
export const cancelSchema = z.object({ reason: textField({ min: 0, max: NOTE_MAX }).default('') });

export const outcomeSchema = z.object({
  outcome: textField({ min: 0, max: NOTE_MAX }).default(''),
});

/** The clock that a promise to somebody is kept by: their own, else the site's. Several where the number leaves it open. */
export const zonesOf = (
  contact: Pick<BookableContact, 'timeZone'>,
  number: string,
  siteZone: string,
): readonly [string, ...string[]] => {
  const { zones } = clockOf({ timeZone: contact.timeZone, number }, siteZone);
  const [first = siteZone, ...others] = zones;
  return [first, ...others];
};

/** The instant of a day and time in a zone, or what is wrong with it. */
export function momentOf(
  { day, time }: { readonly day: string; readonly time: string },
  zone: string,
  now: number,
): { readonly at: number } | { readonly problem: FieldProblem } {
  const at = instantOf(`${day}T${time}`, zone);
  if (at === undefined) return { problem: { field: 'day', message: 'follow-ups.problem.day' } };
  if (at < now - LATE_MS)
    return {
      problem: {
        ...{ field: 'time', message: 'follow-ups.problem.past' },
        params: { now: wallText(now, zone).replace('T', ' ') },
      },
    };
  if (at > now + LONGEST_AHEAD_MS)
    return { problem: { field: 'day', message: 'follow-ups.problem.far' } };
  return { at };
}

/** An agent's id that a form sent as a choice. */
export const agentOf = (whom: string): AgentId | undefined =>
  /^[1-9]\d{0,9}$/.test(whom) ? (Number(whom) as AgentId) : undefined;
