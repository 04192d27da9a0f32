import { WebSocket } from 'ws';
import { z } from 'zod';

/** The application that the carrier's dialplan offers every call to first (asterisk/carrier/README.md). */
export const CARRIER_APP = 'carrier-lab';

const REQUEST_TIMEOUT_MS = 10_000;

const channelSchema = z.object({
  id: z.string(),
  name: z.string(),
  state: z.string(),
  caller: z.object({ name: z.string(), number: z.string() }),
  dialplan: z.object({ exten: z.string() }),
});
const eventSchema = z.object({
  type: z.string(),
  application: z.string().default(''),
  timestamp: z.string().default(''),
  channel: channelSchema.optional(),
  /** Dial events name the channel that is dialled here. */
  peer: channelSchema.optional(),
  args: z.array(z.string()).default([]),
  dialstatus: z.string().default(''),
  digit: z.string().default(''),
  cause: z.number().default(0),
  tech_cause: z.number().default(0),
  playback: z.object({ id: z.string() }).optional(),
});

/** An event of the carrier Asterisk, with what the laboratory looks at. */
export type CarrierEvent = z.infer<typeof eventSchema>;

/** Where the carrier Asterisk is. */
export interface CarrierAddress {
  readonly url: string;
  readonly user: string;
  readonly password: string;
}

/** A refused or unanswered request. `status` is 0 where there was no answer. */
export class CarrierRefusal extends Error {
  override readonly name = 'CarrierRefusal';
  constructor(
    readonly status: number,
    request: string,
    detail: string,
    options?: ErrorOptions,
  ) {
    super(`carrier: ${request}: ${String(status)} ${detail}`, options);
  }
}

/** Query and body of a request. */
export interface RequestParts {
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/**
 * ARI of the carrier Asterisk, for the demonstration and the tests: commands over HTTP, events over one socket. Not the
 * product's way to its own Asterisk (that is adapters/asterisk-ari): whoever plays the telephone company must not share a
 * fault with the program that is being tried.
 */
export class CarrierAri {
  readonly #listeners = new Set<(event: CarrierEvent) => void>();
  #closing = false;

  private constructor(
    private readonly address: CarrierAddress,
    readonly app: string,
    private readonly socket: WebSocket,
    onLost: (reason: string) => void,
  ) {
    socket.on('message', (data: Buffer) => {
      const event = eventSchema.safeParse(JSON.parse(data.toString('utf8')));
      if (!event.success) return;
      if (event.data.type === 'ApplicationReplaced')
        this.#lose('another program took over', onLost);
      for (const listener of [...this.#listeners]) listener(event.data);
    });
    socket.on('close', () => {
      this.#lose('its event socket closed', onLost);
    });
    socket.on('error', () => {
      // A close follows and tells it.
    });
  }

  /**
   * Connects and waits until events flow. `onLost` is called once when they no longer do (Asterisk is gone, another
   * program connected under the same name), not after `close`.
   */
  static async connect(
    address: CarrierAddress,
    onLost: (reason: string) => void,
    app = CARRIER_APP,
  ): Promise<CarrierAri> {
    const url = new URL('/ari/events', address.url.replace(/^http/, 'ws'));
    url.search = new URLSearchParams({
      app,
      api_key: `${address.user}:${address.password}`,
    }).toString();
    const socket = new WebSocket(url, { handshakeTimeout: REQUEST_TIMEOUT_MS });
    const ari = new CarrierAri(address, app, socket, onLost);
    await new Promise<void>((resolve, reject) => {
      socket.once('open', resolve);
      socket.once('error', (error) => {
        ari.#closing = true;
        reject(new CarrierRefusal(0, 'connect', error.message, { cause: error }));
      });
    });
    await ari.request('PUT', `/applications/${app}/eventFilter`, {
      body: { disallowed: [{ type: 'ChannelVarset' }, { type: 'ChannelDialplan' }] },
    });
    return ari;
  }

  /** Calls the listener with every event until the answered function is called. */
  listen(listener: (event: CarrierEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** The answer's body, undefined for an empty one. Rejects with {@link CarrierRefusal}. */
  async request(
    method: 'GET' | 'POST' | 'PUT' | 'DELETE',
    path: string,
    parts: RequestParts = {},
  ): Promise<unknown> {
    const response = await this.#send(method, path, parts);
    const text = await response.text();
    if (!response.ok) throw new CarrierRefusal(response.status, `${method} ${path}`, text);
    return text === '' ? undefined : JSON.parse(text);
  }

  /** As `request`, where it is no fault that the object is gone already. Answers whether it was there. */
  async requestIfThere(
    method: 'POST' | 'DELETE',
    path: string,
    parts: RequestParts = {},
  ): Promise<boolean> {
    try {
      await this.request(method, path, parts);
      return true;
    } catch (error) {
      if (error instanceof CarrierRefusal && [404, 409, 412, 422].includes(error.status))
        return false;
      throw error;
    }
  }

  /** A web socket for sound that Asterisk opened with `connection_type=server`. */
  mediaSocket(connectionId: string): WebSocket {
    return new WebSocket(
      new URL(`/media/${connectionId}`, this.address.url.replace(/^http/, 'ws')),
      ['media'],
      { handshakeTimeout: REQUEST_TIMEOUT_MS },
    );
  }

  close(): void {
    this.#closing = true;
    this.#listeners.clear();
    this.socket.close();
  }

  async #send(method: string, path: string, parts: RequestParts): Promise<Response> {
    const url = new URL(`/ari${path}`, this.address.url);
    url.search = new URLSearchParams(parts.query).toString();
    const credentials = Buffer.from(`${this.address.user}:${this.address.password}`);
    try {
      return await fetch(url, {
        method,
        headers: {
          authorization: `Basic ${credentials.toString('base64')}`,
          ...(parts.body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        ...(parts.body === undefined ? {} : { body: JSON.stringify(parts.body) }),
        signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS),
      });
    } catch (error) {
      throw new CarrierRefusal(0, `${method} ${path}`, String(error), { cause: error });
    }
  }

  #lose(reason: string, onLost: (reason: string) => void): void {
    if (this.#closing) return;
    this.#closing = true;
    this.socket.close();
    onLost(reason);
  }
}
