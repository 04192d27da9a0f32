import { isKnownZone, wallTime } from '../routing/wall-clock.js';
import type { FlowMoment, Variables } from './effects.js';
import { MAX_TEMPLATE } from './schema/parts.js';
import type { FlowState } from './state.js';
import { fillIn, variablesIn, wellFormed } from './templates.js';

/** Variables of one call at most; more are dropped. */
export const MAX_VARIABLES = 100;
const MAX_VALUE = MAX_TEMPLATE;

/** Variables that every call has and no step sets. */
export const BUILT_IN = [
  'caller_number',
  'caller_name',
  'did',
  'did_label',
  'language',
  'call_id',
  'date',
  'time',
  'weekday',
] as const;
type BuiltIn = (typeof BUILT_IN)[number];

export const isBuiltIn = (name: string): name is BuiltIn => BUILT_IN.some((one) => one === name);

const two = (value: number): string => String(value).padStart(2, '0');

function builtIn(name: BuiltIn, { at, zone, call }: FlowMoment): string {
  switch (name) {
    case 'caller_number':
      return call.callerNumber;
    case 'caller_name':
      return call.callerName;
    case 'did':
      return call.did;
    case 'did_label':
      return call.didLabel;
    case 'language':
      return call.language;
    case 'call_id':
      return call.callId;
    case 'date':
    case 'time':
    case 'weekday': {
      if (!isKnownZone(zone)) return '';
      const { date, minute, weekday } = wallTime(at, zone);
      if (name === 'date') return date;
      if (name === 'weekday') return String(weekday);
      return `${two(Math.floor(minute / 60))}:${two(minute % 60)}`;
    }
  }
}

/** What a call knows, and what of it nobody may see. */
export type Held = Pick<FlowState, 'variables' | 'secret' | 'guarded'>;

/** The value of a variable; '' where it has none. */
export function valueOf(state: Held, moment: FlowMoment, name: string): string {
  if (isBuiltIn(name)) return builtIn(name, moment);
  return Object.hasOwn(state.variables, name) ? (state.variables[name] ?? '') : '';
}

/** A template with the values that the call has now. */
export const fill = (
  state: Held,
  moment: FlowMoment,
  template: string,
  encode?: (value: string) => string,
): string => fillIn(template, (name) => valueOf(state, moment, name), encode);

/** What stands for a value that nobody may see: only its length is told. */
export const covered = (value: string): string => '•'.repeat(Math.min(value.length, 40));

/** As `fill`, with secret values covered. */
export const fillShown = (state: Held, moment: FlowMoment, template: string): string =>
  fillIn(template, (name) => {
    const value = valueOf(state, moment, name);
    return state.secret.includes(name) ? covered(value) : value;
  });

/** True where a template reads something that nobody may see. */
export const readsSecret = ({ secret }: Held, template: string): boolean =>
  secret.length > 0 && variablesIn(template).some((name) => secret.includes(name));

/** The variables with one more value. Built-in names and names beyond the limit change nothing. */
export function withVariable(state: Held, name: string, value: string, isSecret = false): Held {
  const { variables, secret, guarded } = state;
  const isNew = !Object.hasOwn(variables, name);
  if (isBuiltIn(name) || (isNew && Object.keys(variables).length >= MAX_VARIABLES))
    return { variables, secret, guarded };
  const others = secret.includes(name) ? secret.filter((one) => one !== name) : secret;
  return {
    variables: { ...variables, [name]: wellFormed(value.slice(0, MAX_VALUE)) },
    secret: isSecret || guarded.includes(name) ? [...others, name] : others,
    guarded,
  };
}

/** The variables with those of an answer, where `isWanted`. */
export function withVariables(
  state: Held,
  values: Variables,
  isWanted: (name: string) => boolean,
): Held {
  let held: Held = state;
  for (const [name, value] of Object.entries(values))
    if (isWanted(name)) held = withVariable(held, name, value);
  return { variables: held.variables, secret: held.secret, guarded: held.guarded };
}

/** True for names that are for the flow alone: agents do not see what they hold. */
export const isHidden = (name: string): boolean => name.startsWith('_');

/** What an agent may see of a call's variables: neither secret ones nor those that begin with `_`. */
export const shownVariables = ({ variables, secret }: Held): Variables =>
  Object.fromEntries(
    Object.entries(variables).filter(([name]) => !isHidden(name) && !secret.includes(name)),
  );

/** All variables, for whoever looks after the flow: of secret ones only the length. */
export const coveredVariables = ({ variables, secret }: Held): Variables =>
  Object.fromEntries(
    Object.entries(variables).map(([name, value]) => [
      name,
      secret.includes(name) ? covered(value) : value,
    ]),
  );
