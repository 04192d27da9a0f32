import type { HookAnswer } from '../engines/routing/hook-answer.js';
import type { Attributes } from '../engines/routing/rule.js';
import type { Language } from '../kernel/call-event.js';
import type { CallId, DidId, HookId, QueueId } from '../kernel/ids.js';

/** An HTTP endpoint of the company's own system that decides before a call queues. */
export interface HookConfig {
  readonly id: HookId;
  readonly name: string;
  readonly url: string;
  /** DIDs whose calls are asked about; empty for all. */
  readonly dids: readonly DidId[];
  /** Queues whose calls are asked about; empty for all. */
  readonly queues: readonly QueueId[];
  readonly timeoutMs: number;
  /** Key of the signature of requests. */
  readonly secret: string;
  /** Addresses and networks (`10.1.2.0/24`) that may be asked although they are not on the public Internet. */
  readonly allowedAddresses: readonly string[];
  /** Certificates in PEM that are trusted beside the public authorities; '' for none. */
  readonly caCertificate: string;
}

/** What the endpoint is told, as JSON. Numbers are E.164, instants ISO 8601. */
export interface HookRequest {
  readonly callId: CallId | 'test';
  /** True where somebody tries the hook from its page, and for test calls of a flow's draft. */
  readonly test: boolean;
  readonly at: string;
  readonly from: string;
  readonly fromName: string;
  readonly to: string;
  readonly language: Language;
  readonly queue: string;
  readonly priority: number;
  readonly vip: boolean;
  readonly attributes: Attributes;
}

/**
 * What became of asking. `refused`: nobody listens there, the address is not allowed, or the answer is none of success
 * (`reason` says which); `circuit-open`: not asked, because the last requests failed; `ms` is the time that the call waited.
 */
export type HookOutcome = { readonly ms: number } & (
  | { readonly kind: 'answered'; readonly answer: HookAnswer }
  | { readonly kind: 'refused'; readonly reason: HookRefusal; readonly detail: string }
  /** `detail` names the fields that do not fit. */
  | { readonly kind: 'invalid'; readonly detail: string }
  | { readonly kind: 'timeout' | 'too-large' | 'not-json' | 'circuit-open' }
);
export type HookOutcomeKind = HookOutcome['kind'];

export const HOOK_REFUSALS = [
  'address',
  'connection',
  'tls',
  'redirect',
  'status',
  'unknown-host',
  'hung-up',
] as const;
/** `hung-up`: the caller left while the endpoint was being asked. `tls`: see `adapters/http/tls-problem.ts` for the detail. */
export type HookRefusal = (typeof HOOK_REFUSALS)[number];

/** Asks endpoints. Never rejects: what goes wrong is an outcome. */
export interface RoutingHook {
  /** Takes at most the hook's time-out; an aborted `signal` ends it at once. */
  ask(hook: HookConfig, request: HookRequest, signal: AbortSignal): Promise<HookOutcome>;
}

/** One request to a hook, as its page shows it. */
export interface HookTry {
  readonly at: number;
  readonly callId: CallId | 'test';
  readonly from: string;
  readonly outcome: HookOutcome;
}

/** The page of a hook shows its last so many requests. */
export const HOOK_TRIES_KEPT = 100;

/** The last {@link HOOK_TRIES_KEPT} requests of each hook. */
export interface HookLog {
  /** Never fails and never waits. */
  note(hook: HookId, done: HookTry): void;
  /** Newest first; rejects where the memory is away. */
  latest(hook: HookId): Promise<readonly HookTry[]>;
}

/** The hook that is asked about a call on its way from a DID to a queue. */
export const hookFor = (
  hooks: readonly HookConfig[],
  did: DidId | undefined,
  queue: QueueId,
): HookConfig | undefined =>
  hooks.find(
    (hook) =>
      (hook.dids.length === 0 || (did !== undefined && hook.dids.includes(did))) &&
      (hook.queues.length === 0 || hook.queues.includes(queue)),
  );
