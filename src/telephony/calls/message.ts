import {
  newRecordingId,
  type ExtensionId,
  type QueueId,
  type RecordingId,
} from '../../kernel/ids.js';
import { Scope } from '../../kernel/scope.js';
import type { AriEventOf } from '../ari/events.js';
import { AriError } from '../ari/port.js';
import type { Call } from './call.js';
import { playPrompt } from './prompts.js';
import type { CallServices } from './services.js';

/** Silence that ends a message. */
export const END_SILENCE_MS = 5_000;
/** Less talk than this is somebody who hung up after the beep, not a message. */
export const MIN_TALK_MS = 800;
const CLOSE_LIMIT_MS = 3_000;

/** How a message is taken, and whose it is: exactly one of the two. */
export interface MessageOptions {
  readonly maxMs: number;
  /** The key that ends it; '' for none. */
  readonly endKey: string;
  readonly extension?: ExtensionId;
  readonly queue?: QueueId;
}

/**
 * Prompt, beep, message; ended by a key, silence, its greatest length, or hanging up: the message counts in each case. Its
 * id, or undefined where nothing was said.
 */
export async function recordMessage(
  scope: Scope,
  s: CallServices,
  call: Call,
  prompt: readonly string[],
  options: MessageOptions,
): Promise<RecordingId | undefined> {
  // The beep is ours: that of the node is not heard on every node.
  await playPrompt(scope, call, [...prompt, ...s.prompts.named('say-beep', call)]);
  const message = new Message(s, call, options);
  call.scope.defer(() => message.finish());
  return scope.run('message', (within) => message.take(within));
}

class Message {
  readonly #id: RecordingId = newRecordingId();
  readonly #name = `${this.#id}-voicemail`;
  #startedAt = 0;
  #running = false;

  constructor(
    private readonly s: CallServices,
    private readonly call: Call,
    private readonly options: MessageOptions,
  ) {}

  /** Its id when a message was left. */
  async take(scope: Scope): Promise<RecordingId | undefined> {
    const { endKey, maxMs } = this.options;
    const { call } = this;
    const finished = call.ari.events.inbox(scope, call.channel, ['RecordingFinished']);
    await call.ari.record(call.channel, {
      name: this.#name,
      format: 'wav',
      maxDurationMs: maxMs,
      maxSilenceMs: END_SILENCE_MS,
      ...(endKey === '#' || endKey === '*' ? { terminateOn: endKey } : {}),
    });
    this.#startedAt = call.clock.now();
    this.#running = true;
    for (;;) {
      const event = await finished.next();
      if (event.name === this.#name) return this.#note(event) ? this.#id : undefined;
    }
  }

  /** The caller hung up: what was said until then is the message. */
  async finish(): Promise<void> {
    if (!this.#running) return;
    const { call } = this;
    await Scope.run('close message', async (scope) => {
      const finished = call.ari.events.inbox(scope, call.channel, ['RecordingFinished']);
      const event = await Promise.race([
        finished.next(),
        call.clock.sleep(CLOSE_LIMIT_MS, scope.signal).then(() => undefined),
      ]);
      if (event?.name === this.#name) this.#note(event);
      // Asterisk closes the file with the channel; without its word the length is what we know of it.
      else if (this.#running) this.#note({ ...this.#unknown(), failed: false });
    });
  }

  #unknown(): AriEventOf<'RecordingFinished'> {
    const durationMs = Math.max(0, (this.call.goneAt ?? this.call.clock.now()) - this.#startedAt);
    return {
      type: 'RecordingFinished',
      channel: this.call.channel,
      name: this.#name,
      failed: false,
      durationMs,
      talkingMs: durationMs,
    };
  }

  #note(event: AriEventOf<'RecordingFinished'>): boolean {
    if (!this.#running) return false;
    this.#running = false;
    const { call, options } = this;
    if (event.failed || event.talkingMs < MIN_TALK_MS) {
      this.#discard();
      return false;
    }
    call.record({
      kind: 'voicemail-left',
      recordingId: this.#id,
      file: this.#name,
      node: call.ari.node,
      durationMs: event.durationMs,
      ...(options.extension === undefined ? {} : { extensionId: options.extension }),
      ...(options.queue === undefined ? {} : { queueId: options.queue }),
    });
    call.messageLeft = true;
    return true;
  }

  #discard(): void {
    this.s.server.fork('discard message', async () => {
      try {
        await this.call.ari.recordings.remove(this.#name);
      } catch (error) {
        if (!(error instanceof AriError)) throw error;
        this.s.log.warn(
          { name: this.#name, failure: error.failure },
          'an empty message stays on the node',
        );
      }
    });
  }
}
