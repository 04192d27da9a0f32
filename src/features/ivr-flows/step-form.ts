import { z } from 'zod';
import { KEYS } from '../../engines/ivr/exits.js';
import type { FlowStep } from '../../engines/ivr/flow.js';
import {
  choiceField,
  flagField,
  integerField,
  optionalIdField,
  parseFields,
  problem,
  textField,
  type ParsedFields,
} from '../../kernel/fields.js';
import { LANGUAGES, type Language } from '../../kernel/call-event.js';
import { hoursFields, hoursValues, parseHours } from './hours-form.js';
import type { EditableKind } from './flow.js';

/** What a step's form sends: exits are ids of steps, '' or `+kind`. */
export type StepBody = Readonly<Record<string, string | readonly string[]>>;

const label = textField({ max: 80 });
/** '' while nothing has been chosen: drafts may be incomplete, publishing is refused. */
const reference = optionalIdField().transform((id): number => id ?? 0);
const optionalReference = optionalIdField();
const exit = z
  .string()
  .default('')
  .transform((text, context) => {
    if (/^(\+?[a-z0-9-]{1,40})?$/.test(text)) return text;
    context.addIssue(problem('form.problem.choose'));
    return z.NEVER;
  });
const languages = LANGUAGES as readonly [Language, ...Language[]];

type KeyField = `key-${(typeof KEYS)[number]}`;
const menuKeys = z.object(
  Object.fromEntries(KEYS.map((key) => [`key-${key}`, exit])) as Record<KeyField, typeof exit>,
);

const owner = z
  .string()
  .default('')
  .transform((text) => {
    const [, kind, id] = /^(extension|queue):([1-9]\d{0,9})$/.exec(text) ?? [];
    if (kind === 'extension') return { extension: Number(id) };
    return kind === 'queue' ? { queue: Number(id) } : {};
  });

const SCHEMAS = {
  play: z
    .object({ label, prompt: reference, bargeIn: flagField(), next: exit })
    .transform((form): FlowStep => ({ kind: 'play', ...form })),
  menu: menuKeys
    .extend({
      label,
      prompt: reference,
      wrongPrompt: optionalReference,
      timeoutS: integerField(1, 60),
      retries: integerField(0, 9),
      noInput: exit,
      wrongKey: exit,
    })
    .transform((form): FlowStep => {
      const { wrongPrompt, label, prompt, timeoutS, retries, noInput, wrongKey } = form;
      const choices = Object.fromEntries(
        KEYS.flatMap((key) => {
          const to = form[`key-${key}`];
          return to === '' ? [] : [[key, to]];
        }),
      ) as Record<string, string>;
      const own = { label, prompt, timeoutS, retries, choices, noInput, wrongKey };
      return { kind: 'menu', ...own, ...(wrongPrompt === undefined ? {} : { wrongPrompt }) };
    }),
  language: z
    .object({ label, language: choiceField(languages), next: exit })
    .transform((form): FlowStep => ({ kind: 'language', ...form })),
  hours: z
    .object({ label, calendar: optionalReference, open: exit, closed: exit, ...hoursFields })
    .transform(({ calendar, ...form }): FlowStep => ({
      kind: 'hours',
      ...form,
      ...(calendar === undefined ? {} : { calendar }),
    })),
  queue: z
    .object({ label, queue: reference, priority: integerField(0, 100) })
    .transform((form): FlowStep => ({ kind: 'queue', ...form })),
  extension: z
    .object({ label, extension: reference, noAnswer: exit })
    .transform(({ noAnswer, ...form }): FlowStep => ({
      kind: 'extension',
      ...form,
      ...(noAnswer === '' ? {} : { noAnswer }),
    })),
  voicemail: z
    .object({ label, owner, greeting: optionalReference })
    .transform(({ label: name, owner: whose, greeting }): FlowStep => ({
      kind: 'voicemail',
      label: name,
      ...whose,
      ...(greeting === undefined ? {} : { greeting }),
    })),
  hangup: z
    .object({ label, prompt: optionalReference })
    .transform(({ label: name, prompt }): FlowStep => ({
      kind: 'hangup',
      label: name,
      ...(prompt === undefined ? {} : { prompt }),
    })),
} satisfies Record<EditableKind, z.ZodType<FlowStep>>;

/** Reads a step's form. What is not chosen yet is no problem here: it keeps the flow from being published. */
export function parseStep(kind: EditableKind, body: StepBody): ParsedFields<FlowStep> {
  if (kind !== 'hours') return parseFields<z.ZodType<FlowStep>>(SCHEMAS[kind], body);
  const hours = parseHours(body);
  const parsed = parseFields<z.ZodType<FlowStep>>(SCHEMAS.hours, {
    ...body,
    periods: hours.periods,
    closedDates: hours.closedDates,
  });
  if (hours.problems.length === 0) return parsed;
  return { ok: false, problems: [...(parsed.ok ? [] : parsed.problems), ...hours.problems] };
}

/** What a step's form shows. */
export function stepValues(step: FlowStep): Readonly<Record<string, unknown>> {
  switch (step.kind) {
    case 'menu':
      return {
        ...step,
        wrongPrompt: step.wrongPrompt ?? '',
        ...Object.fromEntries(KEYS.map((key) => [`key-${key}`, step.choices[key] ?? ''])),
      };
    case 'hours':
      return { ...step, calendar: step.calendar ?? '', ...hoursValues(step) };
    case 'voicemail':
      return { ...step, owner: ownerValue(step), greeting: step.greeting ?? '' };
    case 'extension':
      return { ...step, noAnswer: step.noAnswer ?? '' };
    default:
      return { ...step };
  }
}

function ownerValue(step: Extract<FlowStep, { kind: 'voicemail' }>): string {
  if (step.extension !== undefined) return `extension:${String(step.extension)}`;
  return step.queue === undefined ? '' : `queue:${String(step.queue)}`;
}
