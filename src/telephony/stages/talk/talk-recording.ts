import {
  isRecorded,
  isWanted,
  stepRecording,
  toggledWish,
  withoutOverduePause,
  type RecordingControl,
  type RecordingWish,
} from '../../../engines/recording/control.js';
import { isSameDecision, type RecordingDecision } from '../../../engines/recording/policy.js';
import { heardAt } from '../../../engines/talk/heard.js';
import type { Seat, TalkState } from '../../../engines/talk/talk.js';
import type { AgentId, ChannelId } from '../../../kernel/ids.js';
import type { Scope } from '../../../kernel/scope.js';
import type { Call } from '../../calls/call.js';
import { CallRecording } from '../../calls/recording.js';
import { recordingDecision } from '../../calls/recording-rules.js';
import type { CallServices } from '../../calls/services.js';
import type { RecordingState } from '../../calls/stage.js';
import type { LiveRecording } from '../../live.js';
import { tellOfPart } from './recording-notice.js';
import { DONE, refused, type Outcome } from './talk-mail.js';

/** Who asks for something, and how. */
export interface RecordingAsker {
  readonly by: ChannelId;
  readonly via: 'page' | 'phone';
  readonly agentId?: AgentId;
}

/** The talk in which somebody asks. */
interface TalkNow {
  readonly state: TalkState;
  /** The partner has hung up. */
  readonly hasLeft: boolean;
  /** Writes the journal. */
  readonly save: () => void;
}

/** What the journal keeps of it with the talk. */
export interface KeptRecording {
  readonly recording?: RecordingState;
  readonly recordingRule?: RecordingDecision;
}

/**
 * The recording of a talk: what is decided and what people have asked for says whether one runs, and what differs is done. A
 * pause is the end of a part, and what follows it another one: nothing listens in between, also where the program dies.
 */
export class TalkRecording {
  #recording: CallRecording | undefined;
  #rule: RecordingDecision | undefined;
  /** Until when somebody watches for the end of a pause. */
  #watched = 0;

  constructor(
    private readonly s: CallServices,
    private readonly call: Call,
    private readonly scope: Scope,
    { recording, recordingRule }: KeptRecording,
    /** The time of a pause is over. */
    private readonly onLimit: () => void,
  ) {
    this.#rule = recordingRule;
    if (recording !== undefined) this.#recording = CallRecording.resume(call, s.server, recording);
  }

  get kept(): KeptRecording {
    return {
      ...(this.#recording === undefined ? {} : { recording: this.#recording.state }),
      ...(this.#rule === undefined ? {} : { recordingRule: this.#rule }),
    };
  }

  get live(): LiveRecording {
    const mode = this.#rule?.mode ?? 'never';
    const { recordingControl: control } = this.call;
    const isPaused = isWanted(mode, control) && control.pause !== undefined;
    return {
      mode,
      isWanted: isWanted(mode, control),
      ...(isPaused ? { pause: control.pause } : {}),
    };
  }

  /** Makes true what has to be so. `hasLeft`: the partner has hung up. Resolves whether anything has changed. */
  async keep(state: TalkState, hasLeft: boolean): Promise<boolean> {
    const { call, s } = this;
    const isDecided = this.#decide(state);
    const isOver = this.#endOverduePause();
    const { anchor, partner, others, consult } = state;
    const there = [anchor, partner.leg, ...others.map(({ leg }) => leg), consult?.party.leg];
    const isDue = isRecorded(this.#rule?.mode ?? 'never', call.recordingControl);
    const now = this.#recording;
    const isFit = now === undefined || there.some((leg) => leg !== undefined && now.isAt(leg));
    let hasChanged = isDecided || isOver;
    if (now !== undefined && !(isDue && isFit)) {
      const at = call.recordingControl.pause?.at;
      if (isDue) await now.finish(at);
      else if (!(await now.finishForSure(at))) return hasChanged;
      this.#recording = undefined;
      hasChanged = true;
    }
    // Whoever would be heard has hung up, too: the talk is over as soon as that is looked at.
    if (isDue && this.#recording === undefined && !hasLeft) {
      // A call that was dialled is about the number that was dialled, should the phone leave.
      const isOutside = partner.role === 'outside' && anchor === call.facts.channel;
      const at = isOutside ? partner.leg : anchor;
      const heard = at === anchor ? partner.leg : anchor;
      this.#recording = await CallRecording.start(call, s.server, at, heard);
      hasChanged = true;
    }
    this.#watchPause();
    return hasChanged;
  }

  /** To be told of seats before they are taken: whoever the recorded channel hears alone from then on. */
  async follow(seats: ReadonlyMap<ChannelId, Seat>): Promise<void> {
    const recording = this.#recording;
    const heard = recording && heardAt(seats, recording.channel);
    if (heard !== undefined) await recording?.hears(heard);
  }

  /** Carries a wish out, or says why not. `code`: what a phone's code means depends on how things stand. */
  async ask(
    wanted: RecordingWish | { readonly code: 'record' | 'pause' },
    asker: RecordingAsker,
    { state, hasLeft, save }: TalkNow,
  ): Promise<Outcome & { readonly wish?: RecordingWish }> {
    const { call, s } = this;
    this.#decide(state);
    const mode = this.#rule?.mode ?? 'never';
    const before = call.recordingControl;
    const wish = typeof wanted === 'string' ? wanted : toggledWish(mode, before, wanted.code);
    const at = call.clock.now();
    const { maxPauseMs } = s.directory.current.recording;
    const step = stepRecording(mode, before, wish, at, maxPauseMs);
    if (step.kind === 'refused') return refused(step.reason);
    // Should we die in between, the next process knows that nothing may be recorded.
    call.recordingControl = step.control;
    save();
    if (wish === 'start') tellOfPart(this.scope, s, call, state);
    await this.keep(state, hasLeft);
    if (this.#recording !== undefined && !isRecorded(mode, call.recordingControl)) {
      // Somebody may still listen: nobody must believe the contrary.
      call.recordingControl = before;
      save();
      return refused('pbx-offline');
    }
    this.#note(wish, before, asker, at);
    save();
    return { ...DONE, wish };
  }

  async finish(): Promise<void> {
    await this.#recording?.finish();
  }

  #decide({ partner, others }: TalkState): boolean {
    const { call } = this;
    const rule = recordingDecision(this.s, call, partner, others);
    if (isSameDecision(this.#rule, rule)) return false;
    this.#rule = rule;
    const { mode, why } = rule;
    call.record({
      kind: 'recording-decided',
      mode,
      why: why.map(({ by, name }) => ({ by, name })),
    });
    return true;
  }

  #endOverduePause(): boolean {
    const { call } = this;
    const { recordingControl: before } = call;
    call.recordingControl = withoutOverduePause(before, call.clock.now());
    const { pause } = before;
    if (call.recordingControl === before || pause === undefined) return false;
    const pausedMs = Math.max(0, call.clock.now() - pause.at);
    call.record({ kind: 'recording-resumed', why: 'limit', pausedMs });
    return true;
  }

  #note(
    wish: RecordingWish,
    { pause }: RecordingControl,
    { by, via, agentId }: RecordingAsker,
    askedAt: number,
  ): void {
    const { call } = this;
    const who = { by, ...(agentId === undefined ? {} : { agentId }) };
    const now = call.clock.now();
    const paused = call.recordingControl.pause;
    if (wish === 'pause' && paused !== undefined) {
      // Only now nothing listens any more.
      call.recordingControl = { ...call.recordingControl, pause: { ...paused, at: now } };
      call.record({ kind: 'recording-paused', until: paused.until, via, ...who }, now);
    }
    if (pause !== undefined && wish !== 'pause') {
      const why = wish === 'stop' ? 'stopped' : 'asked';
      const pausedMs = Math.max(0, askedAt - pause.at);
      call.record({ kind: 'recording-resumed', why, pausedMs, ...who }, askedAt);
    }
    if (wish === 'start' || wish === 'stop')
      call.record({ kind: 'recording-switched', isOn: wish === 'start', via, ...who }, askedAt);
  }

  #watchPause(): void {
    const { call, scope } = this;
    const until = call.recordingControl.pause?.until ?? 0;
    if (until <= this.#watched) return;
    this.#watched = until;
    scope.fork('pause', async (waiting) => {
      await call.clock.sleep(Math.max(0, until - call.clock.now()), waiting.signal);
      this.onLimit();
    });
  }
}
