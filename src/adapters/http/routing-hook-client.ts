import {
  afterAnswer,
  askCircuit,
  CLOSED,
  type Circuit,
} from '../../engines/routing/circuit-breaker.js';
import { hookAnswerSchema } from '../../engines/routing/hook-answer.js';
import type { Clock } from '../../kernel/clock.js';
import type { HookId } from '../../kernel/ids.js';
import type {
  HookConfig,
  HookLog,
  HookOutcome,
  HookRefusal,
  HookRequest,
  RoutingHook,
} from '../../telephony/routing-hook.js';
import { requestBounded, RequestFailed } from './bounded-request.js';
import { signedHeaders } from './signature.js';

/** A longer answer is not read to its end. */
export const ANSWER_LIMIT_BYTES = 64 * 1024;
/** Problems of one answer that are told. */
const PROBLEMS_TOLD = 5;

/** An outcome without how long it took. */
type Ending = HookOutcome extends infer O
  ? O extends { ms: number }
    ? Omit<O, 'ms'>
    : never
  : never;

const refused = (reason: HookRefusal, detail = ''): Ending => ({ kind: 'refused', reason, detail });

/** Asks hooks over HTTP. After five failures in a row a hook is left alone for 30 s. */
export class RoutingHookClient implements RoutingHook {
  readonly #circuits = new Map<HookId, Circuit>();

  /** `withCircuit` false asks always: for somebody who tries a hook. */
  constructor(
    private readonly clock: Clock,
    private readonly log: HookLog,
    private readonly withCircuit = true,
  ) {}

  async ask(hook: HookConfig, request: HookRequest, signal: AbortSignal): Promise<HookOutcome> {
    const startedAt = this.clock.now();
    const outcome = await this.#askGuarded(hook, request, signal, startedAt);
    this.log.note(hook.id, {
      at: startedAt,
      callId: request.callId,
      from: request.from,
      outcome,
    });
    return outcome;
  }

  async #askGuarded(
    hook: HookConfig,
    request: HookRequest,
    signal: AbortSignal,
    startedAt: number,
  ): Promise<HookOutcome> {
    if (!this.withCircuit) return this.#timed(hook, request, signal, startedAt);
    const asked = askCircuit(this.#circuits.get(hook.id) ?? CLOSED, startedAt);
    if (!asked.mayAsk) return { kind: 'circuit-open', ms: 0 };
    this.#circuits.set(hook.id, asked.circuit);
    const outcome = await this.#timed(hook, request, signal, startedAt);
    // A caller who left says nothing about the endpoint.
    if (outcome.kind === 'refused' && outcome.reason === 'hung-up') return outcome;
    const now = this.#circuits.get(hook.id) ?? CLOSED;
    const isSuccess = outcome.kind === 'answered';
    this.#circuits.set(hook.id, afterAnswer(now, isSuccess, this.clock.now()));
    return outcome;
  }

  async #timed(
    hook: HookConfig,
    request: HookRequest,
    signal: AbortSignal,
    startedAt: number,
  ): Promise<HookOutcome> {
    const ending = await askOnce(hook, request, signal, startedAt);
    return { ...ending, ms: Math.max(0, this.clock.now() - startedAt) };
  }
}

/** One request from beginning to end; resolves by the hook's time-out whatever happens. */
async function askOnce(
  hook: HookConfig,
  request: HookRequest,
  signal: AbortSignal,
  at: number,
): Promise<Ending> {
  const body = JSON.stringify(request);
  try {
    const { status, body: answer } = await requestBounded(
      {
        method: 'POST',
        url: new URL(hook.url),
        headers: {
          'content-type': 'application/json',
          accept: 'application/json',
          ...signedHeaders(hook.secret, at, body),
        },
        body,
        timeoutMs: hook.timeoutMs,
        limitBytes: ANSWER_LIMIT_BYTES,
        allowedAddresses: hook.allowedAddresses,
        trusted: hook.caCertificate,
      },
      signal,
    );
    if (status >= 300 && status < 400) return refused('redirect', String(status));
    return status < 200 || status >= 300 ? refused('status', String(status)) : readAnswer(answer);
  } catch (error) {
    if (!(error instanceof RequestFailed)) throw error;
    const { failure, detail } = error;
    return failure === 'timeout' || failure === 'too-large'
      ? { kind: failure }
      : refused(failure, detail);
  }
}

/** No content means: no opinion. */
function readAnswer(text: string): Ending {
  if (text.trim() === '') return { kind: 'answered', answer: {} };
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return { kind: 'not-json' };
    throw error;
  }
  const parsed = hookAnswerSchema.safeParse(value);
  if (parsed.success) return { kind: 'answered', answer: parsed.data };
  const fields = parsed.error.issues
    .slice(0, PROBLEMS_TOLD)
    .map((issue) => [issue.path.join('.'), issue.code].filter((part) => part !== '').join(': '));
  return { kind: 'invalid', detail: fields.join(', ') };
}
