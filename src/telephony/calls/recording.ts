import { newChannelId, newRecordingId, type ChannelId } from '../../kernel/ids.js';
import { Cancelled, type Scope } from '../../kernel/scope.js';
import { AriError, quietly } from '../ari/port.js';
import type { Call } from './call.js';
import { filesOf, type RecordingState } from './stage.js';

/** How long Asterisk may take to close the files of a recording. */
const CLOSE_LIMIT_MS = 3_000;
/** A listener that has ended is gone from its channel with the next packets, of 20 ms each. */
export const PACKETS_MS = 120;

/**
 * A call's own recording: two one-sided files of one channel (what is said there, what is heard there), that of the person
 * whom the call is about, so that it follows the call through consults and transfers. The listeners write silence while no
 * sound arrives: the files are as long as the talk. Snoop is used instead of MixMonitor because it can pause and because its
 * end is an event.
 */
export class CallRecording {
  #over = false;
  /** The newest listeners do not listen yet. */
  #isWaiting = false;

  private constructor(
    private readonly call: Call,
    private now: RecordingState,
    private readonly scope: Scope,
  ) {}

  get state(): RecordingState {
    return this.now;
  }
  /** The channel that is listened to. */
  get channel(): ChannelId {
    return this.now.channel ?? this.call.facts.channel;
  }

  /**
   * Starts recording at a channel. The first file is always the caller's side, also where the called side is listened to.
   * `scope` must outlive the caller's channel's end by the moment that closing takes: `finish` is
   * called in a finalizer. Resolves undefined, with the reason in the ledger, where Asterisk would not record.
   */
  static async start(
    call: Call,
    scope: Scope,
    channel: ChannelId,
    heard: ChannelId,
  ): Promise<CallRecording | undefined> {
    const state: RecordingState = {
      id: newRecordingId(),
      startedAt: call.clock.now(),
      channel,
      heard,
      snoops: [newChannelId('snoop'), newChannelId('snoop')],
    };
    const recording = new CallRecording(call, state, scope);
    try {
      await recording.#listen();
    } catch (error) {
      if (!(error instanceof AriError)) throw error;
      await Promise.all(state.snoops.map((snoop) => call.hangup(snoop)));
      if (!call.gone && !call.scope.cancelled)
        call.record({ kind: 'recording-missing', reason: error.failure });
      return undefined;
    }
    call.record({ kind: 'recording-started', recordingId: state.id });
    call.recording = true;
    call.changed();
    return recording;
  }

  /** Whether it is this channel that is listened to. */
  isAt(channel: ChannelId): boolean {
    return this.channel === channel;
  }

  /**
   * To be told before the channel hears somebody alone. Where that is somebody else than before, other listeners take over: what
   * Asterisk 22 passes to listeners of what a channel hears it takes out of one stream of RTP, and drops all of another whose
   * numbers are lower, for minutes. Its numbers begin anew only when nobody listens at all.
   */
  async hears(heard: ChannelId): Promise<void> {
    const { state } = this;
    if (state.heard === heard) return;
    this.now = { ...state, heard };
    if (state.heard === undefined || this.#over || this.call.gone) return;
    await this.#closeAll();
    this.now = {
      ...{ ...state, heard, earlier: this.#files },
      // Names tell when a part begins.
      snoops: [newChannelId('snoop', PACKETS_MS), newChannelId('snoop', PACKETS_MS)],
    };
    const { snoops } = this.now;
    this.#isWaiting = true;
    // Nobody waits for it: those who talk must not.
    this.scope.fork('listen anew', async (scope) => {
      await this.call.clock.sleep(PACKETS_MS, scope.signal);
      const isDue = (): boolean => !this.#over && !this.call.gone && this.now.snoops === snoops;
      try {
        if (isDue()) await this.#listen();
        if (isDue()) {
          this.#isWaiting = false;
          return;
        }
      } catch (error) {
        if (!(error instanceof AriError)) throw error;
        // What is there is kept; the rest is silence.
      }
      await Promise.all(snoops.map((snoop) => quietly(() => this.call.ari.hangup(snoop))));
    });
  }

  /** Of listeners that never listened there are none. */
  get #files(): readonly [ChannelId, ...ChannelId[]] {
    const { state } = this;
    const [first, ...more] = state.earlier ?? [];
    return this.#isWaiting && first !== undefined ? [first, ...more] : filesOf(state);
  }

  async #listen(): Promise<void> {
    const { call, channel, now } = this;
    const [caller, other] = now.snoops;
    const isCallers = channel === call.facts.channel;
    await Promise.all([
      call.ari.snoop(channel, caller, isCallers ? 'in' : 'out'),
      call.ari.snoop(channel, other, isCallers ? 'out' : 'in'),
    ]);
    await Promise.all(now.snoops.map((name) => call.ari.record(name, { name, format: 'wav' })));
  }

  /** Takes a recording up that another process started. */
  static resume(call: Call, scope: Scope, state: RecordingState): CallRecording {
    call.recording = true;
    return new CallRecording(call, state, scope);
  }

  /** Ends it and writes its line of the ledger; twice does nothing twice. `at`: when it was over, where that is known. */
  async finish(at?: number): Promise<void> {
    if (this.#over) return;
    this.#over = true;
    // Hanging up the listeners closes their files. One that Asterisk could not be told about ends with the caller.
    await this.#closeAll();
    this.#note(at);
  }

  /**
   * The same where nothing may be recorded from here on: false where Asterisk did not confirm that nobody listens any more.
   * Then it is not over, and can be asked for again.
   */
  async finishForSure(at?: number): Promise<boolean> {
    if (this.#over) return true;
    if (!(await this.#closeAll())) return false;
    if (this.#isOver()) return true;
    this.#over = true;
    this.#note(at);
    return true;
  }

  /** Somebody else has ended it while the listeners were closed. */
  #isOver(): boolean {
    return this.#over;
  }

  async #closeAll(): Promise<boolean> {
    const closed = await Promise.all(this.state.snoops.map((snoop) => this.#close(snoop)));
    return closed.every(Boolean);
  }

  #note(at: number | undefined): void {
    const { call, state } = this;
    call.recording = false;
    const endedAt = at ?? call.goneAt ?? call.clock.now();
    call.record({
      kind: 'recording-ended',
      recordingId: state.id,
      recordedMs: Math.max(0, endedAt - state.startedAt),
      files: this.#files,
      node: call.ari.node,
    });
  }

  /** False where Asterisk did not say that the listener is gone. */
  async #close(snoop: RecordingState['snoops'][0]): Promise<boolean> {
    const { call } = this;
    return this.scope
      .run('close recording', async (scope) => {
        const events = call.ari.events.inbox(scope, snoop, ['StasisEnd', 'ChannelDestroyed']);
        scope.fork('limit', async (s) => {
          await call.clock.sleep(CLOSE_LIMIT_MS, s.signal);
          scope.cancel('not confirmed');
        });
        await call.ari.hangup(snoop);
        await events.next();
        return true;
      })
      .catch((error: unknown) => {
        // Gone already: the caller's end took the listener with it.
        if (error instanceof AriError) return error.failure === 'gone';
        if (error instanceof Cancelled) return false;
        throw error;
      });
  }
}
