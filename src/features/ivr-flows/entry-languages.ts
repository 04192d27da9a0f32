import type { FlowDefinition } from '../../engines/ivr/flow.js';
import { subFlowsOf } from '../../engines/ivr/references.js';
import { LANGUAGES, type Language } from '../../kernel/call-event.js';
import type { Target } from '../../telephony/directory.js';

/** Something that callers pass, by which they may come to a flow. */
type Place = `${'flow' | 'queue'}:${string}`;

/** Where callers come from. */
export interface Ways {
  readonly dids: readonly { readonly target: Target; readonly language: string }[];
  readonly queues: readonly { readonly id: number; readonly overflows: readonly Target[] }[];
  /** Published ones. */
  readonly flows: readonly (FlowLinks & { readonly id: number })[];
}

/** What of a flow leads to others, and the languages that it chooses. */
export interface FlowLinks {
  readonly enters: readonly number[];
  readonly queues: readonly number[];
  readonly languages: readonly string[];
}

export const linksOf = (steps: FlowDefinition['steps']): FlowLinks => {
  const all = Object.values(steps);
  return {
    enters: subFlowsOf(steps),
    queues: all.flatMap((step) => (step.kind === 'queue' ? [step.queue] : [])),
    languages: all.flatMap((step) => (step.kind === 'language' ? [step.language] : [])),
  };
};

/**
 * Languages that callers may speak who enter a flow: those of the DIDs that lead to it, also over queues that overflow into it
 * and flows that enter it, with what these choose on the way.
 */
export function entryLanguages(id: number, { dids, queues, flows }: Ways): readonly Language[] {
  const leads = new Map<Place, Set<Place>>();
  const spoken = new Map<Place, Set<string>>();
  const lead = (from: Place, to: Place | undefined): void => {
    if (to !== undefined) leads.set(from, (leads.get(from) ?? new Set()).add(to));
  };
  const open: Place[] = [];
  const speak = (to: Place | undefined, languages: Iterable<string>): void => {
    if (to === undefined) return;
    const known = spoken.get(to) ?? new Set();
    const before = known.size;
    for (const language of languages) known.add(language);
    spoken.set(to, known);
    if (known.size > before) open.push(to);
  };
  for (const { id: queue, overflows } of queues)
    for (const overflow of overflows) lead(place('queue', queue), placeOf(overflow));
  for (const flow of flows) {
    for (const entered of flow.enters) lead(place('flow', flow.id), place('flow', entered));
    for (const queue of flow.queues) lead(place('flow', flow.id), place('queue', queue));
  }
  for (const { target, language } of dids) speak(placeOf(target), [language]);
  const chosen = new Map(flows.map((flow) => [place('flow', flow.id), flow.languages]));
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    const onward = [...(spoken.get(at) ?? []), ...(chosen.get(at) ?? [])];
    for (const next of leads.get(at) ?? []) speak(next, onward);
  }
  return LANGUAGES.filter((language) => spoken.get(place('flow', id))?.has(language) === true);
}

const place = (kind: 'flow' | 'queue', id: number): Place => `${kind}:${String(id)}`;

const placeOf = (target: Target): Place | undefined =>
  target.kind === 'flow' || target.kind === 'queue' ? place(target.kind, target.id) : undefined;
