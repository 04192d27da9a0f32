import type { Language } from '../../kernel/call-event.js';
import { exitsOf, findStep, followersOf } from './exits.js';
import type { FlowDefinition, FlowStep, StepKind, StepOf } from './flow.js';
import { loops, reachableFrom, reversed } from './graph.js';
import { isKnown, type FlowKnowledge } from './knowledge.js';
import { problem, type FlowProblem } from './problems.js';
import { referencesOf } from './references.js';

/** Steps of one flow at most: a drawing of more is of no use, and none that large was ever seen. */
export const MAX_FLOW_STEPS = 500;

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
      ...referenceProblems(id, step, knowledge),
      ...promptProblems(id, step, knowledge, languages),
    ]),
    ...pathProblems(flow, ids),
    ...loopProblems(flow, ids),
  ];
}

/** True where nothing keeps the flow from being published. */
export const isPublishable = (problems: readonly FlowProblem[]): boolean =>
  problems.every((problem) => problem.level === 'warning');

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

/** What is wrong with a step by itself. */
function contentProblems(id: string, step: FlowStep, knowledge: FlowKnowledge): FlowProblem[] {
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
      return ownerProblems(id, step, knowledge);
    case 'record':
      return ownerProblems(id, step, knowledge);
    default:
      return [];
  }
}

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

/** What the step names and is not there, or has not been chosen. */
function referenceProblems(id: string, step: FlowStep, knowledge: FlowKnowledge): FlowProblem[] {
  return referencesOf(step)
    .filter((reference) => !isKnown(knowledge, reference.kind, reference.id))
    .map(({ field, kind, id: named }) =>
      problem('error', id, field, named === 0 ? `${kind}-not-chosen` : `${kind}-gone`),
    );
}

function promptProblems(
  id: string,
  step: FlowStep,
  knowledge: FlowKnowledge,
  languages: readonly Language[],
): FlowProblem[] {
  return referencesOf(step).flatMap((reference) => {
    const known = reference.kind === 'prompt' && knowledge.prompts.get(reference.id);
    if (!known) return [];
    const { name } = known;
    if (known.languages.length === 0)
      return [problem('error', id, reference.field, 'prompt-without-sound', { name })];
    return languages
      .filter((language) => !known.languages.includes(language))
      .map((language) =>
        problem('warning', id, reference.field, 'prompt-language', { name, language }),
      );
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

const ENDS: readonly StepKind[] = [
  'queue',
  'extension',
  'ring',
  'outside',
  'conference',
  'voicemail',
  'return',
  'hangup',
];

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

/** Steps that a caller passes at once and in silence. */
const SILENT: readonly StepKind[] = [
  'hours',
  'language',
  'set',
  'condition',
  'webhook',
  'customer',
];
/** Steps that wait for a key. */
const ASKING: readonly StepKind[] = ['menu', 'collect', 'pin', 'callback'];

/** Circles that nobody hears (errors), and circles that play but never ask for a key (warnings). */
function loopProblems(flow: FlowDefinition, ids: readonly string[]): FlowProblem[] {
  const kindOf = (id: string): StepKind | undefined => findStep(flow, id)?.kind;
  const followers = (id: string): readonly string[] => followersOf(flow, id);
  const isSilent = (id: string): boolean => SILENT.includes(kindOf(id) ?? 'play');
  const silent = loops(ids.filter(isSilent), followers);
  const inSilent = new Set(silent.flat());
  const unasked = loops(
    ids.filter((id) => !ASKING.includes(kindOf(id) ?? 'play')),
    followers,
  ).filter((group) => !group.every((id) => inSilent.has(id)));
  const report = (level: FlowProblem['level'], name: string) => (group: string[]) =>
    problem(level, group[0] ?? '', '', name, { steps: namesOf(flow, group) });
  return [
    ...silent.map(report('error', 'silent-loop')),
    ...unasked.map(report('warning', 'loop-without-key')),
  ];
}
