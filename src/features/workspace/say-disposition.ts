import type { CallDisposition, WrapUpStore } from './wrap-up.js';
import type { DispositionListener } from './wrap-up-service.js';

export interface SayingParts {
  readonly store: Pick<WrapUpStore, 'put'>;
  /** Told what a call came to, each time that it is said. */
  readonly results: DispositionListener;
  /** Tells the calls that the agent's call has a code. */
  readonly tellCalls: (said: Pick<CallDisposition, 'agentId' | 'callId'>) => Promise<unknown>;
}

/** Stores what an agent says of a call; the calls are told where the code is another than `before`. */
export async function sayDisposition(
  { store, results, tellCalls }: SayingParts,
  said: CallDisposition,
  before: CallDisposition | undefined,
): Promise<void> {
  await store.put(said);
  const { callId, agentId, dispositionId, note } = said;
  if (dispositionId === undefined) return;
  await results.chosen({ callId, agentId, dispositionId, note });
  if (dispositionId !== before?.dispositionId) await tellCalls({ agentId, callId });
}
