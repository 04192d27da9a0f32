import type { ChannelId } from '../../kernel/ids.js';
import type { Scope } from '../../kernel/scope.js';
import type { AriEvent, ChannelSnapshot } from './port.js';

export type AriEventOf<T extends AriEvent['type']> = Extract<AriEvent, { readonly type: T }>;

/** An ordered, unbounded queue of one channel's events, closed with its scope. */
export interface Inbox<E> {
  /**
   * The next event, in order of arrival. Rejects when `within` (default: the inbox's own scope) is cancelled; an event
   * that arrives afterwards stays in the inbox for the next reader. One reader at a time.
   */
  next(within?: Scope): Promise<E>;
  /** Forgets what has arrived so far. */
  clear(): void;
  /** Forgets the very next event, which may have arrived already, where it is surplus: it belongs to what is over. */
  skipNext(isSurplus: (event: E) => boolean): void;
}

/** Q.850 38, network out of order: the end of a channel that nobody saw ending. */
export const LOST_CAUSE = 38;

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
  /** Of channels whose end was told. */
  readonly #ended = new WeakSet<Set<Subscription>>();
  readonly #arrivals = new Set<(event: AriEventOf<'StasisStart'>) => void>();
  readonly #connection = new Set<(event: ConnectionEvent) => void>();

  constructor(private readonly onListenerError: (error: unknown) => void) {}

  publish(event: AriEvent): void {
    const subscriptions = this.#byChannel.get(event.channel);
    if (subscriptions) {
      if (event.type === 'ChannelDestroyed' || event.type === 'StasisEnd')
        this.#ended.add(subscriptions);
      // It was elsewhere in the dialplan, and comes back.
      if (event.type === 'StasisStart') this.#ended.delete(subscriptions);
      for (const subscription of [...subscriptions]) this.#safely(() => subscription.push(event));
    } else if (event.type === 'StasisStart')
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
    let isSurplus: ((event: E) => boolean) | undefined;
    const wanted: ReadonlySet<string> = new Set(types);
    const subscription: Subscription = {
      push: (event) => {
        if (!wanted.has(event.type)) return;
        const isSkipped = isSurplus?.(event as E) ?? false;
        isSurplus = undefined;
        if (isSkipped) return;
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
      next: (within = scope) =>
        new Promise<E>((resolve, reject) => {
          const { signal } = within;
          if (signal.aborted) {
            reject(signal.reason as Error);
            return;
          }
          const ready = queue.shift();
          if (ready !== undefined) {
            resolve(ready);
            return;
          }
          const onAbort = (): void => {
            if (waiting === take) waiting = undefined;
            reject(signal.reason as Error);
          };
          const take = (event: E): void => {
            signal.removeEventListener('abort', onAbort);
            resolve(event);
          };
          waiting = take;
          signal.addEventListener('abort', onAbort, { once: true });
        }),
      clear: () => {
        queue.length = 0;
      },
      skipNext: (test) => {
        const [first] = queue;
        if (first === undefined) isSurplus = test;
        else if (test(first)) queue.shift();
      },
    };
  }

  /**
   * After events were missed: channels that are waited for and no longer exist are reported as ended (cause 38,
   * Q.850 "network out of order"), the others are told that they may have missed something.
   */
  resync(channels: readonly ChannelSnapshot[]): void {
    const present = new Map(channels.map((one) => [one.id, one]));
    for (const channel of [...this.#byChannel.keys()]) {
      const now = present.get(channel);
      if (now !== undefined) {
        const isInApplication = now.stasisArgs !== undefined;
        this.publish({ type: 'Resync', channel, state: now.state, isInApplication });
      } else this.lost(channel);
    }
  }

  /** A channel that is not there any more, though nobody was told. */
  lost(channel: ChannelId): void {
    this.publish({ type: 'ChannelDestroyed', channel, cause: LOST_CAUSE, techCause: 0 });
    this.publish({ type: 'StasisEnd', channel });
  }

  /** Whoever waits for this channel knows that it is gone, though no event said so. */
  over(channel: ChannelId): void {
    const subscriptions = this.#byChannel.get(channel);
    if (subscriptions) this.#ended.add(subscriptions);
  }

  /** Channels that somebody waits for, without those whose end was told. */
  get watched(): readonly ChannelId[] {
    return [...this.#byChannel].flatMap(([channel, all]) =>
      this.#ended.has(all) ? [] : [channel],
    );
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
