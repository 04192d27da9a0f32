import type { ExtensionId, PromptId, QueueId } from '../../../kernel/ids.js';
import type { FlowEffect } from '../effects.js';
import type { StepOf } from '../flow.js';
import { fill, withVariable } from '../variables.js';
import { promptsOf, type StepContext, type Waiting } from './waiting.js';

/** Steps that speak. A key that ends a prompt is the interpreter's: it may be meant for a step further on. */
export const play: Waiting<StepOf<'play'>> = {
  effect: (step) => ({ kind: 'play', prompts: promptsOf(step.prompt), bargeIn: step.bargeIn }),
  answer: (_, __, input) => (input.kind === 'played' ? { exit: 'next' } : undefined),
};

export const say: Waiting<StepOf<'say'>> = {
  effect: (step, { state, moment }) => ({
    kind: 'say',
    ...(step.prompt === undefined ? {} : { prompt: step.prompt as PromptId }),
    value: fill(state, moment, step.value),
    as: step.as,
    ...(step.currency === undefined ? {} : { currency: step.currency }),
    bargeIn: step.bargeIn,
  }),
  answer: (_, __, input) => (input.kind === 'played' ? { exit: 'next' } : undefined),
};

export const language: Waiting<StepOf<'language'>> = {
  effect: (step) => ({ kind: 'set-language', language: step.language }),
  answer: (_, __, input) => (input.kind === 'language-set' ? { exit: 'next' } : undefined),
};

export const survey: Waiting<StepOf<'survey'>> = {
  effect: (step) => ({ kind: 'ask-survey', survey: step.survey }),
  answer(step, _, input) {
    if (input.kind === 'survey-done') return { exit: 'next', changes: { sinceKey: 0 } };
    if (input.kind !== 'survey-declined') return undefined;
    return { exit: step.declined === undefined ? 'next' : 'declined' };
  },
};

export const record: Waiting<StepOf<'record'>> = {
  effect: recordEffect,
  answer(step, { state }, input) {
    if (input.kind === 'recorded')
      return { exit: 'next', changes: withVariable(state, step.variable, input.id) };
    return input.kind === 'nothing-recorded' ? { exit: 'nothing' } : undefined;
  },
};

function recordEffect(step: StepOf<'record'>, { state }: StepContext): FlowEffect {
  const owner = ownerOf(step);
  if (owner === undefined)
    return { kind: 'stuck', reason: 'voicemail-without-owner', step: state.step };
  return {
    kind: 'record-message',
    prompt: step.prompt as PromptId,
    maxMs: step.maxS * 1_000,
    endKey: step.endKey,
    ...owner,
  };
}

/** Who keeps a message; `undefined` where nobody does. */
export function ownerOf(
  step: StepOf<'record'> | StepOf<'voicemail'>,
): { readonly extension: ExtensionId } | { readonly queue: QueueId } | undefined {
  if (step.extension !== undefined) return { extension: step.extension as ExtensionId };
  return step.queue === undefined ? undefined : { queue: step.queue as QueueId };
}
