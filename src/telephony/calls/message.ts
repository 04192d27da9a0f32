import {
  newRecordingId,
  type ExtensionId,
  type QueueId,
  type RecordingId,
} from '../../kernel/ids.js';
import { Scope } from '../../kernel/scope.js';
import type { CallEventBody } from '../../kernel/call-event.js';
import type { AriEventOf, Inbox } from '../ari/events.js';
import { AriError, type AriPort } from '../ari/port.js';
import type { Call } from './call.js';
import { askKey, playPrompt } from './prompts.js';
import type { CallServices } from './services.js';
import type { MessageState } from './stage.js';

/** Silence that ends a message. */
export const END_SILENCE_MS = 5_000;
/** Less talk than this is somebody who hung up after the beep, not a message. */
export const MIN_TALK_MS = 800;
const CLOSE_LIMIT_MS = 3_000;

/** A message may be over without its event: it came while nobody listened. How often that is looked for. */
const LOOK_MS = 30_000;
/** 8 kHz, 16 bit, one channel, behind the head of the file. */
const WAV_HEAD_BYTES = 44;
const WAV_BYTES_PER_MS = 16;

/** How something that a caller says is recorded. */
interface TakeOptions {
  readonly maxMs: number;
  /** The key that ends it; '' for none. */
  readonly endKey: string;
}

/** What a caller said, as the node keeps it. */
export interface TakenSound {
  readonly recordingId: RecordingId;
  /** Its name on the node. */
  readonly file: string;
  readonly durationMs: number;
}

/** Told of a recording that begins, and of one in which something was said, also when its caller hung up meanwhile. */
interface Taking {
  /** What it is for: the end of its name on the node. */
  readonly suffix: 'voicemail' | 'comment';
  readonly onBegun?: (begun: Pick<TakenSound, 'recordingId' | 'file'>) => void;
  readonly onTaken: (taken: TakenSound) => void;
}

/** How a message is taken, and whose it is: exactly one of the two. */
export interface MessageOptions extends TakeOptions {
  readonly extension?: ExtensionId;
  readonly queue?: QueueId;
}

/** How a message outlives the process that takes it. */
export interface MessageMemory {
  /** One that a former process began. */
  readonly begun: MessageState | undefined;
  /** Told of one before it begins: write it into the journal. */
  readonly keep: (state: MessageState) => void;
}

const fileOf = (id: RecordingId, suffix: Taking['suffix'] = 'voicemail'): string =>
  `${id}-${suffix}`;

/**
 * Prompt, beep, message; ended by a key, silence, its greatest length, or hanging up: the message counts in each case. One
 * that a former process began goes on, or is taken as it was left. Its id, or undefined where nothing was said.
 */
export async function recordMessage(
  scope: Scope,
  s: CallServices,
  call: Call,
  prompt: readonly string[],
  options: MessageOptions,
  { begun, keep }: MessageMemory,
): Promise<RecordingId | undefined> {
  if (begun !== undefined) {
    const found = await goOn(scope, s, call, begun);
    if (found !== 'none') return found.id;
  }
  await playWithBeep(scope, s, call, prompt);
  const { extension, queue } = options;
  const state: MessageState = {
    id: newRecordingId(),
    startedAt: call.clock.now(),
    ...(extension === undefined ? {} : { extension }),
    ...(queue === undefined ? {} : { queue }),
  };
  const sound = new Sound(s, call, state, asMessage(call, state));
  call.scope.defer(() => sound.finish());
  return scope.run('message', (within) =>
    sound.take(within, options, () => {
      keep(state);
    }),
  );
}

/** The same for anything else that a caller says after a beep. */
export async function takeSound(
  scope: Scope,
  s: CallServices,
  call: Call,
  prompt: readonly string[],
  { maxMs, endKey, ...taking }: Taking & TakeOptions,
): Promise<RecordingId | undefined> {
  await playWithBeep(scope, s, call, prompt);
  const sound = new Sound(s, call, { id: newRecordingId(), startedAt: call.clock.now() }, taking);
  call.scope.defer(() => sound.finish());
  return scope.run('message', (within) => sound.take(within, { maxMs, endKey }));
}

/** A key ends the prompt, never the beep. The beep is ours: that of the node is not heard on every node. */
async function playWithBeep(
  scope: Scope,
  s: CallServices,
  call: Call,
  prompt: readonly string[],
): Promise<void> {
  // What was pressed before is no answer to it.
  call.digits.clear();
  await askKey(scope, call, prompt, 0);
  await playPrompt(scope, call, s.prompts.named('say-beep', call));
}

const asMessage = (call: Call, state: MessageState): Taking => ({
  suffix: 'voicemail',
  onTaken: ({ durationMs }) => {
    call.record(messageLeft(call, state, durationMs));
    call.messageLeft = true;
  },
});

/** Takes up what a former process began: `none` where it had not begun really. */
async function goOn(
  scope: Scope,
  s: CallServices,
  call: Call,
  begun: MessageState,
): Promise<'none' | { readonly id: RecordingId | undefined }> {
  const sound = new Sound(s, call, begun, asMessage(call, begun));
  call.scope.defer(() => sound.finish());
  return scope.run('message', (within) => sound.goOn(within));
}

/** How long a message is that its node has stored, in ms; undefined where it has none. */
export function storedMessageMs(
  ari: Pick<AriPort, 'recordings'>,
  id: RecordingId,
): Promise<number | undefined> {
  return storedMs(ari, fileOf(id));
}

/** How long a file of 8 kHz sound is that lies on the node, in ms; undefined where there is none. */
export async function storedMs(
  ari: Pick<AriPort, 'recordings'>,
  file: string,
): Promise<number | undefined> {
  try {
    const { length } = await ari.recordings.fetch(file);
    return Math.max(0, length - WAV_HEAD_BYTES) / WAV_BYTES_PER_MS;
  } catch (error) {
    if (error instanceof AriError && error.failure === 'gone') return undefined;
    throw error;
  }
}

/** The ledger's line of a message. `durationMs`: 0 where that is known only when the file has been fetched. */
export const messageLeft = (
  call: Call,
  { id, extension, queue }: MessageState,
  durationMs: number,
): CallEventBody => ({
  kind: 'voicemail-left',
  recordingId: id,
  file: fileOf(id),
  node: call.ari.node,
  durationMs: Math.round(durationMs),
  ...(extension === undefined ? {} : { extensionId: extension }),
  ...(queue === undefined ? {} : { queueId: queue }),
});

class Sound {
  readonly #name: string;
  #running = false;

  constructor(
    private readonly s: CallServices,
    private readonly call: Call,
    private readonly state: Pick<MessageState, 'id' | 'startedAt'>,
    private readonly taking: Taking,
  ) {
    this.#name = fileOf(state.id, taking.suffix);
  }

  /** Its id when a message was left. */
  async take(
    scope: Scope,
    { endKey, maxMs }: TakeOptions,
    keep?: () => void,
  ): Promise<RecordingId | undefined> {
    const { call, state } = this;
    const finished = call.ari.events.inbox(scope, call.channel, ['RecordingFinished']);
    keep?.();
    await call.ari.record(call.channel, {
      name: this.#name,
      format: 'wav',
      maxDurationMs: maxMs,
      maxSilenceMs: END_SILENCE_MS,
      ...(endKey === '#' || endKey === '*' ? { terminateOn: endKey } : {}),
    });
    this.#running = true;
    this.taking.onBegun?.({ recordingId: state.id, file: this.#name });
    return this.#end(scope, finished);
  }

  /** It still runs, or came to its end meanwhile, or never began. */
  async goOn(scope: Scope): Promise<'none' | { readonly id: RecordingId | undefined }> {
    const { call } = this;
    const finished = call.ari.events.inbox(scope, call.channel, ['RecordingFinished']);
    if (await call.ari.isRecording(this.#name)) {
      this.#running = true;
      return { id: await this.#end(scope, finished) };
    }
    const ms = await storedMessageMs(call.ari, this.state.id);
    if (ms === undefined) return 'none';
    this.#running = true;
    return { id: this.#note(this.#unheard(ms)) };
  }

  /** Waits for the end of it, and looks whether it is over: the event may have come while the connection was away. */
  async #end(
    scope: Scope,
    finished: Inbox<AriEventOf<'RecordingFinished'>>,
  ): Promise<RecordingId | undefined> {
    const { call, state } = this;
    for (;;) {
      const event = await scope.run('recording', (within) =>
        Promise.race([
          finished.next(within),
          call.clock.sleep(LOOK_MS, within.signal).then(() => undefined),
        ]),
      );
      if (event?.name === this.#name) return this.#note(event);
      if (event !== undefined || (await call.ari.isRecording(this.#name))) continue;
      const ms = await storedMs(call.ari, fileOf(state.id, this.taking.suffix));
      return this.#note(this.#unheard(ms ?? 0));
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
      else if (this.#running) this.#note(this.#unheard(this.#untilNow()));
    });
  }

  #untilNow(): number {
    const { call, state } = this;
    return Math.max(0, (call.goneAt ?? call.clock.now()) - state.startedAt);
  }

  /** The end of it as far as we know: nobody told. */
  #unheard(durationMs: number): AriEventOf<'RecordingFinished'> {
    return {
      type: 'RecordingFinished',
      channel: this.call.channel,
      name: this.#name,
      failed: false,
      ...{ durationMs, talkingMs: durationMs },
    };
  }

  /** Its id where it is a message. */
  #note(event: AriEventOf<'RecordingFinished'>): RecordingId | undefined {
    const { call, state } = this;
    if (!this.#running || call.notedMessages.has(state.id)) return undefined;
    this.#running = false;
    call.notedMessages.add(state.id);
    if (event.failed || event.talkingMs < MIN_TALK_MS) {
      this.#discard();
      return undefined;
    }
    const { durationMs } = event;
    this.taking.onTaken({ recordingId: state.id, file: this.#name, durationMs });
    return state.id;
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
