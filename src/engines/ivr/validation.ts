import type { Language } from '../../kernel/call-event.js';
import { exitsOf, findStep, followersOf } from './exits.js';
import type { FlowDefinition, FlowStep } from './flow.js';
import { loops, reachableFrom, reversed } from './graph.js';

/** Steps of one flow at most: a drawing of more is of no use, and none that large was ever seen. */
export const MAX_FLOW_STEPS = 300;

/** What the flow may name. Archived things are left out: a flow that names them has a problem. */
export interface FlowKnowledge {
  readonly prompts: ReadonlyMap<number, FlowPrompt>;
  readonly queues: ReadonlySet<number>;
  readonly extensions: ReadonlyMap<number, { readonly voicemail: boolean }>;
  readonly calendars: ReadonlySet<number>;
  /** Languages in which callers enter the flow; those that its language steps choose are added. */
  readonly languages: readonly Language[];
}
export interface FlowPrompt {
  readonly name: string;
  readonly languages: readonly Language[];
}

/** Something wrong with a flow. Errors keep it from being published, warnings do not. */
export interface FlowProblem {
  readonly level: 'error' | 'warning';
  /** The step to look at; '' where it is the flow as a whole. */
  readonly step: string;
  /** Field or exit of the step (`prompt`, `queue`, `next`, `key-1` ...); '' where it is the step as a whole. */
  readonly field: string;
  /** Key of the catalog. */
  readonly message: string;
  readonly params: Readonly<Record<string, string | number>>;
}

/** Finds everything that is wrong with a flow or a draft, in the order in which its steps are stored. */
export function validateFlow(
  flow: FlowDefinition,
  knowledge: FlowKnowledge,
): readonly FlowProblem[] {
  const ids = Object.keys(flow.steps);
  const languages = spokenLanguages(flow, knowledge);
  return [
    ...sizeAndStart(flow, ids),
    ...Object.entries(flow.steps).flatMap(([id, step]) => [
      ...exitProblems(flow, id, step),
      ...contentProblems(id, step, knowledge),
      ...promptProblems(id, step, knowledge, languages),
    ]),
    ...pathProblems(flow, ids),
    ...loopProblems(flow, ids),
  ];
}

/** True where nothing keeps the flow from being published. */
export const isPublishable = (problems: readonly FlowProblem[]): boolean =>
  problems.every((problem) => problem.level === 'warning');

const problem = (
  level: FlowProblem['level'],
  step: string,
  field: string,
  name: string,
  params: FlowProblem['params'] = {},
): FlowProblem => ({ level, step, field, message: `flow.problem.${name}`, params });

function sizeAndStart(flow: FlowDefinition, ids: readonly string[]): FlowProblem[] {
  if (ids.length === 0) return [problem('error', '', '', 'empty')];
  const problems: FlowProblem[] = [];
  if (findStep(flow, flow.start) === undefined)
    problems.push(problem('error', '', 'start', 'no-start'));
  if (ids.length > MAX_FLOW_STEPS)
    problems.push(problem('error', '', '', 'too-many-steps', { max: MAX_FLOW_STEPS }));
  return problems;
}

function exitProblems(flow: FlowDefinition, id: string, step: FlowStep): FlowProblem[] {
  return exitsOf(step)
    .filter((exit) => findStep(flow, exit.to) === undefined)
    .map((exit) =>
      exit.to === ''
        ? problem('error', id, exit.name, 'exit-open')
        : problem('error', id, exit.name, 'exit-missing', { to: exit.to }),
    );
}

function contentProblems(id: string, step: FlowStep, knowledge: FlowKnowledge): FlowProblem[] {
  switch (step.kind) {
    case 'menu':
      return Object.keys(step.choices).length === 0
        ? [problem('error', id, 'choices', 'menu-without-choices')]
        : [];
    case 'hours':
      return hoursProblems(id, step, knowledge);
    case 'queue':
      return queueProblems(id, step.queue, knowledge);
    case 'extension':
      return extensionProblems(id, step.extension, knowledge);
    case 'voicemail':
      return voicemailProblems(id, step, knowledge);
    case 'play':
    case 'language':
    case 'hangup':
      return [];
  }
}

function hoursProblems(
  id: string,
  step: Extract<FlowStep, { kind: 'hours' }>,
  knowledge: FlowKnowledge,
): FlowProblem[] {
  if (step.calendar !== undefined)
    return knowledge.calendars.has(step.calendar)
      ? []
      : [problem('error', id, 'calendar', 'calendar-gone')];
  return step.periods.length === 0 ? [problem('warning', id, 'periods', 'never-open')] : [];
}

function queueProblems(id: string, queue: number, knowledge: FlowKnowledge): FlowProblem[] {
  if (queue === 0) return [problem('error', id, 'queue', 'queue-not-chosen')];
  return knowledge.queues.has(queue) ? [] : [problem('error', id, 'queue', 'queue-gone')];
}

function extensionProblems(id: string, extension: number, knowledge: FlowKnowledge): FlowProblem[] {
  if (extension === 0) return [problem('error', id, 'extension', 'extension-not-chosen')];
  return knowledge.extensions.has(extension)
    ? []
    : [problem('error', id, 'extension', 'extension-gone')];
}

function voicemailProblems(
  id: string,
  step: Extract<FlowStep, { kind: 'voicemail' }>,
  knowledge: FlowKnowledge,
): FlowProblem[] {
  const { extension, queue } = step;
  if ((extension === undefined) === (queue === undefined))
    return [problem('error', id, 'owner', 'voicemail-owner')];
  if (queue !== undefined) return queueProblems(id, queue, knowledge);
  const found = extensionProblems(id, extension ?? 0, knowledge);
  return knowledge.extensions.get(extension ?? 0)?.voicemail === false
    ? [...found, problem('warning', id, 'extension', 'extension-without-voicemail')]
    : found;
}

/** Field, row id, and whether the step cannot do without it. */
function promptsOf(step: FlowStep): readonly (readonly [string, number])[] {
  const optional = (field: string, prompt: number | undefined): (readonly [string, number])[] =>
    prompt === undefined ? [] : [[field, prompt]];
  switch (step.kind) {
    case 'play':
      return [['prompt', step.prompt]];
    case 'menu':
      return [['prompt', step.prompt], ...optional('wrongPrompt', step.wrongPrompt)];
    case 'voicemail':
      return optional('greeting', step.greeting);
    case 'hangup':
      return optional('prompt', step.prompt);
    case 'language':
    case 'hours':
    case 'queue':
    case 'extension':
      return [];
  }
}

/** Ids of every prompt that a step plays. */
export const promptIdsOf = (step: FlowStep): readonly number[] =>
  promptsOf(step).map(([, prompt]) => prompt);

function promptProblems(
  id: string,
  step: FlowStep,
  knowledge: FlowKnowledge,
  languages: readonly Language[],
): FlowProblem[] {
  return promptsOf(step).flatMap(([field, prompt]) => {
    if (prompt === 0) return [problem('error', id, field, 'prompt-not-chosen')];
    const known = knowledge.prompts.get(prompt);
    if (known === undefined) return [problem('error', id, field, 'prompt-gone')];
    const { name } = known;
    if (known.languages.length === 0)
      return [problem('error', id, field, 'prompt-without-sound', { name })];
    return languages
      .filter((language) => !known.languages.includes(language))
      .map((language) => problem('warning', id, field, 'prompt-language', { name, language }));
  });
}

function spokenLanguages(flow: FlowDefinition, knowledge: FlowKnowledge): readonly Language[] {
  const chosen = Object.values(flow.steps).flatMap((step) =>
    step.kind === 'language' ? [step.language] : [],
  );
  return [...new Set([...knowledge.languages, ...chosen])];
}

const namesOf = (flow: FlowDefinition, ids: readonly string[]): string =>
  ids.map((id) => findStep(flow, id)?.label ?? id).join(' → ');

const ENDS: readonly FlowStep['kind'][] = ['queue', 'extension', 'voicemail', 'hangup'];

/** Steps that no caller reaches, and steps from which no caller gets out. */
function pathProblems(flow: FlowDefinition, ids: readonly string[]): FlowProblem[] {
  if (findStep(flow, flow.start) === undefined) return [];
  const followers = (id: string): readonly string[] => followersOf(flow, id);
  const reached = reachableFrom([flow.start], followers);
  const problems = ids
    .filter((id) => !reached.has(id))
    .map((id) => problem('error', id, '', 'unreachable'));
  // Where exits are still open, "no way to end" would only say the same again.
  const isOpen = (id: string): boolean => {
    const step = findStep(flow, id);
    return step !== undefined && exitProblems(flow, id, step).length > 0;
  };
  const ends = ids.filter((id) => ENDS.includes(findStep(flow, id)?.kind ?? 'play') || isOpen(id));
  const ending = reachableFrom(ends, reversed(ids, followers));
  const caught = ids.filter((id) => reached.has(id) && !ending.has(id));
  const first = caught[0];
  if (first !== undefined)
    problems.push(problem('error', first, '', 'no-end', { steps: namesOf(flow, caught) }));
  return problems;
}

/** Circles that nobody hears (errors), and circles that play but never ask for a key (warnings). */
function loopProblems(flow: FlowDefinition, ids: readonly string[]): FlowProblem[] {
  const kindOf = (id: string): FlowStep['kind'] | undefined => findStep(flow, id)?.kind;
  const followers = (id: string): readonly string[] => followersOf(flow, id);
  const isSilent = (id: string): boolean => kindOf(id) === 'hours' || kindOf(id) === 'language';
  const silent = loops(ids.filter(isSilent), followers);
  const inSilent = new Set(silent.flat());
  const unasked = loops(
    ids.filter((id) => kindOf(id) !== 'menu'),
    followers,
  ).filter((group) => !group.every((id) => inSilent.has(id)));
  const report = (level: FlowProblem['level'], name: string) => (group: string[]) =>
    problem(level, group[0] ?? '', '', name, { steps: namesOf(flow, group) });
  return [
    ...silent.map(report('error', 'silent-loop')),
    ...unasked.map(report('warning', 'loop-without-key')),
  ];
}
