import type { Language } from '../../kernel/call-event.js';
import { contentProblems } from './checks/content.js';
import { exitProblems, loopProblems, pathProblems } from './checks/paths.js';
import { subFlowProblems } from './checks/sub-flows.js';
import { variableProblems } from './checks/variables.js';
import { findStep } from './exits.js';
import type { FlowDefinition, FlowStep } from './flow.js';
import { isKnown, type FlowKnowledge } from './knowledge.js';
import { problem, type FlowProblem } from './problems.js';
import { referencesOf, subFlowsOf } from './references.js';

/** Steps of one flow at most: nobody finds their way in a drawing of more. */
export const MAX_FLOW_STEPS = 500;

/** Finds everything that is wrong with a flow or a draft, in the order in which its steps are stored. */
export function validateFlow(
  flow: FlowDefinition,
  knowledge: FlowKnowledge,
): readonly FlowProblem[] {
  const ids = Object.keys(flow.steps);
  // What is too large to be drawn is not looked through: the one thing to do is to divide it.
  if (ids.length > MAX_FLOW_STEPS)
    return [problem('error', '', '', 'too-many-steps', { max: MAX_FLOW_STEPS })];
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
    ...loopProblems(flow, ids, knowledge),
    ...subFlowProblems(flow, knowledge),
    ...variableProblems(flow, knowledge),
  ];
}

/** True where nothing keeps the flow from being published. */
export const isPublishable = (problems: readonly FlowProblem[]): boolean =>
  problems.every((problem) => problem.level === 'warning');

function sizeAndStart(flow: FlowDefinition, ids: readonly string[]): FlowProblem[] {
  if (ids.length === 0) return [problem('error', '', '', 'empty')];
  return findStep(flow, flow.start) === undefined
    ? [problem('error', '', 'start', 'no-start')]
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

/** Those in which callers come, and those that the flow or one that it enters chooses. */
function spokenLanguages(flow: FlowDefinition, knowledge: FlowKnowledge): readonly Language[] {
  const flows = new Map([[0, flow]]);
  // A map goes on to what is added while it is read: flows of flows are found too.
  for (const { steps } of flows.values())
    for (const id of subFlowsOf(steps)) {
      const entered = knowledge.flows.get(id)?.definition;
      if (entered !== undefined && !flows.has(id)) flows.set(id, entered);
    }
  const steps = [...flows.values()].flatMap((one) => Object.values(one.steps));
  const chosen = steps.flatMap((step) => (step.kind === 'language' ? [step.language] : []));
  return [...new Set([...knowledge.languages, ...chosen])];
}
