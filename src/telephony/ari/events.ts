import type { ChannelId } from '../../kernel/ids.js';
import type { Scope } from '../../kernel/scope.js';
import type { AriEvent } from './port.js';

export type AriEventOf<T extends AriEvent['type']> = Extract<AriEvent, { readonly type: T }>;

/** An ordered, unbounded queue of one channel's events, closed with its scope. */
export interface Inbox<E> {
  /** The next event, in order of arrival; rejects when the scope is cancelled. */
  next(): Promise<E>;
}

interface Subscription {
  push(event: AriEvent): void;
}

/** The connection to the node: `up` comes after the adapter can command again, also the first time. */
export type ConnectionEvent =
  | { readonly type: 'up' }
  | { readonly type: 'down'; readonly reason: string }
  /** Another process took the application's name: this one hears nothing any more and must stop. */
  | { readonly type: 'replaced' };

/** Routes events by channel. Subscribing is synchronous: subscribe first and command second. */
export class AriEvents {
  readonly #byChannel = new Map<ChannelId, Set<Subscription>>();
  readonly #arrivals = new Set<(event: AriEventOf<'StasisStart'>) => void>();
  readonly #connection = new Set<(event: ConnectionEvent) => void>();

  constructor(private readonly onListenerError: (error: unknown) => void) {}

  publish(event: AriEvent): void {
    const subscriptions = this.#byChannel.get(event.channel);
    if (subscriptions)
      for (const subscription of [...subscriptions]) this.#safely(() => subscription.push(event));
    else if (event.type === 'StasisStart')
      for (const listener of this.#arrivals) this.#safely(() => listener(event));
  }

  publishConnection(event: ConnectionEvent): void {
    for (const listener of [...this.#connection]) this.#safely(() => listener(event));
  }

  /** Channels that enter the application and that nobody waits for: new calls. */
  onArrival(listener: (event: AriEventOf<'StasisStart'>) => void): void {
    this.#arrivals.add(listener);
  }

  onConnection(listener: (event: ConnectionEvent) => void): void {
    this.#connection.add(listener);
  }

  inbox<T extends AriEvent['type']>(
    scope: Scope,
    channel: ChannelId,
    types: readonly T[],
  ): Inbox<AriEventOf<T>> {
    type E = AriEventOf<T>;
    const queue: E[] = [];
    let waiting: ((event: E) => void) | undefined;
    const wanted: ReadonlySet<string> = new Set(types);
    const subscription: Subscription = {
      push: (event) => {
        if (!wanted.has(event.type)) return;
        const wake = waiting;
        waiting = undefined;
        if (wake) wake(event as E);
        else queue.push(event as E);
      },
    };
    const peers = this.#byChannel.get(channel) ?? new Set<Subscription>();
    this.#byChannel.set(channel, peers.add(subscription));
    scope.defer(() => {
      peers.delete(subscription);
      if (peers.size === 0 && this.#byChannel.get(channel) === peers)
        this.#byChannel.delete(channel);
    });
    return {
      next: () =>
        scope.wait(
          new Promise<E>((resolve) => {
            const ready = queue.shift();
            if (ready === undefined) waiting = resolve;
            else resolve(ready);
          }),
        ),
    };
  }

  /** Channels with at least one inbox: zero when no call is left. */
  get channels(): number {
    return this.#byChannel.size;
  }

  /** One throwing listener must not make the others deaf. */
  #safely(run: () => void): void {
    try {
      run();
    } catch (error) {
      this.onListenerError(error);
    }
  }
}
