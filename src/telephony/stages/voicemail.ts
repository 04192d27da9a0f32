import { newRecordingId, type RecordingId } from '../../kernel/ids.js';
import { Scope } from '../../kernel/scope.js';
import type { AriEventOf } from '../ari/events.js';
import { AriError } from '../ari/port.js';
import type { Call } from '../calls/call.js';
import { playPrompt } from '../calls/prompts.js';
import type { CallServices } from '../calls/services.js';
import { ended, type Stage, type StageOf } from '../calls/stage.js';

export const MAX_MESSAGE_MS = 180_000;
/** Silence that ends a message. */
export const END_SILENCE_MS = 5_000;
/** Less talk than this is somebody who hung up after the beep, not a message. */
export const MIN_TALK_MS = 800;
const CLOSE_LIMIT_MS = 3_000;

/** Greeting, beep, message, ended by `#`, silence, or hanging up: the message counts in each case. */
export async function voicemailStage(
  s: CallServices,
  call: Call,
  stage: StageOf<'voicemail'>,
): Promise<Stage> {
  await call.answer();
  const own = stage.greeting === undefined ? [] : s.prompts.of(stage.greeting, call);
  const greeting = own.length > 0 ? own : s.prompts.named('leave-message', call);
  // The beep is ours: that of the node is not heard on every node.
  const media = [...greeting, ...s.prompts.named('say-beep', call)];
  await call.scope.run('greeting', (scope) => playPrompt(scope, call, media));
  const message = new Message(s, call, stage);
  call.scope.defer(() => message.finish());
  const left = await call.scope.run('message', (scope) => message.take(scope));
  return left
    ? ended('voicemail', 'system', 16, 'message-left')
    : {
        kind: 'announce',
        prompt: 'message-too-short',
        then: ended('contained', 'system', 16, 'message-too-short'),
      };
}

class Message {
  readonly #id: RecordingId = newRecordingId();
  readonly #name = `${this.#id}-voicemail`;
  #running = false;

  constructor(
    private readonly s: CallServices,
    private readonly call: Call,
    private readonly stage: StageOf<'voicemail'>,
  ) {}

  /** True when a message was left. */
  async take(scope: Scope): Promise<boolean> {
    const { call } = this;
    const finished = call.ari.events.inbox(scope, call.channel, ['RecordingFinished']);
    await call.ari.record(call.channel, {
      name: this.#name,
      format: 'wav',
      maxDurationMs: MAX_MESSAGE_MS,
      maxSilenceMs: END_SILENCE_MS,
      terminateOn: '#',
    });
    this.#running = true;
    for (;;) {
      const event = await finished.next();
      if (event.name === this.#name) return this.#note(event);
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
    const durationMs = Math.max(
      0,
      (this.call.goneAt ?? this.call.clock.now()) - this.call.stageSince,
    );
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
    const { call, stage } = this;
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
      ...(stage.extensionId === undefined ? {} : { extensionId: stage.extensionId }),
      ...(stage.queueId === undefined ? {} : { queueId: stage.queueId }),
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
