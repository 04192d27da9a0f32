import type { CallEvent } from '../../../kernel/call-event.js';
import type { CallId, FlowId, FlowTrialId } from '../../../kernel/ids.js';
import type { TrialNews } from '../../../telephony/flow-trials.js';

/** What is told of trials, as far as this process knows it. */
export interface TrialView {
  /** In order. What is not known here yet is read, and `onChange` tells when it is there. */
  newsOf(id: FlowTrialId): readonly TrialNews[];
  onChange(listener: () => void): () => void;
}

/**
 * ringing ─▶ in-flow ─▶ beyond (in a queue, at a phone ...) ─▶ over
 *    └─▶ unanswered          └─▶ in-flow, when nobody answers
 */
export type TrialState = 'ringing' | 'unanswered' | 'in-flow' | 'beyond' | 'over';

/** How far a trial is. */
export interface TrialProgress {
  readonly state: TrialState;
  readonly call: CallId | undefined;
  /** Steps of the flow itself that the call came through, in order; a step that enters another flow is one of them. */
  readonly way: readonly string[];
  /** The step where the call is; '' before the first and after the last. */
  readonly at: string;
  readonly events: readonly CallEvent[];
  readonly variables: Readonly<Record<string, string>>;
}

/** Events after which the flow has given the call away. */
const BEYOND: ReadonlySet<CallEvent['kind']> = new Set([
  ...(['queue-entered', 'conference-joined', 'connected', 'leg-started'] as const),
]);

/** Folds what was told of a trial of `flow`. Pure; more news only add to it. */
export function trialProgress(news: readonly TrialNews[], flow: FlowId): TrialProgress {
  const events = news.flatMap((one) => (one.kind === 'event' ? [one.event] : []));
  const way = events.flatMap((event) =>
    event.kind === 'step-entered' && event.flowId === flow ? [event.step] : [],
  );
  const state = stateOf(news, events);
  return {
    state,
    call: events[0]?.callId,
    way,
    at: state === 'in-flow' || state === 'beyond' ? (way.at(-1) ?? '') : '',
    events,
    variables:
      news.findLast((one): one is TrialNews & { kind: 'variables' } => one.kind === 'variables')
        ?.values ?? {},
  };
}

function stateOf(news: readonly TrialNews[], events: readonly CallEvent[]): TrialState {
  if (events.length === 0)
    return news.some((one) => one.kind === 'unanswered') ? 'unanswered' : 'ringing';
  if (events.some((event) => event.kind === 'call-ended')) return 'over';
  const caller = events.find((event) => event.kind === 'leg-started');
  const last = events.findLast(
    (event) => event.kind === 'step-entered' || (BEYOND.has(event.kind) && event !== caller),
  );
  return last === undefined || last.kind === 'step-entered' ? 'in-flow' : 'beyond';
}
