import { KnexCallbackStore } from '../../src/features/callbacks/index.js';
import { newCallId, newId, type CallbackId, type QueueId } from '../../src/kernel/ids.js';
import type { Callback, CallbackStore } from '../../src/telephony/callbacks.js';
import type { CallsSite } from './calls-site.js';

const MINUTE_MS = 60_000;

/** A callback that was asked for five minutes ago in Repairs, with what a test says otherwise. */
export const callbackOf = (changes: Partial<Callback> = {}): Callback => ({
  id: newId() as CallbackId,
  queueId: 1 as QueueId,
  callId: newCallId(),
  number: '+442079460999',
  name: 'Ada Finch',
  priority: 0,
  enteredAt: Date.now() - 7 * MINUTE_MS,
  askedAt: Date.now() - 5 * MINUTE_MS,
  requirements: [],
  language: 'en',
  attributes: {},
  context: [],
  state: 'waiting',
  attempts: 0,
  notBefore: 0,
  heldUntil: 0,
  ...changes,
});

/** Keeps callbacks as the process of the calls does; `change` is what became of each later. */
export async function keepCallback(
  at: CallsSite,
  changes: Partial<Callback> = {},
  change: Parameters<CallbackStore['update']>[1] = {},
): Promise<Callback> {
  const store = new KnexCallbackStore(at.site.parts.database);
  const callback = callbackOf(changes);
  await store.add(callback);
  await store.update(callback.id, change);
  return { ...callback, ...change };
}

/** Does what the process of the calls does with commands about callbacks, on the table alone. */
export function playCallbacks(at: CallsSite): void {
  const store = new KnexCallbackStore(at.site.parts.database);
  at.onCommand = async (command) => {
    switch (command.kind) {
      case 'callback-cancel':
        await store.update(command.callbackId, { state: 'cancelled' });
        return { ok: true };
      case 'callback-hurry':
        await store.update(command.callbackId, { notBefore: 0 });
        return { ok: true };
      case 'callback-reopen':
        return (await store.reopen(command.callbackId)) === undefined
          ? { ok: false, code: 'callback-not-open', detail: '' }
          : { ok: true };
      default:
        return at.answer;
    }
  };
}
