import type { CalendarId } from '../../../kernel/ids.js';
import { stateAt } from '../../routing/calendar.js';
import { isKnownZone } from '../../routing/wall-clock.js';
import { holds, negative, plus } from '../comparing.js';
import type { FlowMoment, StuckReason } from '../effects.js';
import type { FlowStep, StepOf } from '../flow.js';
import { isOpenAt } from '../opening-hours.js';
import { fill, readsSecret, valueOf, withVariable, type Held } from '../variables.js';
import type { Passed, StepContext } from './waiting.js';

/** Which way a step is passed that asks nothing of the call; nothing where it does. */
export function passStep(step: FlowStep, at: StepContext): Passed | undefined {
  switch (step.kind) {
    case 'hours':
      return passHours(step, at.moment);
    case 'set':
      return { exit: 'next', changes: assign(step, at) };
    case 'condition':
      return { exit: branchOf(step, at) };
    default:
      return undefined;
  }
}

/** By the calendar that the step names, or by its own periods. */
function passHours(step: StepOf<'hours'>, moment: FlowMoment): Passed {
  const isOpen = isOpenNow(step, moment);
  return typeof isOpen === 'string' ? { stuck: isOpen } : { exit: isOpen ? 'open' : 'closed' };
}

function isOpenNow(
  step: StepOf<'hours'>,
  { at, zone, calendars }: FlowMoment,
): boolean | StuckReason {
  if (step.calendar === undefined)
    return isKnownZone(zone) ? isOpenAt(step, at, zone) : 'unknown-zone';
  const calendar = calendars.get(step.calendar as CalendarId);
  if (calendar === undefined) return 'unknown-calendar';
  return isKnownZone(calendar.zone) ? stateAt(calendar, at).isOpen : 'unknown-zone';
}

/** One after the other: a later line sees what an earlier one set. What is made of a secret is one. */
function assign(step: StepOf<'set'>, { state, moment }: StepContext): Held {
  let held: Held = state;
  for (const { variable, value, operation } of step.assign) {
    const given = fill(held, moment, value);
    const before = valueOf(held, moment, variable);
    const isSecret =
      readsSecret(held, value) || (operation !== 'set' && held.secret.includes(variable));
    held = withVariable(held, variable, result(before, given, operation), isSecret);
  }
  return { variables: held.variables, secret: held.secret, guarded: held.guarded };
}

function result(before: string, given: string, operation: 'set' | 'add' | 'subtract'): string {
  if (operation === 'set') return given;
  return plus(before, operation === 'add' ? given : negative(given.trim()));
}

function branchOf(
  step: StepOf<'condition'>,
  { state, moment }: StepContext,
): 'otherwise' | `branch-${string}` {
  const index = step.branches.findIndex((branch) =>
    branch.all.every(({ left, operator, right }) =>
      holds(fill(state, moment, left), operator, fill(state, moment, right)),
    ),
  );
  return index === -1 ? 'otherwise' : `branch-${String(index + 1)}`;
}
