import type { PromptId } from '../../../kernel/ids.js';
import type { FlowEffect, FlowTrace } from '../effects.js';
import type { StepOf } from '../flow.js';
import { bindNames } from '../sql-text.js';
import { inHeader, inJson, inUrl } from '../templates.js';
import { fill, valueOf, withVariable, withVariables } from '../variables.js';
import { visitKey, type StepContext, type Waiting } from './waiting.js';

type Asking = StepOf<'http'> | StepOf<'sql'> | StepOf<'customer'>;

const lookedUp = (step: Asking, { state, moment }: StepContext, reason: string): FlowTrace => ({
  kind: 'looked-up',
  flowId: state.flow,
  step: state.step,
  label: step.label,
  source: step.kind,
  ok: reason === '',
  reason,
  ms: Math.max(0, moment.at - state.since),
});

const asItIs = (value: string): string => value;
const BODY_ENCODINGS = {
  'application/json': inJson,
  'application/x-www-form-urlencoded': inUrl,
  'text/plain': asItIs,
} as const;

export const http: Waiting<StepOf<'http'>> = {
  effect: fetchEffect,
  answer(step, at, input) {
    if (input.kind === 'fetched') {
      const wanted = new Set(step.answers.map((answer) => answer.variable));
      const held = withVariables(at.state, input.variables, (name) => wanted.has(name));
      const changes = withVariable({ ...at.state, ...held }, 'http_error', '');
      return { exit: 'next', changes, trace: [lookedUp(step, at, '')] };
    }
    if (input.kind !== 'fetch-failed') return undefined;
    const changes = withVariable(at.state, 'http_error', input.reason);
    return { exit: 'error', changes, trace: [lookedUp(step, at, input.reason)] };
  },
};

function fetchEffect(step: StepOf<'http'>, at: StepContext): FlowEffect {
  const { state, moment } = at;
  const { method, contentType, timeoutMs, answers } = step;
  return {
    kind: 'fetch',
    ...{ method, contentType, timeoutMs, answers },
    url: fill(state, moment, step.url, inUrl),
    headers: step.headers.map(({ name, value }) => ({
      name,
      value: inHeader(fill(state, moment, value)),
    })),
    ...(step.body === undefined || method === 'GET'
      ? {}
      : { body: fill(state, moment, step.body, BODY_ENCODINGS[contentType]) }),
    ...(step.idempotent ? { idempotencyKey: visitKey(at) } : {}),
    ...(step.holdPrompt === undefined ? {} : { holdPrompt: step.holdPrompt as PromptId }),
  };
}

export const sql: Waiting<StepOf<'sql'>> = {
  effect: (step, { state, moment }) => ({
    kind: 'look-up',
    connection: step.connection,
    query: step.query,
    parameters: Object.fromEntries(
      bindNames(step.query).names.map((name) => [name, valueOf(state, moment, name)]),
    ),
    timeoutMs: step.timeoutMs,
    answers: step.answers,
  }),
  answer(step, at, input) {
    if (input.kind === 'rows') {
      const wanted = new Set(step.answers.map((answer) => answer.variable));
      const changes = withVariables(at.state, input.variables, (name) => wanted.has(name));
      return { exit: 'found', changes, trace: [lookedUp(step, at, '')] };
    }
    if (input.kind === 'no-rows') return { exit: 'empty', trace: [lookedUp(step, at, '')] };
    if (input.kind !== 'look-up-failed') return undefined;
    const changes = withVariable(at.state, 'sql_error', input.reason);
    return { exit: 'error', changes, trace: [lookedUp(step, at, input.reason)] };
  },
};

export const customer: Waiting<StepOf<'customer'>> = {
  effect: (step, { state, moment }) => ({
    kind: 'find-customer',
    by: fill(state, moment, step.by),
  }),
  answer(step, at, input) {
    if (input.kind === 'not-found') return { exit: 'unknown', trace: [lookedUp(step, at, '')] };
    if (input.kind !== 'found') return undefined;
    const changes = withVariables(at.state, input.variables, (name) =>
      /^customer_[a-z0-9_]{1,23}$/.test(name),
    );
    return { exit: 'found', changes, trace: [lookedUp(step, at, '')] };
  },
};

export const webhook: Waiting<StepOf<'webhook'>> = {
  effect: (step, at) => ({
    kind: 'send-webhook',
    url: fill(at.state, at.moment, step.url, inUrl),
    body: fill(at.state, at.moment, step.body, inJson),
    idempotencyKey: visitKey(at),
  }),
  answer: (_, __, input) => (input.kind === 'sent' ? { exit: 'next' } : undefined),
};
