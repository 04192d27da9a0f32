import type { OfferOutcome, QueueOutcome } from '../../kernel/call-event.js';
import { newBridgeId, newChannelId, type AgentId, type BridgeId } from '../../kernel/ids.js';
import { Cancelled, type Scope } from '../../kernel/scope.js';
import { AriError } from '../ari/port.js';
import type { LineNews } from '../calls/agent-roster.js';
import type { Call } from '../calls/call.js';
import { dial, PHONE_VARIABLES, type DialOutcome, type Leg } from '../calls/leg.js';
import { playPrompt } from '../calls/prompts.js';
import type { CallServices } from '../calls/services.js';
import { ended, type Stage, type StageOf, type TalkPartner } from '../calls/stage.js';
import type { QueueConfig } from '../directory.js';
import { connect } from './talk.js';
import { stageOfTarget } from './target.js';

/** A call overflows through at most this many queues before it is told that nobody can answer. */
export const MAX_OVERFLOWS = 5;

/**
 * The caller waits in line with music until an agent answers, the wait is over, or the caller leaves. Whatever comes first
 * wins, and there is exactly one outcome: the roster decides it in one synchronous step.
 */
export async function queueStage(
  s: CallServices,
  call: Call,
  stage: StageOf<'queue'>,
): Promise<Stage> {
  const queue = s.directory.current.queues.get(stage.queue);
  if (queue === undefined || stage.from.includes(stage.queue) || stage.from.length >= MAX_OVERFLOWS)
    return {
      kind: 'announce',
      prompt: 'nobody-answers',
      then: ended('overflowed', 'system', 19, 'no-queue-left'),
    };
  await call.answer();
  return call.scope.run('queue', (scope) => new QueueWait(s, call, stage, queue, scope).run());
}

type Wake = LineNews | { readonly kind: 'wait-over' };

class QueueWait {
  readonly #enteredAt: number;
  #outcome: QueueOutcome | undefined;
  #reason = 'caller-left';
  #news: Wake[] = [];
  #wake: (() => void) | undefined;
  #stopComfort: () => Promise<void> = () => Promise.resolve();

  constructor(
    private readonly s: CallServices,
    private readonly call: Call,
    private readonly stage: StageOf<'queue'>,
    private readonly queue: QueueConfig,
    private readonly scope: Scope,
  ) {
    this.#enteredAt = stage.enteredAt ?? call.clock.now();
  }

  async run(): Promise<Stage> {
    const { call, queue, s } = this;
    this.#enter();
    try {
      if (queue.maxLength > 0 && this.#others() >= queue.maxLength)
        return this.#overflow('line-full');
      if (queue.leaveWhenEmpty && s.roster.signedIn(queue.id) === 0)
        return this.#overflow('nobody-signed-in');
      this.#stopComfort = this.#startComfort();
      this.#join();
      return await this.#serve(this.#listen());
    } finally {
      s.roster.leave(call.id);
      call.queueId = this.#outcome === 'answered' ? queue.id : undefined;
      // An outage is neither: the call comes back to this stage with its place.
      if (this.#outcome !== undefined || call.gone)
        call.record(
          {
            kind: 'queue-left',
            queueId: queue.id,
            outcome: this.#outcome ?? 'abandoned',
            reason: this.#reason,
            waitedMs: Math.max(0, (call.goneAt ?? call.clock.now()) - this.#enteredAt),
          },
          call.goneAt,
        );
    }
  }

  #others(): number {
    return [...this.s.calls.values()].filter(
      (c) => c !== this.call && c.stage.kind === 'queue' && c.stage.queue === this.queue.id,
    ).length;
  }

  #enter(): void {
    const { call, queue, stage } = this;
    call.queueId = queue.id;
    call.enter({ ...stage, enteredAt: this.#enteredAt });
    if (stage.enteredAt === undefined)
      call.record({
        kind: 'queue-entered',
        queueId: queue.id,
        name: queue.name,
        place: this.s.roster.placeOf(queue.id, stage.priority, this.#enteredAt),
        priority: stage.priority,
      });
  }

  #join(): void {
    const line = {
      queue: this.queue.id,
      priority: this.stage.priority,
      enteredAt: this.#enteredAt,
    };
    this.s.roster.join(this.call.id, line, (news) => {
      this.#tell(news);
    });
  }

  #tell(news: Wake): void {
    this.#news.push(news);
    this.#wake?.();
  }

  #listen(): { next(): Promise<Wake> } {
    const { queue, call } = this;
    if (queue.maxWaitMs > 0)
      this.scope.fork('max wait', async (s) => {
        await call.clock.sleep(
          Math.max(0, this.#enteredAt + queue.maxWaitMs - call.clock.now()),
          s.signal,
        );
        this.#tell({ kind: 'wait-over' });
      });
    return {
      next: async () => {
        for (;;) {
          const news = this.#news.shift();
          if (news !== undefined) return news;
          await this.scope.wait(
            new Promise<void>((resolve) => {
              this.#wake = resolve;
            }),
          );
        }
      },
    };
  }

  /** Music, interrupted by the announcement; stopped, and known to be stopped, before anybody is bridged. */
  #startComfort(): () => Promise<void> {
    const { call, queue, s } = this;
    let stop = (): void => undefined;
    const stopped = this.scope
      .run('comfort', async (scope) => {
        stop = () => {
          scope.cancel('answered');
        };
        scope.defer(async () => {
          if (!call.gone) await this.#quietly(() => call.ari.stopMusic(call.channel));
        });
        for (;;) {
          await this.#quietly(() => call.ari.startMusic(call.channel, queue.musicClass));
          const announcement = queue.announcement;
          const media = announcement === undefined ? [] : s.prompts.of(announcement, call);
          if (media.length === 0 || queue.announceEveryMs <= 0)
            await scope.wait(new Promise<never>(() => undefined));
          await call.clock.sleep(queue.announceEveryMs, scope.signal);
          await this.#quietly(() => call.ari.stopMusic(call.channel));
          await playPrompt(scope, call, media);
        }
      })
      .then(
        () => undefined,
        (error: unknown) => {
          if (!(error instanceof Cancelled))
            s.log.warn({ callId: call.id, err: error }, 'no music in line');
        },
      );
    return async () => {
      stop();
      await stopped;
    };
  }

  /** Music is a comfort: a node that cannot play it must not cost the caller the place. */
  async #quietly(command: () => Promise<void>): Promise<void> {
    try {
      await command();
    } catch (error) {
      if (!(error instanceof AriError)) throw error;
    }
  }

  async #serve(news: { next(): Promise<Wake> }): Promise<Stage> {
    for (;;) {
      const wake = await news.next();
      switch (wake.kind) {
        case 'withdrawn':
          break;
        case 'wait-over':
          await this.#stopComfort();
          return this.#overflow('max-wait');
        case 'offer': {
          const talk = await this.#offer(wake.agent, wake.reasons);
          if (talk !== undefined) return talk;
        }
      }
    }
  }

  #overflow(reason: string): Stage {
    this.#outcome = 'overflowed';
    this.#reason = reason;
    const { target, from } = {
      target: this.queue.overflow,
      from: [...this.stage.from, this.queue.id],
    };
    if (target.kind === 'hangup')
      return {
        kind: 'announce',
        prompt: 'nobody-answers',
        then: ended('overflowed', 'system', 19, reason),
      };
    return stageOfTarget(this.s, target, from);
  }

  /** Rings one agent. Undefined: the caller waits on. */
  async #offer(agentId: AgentId, reasons: readonly string[]): Promise<Stage | undefined> {
    const { call, queue, s } = this;
    const agentName = s.directory.current.agents.get(agentId)?.name ?? String(agentId);
    const startedAt = call.clock.now();
    call.record({ kind: 'offered', queueId: queue.id, agentId, agentName, reasons });
    call.agentId = agentId;
    call.changed();
    const end = (outcome: OfferOutcome): void => {
      const rangMs = Math.max(0, (call.goneAt ?? call.clock.now()) - startedAt);
      call.record({ kind: 'offer-ended', queueId: queue.id, agentId, agentName, outcome, rangMs });
    };
    const bridge = newBridgeId();
    let outcome: DialOutcome | undefined;
    try {
      outcome = await this.#ring(agentId, bridge);
    } catch (error) {
      end('caller-left');
      throw error;
    }
    if (outcome === undefined) end('withdrawn');
    else if (outcome.kind === 'answered') {
      const talk = await this.#answered(agentId, outcome.leg, bridge, end);
      if (talk !== undefined) return talk;
    } else {
      end(outcome.kind);
      s.roster.failed(call.id, agentId, outcome.kind);
    }
    call.agentId = undefined;
    call.changed();
    return undefined;
  }

  /** Bridges first: only an agent who is really connected has the call. Undefined: the caller waits on. */
  async #answered(
    agentId: AgentId,
    leg: Leg,
    bridge: BridgeId,
    end: (outcome: OfferOutcome) => void,
  ): Promise<Stage | undefined> {
    const { call, queue, s } = this;
    await this.#stopComfort();
    try {
      const connectedAt = await connect(call, leg.partner, bridge);
      if (s.roster.answered(call.id, agentId)) {
        end('answered');
        this.#outcome = 'answered';
        this.#reason = 'answered';
        return { kind: 'talk', partner: leg.partner, bridge, record: queue.record, connectedAt };
      }
      // Withdrawn in the moment of the answer: the roster gave the caller to nobody.
      call.record({ kind: 'disconnected', talkedMs: Math.max(0, call.clock.now() - connectedAt) });
      end('withdrawn');
    } catch (error) {
      if (!(error instanceof AriError) || error.failure === 'unavailable') throw error;
      // The phone hung up in the moment of its answer (or the caller did, whose end comes as an event).
      end('failed');
      s.roster.failed(call.id, agentId, 'failed');
    }
    await leg.release();
    await this.#quietly(() => call.ari.destroyBridge(bridge));
    this.#stopComfort = this.#startComfort();
    return undefined;
  }

  /** Undefined: withdrawn while it rang. */
  async #ring(agentId: AgentId, bridge: BridgeId): Promise<DialOutcome | undefined> {
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
      agentId,
      queueId: queue.id,
      extensionId,
    };
    const offer = { isWithdrawn: false };
    try {
      const outcome = await this.scope.run('offer', async (ringing) => {
        ringing.fork('withdrawal', async (watch) => {
          for (;;) {
            const index = this.#news.findIndex(
              (n) => n.kind === 'withdrawn' && n.agent === agentId,
            );
            if (index >= 0) {
              this.#news.splice(index, 1);
              offer.isWithdrawn = true;
              ringing.cancel('withdrawn');
              return;
            }
            await watch.wait(
              new Promise<void>((resolve) => {
                this.#wake = resolve;
              }),
            );
          }
        });
        // Made while the phone rings, so that the answer has to wait for nothing.
        ringing.fork('bridge', () => call.ari.createBridge(bridge, call.id));
        return dial(ringing, call, {
          partner,
          endpoint: `PJSIP/${extension.number}`,
          name: s.directory.current.agents.get(agentId)?.name ?? '',
          callerNumber: call.facts.from,
          callerName: `${queue.name} · ${call.facts.fromName === '' ? call.facts.from : call.facts.fromName}`,
          timeoutMs: queue.ringTimeoutMs,
          variables: PHONE_VARIABLES,
        });
      });
      if (outcome.kind !== 'answered') await this.#quietly(() => call.ari.destroyBridge(bridge));
      return outcome;
    } catch (error) {
      await this.#quietly(() => call.ari.destroyBridge(bridge));
      if (offer.isWithdrawn && !this.scope.cancelled) return undefined;
      throw error;
    }
  }
}
