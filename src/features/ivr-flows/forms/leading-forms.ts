import { z } from 'zod';
import type { StepOf } from '../../../engines/ivr/flow.js';
import { OUTSIDE_CLASSES } from '../../../engines/ivr/schema/leading-steps.js';
import {
  choiceField,
  flagField,
  idsField,
  integerField,
  optionalIdField,
  parseFields,
  patternField,
} from '../../../kernel/fields.js';
import {
  exit,
  optionalReference,
  own,
  owner,
  ownerValue,
  plainForm,
  reference,
  template,
  withKind,
  type StepForm,
} from './fields.js';
import { tableValues, type Table } from './rows.js';
import { tableForm } from './table-form.js';

/** What a queue step asks of agents, and what it says about the call. */
export const SKILLS: Table = {
  name: 'skills',
  columns: ['skill', 'level', 'required'],
  telling: ['skill'],
};
export const TAGS: Table = { name: 'tags', columns: ['name', 'value'], telling: ['name', 'value'] };

const ringS = integerField(5, 300);

const queueSchema = z
  .object({
    ...own,
    ...{ queue: reference, priority: integerField(0, 100) },
    skills: z
      .array(
        z.object({
          skill: optionalIdField<number>().transform((id) => id ?? 0),
          level: integerField(1, 100),
          required: flagField(),
        }),
      )
      .max(20, 'flow.problem.too-many-rows'),
    tags: z.array(
      z.object({
        name: patternField(/^[a-z][a-z0-9_]{0,31}$/, 'flow.problem.variable'),
        value: template(),
      }),
    ),
  })
  .transform(({ skills, tags, ...form }) => ({
    ...form,
    ...(skills.length === 0 ? {} : { skills }),
    ...(tags.length === 0
      ? {}
      : { tags: Object.fromEntries(tags.map(({ name, value }) => [name, value])) }),
  }));

const queue = tableForm('queue', [SKILLS, TAGS], queueSchema, (step: StepOf<'queue'>) =>
  tableValues(
    TAGS,
    Object.entries(step.tags ?? {}).map(([name, value]) => ({ name, value })),
  ),
);

const extensionSchema = z
  .object({ ...own, extension: reference, noAnswer: exit })
  .transform(({ noAnswer, ...form }) => ({ ...form, ...(noAnswer === '' ? {} : { noAnswer }) }));

/** Of steps that ask the caller for somebody. */
const peopleSchema = z
  .object({
    ...own,
    ...{ prompt: optionalReference, tries: integerField(1, 9), nobody: exit, noAnswer: exit },
  })
  .transform(({ noAnswer, ...form }) => ({ ...form, ...(noAnswer === '' ? {} : { noAnswer }) }));

const voicemailSchema = z
  .object({ ...own, owner, greeting: optionalReference })
  .transform(({ owner: whose, ...form }) => ({ ...form, ...whose }));

/** A configured group, or extensions; a step without anybody yet rings extension 0: nobody. */
const ringSchema = z
  .object({
    ...own,
    group: optionalReference,
    extensions: idsField<number>().refine(
      (ids) => ids.length <= 20,
      'flow.problem.too-many-phones',
    ),
    ringS,
    noAnswer: exit,
  })
  .transform(({ group, extensions, ...form }) =>
    group === undefined
      ? { ...form, extensions: extensions.length === 0 ? [0] : [...extensions] }
      : { ...form, group, extensions: [] },
  );

/** Fields of a ring group and of an outside number call their time-out what it is to a caller. */
const withTimeout = <T extends { readonly ringS: number }>({ ringS: timeoutS, ...form }: T) => ({
  ...form,
  timeoutS,
});
const outsideSchema = z
  .object({
    ...own,
    ...{ number: template(), permission: choiceField(OUTSIDE_CLASSES) },
    ...{ callerId: optionalReference, ringS, noAnswer: exit },
  })
  .transform(withTimeout);

/** Forms of steps that lead to somebody, or end the call. */
export const LEADING_FORMS = {
  queue,
  extension: plainForm('extension', extensionSchema),
  ring: {
    parse: (body) => withKind('ring', parseFields(ringSchema.transform(withTimeout), body)),
    values: (step) => ({
      ...{ ...step, ringS: step.timeoutS },
      extensions: step.extensions.filter((id) => id !== 0).map(String),
    }),
  } satisfies StepForm<'ring'>,
  outside: {
    parse: (body) => withKind('outside', parseFields(outsideSchema, body)),
    values: (step) => ({ ...step, ringS: step.timeoutS }),
  } satisfies StepForm<'outside'>,
  conference: plainForm('conference', z.object({ ...own, room: reference })),
  'dial-extension': plainForm('dial-extension', peopleSchema),
  'dial-name': plainForm('dial-name', peopleSchema),
  appointment: plainForm(
    'appointment',
    z
      .object({
        ...own,
        ...{ campaign: reference, calendar: reference, number: template() },
        everyMinutes: integerField(5, 480),
        leadMinutes: integerField(0, 20_160),
        ...{ when: template(), prompt: optionalReference, accepted: exit, declined: exit },
      })
      .transform(({ when, ...form }) => ({ ...form, ...(when === '' ? {} : { when }) })),
  ),
  callback: plainForm(
    'callback',
    z.object({
      ...own,
      ...{ queue: reference, number: template(), prompt: optionalReference },
      ...{ accepted: exit, declined: exit },
    }),
  ),
  voicemail: {
    parse: (body) => withKind('voicemail', parseFields(voicemailSchema, body)),
    values: (step) => ({ ...step, owner: ownerValue(step) }),
  } satisfies StepForm<'voicemail'>,
  hangup: plainForm('hangup', z.object({ ...own, prompt: optionalReference })),
};
