import { CodeReader, type RecordingWish } from '../../../engines/recording/control.js';
import {
  isAnchorHeld,
  partiesOf,
  seatsOf,
  stepTalk,
  type TalkInput,
  type TransferTarget,
} from '../../../engines/talk/talk.js';
import type { ConsultOutcome } from '../../../kernel/call-event.js';
import { newBridgeId, type CallId, type ChannelId } from '../../../kernel/ids.js';
import type { Scope } from '../../../kernel/scope.js';
import type { AriEventOf } from '../../ari/events.js';
import type { Call } from '../../calls/call.js';
import { Leg, type DialOutcome } from '../../calls/leg.js';
import { Mailbox } from '../../calls/mailbox.js';
import type { CallServices } from '../../calls/services.js';
import type { Stage, StageOf, TalkPartner } from '../../calls/stage.js';
import type { TalkCommand, TalkDesk, TalkPerson } from '../../calls/talk-desk.js';
import type { DeskAnswer, LiveTalk } from '../../live.js';
import type { SystemPromptName } from '../../system-prompts.js';
import { destroyQuietly } from '../../calls/bridge.js';
import { TalkFloor } from './talk-floor.js';
import { DONE, goesTo, refused, type Mail, type Outcome } from './talk-mail.js';
import { agentIdOf, channelOfPerson, pbxAtAnchor, phoneAtAnchor, showTalk } from './talk-people.js';
import { TalkJoining } from './talk-joining.js';
import { openTarget } from './transfer-target.js';
import { tellTransferred } from './transferred.js';
import { whisper } from './whisper.js';

/**
 * A talk while it goes on. Everything that happens comes through one mailbox (what pages ask, what phones' keys say, who hung
 * up), and is done before the next is looked at.
 */
export class TalkRoom implements TalkDesk {
  readonly #mail = new Mailbox<Mail>();
  readonly #floor: TalkFloor;
  #lastConsult: LiveTalk['lastConsult'];
  /** What phones have pressed of codes. */
  readonly #codes = new Map<ChannelId, CodeReader>();
  readonly #joining: TalkJoining;

  constructor(
    private readonly s: CallServices,
    private readonly call: Call,
    stage: StageOf<'talk'>,
    private readonly scope: Scope,
  ) {
    this.#floor = new TalkFloor(s, call, stage, scope, (mail) => {
      this.#mail.put(mail);
    });
    this.#joining = new TalkJoining(s, call, this.#floor);
  }

  /** `isNew`: the two have just been bridged by this process. */
  async run(isNew: boolean): Promise<Stage> {
    const { call, scope } = this;
    const floor = this.#floor;
    scope.defer(() => this.#clear());
    call.talk = this;
    call.changed();
    const { consult, partner } = floor.state;
    for (const party of partiesOf(floor.state))
      if (party !== consult?.party || consult.answeredAt !== undefined) floor.watch.leg(party);
    floor.watch.phone(call.channel);
    const { enquiry } = call.facts;
    if (enquiry !== undefined) this.s.calls.get(enquiry.of)?.talk?.enquiryAnswered(enquiry.leg);
    if (isNew) floor.seating.know(floor.bridge, [call.channel, partner.leg]);
    else await this.#takeUp();
    await floor.keepRecording();
    floor.watch.holder(() => floor.state);
    for (;;) {
      const outcome = await this.#heed(await this.#mail.next(scope));
      if (outcome.kind === 'next') return outcome.stage;
    }
  }

  // ---- as everything outside sees it

  get live(): LiveTalk {
    const { state, heldSince, liveRecording } = this.#floor;
    return showTalk(state, heldSince, this.#lastConsult, liveRecording);
  }

  channelOf(person: TalkPerson): ChannelId | undefined {
    return channelOfPerson(this.#floor.state, phoneAtAnchor(this.s, this.call), person);
  }

  ask(channel: ChannelId, command: TalkCommand): Promise<DeskAnswer> {
    return new Promise((answer) => {
      this.#mail.put({ kind: 'command', channel, command, answer });
    });
  }

  outlives(anchor: ChannelId): boolean {
    const { state } = this.#floor;
    if (anchor !== state.anchor) return true;
    const input: TalkInput = { kind: 'left', leg: anchor };
    if (stepTalk(state, input, this.call.clock.now()).kind !== 'goes-on') return false;
    this.#mail.put({ kind: 'input', input });
    return true;
  }

  give(channel: ChannelId, to: CallId): Promise<TalkPartner | undefined> {
    if (this.#joining.isWaiting) return Promise.resolve(undefined);
    return new Promise((answer) => {
      this.#mail.put({ kind: 'give', channel, to, answer });
    });
  }

  enquiryAnswered(leg: ChannelId): void {
    this.#mail.put({ kind: 'enquiry-answered', leg });
  }

  replace(channel: ChannelId, by: TalkPartner): Promise<boolean> {
    return new Promise((answer) => {
      this.#mail.put({ kind: 'replace', channel, by, answer });
    });
  }

  // ---- what happens

  #heed(mail: Mail): Promise<Outcome> {
    switch (mail.kind) {
      case 'input':
        return this.#floor.apply(mail.input);
      case 'command':
        return this.#answer(mail);
      case 'phone-key':
        return this.#phoneKey(mail.channel, mail.isHold);
      case 'rang':
        return this.#rang(mail.leg, mail.outcome);
      case 'enquiry-answered':
        return this.#joining.enquiry(mail.leg);
      case 'refer':
        return this.#refer(mail.event);
      case 'give':
        return this.#joining.give(mail);
      case 'replace':
        return this.#replace(mail);
      case 'vanished':
        return this.#vanished(mail.leg);
      case 'digit':
        return this.#digit(mail.channel, mail.digit);
      case 'recording-limit':
        return this.#keepRecording();
    }
  }

  async #answer({ channel, command, answer }: Extract<Mail, { kind: 'command' }>) {
    let said: DeskAnswer = { ok: false, code: 'pbx-offline', detail: '' };
    try {
      const outcome = await this.#command(channel, command);
      said =
        outcome.kind === 'refused'
          ? { ok: false, code: outcome.code, detail: outcome.detail }
          : { ok: true };
      return outcome;
    } finally {
      answer(said);
    }
  }

  async #command(channel: ChannelId, command: TalkCommand): Promise<Outcome> {
    if (command.kind === 'recording') return this.#record(channel, 'page', command.wish);
    const mayNot = await this.#letAct(channel);
    if (mayNot !== undefined) return mayNot;
    this.#lastConsult = undefined;
    const { kind } = command;
    switch (kind) {
      case 'hold':
      case 'resume':
        return this.#floor.apply({ kind, by: 'page' });
      case 'swap':
      case 'complete':
      case 'conference':
      case 'drop':
        return this.#floor.apply({ kind }, { outcome: OUTCOMES[kind], via: 'page' });
      case 'consult':
        return this.#consult(command.target);
      case 'transfer':
        return this.#floor.send(command.target, command.via ?? 'page');
    }
  }

  async #keepRecording(): Promise<Outcome> {
    await this.#floor.keepRecording();
    return DONE;
  }

  /** Whoever of ours talks with the caller may say what becomes of the recording. */
  async #record(
    channel: ChannelId,
    via: 'page' | 'phone',
    wish: Parameters<TalkFloor['askRecording']>[0],
  ): Promise<Outcome & { readonly wish?: RecordingWish }> {
    const party = this.#ownPhone(channel);
    if (party === undefined) return refused('not-your-call');
    return this.#floor.askRecording(wish, { by: channel, via, ...agentIdOf(party) });
  }

  /** Somebody of ours who is in the talk itself. */
  #ownPhone(channel: ChannelId): TalkPartner | undefined {
    const { anchor, partner, others } = this.#floor.state;
    if (channel === anchor) return phoneAtAnchor(this.s, this.call);
    return [partner, ...others].find(({ leg, role }) => leg === channel && role !== 'outside');
  }

  /** Codes that a phone presses during the talk; whoever pressed hears what they did. */
  async #digit(channel: ChannelId, digit: string): Promise<Outcome> {
    const { call, s } = this;
    if (this.#ownPhone(channel) === undefined) return DONE;
    const reader = this.#codes.get(channel) ?? new CodeReader();
    this.#codes.set(channel, reader);
    const code = reader.read(digit, call.clock.now(), s.directory.current.recording.codes);
    if (code === undefined) return DONE;
    const outcome = await this.#record(channel, 'phone', { code });
    const { wish } = outcome;
    const said = wish === undefined ? 'recording-refused' : RECORDING_SAYS[wish];
    whisper(this.scope, call, [channel], s.prompts.named(said, call));
    return DONE;
  }

  /** Only the partner may act; where it is the anchor who does, the two change places. Undefined: it may. */
  async #letAct(channel: ChannelId): Promise<Outcome | undefined> {
    const { call, s } = this;
    const { anchor, partner } = this.#floor.state;
    if (channel === partner.leg) return undefined;
    const as = channel === anchor ? (phoneAtAnchor(s, call) ?? pbxAtAnchor(s, call)) : undefined;
    if (as === undefined) return refused('not-your-call');
    await call.ari.watchChannel(anchor);
    const outcome = await this.#floor.apply({ kind: 'turn', as });
    return outcome.kind === 'done' ? undefined : outcome;
  }

  async #consult(target: TransferTarget): Promise<Outcome> {
    const { call, s } = this;
    const floor = this.#floor;
    const opened = openTarget(s, call, target, floor.state.partner.extensionId);
    if (!opened.ok) return refused(opened.code, opened.detail);
    const party = floor.consulting.partyOf(opened);
    if (party === undefined) return refused('nobody-to-ask');
    const isThere = partiesOf(floor.state).some(
      (one) => party.extensionId !== undefined && one.extensionId === party.extensionId,
    );
    if (isThere) return refused('in-the-call-already', party.number);
    const bridge = newBridgeId();
    const input: TalkInput = { kind: 'consult', party, target, bridge };
    const step = stepTalk(floor.state, input, call.clock.now());
    // Nothing is made for what is refused.
    if (step.kind === 'refused') return refused(step.reason);
    call.scope.defer(() => destroyQuietly(call, bridge));
    await call.ari.createBridge(bridge, call.id);
    const outcome = await floor.apply(input);
    this.#ring();
    return outcome;
  }

  #ring(): void {
    const { consult, partner } = this.#floor.state;
    if (consult !== undefined) this.#floor.consulting.ring(consult, partner);
  }

  async #rang(leg: ChannelId, outcome: DialOutcome): Promise<Outcome> {
    const floor = this.#floor;
    const { consult } = floor.state;
    if (consult?.party.leg !== leg) return DONE;
    if (outcome.kind === 'answered') {
      floor.watch.leg(consult.party);
      return floor.apply({ kind: 'consult-answered', leg });
    }
    const change = { outcome: outcome.kind };
    const party = floor.consulting.nextTrunk(consult, outcome);
    if (party !== undefined) {
      const retried = await floor.apply({ kind: 'consult-retried', leg, party }, change);
      this.#ring();
      return retried;
    }
    const { number, name = '' } = consult.party;
    this.#lastConsult = { number, name, outcome: outcome.kind, at: this.call.clock.now() };
    return floor.apply({ kind: 'consult-failed', leg }, change);
  }

  /** The hold key of a phone: whoever presses it has the call. */
  async #phoneKey(channel: ChannelId, isHold: boolean): Promise<Outcome> {
    const { call } = this;
    const { partner, anchor } = this.#floor.state;
    const isAnchors = channel === anchor && phoneAtAnchor(this.s, call) !== undefined;
    if (isAnchors && isHold) await this.#letAct(channel);
    else if (channel !== partner.leg) {
      // Somebody outside, or in a conference: nobody waits for that.
      call.record({ kind: isHold ? 'held' : 'resumed', leg: channel });
      call.changed();
      return DONE;
    }
    return this.#floor.apply({ kind: isHold ? 'hold' : 'resume', by: 'phone' });
  }

  /** The phone asks for a transfer: nothing has happened yet, and it waits for the answer. */
  async #refer({ channel, destination, consult }: AriEventOf<'ChannelTransfer'>): Promise<Outcome> {
    const { call } = this;
    const beforeLeaving = () => tellTransferred(call, channel);
    const outcome =
      (await this.#letAct(channel)) ??
      (consult === undefined
        ? await this.#floor.send({ kind: 'number', number: destination }, 'phone', {
            beforeLeaving,
          })
        : await this.#joining.take(consult, beforeLeaving));
    if (outcome.kind === 'refused') {
      call.record({ kind: 'refused', reason: `transfer-${outcome.code}` });
      await call.declineTransfer(channel);
    }
    return outcome;
  }

  /** A supervisor takes the call over. */
  async #replace({ channel, by, answer }: Extract<Mail, { kind: 'replace' }>): Promise<Outcome> {
    const floor = this.#floor;
    let isDone = false;
    try {
      const mayNot = await this.#letAct(channel);
      if (mayNot !== undefined || floor.state.consult !== undefined) return DONE;
      isDone = true;
      Leg.takeOver(this.call, by);
      floor.watch.leg(by);
      return await floor.apply({ kind: 'replace', by });
    } finally {
      answer(isDone);
    }
  }

  /** The phone of whoever put the caller on hold is gone without a word: the caller must not wait for ever. */
  async #vanished(leg: ChannelId): Promise<Outcome> {
    const { call } = this;
    const floor = this.#floor;
    const { partner } = floor.state;
    if (leg !== partner.leg || !isAnchorHeld(floor.state)) return DONE;
    const outcome = await floor.apply({ kind: 'left', leg });
    await floor.release(partner);
    if (outcome.kind !== 'next' || outcome.stage.kind !== 'ended') return outcome;
    call.record({ kind: 'party-left', leg, ...agentIdOf(partner) });
    await floor.leaveBridges();
    const { queueId, extensionId } = partner;
    if (queueId !== undefined && this.s.directory.current.queues.has(queueId))
      return goesTo({
        ...{ kind: 'queue', queue: queueId, priority: 0, from: [], isRouted: true },
        since: call.facts.startedAt,
      });
    return extensionId === undefined
      ? outcome
      : goesTo({ kind: 'ring-extension', extension: extensionId });
  }

  /** A former process left the talk: sees who is there, and goes on from where it stood. */
  async #takeUp(): Promise<void> {
    const { call } = this;
    const floor = this.#floor;
    const seats = seatsOf(floor.state, floor.bridge);
    const present = new Map((await call.ari.listChannels()).map((one) => [one.id, one.state]));
    const known = new Map([...seats].filter(([channel]) => present.has(channel)));
    await floor.seating.learn(known.keys());
    for (const { leg } of partiesOf(floor.state))
      if (!present.has(leg)) this.#mail.put({ kind: 'input', input: { kind: 'left', leg } });
    const { consult } = floor.state;
    if (consult !== undefined) {
      const { bridge, party, answeredAt } = consult;
      call.scope.defer(() => destroyQuietly(call, bridge));
      const now = present.get(party.leg);
      if (answeredAt === undefined && now !== undefined && party.asks !== undefined) {
        floor.consulting.resume(consult);
        // Somebody may have answered it meanwhile.
        this.enquiryAnswered(party.leg);
      } else if (answeredAt === undefined && now === 'Up') {
        const outcome = { kind: 'answered', leg: Leg.of(call, party) } as const;
        this.#mail.put({ kind: 'rang', leg: party.leg, outcome });
      } else if (answeredAt === undefined && now !== undefined) floor.consulting.resume(consult);
    }
    await floor.seating.arrange(known);
  }

  async #clear(): Promise<void> {
    this.call.talk = undefined;
    await this.#floor.clear();
    for (const mail of this.#mail.rest()) {
      if (mail.kind === 'command') mail.answer({ ok: false, code: 'no-call', detail: '' });
      if (mail.kind === 'give') mail.answer(undefined);
      if (mail.kind === 'replace') mail.answer(false);
    }
  }
}

const RECORDING_SAYS = {
  start: 'recording-on',
  stop: 'recording-off',
  pause: 'recording-paused',
  resume: 'recording-on',
} as const satisfies Record<RecordingWish, SystemPromptName>;

const OUTCOMES = {
  complete: 'completed',
  conference: 'joined',
  drop: 'dropped',
  swap: 'dropped',
} as const satisfies Record<string, ConsultOutcome>;
