import type { Clock } from '../../kernel/clock.js';
import { newChannelId, type ExtensionId } from '../../kernel/ids.js';
import type { Scope } from '../../kernel/scope.js';
import type { AriEventOf } from '../ari/events.js';
import type { AriPort } from '../ari/port.js';
import type { Directory, ExtensionConfig } from '../directory.js';
import { PHONE_VARIABLES } from './leg.js';
import type { PhoneMemoryStore } from './phone-memory.js';
import { ringPhone } from './phone-ring.js';

/** Somebody who wants to talk with an extension as soon as it is free. */
export interface BusyCallback {
  readonly caller: ExtensionId;
  readonly callee: ExtensionId;
  readonly askedAt: number;
}

interface BusyCallbackParts {
  readonly clock: Clock;
  readonly directory: Directory;
  readonly ari: AriPort;
  readonly store: PhoneMemoryStore;
  /** Registered, without a call, and not on do not disturb. */
  readonly isFree: (extension: ExtensionConfig) => boolean;
  /** Makes a phone that was answered a call of its own. */
  readonly take: (event: AriEventOf<'StasisStart'>) => void;
  readonly onChange: () => void;
}

/** After so long nobody remembers having asked. */
const EXPIRES_MS = 45 * 60_000;
/** Both phones have been free for so long: nobody is called who has just hung up to dial again. */
const SETTLE_MS = 3_000;
/** How long the phone of whoever asked rings. */
const RING_MS = 20_000;

/**
 * Calls back on busy: when the extension is free that somebody could not reach, the phone of whoever asked rings, and when it
 * is lifted, the extension is called. One wish a phone; those for one extension in the order in which they were made.
 */
export class BusyCallbacks {
  readonly #wishes = new Map<ExtensionId, BusyCallback>();
  /** Since when both sides of a wish are free. */
  readonly #freeSince = new Map<ExtensionId, number>();
  readonly #ringing = new Set<ExtensionId>();

  constructor(
    private readonly scope: Scope,
    private readonly parts: BusyCallbackParts,
  ) {}

  async open(): Promise<void> {
    for (const wish of await this.parts.store.readCallbacks()) this.#wishes.set(wish.caller, wish);
  }

  /** Replaces what the phone asked for before. */
  ask(caller: ExtensionId, callee: ExtensionId): void {
    const wish = { caller, callee, askedAt: this.parts.clock.now() };
    this.#wishes.delete(caller);
    this.#wishes.set(caller, wish);
    this.#freeSince.delete(caller);
    this.parts.store.writeCallback(wish);
    this.parts.onChange();
  }

  /** False where nobody was to be called back. */
  cancel(caller: ExtensionId): boolean {
    if (!this.#wishes.delete(caller)) return false;
    this.#freeSince.delete(caller);
    this.parts.store.removeCallback(caller);
    this.parts.onChange();
    return true;
  }

  of(caller: ExtensionId): BusyCallback | undefined {
    return this.#wishes.get(caller);
  }

  /** Looks whose wish can be fulfilled. Call it whenever something has changed, and every few seconds. */
  check(): void {
    const now = this.parts.clock.now();
    const { extensions } = this.parts.directory.current;
    const promised = new Set<ExtensionId>();
    for (const wish of [...this.#wishes.values()]) {
      const { caller, callee, askedAt } = wish;
      const [from, to] = [extensions.get(caller), extensions.get(callee)];
      if (from === undefined || to === undefined || now - askedAt >= EXPIRES_MS) {
        this.cancel(caller);
        continue;
      }
      if (this.#ringing.has(caller) || promised.has(callee)) continue;
      if (!this.parts.isFree(from) || !this.parts.isFree(to)) {
        this.#freeSince.delete(caller);
        continue;
      }
      promised.add(callee);
      const since = this.#freeSince.get(caller) ?? now;
      this.#freeSince.set(caller, since);
      if (now - since >= SETTLE_MS) this.#ring(wish, from, to);
    }
  }

  #ring({ caller }: BusyCallback, from: ExtensionConfig, to: ExtensionConfig): void {
    this.cancel(caller);
    this.#ringing.add(caller);
    this.scope.fork('call back on busy', async (scope) => {
      const options = {
        channel: newChannelId('extension'),
        endpoint: `PJSIP/${from.number}`,
        appArgs: ['desk-dial', to.number],
        callerNumber: to.number,
        callerName: `↩ ${to.name}`,
        timeoutMs: RING_MS,
        variables: PHONE_VARIABLES,
      };
      try {
        await ringPhone(scope, this.parts.ari, options, (event) => {
          this.parts.take(event);
          return true;
        });
      } finally {
        this.#ringing.delete(caller);
      }
    });
  }
}
