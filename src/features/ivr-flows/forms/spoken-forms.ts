import { z } from 'zod';
import { KEYS } from '../../../engines/ivr/exits.js';
import { SPOKEN_FORMS } from '../../../engines/ivr/schema/spoken-steps.js';
import { LANGUAGES, type Language } from '../../../kernel/call-event.js';
import {
  choiceField,
  flagField,
  integerField,
  parseFields,
  problem,
} from '../../../kernel/fields.js';
import {
  endKey,
  exit,
  optionalReference,
  own,
  owner,
  ownerValue,
  plainForm,
  reference,
  template,
  variable,
  withKind,
  type StepForm,
} from './fields.js';

const languages = LANGUAGES as readonly [Language, ...Language[]];

type KeyField = `key-${(typeof KEYS)[number]}`;
const menuSchema = z
  .object({
    ...own,
    ...{ prompt: reference, wrongPrompt: optionalReference },
    ...{ timeoutS: integerField(1, 60), retries: integerField(0, 9) },
    ...{ noInput: exit, wrongKey: exit },
  })
  .extend(
    Object.fromEntries(KEYS.map((key) => [`key-${key}`, exit])) as Record<KeyField, typeof exit>,
  )
  .transform((form) => {
    const { label, note, prompt, wrongPrompt, timeoutS, retries, noInput, wrongKey } = form;
    const choices = Object.fromEntries(
      KEYS.flatMap((key) => {
        const to = form[`key-${key}`];
        return to === '' ? [] : [[key, to]];
      }),
    ) as Record<string, string>;
    return { label, note, prompt, wrongPrompt, timeoutS, retries, choices, noInput, wrongKey };
  });

const menu: StepForm<'menu'> = {
  parse: (body) => withKind('menu', parseFields(menuSchema, body)),
  values: (step) => ({
    ...step,
    ...Object.fromEntries(KEYS.map((key) => [`key-${key}`, step.choices[key] ?? ''])),
  }),
};

const currency = z
  .string()
  .trim()
  .transform((text) => (text === '' ? undefined : text.toUpperCase()))
  .optional()
  .refine((text) => text === undefined || /^[A-Z]{3}$/.test(text), 'flow.problem.currency');

const collectSchema = z
  .object({
    ...own,
    ...{ prompt: reference, wrongPrompt: optionalReference, variable },
    ...{ minDigits: integerField(1, 40), maxDigits: integerField(1, 40), endKey },
    ...{ firstDigitS: integerField(1, 60), nextDigitS: integerField(1, 30) },
    retries: integerField(0, 9),
    confirm: choiceField(['none', 'digits', 'number']),
    sensitive: flagField(),
    ...{ next: exit, noInput: exit, wrongInput: exit },
  })
  .superRefine((form, context) => {
    if (form.maxDigits < form.minDigits)
      context.addIssue({
        ...problem('flow.problem.fewer-than', { min: form.minDigits }),
        path: ['maxDigits'],
      });
  });

const pinSchema = z.object({
  ...own,
  ...{ prompt: reference, wrongPrompt: optionalReference },
  ...{ expected: template(), subject: template() },
  ...{ digits: integerField(3, 12), tries: integerField(1, 9) },
  ...{ lockAfter: integerField(3, 20), lockMinutes: integerField(1, 1_440) },
  ...{ ok: exit, failed: exit, locked: exit },
});

const recordSchema = z
  .object({
    ...own,
    ...{ prompt: reference, maxS: integerField(5, 600), endKey, owner, variable },
    ...{ next: exit, nothing: exit },
  })
  .transform(({ owner: whose, ...form }) => ({ ...form, ...whose }));

const surveySchema = z
  .object({ ...own, survey: reference, next: exit, declined: exit })
  .transform(({ declined, ...form }) => ({ ...form, ...(declined === '' ? {} : { declined }) }));

/** Forms of steps that speak, and of steps that take keys. */
export const SPOKEN_FORMS_OF = {
  play: plainForm(
    'play',
    z.object({ ...own, prompt: reference, bargeIn: flagField(), next: exit }),
  ),
  say: plainForm(
    'say',
    z.object({
      ...own,
      ...{ prompt: optionalReference, value: template(), as: choiceField(SPOKEN_FORMS), currency },
      ...{ bargeIn: flagField(), next: exit },
    }),
  ),
  menu,
  collect: plainForm('collect', collectSchema),
  pin: plainForm('pin', pinSchema),
  language: plainForm(
    'language',
    z.object({ ...own, language: choiceField(languages), next: exit }),
  ),
  record: {
    parse: (body) => withKind('record', parseFields(recordSchema, body)),
    values: (step) => ({ ...step, owner: ownerValue(step) }),
  } satisfies StepForm<'record'>,
  survey: plainForm('survey', surveySchema),
};
