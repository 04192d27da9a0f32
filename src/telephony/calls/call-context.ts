import type { Variables } from '../../engines/ivr/effects.js';

/** One thing that is known of a call: what its caller entered, or what a flow looked up. */
export interface KnownValue {
  /** The flow's variable. */
  readonly name: string;
  /** What the step that asked for it is called; '' where nobody asked the caller. */
  readonly label: string;
  /** Covered where it is secret. */
  readonly value: string;
}

/** What travels with a call to whoever takes it. Nothing secret is in it. */
export type CallContext = readonly KnownValue[];

/** More than an agent can read while the phone rings. */
const MAX_KNOWN = 30;
const MAX_VALUE = 200;
/** Why something could not be looked up is for those who look after flows. */
const NOT_SHOWN: ReadonlySet<string> = new Set(['http_error', 'sql_error']);

/** The context with what the caller entered. */
export function withInput(context: CallContext, { name, label, value }: KnownValue): CallContext {
  const entered = { name, label, value: value.slice(0, MAX_VALUE) };
  const others = context.filter((known) => known.name !== name);
  return others.length < MAX_KNOWN ? [...others, entered] : others;
}

/** The context with the variables of a flow; what the caller entered keeps the name by which it was asked for. */
export function withVariables(context: CallContext, variables: Variables): CallContext {
  let next = context;
  for (const [name, text] of Object.entries(variables)) {
    const value = text.slice(0, MAX_VALUE);
    const known = next.find((one) => one.name === name);
    if (NOT_SHOWN.has(name) || value === (known?.value ?? '')) continue;
    next =
      known === undefined
        ? withInput(next, { name, label: '', value })
        : next.map((one) => (one === known ? { ...one, value } : one));
  }
  return next;
}
