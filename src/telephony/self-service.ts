import type { FetchEffect, FlowEffect, FlowHappening, Variables } from '../engines/ivr/effects.js';
import type { CallId } from '../kernel/ids.js';

type Asked<K extends FlowEffect['kind']> = Extract<FlowEffect, { readonly kind: K }>;
type Happening<K extends FlowHappening['kind']> = Extract<FlowHappening, { readonly kind: K }>;
interface Told<K extends 'fetched' | 'rows' | 'found'> {
  readonly kind: K;
  readonly variables: Variables;
}

export type Fetched = Told<'fetched'> | Happening<'fetch-failed'>;
export type LookedUp = Told<'rows'> | { readonly kind: 'no-rows' } | Happening<'look-up-failed'>;
export type FoundCustomer = Told<'found'> | { readonly kind: 'not-found' };
export type PinVerdict = { readonly kind: 'pin-ok' | 'pin-locked' } | Happening<'pin-wrong'>;

/** A message to another system that nobody waits for. */
export interface OutgoingWebhook {
  /** The same for the same visit of the same step: what is given twice is sent once. */
  readonly id: string;
  readonly callId: CallId;
  readonly url: string;
  /** JSON, as the flow's author wrote it. */
  readonly body: string;
  readonly askedAt: number;
}

/**
 * What flows ask of other systems. Nothing of it rejects: what goes wrong is an answer. An aborted `signal` (the caller
 * left) ends it at once.
 */
export interface SelfService {
  fetch(request: FetchEffect, signal: AbortSignal): Promise<Fetched>;
  lookUp(query: Asked<'look-up'>, signal: AbortSignal): Promise<LookedUp>;
  findCustomer(number: string, call: CallId): Promise<FoundCustomer>;
  checkPin(pin: Asked<'check-pin'>): Promise<PinVerdict>;
  /** Resolves when it is kept where a restart does not lose it, or after a short limit; sent in the background. */
  sendWebhook(webhook: OutgoingWebhook): Promise<void>;
}
