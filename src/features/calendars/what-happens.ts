import { findStep } from '../../engines/ivr/exits.js';
import type { FlowDefinition, FlowStep } from '../../engines/ivr/flow.js';
import type { FlowEffect, FlowMoment } from '../../engines/ivr/effects.js';
import { advance, startFlow, type FlowResult } from '../../engines/ivr/interpreter.js';
import { soleFlow } from '../../engines/ivr/state.js';
import type { CalendarId, FlowId } from '../../kernel/ids.js';

/** A step on a caller's way. */
export interface WayStep {
  readonly id: string;
  readonly kind: FlowStep['kind'];
  readonly label: string;
  /** Of opening hours: which way they let the caller go. */
  readonly isOpen?: boolean;
}

/** What a caller lives through who presses no key, up to where a key is asked for or the flow ends. */
export interface Way {
  readonly steps: readonly WayStep[];
  /** How it ends. */
  readonly end: WayEnd;
}
export type WayEnd =
  | 'asked'
  | 'queue'
  | 'extension'
  | 'outside'
  | 'conference'
  | 'voicemail'
  | 'hangup'
  | 'stuck'
  /** It depends on what another system, another flow or the caller says. */
  | 'further';

const ENDS: Readonly<Partial<Record<FlowEffect['kind'], WayEnd>>> = {
  ask: 'asked',
  collect: 'asked',
  'offer-callback': 'asked',
  fetch: 'further',
  'look-up': 'further',
  'find-customer': 'further',
  'ask-survey': 'further',
  'record-message': 'further',
  'go-queue': 'queue',
  'go-extension': 'extension',
  'go-ring': 'extension',
  'go-outside': 'outside',
  'go-conference': 'conference',
  'go-voicemail': 'voicemail',
  hangup: 'hangup',
};

/** The way of a caller who enters the flow at a step. Runs the flow as a call would: the same interpreter decides. */
export function wayFrom(definition: FlowDefinition, start: string, moment: FlowMoment): Way {
  const entered: string[] = [];
  const program = soleFlow({ id: 0 as FlowId, version: 0, definition: { ...definition, start } });
  let result: FlowResult = startFlow(program, moment);
  for (;;) {
    for (const trace of result.trace) if (trace.kind === 'step-entered') entered.push(trace.step);
    const { kind } = result.effect;
    const next = PASSED[kind];
    if (next === undefined)
      return { steps: stepsOf(definition, entered), end: endOf(result.effect) };
    result = advance(program, result.state, { kind: next, ...moment });
  }
}

/** What needs no answer of anybody. */
const PASSED: Readonly<Partial<Record<FlowEffect['kind'], 'played' | 'language-set' | 'sent'>>> = {
  play: 'played',
  say: 'played',
  'set-language': 'language-set',
  'send-webhook': 'sent',
};

const endOf = (effect: FlowEffect): WayEnd =>
  effect.kind === 'stuck' && effect.reason === 'unknown-flow'
    ? 'further'
    : (ENDS[effect.kind] ?? 'stuck');

function stepsOf(definition: FlowDefinition, ids: readonly string[]): readonly WayStep[] {
  return ids.flatMap((id, index): WayStep[] => {
    const step = findStep(definition, id);
    if (step === undefined) return [];
    const { kind, label } = step;
    return kind === 'hours'
      ? [{ id, kind, label, isOpen: ids[index + 1] === step.open }]
      : [{ id, kind, label }];
  });
}

/** Ways through one flow: from its beginning, and from each step that asks the calendar and is not on that way. */
export function waysThrough(
  definition: FlowDefinition,
  calendar: CalendarId,
  moment: FlowMoment,
): { readonly first: Way; readonly later: readonly Way[] } {
  const first = wayFrom(definition, definition.start, moment);
  const seen = new Set(first.steps.map((step) => step.id));
  const later = Object.entries(definition.steps)
    .filter(([id, step]) => step.kind === 'hours' && step.calendar === calendar && !seen.has(id))
    .map(([id]) => wayFrom(definition, id, moment));
  return { first, later };
}
