import { newChannelId, newRecordingId } from '../../kernel/ids.js';
import { Cancelled, type Scope } from '../../kernel/scope.js';
import { AriError } from '../ari/port.js';
import type { Call } from './call.js';
import type { RecordingState } from './stage.js';

/** How long Asterisk may take to close the files of a recording. */
const CLOSE_LIMIT_MS = 3_000;

/**
 * A call's own recording: two one-sided files of the caller's channel (what the caller says, what the caller hears), so
 * that it follows the call through transfers. The listeners write silence while no sound arrives: the files are as long
 * as the talk. Snoop is used instead of MixMonitor because it can pause and because its end is an event.
 */
export class CallRecording {
  #over = false;

  private constructor(
    private readonly call: Call,
    readonly state: RecordingState,
    private readonly scope: Scope,
  ) {}

  /**
   * Starts recording. `scope` must outlive the caller's channel's end by the moment that closing takes: `finish` is
   * called in a finalizer. Resolves undefined, with the reason in the ledger, where Asterisk would not record.
   */
  static async start(call: Call, scope: Scope): Promise<CallRecording | undefined> {
    const state: RecordingState = {
      id: newRecordingId(),
      startedAt: call.clock.now(),
      snoops: [newChannelId('snoop'), newChannelId('snoop')],
    };
    const recording = new CallRecording(call, state, scope);
    try {
      const [heard, said] = [state.snoops[1], state.snoops[0]];
      await Promise.all([
        call.ari.snoop(call.channel, said, 'in'),
        call.ari.snoop(call.channel, heard, 'out'),
      ]);
      await Promise.all(state.snoops.map((name) => call.ari.record(name, { name, format: 'wav' })));
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

  /** Takes a recording up that another process started. */
  static resume(call: Call, scope: Scope, state: RecordingState): CallRecording {
    call.recording = true;
    return new CallRecording(call, state, scope);
  }

  /** Ends it and writes its line of the ledger; twice does nothing twice. */
  async finish(): Promise<void> {
    if (this.#over) return;
    this.#over = true;
    const { call, state } = this;
    const endedAt = call.goneAt ?? call.clock.now();
    // Hanging up the listeners closes their files.
    await Promise.all(state.snoops.map((snoop) => this.#close(snoop)));
    call.recording = false;
    call.record({
      kind: 'recording-ended',
      recordingId: state.id,
      recordedMs: Math.max(0, endedAt - state.startedAt),
      files: state.snoops,
      node: call.ari.node,
    });
  }

  async #close(snoop: RecordingState['snoops'][0]): Promise<void> {
    const { call } = this;
    await this.scope
      .run('close recording', async (scope) => {
        const events = call.ari.events.inbox(scope, snoop, ['StasisEnd', 'ChannelDestroyed']);
        scope.fork('limit', async (s) => {
          await call.clock.sleep(CLOSE_LIMIT_MS, s.signal);
          scope.cancel('not confirmed');
        });
        await call.ari.hangup(snoop);
        await events.next();
      })
      .catch((error: unknown) => {
        // Gone already: the caller's end took the listener with it.
        if (!(error instanceof AriError || error instanceof Cancelled)) throw error;
      });
  }
}
