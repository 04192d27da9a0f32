import { exitsOf } from '../../engines/ivr/exits.js';
import {
  flowDefinitionSchema,
  type FlowDefinition,
  type FlowStep,
} from '../../engines/ivr/flow.js';
import { referencesOf, subFlowsOf } from '../../engines/ivr/references.js';
import type { FlowCode, FlowProgram } from '../../engines/ivr/state.js';
import type { Calendar } from '../../engines/routing/calendar.js';
import { isKnownZone, startOfDay } from '../../engines/routing/wall-clock.js';
import type { CalendarId, FlowId } from '../../kernel/ids.js';
import { DistributionError } from '../distributions.js';
import type { JsonPath } from '../json-lines.js';
import type { PlanFlow, PlanShares } from './plan.js';
import { planArrivals } from './plan-queues.js';
import type { Planning } from './planning.js';
import { ANSWERED, NO_KEY } from './play-flow.js';
import type { ScenarioFlow } from './scenario-file.js';

/** The flow that callers hear first has no id of its own here: no step can name it. */
const MAIN = 0 as FlowId;
/** How long a phone without a time of its own rings. */
const RING_MS = 20_000;
const EVERY_DAY = [{ days: [1, 2, 3, 4, 5, 6, 7], fromMinute: 0, toMinute: 1_440 }];

/** The flow that callers go through before they queue; undefined where there is none. What is wrong is refused. */
export function planFlow(planning: Planning): PlanFlow | undefined {
  const { flow } = planning.file;
  if (flow === undefined) return undefined;
  if (!isKnownZone(flow.zone)) planning.refuse(['flow', 'zone'], `"${flow.zone}" is no time zone`);
  const main = readFlow(planning, flow.file, ['flow', 'file']);
  const program = main && programOf(planning, flow, main);
  if (program === undefined) return undefined;
  const all = [program.main, ...program.subFlows.values()];
  const steps = all.flatMap(({ definition }) => Object.entries(definition.steps));
  const finite = (field: 'prompt' | 'key' | 'system') =>
    planning.distribution(flow[field], ['flow', field], true);
  return {
    program,
    arrivals: planArrivals(planning, flow, ['flow']),
    patience: planning.distribution(flow.patience, ['flow', 'patience'], false),
    ...{ prompt: finite('prompt'), key: finite('key'), system: finite('system') },
    ringMs: RING_MS,
    shares: planShares(planning, flow, new Map(steps)),
    queues: namesOf(planning, flow, steps, 'queue', (name, path) => planning.queue(name, path)),
    skills: namesOf(planning, flow, steps, 'skill', (name, path) => planning.skill(name, path)),
    language: 'en',
    zone: flow.zone,
    startAt: isKnownZone(flow.zone) ? startOfDay(flow.date, flow.zone) : 0,
    calendars: openCalendars(steps, flow.zone),
  };
}

/** A flow as the editor exports it. */
function readFlow(planning: Planning, file: string, path: JsonPath): FlowDefinition | undefined {
  try {
    const parsed = flowDefinitionSchema.safeParse(
      JSON.parse(planning.scenario.readText(file)) as unknown,
    );
    if (parsed.success) return parsed.data;
    const [issue] = parsed.error.issues;
    planning.refuse(
      path,
      `${file} is no flow that could be published: ${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}`,
    );
  } catch (error) {
    if (!(error instanceof DistributionError) && !(error instanceof SyntaxError)) throw error;
    planning.refuse(path, error instanceof SyntaxError ? `${file} is no JSON` : error.message);
  }
  return undefined;
}

function programOf(
  planning: Planning,
  { subFlows }: ScenarioFlow,
  main: FlowDefinition,
): FlowProgram {
  const found = new Map<FlowId, FlowCode>();
  const wanted = [...subFlowsOf(main.steps)];
  for (const id of wanted) {
    if (found.has(id as FlowId)) continue;
    const file = subFlows[String(id)];
    const path = ['flow', 'subFlows'];
    if (file === undefined) {
      planning.refuse(path, `the flow enters flow ${String(id)}: name its file here`);
      continue;
    }
    const definition = readFlow(planning, file, [...path, String(id)]);
    if (definition === undefined) continue;
    found.set(id as FlowId, { id: id as FlowId, version: 1, definition });
    // An array goes on to what is added while it is read.
    wanted.push(...subFlowsOf(definition.steps));
  }
  return { main: { id: MAIN, version: 1, definition: main }, subFlows: found };
}

type Steps = readonly (readonly [string, FlowStep])[];

/** What the flow names by its number in the product, by what it is called in the scenario. */
function namesOf<Id>(
  planning: Planning,
  flow: ScenarioFlow,
  steps: Steps,
  kind: 'queue' | 'skill',
  find: (name: string, path: JsonPath) => Id | undefined,
): ReadonlyMap<number, Id> {
  const list = kind === 'queue' ? 'queues' : 'skills';
  const found = new Map<number, Id>();
  for (const [number, name] of Object.entries(flow[list])) {
    const id = find(name, ['flow', list, number]);
    if (id !== undefined) found.set(Number(number), id);
  }
  // Queues are only of interest where callers wait in them.
  const used = steps.filter(([, step]) => step.kind === 'queue');
  for (const [id, step] of used)
    for (const reference of referencesOf(step))
      if (reference.kind === kind && flow[list][String(reference.id)] === undefined)
        planning.refuse(
          ['flow', list],
          `step "${id}" names ${kind} ${String(reference.id)}: say which one that is`,
        );
  return found;
}

function planShares(
  planning: Planning,
  { choices }: ScenarioFlow,
  steps: ReadonlyMap<string, FlowStep>,
): ReadonlyMap<string, PlanShares> {
  const found = new Map<string, PlanShares>();
  for (const [id, shares] of Object.entries(choices)) {
    const path = ['flow', 'choices', id];
    const step = steps.get(id);
    if (step === undefined) {
      planning.refuse(path, `the flow has no step "${id}"`);
      continue;
    }
    for (const what of Object.keys(shares))
      if (!mayHappen(step, what))
        planning.refuse([...path, what], `this cannot happen at a step of kind ${step.kind}`);
    const parts = Object.entries(shares).map(([what, share]) => ({ what, share }));
    const total = parts.reduce((sum, { share }) => sum + share, 0);
    if (total <= 0) planning.refuse(path, 'the shares add up to nothing');
    found.set(id, { total, parts });
  }
  return found;
}

/** Keys, entries, exits: see docs/simulation.md. */
function mayHappen(step: FlowStep, what: string): boolean {
  const exits = exitsOf(step).map(({ name }): string => name);
  switch (step.kind) {
    case 'menu':
      return what === NO_KEY || /^[0-9*#]$/.test(what);
    case 'collect':
      return what === NO_KEY || /^\d{1,40}$/.test(what);
    case 'extension':
    case 'ring':
    case 'outside':
      return what === ANSWERED || exits.includes(what);
    case 'http':
    case 'sql':
    case 'customer':
    case 'pin':
    case 'callback':
    case 'record':
      return exits.includes(what);
    default:
      return false;
  }
}

/** Files of flows have no calendars: those that they name are open. */
const openCalendars = (steps: Steps, zone: string): ReadonlyMap<CalendarId, Calendar> =>
  new Map(
    steps.flatMap(([, step]) =>
      step.kind === 'hours' && step.calendar !== undefined
        ? [[step.calendar as CalendarId, { zone, weekly: EVERY_DAY, exceptions: [] }]]
        : [],
    ),
  );
