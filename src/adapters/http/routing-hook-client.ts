import { createHmac } from 'node:crypto';
import { lookup } from 'node:dns/promises';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { isIP } from 'node:net';
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
import { mayConnect } from './address-guard.js';

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

/** `ECONNREFUSED`, `CERT_HAS_EXPIRED` ...: enough to know what to mend, without what an answer contained. */
const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error ? String(error.code) : '';

async function exchange(
  hook: HookConfig,
  request: HookRequest,
  signal: AbortSignal,
  at: number,
): Promise<Ending> {
  const url = new URL(hook.url);
  const address = await resolveOnce(url, hook.allowedAddresses);
  const body = JSON.stringify(request);
  const response = await send(hook, url, address, body, { signal, at });
  const status = response.statusCode ?? 0;
  if (status >= 300 && status < 400) throw ended(response, refused('redirect', String(status)));
  if (status < 200 || status >= 300) throw ended(response, refused('status', String(status)));
  return readAnswer(await readBody(response));
}

/** Nobody reads the rest of this answer. */
function ended(response: IncomingMessage, ending: Ending): Ended {
  response.destroy();
  return new Ended(ending);
}

/** Every address that the name has must be allowed, so that a name cannot mix one in that is not. */
async function resolveOnce(url: URL, allowed: readonly string[]): Promise<string> {
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const addresses = isIP(host) > 0 ? [host] : await addressesOf(host);
  const [address] = addresses;
  if (address === undefined) throw new Ended(refused('unknown-host', host));
  const wrong = addresses.find((one) => !mayConnect(one, allowed));
  if (wrong !== undefined) throw new Ended(refused('address', wrong));
  return address;
}

async function addressesOf(host: string): Promise<readonly string[]> {
  try {
    return (await lookup(host, { all: true })).map((one) => one.address);
  } catch (error) {
    throw new Ended(refused('unknown-host', codeOf(error) === '' ? host : codeOf(error)));
  }
}

function send(
  hook: HookConfig,
  url: URL,
  address: string,
  body: string,
  { signal, at }: { readonly signal: AbortSignal; readonly at: number },
): Promise<IncomingMessage> {
  const isTls = url.protocol === 'https:';
  const hostname = url.hostname.replace(/^\[|\]$/g, '');
  const timestamp = String(Math.floor(at / 1_000));
  return new Promise((resolve, reject) => {
    const outgoing = (isTls ? httpsRequest : httpRequest)({
      method: 'POST',
      host: address,
      port: url.port === '' ? (isTls ? 443 : 80) : Number(url.port),
      path: url.pathname + url.search,
      // The certificate is that of the name, though the connection is made to the address that was checked.
      ...(isTls && isIP(hostname) === 0 ? { servername: hostname } : {}),
      agent: false,
      signal,
      headers: {
        host: url.host,
        'content-type': 'application/json',
        'content-length': Buffer.byteLength(body),
        accept: 'application/json',
        'user-agent': 'Cordboard',
        'x-cordboard-timestamp': timestamp,
        'x-cordboard-signature': hookSignature(hook.secret, timestamp, body),
      },
    });
    outgoing.once('response', resolve);
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

async function readBody(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > ANSWER_LIMIT_BYTES) throw ended(response, { kind: 'too-large' });
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
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
