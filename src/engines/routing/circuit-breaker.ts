/** So many failures in a row open the circuit. */
export const FAILURES_TO_OPEN = 5;
/** An open circuit lets one try through after so long. */
export const OPEN_MS = 30_000;

/**
 * Keeps calls from waiting for a server that does not answer.
 *
 *   closed ──5 failures in a row──▶ open ──30 s──▶ half-open ──success──▶ closed
 *                                    ▲                 └──failure──┐
 *                                    └────────────────────────────┘
 *
 * While it is half-open one try is under way and all others are refused; a try that is never reported on makes room for
 * another after {@link OPEN_MS}.
 */
export type Circuit =
  | { readonly state: 'closed'; readonly failures: number }
  | { readonly state: 'open'; readonly since: number }
  | { readonly state: 'half-open'; readonly since: number };

export const CLOSED: Circuit = { state: 'closed', failures: 0 };

/** Whether a request may be made now; the circuit to go on with is part of the answer. Instants in ms. */
export function askCircuit(
  circuit: Circuit,
  at: number,
): { readonly mayAsk: boolean; readonly circuit: Circuit } {
  if (circuit.state === 'closed') return { mayAsk: true, circuit };
  if (at - circuit.since < OPEN_MS) return { mayAsk: false, circuit };
  return { mayAsk: true, circuit: { state: 'half-open', since: at } };
}

/** The circuit after a request that was allowed has ended. */
export function afterAnswer(circuit: Circuit, isSuccess: boolean, at: number): Circuit {
  if (circuit.state === 'open') return circuit;
  if (isSuccess) return CLOSED;
  if (circuit.state === 'half-open') return { state: 'open', since: at };
  const failures = circuit.failures + 1;
  return failures >= FAILURES_TO_OPEN
    ? { state: 'open', since: at }
    : { state: 'closed', failures };
}
