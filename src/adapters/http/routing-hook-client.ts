import { createHmac } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
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
import { codeOf, guardedRequest, NotSent, readBody } from './guarded-request.js';

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

/** Thrown inside the adapter to end a request with an outcome. */
class Ended extends Error {
  constructor(readonly ending: Ending) {
    super(ending.kind);
  }
}

/** What the signature covers: the moment and the body, so that neither can be changed or sent again much later. */
export const hookSignature = (secret: string, timestamp: string, body: string): string =>
  `sha256=${createHmac('sha256', secret).update(`${timestamp}.${body}`).digest('hex')}`;

/**
 * Asks hooks over HTTP. The name of the server is resolved once, the address is checked and then connected to, so that it
 * cannot change in between; redirects are not followed. After five failures in a row a hook is left alone for 30 s.
 */
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
function askOnce(
  hook: HookConfig,
  request: HookRequest,
  signal: AbortSignal,
  at: number,
): Promise<Ending> {
  return new Promise((resolve) => {
    const stop = new AbortController();
    const end = (ending: Ending): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', hungUp);
      resolve(ending);
      stop.abort();
    };
    const hungUp = (): void => {
      end(refused('hung-up'));
    };
    const timer = setTimeout(() => {
      end({ kind: 'timeout' });
    }, hook.timeoutMs);
    signal.addEventListener('abort', hungUp, { once: true });
    if (signal.aborted) {
      hungUp();
      return;
    }
    exchange(hook, request, stop.signal, at).then(end, (error: unknown) => {
      end(error instanceof Ended ? error.ending : refused('connection', codeOf(error)));
    });
  });
}

async function exchange(
  hook: HookConfig,
  request: HookRequest,
  signal: AbortSignal,
  at: number,
): Promise<Ending> {
  const response = await send(hook, JSON.stringify(request), { signal, at });
  const status = response.statusCode ?? 0;
  if (status >= 300 && status < 400) throw ended(response, refused('redirect', String(status)));
  if (status < 200 || status >= 300) throw ended(response, refused('status', String(status)));
  const body = await readBody(response, ANSWER_LIMIT_BYTES);
  return body === undefined ? { kind: 'too-large' } : readAnswer(body.toString('utf8'));
}

/** Nobody reads the rest of this answer. */
function ended(response: IncomingMessage, ending: Ending): Ended {
  response.destroy();
  return new Ended(ending);
}

async function send(
  hook: HookConfig,
  body: string,
  { signal, at }: { readonly signal: AbortSignal; readonly at: number },
): Promise<IncomingMessage> {
  const timestamp = String(Math.floor(at / 1_000));
  try {
    return await guardedRequest(new URL(hook.url), {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        accept: 'application/json',
        'x-cordboard-timestamp': timestamp,
        'x-cordboard-signature': hookSignature(hook.secret, timestamp, body),
      },
      body,
      allowedAddresses: hook.allowedAddresses,
      signal,
    });
  } catch (error) {
    throw error instanceof NotSent ? new Ended(refused(error.reason, error.detail)) : error;
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
