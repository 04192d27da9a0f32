import type { OfferOutcome } from '../../../kernel/call-event.js';
import { newBridgeId, newChannelId, type AgentId, type BridgeId } from '../../../kernel/ids.js';
import { Cancelled, type Scope } from '../../../kernel/scope.js';
import { AriError, quietly } from '../../ari/port.js';
import type { Call } from '../../calls/call.js';
import {
  AUTO_ANSWER_VARIABLES,
  CAUSE_ELSEWHERE,
  dial,
  ELSEWHERE,
  PHONE_VARIABLES,
  type DialOutcome,
  type Leg,
} from '../../calls/leg.js';
import { playOn } from '../../calls/prompts.js';
import type { Mailbox } from '../../calls/mailbox.js';
import type { CallServices } from '../../calls/services.js';
import type { Joining, StageOf, TalkPartner } from '../../calls/stage.js';
import type { QueueConfig } from '../../directory.js';
import { connect } from '../talk/bridging.js';
import { tellOfRecording } from '../talk/recording-notice.js';
import type { Wake } from './wake.js';

interface Ringing {
  readonly startedAt: number;
  readonly name: string;
  stop(reason: string): void;
  leg?: Leg;
}

/** The agents' phones that ring for one waiting caller: one, or all of a queue at once. */
export class Offers {
  readonly #ringing = new Map<AgentId, Ringing>();
  #bridge: BridgeId | undefined;
  #making: Promise<void> | undefined;

  constructor(
    private readonly s: CallServices,
    private readonly call: Call,
    private readonly queue: QueueConfig,
    private readonly scope: Scope,
    private readonly mailbox: Mailbox<Wake>,
  ) {
    scope.defer(() => {
      // An outage has broken the wait off: nobody has written yet what came of these.
      for (const agentId of [...this.#ringing.keys()])
        this.#end(agentId, call.gone ? 'caller-left' : 'failed');
      return this.#clear();
    });
  }

  /** Rings an agent; what comes of it arrives in the mailbox as `rang`. */
  start(agentId: AgentId, reasons: readonly string[]): void {
    const { call, queue, s } = this;
    const name = s.directory.current.agents.get(agentId)?.name ?? String(agentId);
    call.record({ kind: 'offered', queueId: queue.id, agentId, agentName: name, reasons });
    const ringing: Ringing = { startedAt: call.clock.now(), name, stop: () => undefined };
    this.#ringing.set(agentId, ringing);
    this.#show();
    this.scope.fork('offer', async (scope) => {
      ringing.stop = (reason) => {
        scope.cancel(reason);
      };
      let outcome: DialOutcome | undefined;
      try {
        outcome = await this.#ring(scope, agentId);
      } catch (error) {
        if (!(error instanceof Cancelled)) throw error;
        // The caller is gone, or the offer was taken back: the end of it is written where that is known.
        if (this.#ringing.has(agentId)) this.#end(agentId, 'caller-left');
        throw error;
      }
      if (outcome.kind === 'answered') ringing.leg = outcome.leg;
      this.mailbox.put({ kind: 'rang', agent: agentId, outcome });
    });
  }

  /** A campaign called this person, who has two seconds of patience: the agent's phone answers by itself where it can. */
  get #isCampaign(): boolean {
    const { stage } = this.call;
    return stage.kind === 'queue' && stage.patienceUntil !== undefined;
  }

  get isRinging(): boolean {
    return this.#ringing.size > 0;
  }

  /** The offer was taken back by the distribution; `isElsewhere` shows on the phone as answered elsewhere. */
  withdraw(agentId: AgentId, isElsewhere = false): void {
    const ringing = this.#ringing.get(agentId);
    if (ringing === undefined) return;
    this.#end(agentId, 'withdrawn');
    const { leg } = ringing;
    if (leg === undefined) ringing.stop(isElsewhere ? ELSEWHERE : 'withdrawn');
    else this.call.scope.fork('too late', () => leg.release(isElsewhere ? CAUSE_ELSEWHERE : 16));
  }

  /** The caller goes elsewhere: no phone rings any more. */
  withdrawAll(): void {
    for (const agentId of [...this.#ringing.keys()]) this.withdraw(agentId);
  }

  /** What a phone that would not take the call said: told to the distribution. */
  failed(agentId: AgentId, outcome: Exclude<DialOutcome, { kind: 'answered' }>): void {
    if (!this.#ringing.has(agentId)) return;
    this.#end(agentId, outcome.kind);
    this.s.roster.failed(this.call.id, agentId, outcome.kind);
  }

  /**
   * The phone was answered: no other rings from here on. Bridges first, since only an agent who is really connected has the call. `quieten` stops what the
   * caller hears, once the agent knows what the call is about. Undefined: the caller waits on.
   */
  async connect(
    agentId: AgentId,
    leg: Leg,
    quieten: () => Promise<void>,
  ): Promise<StageOf<'talk'> | undefined> {
    const { call, s } = this;
    const ringing = this.#ringing.get(agentId);
    if (ringing === undefined) {
      // Taken back in the moment of its answer.
      await leg.release(CAUSE_ELSEWHERE);
      return undefined;
    }
    if (s.roster.lifted(call.id, agentId))
      for (const other of [...this.#ringing.keys()])
        if (other !== agentId) this.withdraw(other, true);
    const bridge = await this.#bridgeNow();
    try {
      await this.#whisper(leg);
      await quieten();
      await tellOfRecording(s, call, leg.partner, bridge);
      this.#write({ partner: leg.partner, bridge, offeredAt: ringing.startedAt });
      const connectedAt = await connect(call, leg.partner, bridge);
      if (s.roster.answered(call.id, agentId)) {
        this.#end(agentId, 'answered');
        this.#bridge = undefined;
        return { kind: 'talk', partner: leg.partner, bridge, connectedAt };
      }
      // Withdrawn in the moment of the answer: the distribution gave the caller to nobody.
      call.record({ kind: 'disconnected', talkedMs: Math.max(0, call.clock.now() - connectedAt) });
      this.#end(agentId, 'withdrawn');
    } catch (error) {
      if (!(error instanceof AriError) || error.failure === 'unavailable') throw error;
      // The phone hung up in the moment of its answer (or the caller did, whose end comes as an event).
      this.#end(agentId, 'failed');
      s.roster.failed(call.id, agentId, 'failed');
    }
    this.#write(undefined);
    await leg.release();
    await this.#clear();
    return undefined;
  }

  /** Both hear each other before the talk is written down: whoever takes the call up then has to know of it. */
  #write(joining: Joining | undefined): void {
    const { call } = this;
    if (call.stage.kind === 'queue') call.enter({ ...call.stage, joining });
  }

  /** Says to the agent what the call is about; the caller hears the music of the line meanwhile. */
  async #whisper(leg: Leg): Promise<void> {
    const { whisper } = this.queue;
    // Whoever was called by a campaign has answered, and hears nothing until the agent speaks.
    if (whisper === undefined || this.#isCampaign) return;
    const media = this.s.prompts.of(whisper, this.call);
    await this.scope.run('whisper', (scope) => playOn(scope, this.call, leg.channel, media));
  }

  #end(agentId: AgentId, outcome: OfferOutcome): void {
    const ringing = this.#ringing.get(agentId);
    if (ringing === undefined) return;
    this.#ringing.delete(agentId);
    const { call, queue } = this;
    const rangMs = Math.max(0, (call.goneAt ?? call.clock.now()) - ringing.startedAt);
    call.record({
      kind: 'offer-ended',
      queueId: queue.id,
      agentId,
      agentName: ringing.name,
      outcome,
      rangMs,
    });
    this.#show();
  }

  #show(): void {
    const [first] = this.#ringing.keys();
    this.call.agentId = first;
    this.call.changed();
  }

  async #ring(scope: Scope, agentId: AgentId): Promise<DialOutcome> {
    const { call, queue, s } = this;
    const extensionId = s.roster.phoneOf(agentId);
    const extension =
      extensionId === undefined ? undefined : s.directory.current.extensions.get(extensionId);
    if (
      extension === undefined ||
      extensionId === undefined ||
      !s.endpoints.isRegistered(extension.number)
    )
      return { kind: 'unreachable', cause: 20, techCause: 0 };
    const partner: TalkPartner = {
      leg: newChannelId('agent'),
      role: 'agent',
      number: extension.number,
      name: s.directory.current.agents.get(agentId)?.name ?? '',
      agentId,
      queueId: queue.id,
      extensionId,
    };
    // Made while the phone rings, so that the answer has to wait for nothing.
    scope.fork('bridge', async () => {
      await this.#bridgeNow();
    });
    return dial(scope, call, {
      partner,
      endpoint: `PJSIP/${extension.number}`,
      name: partner.name ?? '',
      callerNumber: call.anchor.number,
      callerName: `${queue.name} · ${call.anchor.name === '' ? call.anchor.number : call.anchor.name}`,
      timeoutMs: queue.ringTimeoutMs,
      variables:
        queue.autoAnswers || this.#isCampaign
          ? { ...PHONE_VARIABLES, ...AUTO_ANSWER_VARIABLES }
          : PHONE_VARIABLES,
    });
  }

  async #bridgeNow(): Promise<BridgeId> {
    if (this.#bridge === undefined) {
      this.#bridge = newBridgeId();
      this.#making = this.call.ari.createBridge(this.#bridge, this.call.id);
    }
    const bridge = this.#bridge;
    await this.#making;
    return bridge;
  }

  async #clear(): Promise<void> {
    const bridge = this.#bridge;
    if (bridge === undefined) return;
    this.#bridge = undefined;
    await quietly(() => this.call.ari.destroyBridge(bridge));
  }
}
