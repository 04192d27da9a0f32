import type { ArrivalSource } from './arrivals.js';
import type { FlowCaller } from './flow-callers.js';
import type { SimulatedAgent } from './simulated-agent.js';
import type { SimulatedCall } from './simulated-call.js';

/** What happens to callers at a time that is known beforehand. */
export type CallerHappening =
  | { readonly kind: 'arrival'; readonly source: ArrivalSource; readonly queue: number | 'flow' }
  /** A caller leaves the flow, in the way that was drawn when the call came. */
  | { readonly kind: 'flow-left'; readonly caller: FlowCaller }
  | { readonly kind: 'patience-over'; readonly call: SimulatedCall }
  | { readonly kind: 'overflow-due'; readonly call: SimulatedCall; readonly queue: number };

/** What agents do at a time that is known beforehand. */
export type AgentHappening =
  | {
      readonly kind: 'answer' | 'miss';
      readonly agent: SimulatedAgent;
      readonly offer: number;
      readonly call: SimulatedCall;
    }
  | { readonly kind: 'hang-up'; readonly agent: SimulatedAgent; readonly call: SimulatedCall }
  | { readonly kind: 'shift-begins' | 'shift-ends'; readonly agent: SimulatedAgent }
  | { readonly kind: 'break'; readonly agent: SimulatedAgent; readonly ms: number }
  | { readonly kind: 'return'; readonly agent: SimulatedAgent; readonly since: number }
  | { readonly kind: 'work-done'; readonly agent: SimulatedAgent; readonly since: number };

/** Everything that waits for its time. */
export type Happening = CallerHappening | AgentHappening;
