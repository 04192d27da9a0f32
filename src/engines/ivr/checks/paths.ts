import { exitsOf, findStep, followersOf } from '../exits.js';
import type { FlowDefinition, FlowStep, StepKind } from '../flow.js';
import { loops, reachableFrom, reversed } from '../graph.js';
import type { FlowKnowledge } from '../knowledge.js';
import { problem, type FlowProblem } from '../problems.js';
import { MAX_STEPS_WITHOUT_KEY } from '../state.js';

const ENDS: readonly StepKind[] = [
  'queue',
  'extension',
  'ring',
  'outside',
  'conference',
  'voicemail',
  'dial-extension',
  'dial-name',
  'return',
  'hangup',
];
/** Steps that a caller passes in silence. A request over HTTP is one where nothing is played meanwhile. */
const SILENT: readonly StepKind[] = [
  'hours',
  'language',
  'set',
  'condition',
  'http',
  'sql',
  'customer',
  'webhook',
];
/** Steps that wait for the caller. */
const ASKING: readonly StepKind[] = [
  ...(['menu', 'collect', 'pin', 'callback', 'appointment', 'survey', 'record'] as const),
  ...(['dial-extension', 'dial-name'] as const),
];

const namesOf = (flow: FlowDefinition, ids: readonly string[]): string =>
  ids.map((id) => findStep(flow, id)?.label ?? id).join(' → ');

/** Exits that lead nowhere or to a step that is gone. */
export function exitProblems(flow: FlowDefinition, id: string, step: FlowStep): FlowProblem[] {
  return exitsOf(step)
    .filter((exit) => findStep(flow, exit.to) === undefined)
    .map((exit) =>
      exit.to === ''
        ? problem('error', id, exit.name, 'exit-open')
        : problem('error', id, exit.name, 'exit-missing', { to: exit.to }),
    );
}

/** Steps that no caller reaches, and steps from which no caller gets out. */
export function pathProblems(flow: FlowDefinition, ids: readonly string[]): FlowProblem[] {
  if (findStep(flow, flow.start) === undefined) return [];
  const followers = followersIn(flow);
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
export function loopProblems(
  flow: FlowDefinition,
  ids: readonly string[],
  knowledge: FlowKnowledge,
): FlowProblem[] {
  const followers = followersIn(flow);
  const stepOf = (id: string): FlowStep | undefined => findStep(flow, id);
  const silently = waysThrough(isPassedInSilence, knowledge);
  const unaskedIn = waysThrough(isUnasked, knowledge);
  const silent = loops(
    ids.filter((id) => isSilent(stepOf(id), silently)),
    followers,
  );
  const inSilent = new Set(silent.flat());
  const unasked = loops(
    ids.filter((id) => !isAsking(stepOf(id), unaskedIn)),
    followers,
  ).filter((group) => !group.every((id) => inSilent.has(id)));
  const report = (level: FlowProblem['level'], name: string) => (group: string[]) =>
    problem(level, group[0] ?? '', '', name, {
      steps: namesOf(flow, group),
      ...(level === 'error' ? {} : { max: MAX_STEPS_WITHOUT_KEY }),
    });
  return [
    ...silent.map(report('error', 'silent-loop')),
    ...unasked.map(report('warning', 'loop-without-key')),
  ];
}

type IsPassed = (step: FlowStep | undefined) => boolean;
/** Whether a way leads through a flow and back; undefined where its steps are not known. */
type Ways = (flow: number) => boolean | undefined;

/** A sub-flow is silent where a caller may come back from it without a sound. */
const isSilent = (step: FlowStep | undefined, silently: Ways): boolean =>
  step?.kind === 'sub-flow' ? silently(step.flow) === true : isPassedInSilence(step);

const isPassedInSilence: IsPassed = (step) =>
  step?.kind === 'http'
    ? step.holdPrompt === undefined
    : step !== undefined && SILENT.includes(step.kind);

/** A sub-flow asks where no caller comes back from it unasked. */
const isAsking = (step: FlowStep | undefined, unasked: Ways): boolean =>
  step?.kind === 'sub-flow' ? unasked(step.flow) === false : !isUnasked(step);

const isUnasked: IsPassed = (step) => step === undefined || !ASKING.includes(step.kind);

/** Ways through flows on which every step is passed so; each flow is looked through once. */
function waysThrough(isPassed: IsPassed, knowledge: FlowKnowledge): Ways {
  const known = new Map<number, boolean | undefined>();
  const ways: Ways = (id) => {
    if (known.has(id)) return known.get(id);
    const flow = knowledge.flows.get(id)?.definition;
    // A flow that enters itself never comes back.
    known.set(id, flow && false);
    if (flow === undefined) return undefined;
    const isWay = (step: FlowStep | undefined): boolean =>
      step?.kind === 'sub-flow' ? ways(step.flow) === true : isPassed(step);
    const reached = reachableFrom([flow.start], (at) =>
      isWay(findStep(flow, at)) ? followersOf(flow, at) : [],
    );
    const found = [...reached].some((at) => findStep(flow, at)?.kind === 'return');
    known.set(id, found);
    return found;
  };
  return ways;
}

/** Followers of each step, found once. */
function followersIn(flow: FlowDefinition): (id: string) => readonly string[] {
  const known = new Map<string, readonly string[]>();
  return (id) => {
    const found = known.get(id) ?? followersOf(flow, id);
    known.set(id, found);
    return found;
  };
}
