import type { FlowStep, StepOf } from '../flow.js';
import type { FlowKnowledge } from '../knowledge.js';
import { problem, type FlowProblem } from '../problems.js';
import { isOneSelect } from '../sql-text.js';
import { targetsOf } from '../step-variables.js';
import { fillIn } from '../templates.js';
import { hostOf } from '../url-host.js';
import { isBuiltIn } from '../variables.js';

/** What is wrong with a step by itself, whatever leads to it. */
export const contentProblems = (
  id: string,
  step: FlowStep,
  knowledge: FlowKnowledge,
): FlowProblem[] => [...ownProblems(id, step, knowledge), ...targetProblems(id, step)];

function ownProblems(id: string, step: FlowStep, knowledge: FlowKnowledge): FlowProblem[] {
  switch (step.kind) {
    case 'menu':
      return Object.keys(step.choices).length === 0
        ? [problem('error', id, 'choices', 'menu-without-choices')]
        : [];
    case 'hours':
      return step.calendar === undefined && step.periods.length === 0
        ? [problem('warning', id, 'periods', 'never-open')]
        : [];
    case 'voicemail':
    case 'record':
      return ownerProblems(id, step, knowledge);
    case 'say':
      return [
        ...missing(id, 'value', step.value),
        ...(step.as === 'money' && step.currency === undefined
          ? [problem('error', id, 'currency', 'currency-missing')]
          : []),
      ];
    case 'collect':
      return collectProblems(id, step);
    case 'pin':
      return [...missing(id, 'expected', step.expected), ...missing(id, 'subject', step.subject)];
    case 'customer':
      return missing(id, 'by', step.by);
    case 'outside':
    case 'callback':
    case 'appointment':
      return missing(id, 'number', step.number);
    case 'http':
      return [
        ...urlProblems(id, step.url, knowledge),
        ...(step.contentType === 'application/json' && step.method !== 'GET'
          ? jsonProblems(id, step.body ?? '')
          : []),
        ...step.answers.flatMap(({ path }) => missing(id, 'answers', path)),
      ];
    case 'webhook':
      return [...urlProblems(id, step.url, knowledge), ...jsonProblems(id, step.body)];
    case 'sql':
      return sqlProblems(id, step);
    default:
      return [];
  }
}

const missing = (id: string, field: string, value: string): FlowProblem[] =>
  value.trim() === '' ? [problem('error', id, field, `${field}-missing`)] : [];

function ownerProblems(
  id: string,
  { extension, queue }: StepOf<'voicemail'> | StepOf<'record'>,
  knowledge: FlowKnowledge,
): FlowProblem[] {
  if ((extension === undefined) === (queue === undefined))
    return [problem('error', id, 'owner', 'voicemail-owner')];
  return knowledge.extensions.get(extension ?? 0)?.voicemail === false
    ? [problem('warning', id, 'extension', 'extension-without-voicemail')]
    : [];
}

function collectProblems(id: string, step: StepOf<'collect'>): FlowProblem[] {
  const { minDigits: min, maxDigits: max } = step;
  return min > max ? [problem('error', id, 'maxDigits', 'digits-order', { min, max })] : [];
}

/** A URL of the web; what follows the host may hold variables. */
function urlProblems(id: string, url: string, { blockedHosts }: FlowKnowledge): FlowProblem[] {
  if (url.trim() === '') return missing(id, 'url', url);
  const name = /^(?:https?:\/\/)?([^/?#]*)/i.exec(url)?.[1] ?? '';
  // What stands for a variable is encoded as a part of a path: no scheme, and no host with a port, would be left of it.
  if (name.includes('{{')) return [problem('error', id, 'url', 'url-variable-host')];
  const host = hostOf(url);
  if (host === '') return [problem('error', id, 'url', 'url-not-http')];
  return blockedHosts?.has(host) === true
    ? [problem('warning', id, 'url', 'url-blocked', { host })]
    : [];
}

/** A text that is JSON whatever its variables hold; they stand within texts, or for numbers. Nothing at all is sent as such. */
function jsonProblems(id: string, body: string): FlowProblem[] {
  if (body.trim() === '') return [];
  try {
    JSON.parse(fillIn(body, () => '0'));
    return [];
  } catch (error) {
    if (error instanceof SyntaxError)
      return [problem('error', id, 'body', 'body-not-json', { example: '{"a": "{{did}}"}' })];
    throw error;
  }
}

/** One statement that reads, as the call will ask. */
function sqlProblems(id: string, { query, answers }: StepOf<'sql'>): FlowProblem[] {
  const columns = answers.flatMap(({ column }) => missing(id, 'answers', column));
  if (query.trim() === '') return [...missing(id, 'query', query), ...columns];
  return isOneSelect(query)
    ? columns
    : [problem('error', id, 'query', 'query-not-select'), ...columns];
}

/** Names of variables that a step cannot set. */
const targetProblems = (id: string, step: FlowStep): FlowProblem[] =>
  targetsOf(step).flatMap(({ field, name }) => {
    if (name === '') return [problem('error', id, field, 'variable-missing')];
    return isBuiltIn(name) ? [problem('error', id, field, 'variable-built-in', { name })] : [];
  });
