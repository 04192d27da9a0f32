import {
  isAnchorHeld,
  partiesOf,
  seatsOf,
  stepTalk,
  type Seat,
  type TalkInput,
  type TalkState,
  type TransferTarget,
} from '../../../engines/talk/talk.js';
import type { RecordingWish } from '../../../engines/recording/control.js';
import type { ConsultOutcome } from '../../../kernel/call-event.js';
import {
  newBridgeId,
  type AgentId,
  type ChannelId,
  type ExtensionId,
  type MusicId,
} from '../../../kernel/ids.js';
import type { Scope } from '../../../kernel/scope.js';
import type { Call } from '../../calls/call.js';
import { slotInWords } from '../../calls/parking.js';
import { playOn } from '../../calls/prompts.js';
import type { CallServices } from '../../calls/services.js';
import { ended, type Stage, type StageOf, type TalkPartner } from '../../calls/stage.js';
import { talkStateOf, withTalkState } from '../../calls/talk-state.js';
import { destroyQuietly } from '../../calls/bridge.js';
import type { LiveRecording } from '../../live.js';
import { Consulting } from './consulting.js';
import { takePlace } from './enquiry.js';
import { Seating } from './seating.js';
import { agentsOf, talkEvents } from './talk-ledger.js';
import { DONE, goesTo, refused, type Mail, type Outcome } from './talk-mail.js';
import { agentIdOf, asAnchor, personOf, phoneAtAnchor } from './talk-people.js';
import { TalkRecording, type RecordingAsker } from './talk-recording.js';
import { TalkWatch } from './talk-watch.js';
import { openTarget, type OpenTarget } from './transfer-target.js';

/** What is known of a change besides its input. */
export interface Change {
  /** How a consult ended that is over now. */
  readonly outcome?: ConsultOutcome;
  /** Before those who leave are hung up: their phone hears that it did what it asked for. */
  readonly beforeLeaving?: () => Promise<void>;
  readonly via?: 'page' | 'phone';
  /** A target that has been looked at already. */
  readonly opened?: OpenTarget;
}

/**
 * A talk as it stands, and how it changes: the state machine says what becomes of an input; then the ledger and the journal
 * are written, agents are busy or free, everybody is seated, whoever leaves is hung up, and the recording goes on.
 */
export class TalkFloor {
  readonly seating: Seating;
  readonly consulting: Consulting;
  readonly watch: TalkWatch;
  /** Since when the anchor hears music. */
  heldSince: number | undefined;
  #state: TalkState;
  #stage: StageOf<'talk'>;
  readonly #recording: TalkRecording;

  constructor(
    private readonly s: CallServices,
    private readonly call: Call,
    stage: StageOf<'talk'>,
    scope: Scope,
    tell: (mail: Mail) => void,
  ) {
    this.#stage = stage;
    this.#state = talkStateOf(stage, call.channel);
    this.heldSince = isAnchorHeld(this.#state) ? (stage.hold ?? stage.consult)?.at : undefined;
    this.seating = new Seating(s, call, scope, () => this.#music());
    this.watch = new TalkWatch(s, call, scope, tell);
    this.#recording = new TalkRecording(s, call, scope, stage, () => {
      tell({ kind: 'recording-limit' });
    });
    this.consulting = new Consulting(s, call, scope, (leg, outcome) => {
      tell({ kind: 'rang', leg, outcome });
    });
  }

  get state(): TalkState {
    return this.#state;
  }
  get bridge(): StageOf<'talk'>['bridge'] {
    return this.#stage.bridge;
  }

  async apply(input: TalkInput, change: Change = {}): Promise<Outcome> {
    const { call } = this;
    const before = this.#state;
    const step = stepTalk(before, input, call.clock.now());
    switch (step.kind) {
      case 'refused':
        return refused(step.reason);
      case 'goes-on':
        if (step.state === before) return DONE;
        await this.#goOn(before, step.state, step.leaving, {
          outcome: outcomeOf(before, input),
          ...change,
        });
        return DONE;
      case 'transfers':
        return this.#leave(input, step.target, step.leaving, change);
      case 'over':
        await this.consulting.stop();
        if (step.by === 'caller') call.end();
        return goesTo(
          ended(
            'answered',
            step.by,
            16,
            `hung-up-${String(this.watch.causeOf(before.partner.leg))}`,
          ),
        );
    }
  }

  /** Sends the call on without asking; refused where the target is not to be had. */
  async send(target: TransferTarget, via: 'page' | 'phone', change: Change = {}): Promise<Outcome> {
    const opened = openTarget(this.s, this.call, target, this.#state.partner.extensionId);
    if (!opened.ok) return refused(opened.code, opened.detail);
    // Nobody else gets the slot meanwhile.
    this.call.parksAt = opened.stage.kind === 'parked' ? opened.stage.slot : undefined;
    const outcome = await this.apply({ kind: 'transfer', target }, { ...change, opened, via });
    if (outcome.kind !== 'next') this.call.parksAt = undefined;
    return outcome;
  }

  noteTransfer(
    by: TalkPartner,
    to: OpenTarget['to'],
    how: 'blind' | 'consult',
    via: 'page' | 'phone',
  ): void {
    this.call.record({
      ...{ kind: 'transferred', how, via, by: by.leg, to },
      ...agentIdOf(by),
      ...(by.extensionId === undefined ? {} : { extensionId: by.extensionId }),
    });
  }

  #notePark(by: TalkPartner, slot: string, via: 'page' | 'phone'): void {
    this.call.record({
      ...{ kind: 'parked', slot, via, by: by.leg },
      ...agentIdOf(by),
      ...(by.extensionId === undefined ? {} : { extensionId: by.extensionId }),
    });
  }

  /** Puts a phone on the hook first: the next call must not find it busy. */
  async release(party: TalkPartner): Promise<void> {
    this.seating.forget(party.leg);
    await this.watch.legOf(party.leg)?.release();
    this.#talkEnded(party.agentId);
  }

  /** The anchor goes on elsewhere: nothing plays to it, and it is in no bridge. */
  async leaveBridges(): Promise<void> {
    const { call } = this;
    const { consult } = this.#state;
    await this.seating.free(call.channel);
    await destroyQuietly(call, this.bridge);
    if (consult !== undefined) await destroyQuietly(call, consult.bridge);
  }

  /** One that listens at somebody who has left is over; the next part listens at whom the call is about. */
  async keepRecording(): Promise<void> {
    if (await this.#recording.keep(this.#state, this.#hasPartnerLeft)) this.#show();
  }

  /** Somebody in the talk, at the page or by a code of the phone, wants something of the recording. */
  askRecording(
    wish: RecordingWish | { readonly code: 'record' | 'pause' },
    asker: RecordingAsker,
  ): Promise<Outcome & { readonly wish?: RecordingWish }> {
    return this.#recording.ask(wish, asker, {
      state: this.#state,
      hasLeft: this.#hasPartnerLeft,
      save: () => {
        this.#show();
      },
    });
  }

  get liveRecording(): LiveRecording {
    return this.#recording.live;
  }

  get #hasPartnerLeft(): boolean {
    return this.watch.legOf(this.#state.partner.leg)?.gone === true;
  }

  finishRecording(): Promise<void> {
    return this.#recording.finish();
  }

  /** Who has hung up is free at once: clearing the call away takes a while longer. */
  async clear(): Promise<void> {
    for (const party of partiesOf(this.#state))
      if (this.call.gone || this.watch.legOf(party.leg)?.gone === true) await this.release(party);
    if (this.call.gone) this.#talkEnded(phoneAtAnchor(this.s, this.call)?.agentId);
    await this.finishRecording();
  }

  async #goOn(
    before: TalkState,
    state: TalkState,
    leaving: readonly TalkPartner[],
    { outcome = 'dropped', beforeLeaving, via = 'phone' }: Change,
  ): Promise<void> {
    const { call, s } = this;
    const were = this.#agents(before);
    this.#state = state;
    const asked = before.consult;
    if (asked !== undefined && outcome === 'completed' && state.partner === asked.party)
      this.noteTransfer(before.partner, personOf(asked.party), 'consult', via);
    for (const event of talkEvents(before, state, outcome)) call.record(event);
    if (state.anchor !== before.anchor) this.#moveAnchor(before, state);
    const are = this.#agents(state);
    for (const agent of are) if (!were.has(agent)) s.roster.engageAgent(agent, call.id);
    this.heldSince = isAnchorHeld(state) ? (this.heldSince ?? call.clock.now()) : undefined;
    const former = this.bridge;
    if (before.others.length === 0 && state.others.length > 0) await this.#openConference();
    this.#show();
    if (asked !== undefined && state.consult?.party.leg !== asked.party.leg)
      await this.consulting.stop();
    const seats = seatsOf(state, this.bridge);
    await this.#recording.follow(seats);
    for (const watcher of call.seated) watcher(seats);
    await this.seating.arrange(
      seats,
      leaving.map(({ leg }) => leg),
    );
    if (former !== this.bridge) await destroyQuietly(call, former);
    await beforeLeaving?.();
    for (const party of leaving) await this.release(party);
    for (const agent of were) if (!are.has(agent)) this.#talkEnded(agent);
    if (asked !== undefined && state.consult?.bridge !== asked.bridge)
      await destroyQuietly(call, asked.bridge);
    await this.keepRecording();
  }

  /** The partner leaves, and the call goes on at the target. */
  async #leave(
    input: TalkInput,
    target: TransferTarget,
    leaving: readonly TalkPartner[],
    { opened, beforeLeaving, via = 'phone' }: Change,
  ): Promise<Outcome> {
    const { call, s } = this;
    const { partner, consult } = this.#state;
    const place = consult && takePlace(s, consult);
    if (consult !== undefined) await this.consulting.stop(true);
    const how = input.kind === 'transfer' ? 'blind' : 'consult';
    const stage = this.#sentOn(
      opened ?? place ?? openTarget(s, call, target, partner.extensionId),
      how,
      via,
    );
    if (stage.kind === 'parked') await this.#tellSlot(stage.slot);
    await beforeLeaving?.();
    for (const party of leaving) await this.release(party);
    if (!leaving.includes(partner)) this.#talkEnded(partner.agentId);
    await this.leaveBridges();
    return goesTo(stage);
  }

  /** Whoever parks hears where, while the caller hears music already; not where the phone has put the call away. */
  async #tellSlot(slot: string): Promise<void> {
    const { call, s } = this;
    const { anchor, partner, hold } = this.#state;
    if (hold?.by === 'phone') return;
    const { language = call.language } =
      s.directory.current.extensions.get(partner.extensionId ?? NO_EXTENSION) ?? {};
    await this.seating.arrange(
      new Map<ChannelId, Seat>([
        [anchor, 'music'],
        [partner.leg, 'unanswered'],
      ]),
    );
    await call.scope.run('slot', (scope) =>
      playOn(scope, call, partner.leg, slotInWords(s, { language }, slot)),
    );
  }

  /** The stage of a target. Where it is not to be had any more, the call is on its way back at once. */
  #sentOn(
    opened: ReturnType<typeof openTarget>,
    how: 'blind' | 'consult',
    via: 'page' | 'phone',
  ): Stage {
    const { call } = this;
    const { partner } = this.#state;
    const { extensionId: sender, queueId } = partner;
    if (!opened.ok)
      return sender === undefined
        ? ended('answered', 'callee', 16, opened.code)
        : { kind: 'ring-extension', extension: sender };
    if (opened.stage.kind === 'parked') this.#notePark(partner, opened.stage.slot, via);
    else this.noteTransfer(partner, opened.to, how, via);
    const since = call.facts.startedAt;
    call.transfer =
      opened.isPending && sender !== undefined
        ? {
            sender,
            to: `${opened.to.number} ${opened.to.name}`.trim(),
            ...(queueId === undefined ? {} : { queue: { id: queueId, since } }),
          }
        : undefined;
    return opened.stage;
  }

  /** The bridge of the talk is for two: a conference has its own, in which those stay who are left of it. */
  async #openConference(): Promise<void> {
    const { call } = this;
    const bridge = newBridgeId();
    call.scope.defer(() => destroyQuietly(call, bridge));
    await call.ari.createBridge(bridge, call.id, 'many');
    this.#stage = { ...this.#stage, bridge };
  }

  /** The journal first, then the pages. */
  #show(): void {
    const { call } = this;
    const { partner } = this.#state;
    this.#stage = withTalkState(this.#stage, this.#state, this.#recording.kept);
    call.agentId = partner.agentId;
    call.queueId = partner.queueId ?? call.queueId;
    call.other = call.channel === call.facts.channel ? partner.number : call.anchor.number;
    call.enter(this.#stage);
  }

  #moveAnchor(before: TalkState, { anchor: channel, partner }: TalkState): void {
    const { call } = this;
    const party = partiesOf(before).find((one) => one.leg === channel);
    if (party === undefined) return;
    const { number, name = '' } = party;
    if (partner.leg !== before.anchor) {
      call.record({ kind: 'leg-ended', leg: before.anchor, cause: call.hangupCause });
      call.hangupCause = 16;
      call.hungUpByCaller = false;
    }
    call.moveTo({ channel, number, name, party: asAnchor(party) });
    this.watch.forget(channel);
    this.watch.phone(channel);
    // The two changed places: whoever was the anchor is a leg now.
    if (partner.leg === before.anchor) this.watch.leg(partner);
  }

  /** Whoever is busy with the talk; the call may be about an agent's desk phone. */
  #agents(state: TalkState): ReadonlySet<AgentId> {
    const agents = new Set(agentsOf(state));
    const anchored = phoneAtAnchor(this.s, this.call)?.agentId;
    return anchored === undefined ? agents : agents.add(anchored);
  }

  #talkEnded(agent: AgentId | undefined): void {
    if (agent !== undefined) this.s.roster.talkEnded(agent, this.call.id);
  }

  #music(): MusicId | undefined {
    const id = this.#state.partner.queueId ?? this.call.queueId;
    return id === undefined ? undefined : this.s.directory.current.queues.get(id)?.musicId;
  }
}

const NO_EXTENSION = 0 as ExtensionId;

/** How a consult ended with which nobody did anything at the page. */
function outcomeOf(before: TalkState, input: TalkInput): ConsultOutcome {
  if (input.kind !== 'left') return 'dropped';
  const { consult, partner, anchor } = before;
  const outcomes = new Map<ChannelId | undefined, ConsultOutcome>([
    [anchor, 'joined'],
    [partner.leg, 'completed'],
    [consult?.party.leg, 'left'],
  ]);
  return outcomes.get(input.leg) ?? 'dropped';
}
