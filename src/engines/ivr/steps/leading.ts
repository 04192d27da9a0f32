import type { DidId, ExtensionId, PromptId, QueueId, SkillId } from '../../../kernel/ids.js';
import type { StepOf } from '../flow.js';
import { fill, fillShown } from '../variables.js';
import { ownerOf } from './spoken.js';
import type { Answer, Waiting } from './waiting.js';

const never = (): Answer => undefined;

/** Steps that lead to somebody, or end the call. */
export const queue: Waiting<StepOf<'queue'>> = {
  effect: (step, { state, moment }) => ({
    kind: 'go-queue',
    queue: step.queue as QueueId,
    priority: step.priority,
    skills: (step.skills ?? []).map((one) => ({ ...one, skill: one.skill as SkillId })),
    tags: Object.fromEntries(
      Object.entries(step.tags ?? {}).map(([name, value]) => [
        name,
        fillShown(state, moment, value),
      ]),
    ),
  }),
  answer: never,
};

export const extension: Waiting<StepOf<'extension'>> = {
  effect: (step) => ({
    kind: 'go-extension',
    extension: step.extension as ExtensionId,
    ...(step.noAnswer === undefined ? {} : { noAnswerStep: step.noAnswer }),
  }),
  answer(step, _, input) {
    if (input.kind !== 'nobody-answered') return undefined;
    return step.noAnswer === undefined
      ? { stuck: 'nowhere-after-no-answer' }
      : { exit: 'no-answer' };
  },
};

export const ring: Waiting<StepOf<'ring'>> = {
  effect: (step) => ({
    kind: 'go-ring',
    extensions: step.extensions.map((id) => id as ExtensionId),
    timeoutMs: step.timeoutS * 1_000,
  }),
  answer: (_, __, input) => (input.kind === 'nobody-answered' ? { exit: 'no-answer' } : undefined),
};

export const outside: Waiting<StepOf<'outside'>> = {
  effect: (step, { state, moment }) => ({
    kind: 'go-outside',
    number: fill(state, moment, step.number),
    permission: step.permission,
    ...(step.callerId === undefined ? {} : { callerId: step.callerId as DidId }),
    timeoutMs: step.timeoutS * 1_000,
  }),
  answer: (_, __, input) => (input.kind === 'nobody-answered' ? { exit: 'no-answer' } : undefined),
};

export const conference: Waiting<StepOf<'conference'>> = {
  effect: (step) => ({ kind: 'go-conference', room: step.room }),
  answer: never,
};

export const callback: Waiting<StepOf<'callback'>> = {
  effect: (step, { state, moment }) => ({
    kind: 'offer-callback',
    queue: step.queue as QueueId,
    number: fill(state, moment, step.number),
    ...(step.prompt === undefined ? {} : { prompt: step.prompt as PromptId }),
  }),
  answer(_, __, input) {
    if (input.kind === 'accepted') return { exit: 'accepted', changes: { sinceKey: 0 } };
    return input.kind === 'declined' ? { exit: 'declined' } : undefined;
  },
};

export const voicemail: Waiting<StepOf<'voicemail'>> = {
  effect(step, { state }) {
    const owner = ownerOf(step);
    if (owner === undefined)
      return { kind: 'stuck', reason: 'voicemail-without-owner', step: state.step };
    const greeting = step.greeting === undefined ? {} : { greeting: step.greeting as PromptId };
    return { kind: 'go-voicemail', ...owner, ...greeting };
  },
  answer: never,
};

export const hangup: Waiting<StepOf<'hangup'>> = {
  effect: (step) =>
    step.prompt === undefined
      ? { kind: 'hangup' }
      : { kind: 'hangup', prompt: step.prompt as PromptId },
  answer: never,
};

/** Where no flow waits for this one: the caller is done. */
export const returning: Waiting<StepOf<'return'>> = {
  effect: () => ({ kind: 'hangup' }),
  answer: never,
};
