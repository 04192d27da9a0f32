import type { CallEvent } from '../../kernel/call-event.js';
import type { AgentId, ChannelId, EventId, FlowId, QueueId } from '../../kernel/ids.js';

type LegEnded = CallEvent & { readonly kind: 'leg-ended' };

/** What a sentence about one event needs to know of the others. */
export interface StoryFacts {
  /** Name, else number, of who is on a leg; empty for numbers that were not given. */
  readonly legs: ReadonlyMap<ChannelId, { readonly name: string; readonly number: string }>;
  readonly callerLeg: ChannelId | undefined;
  readonly queues: ReadonlyMap<QueueId, string>;
  readonly flows: ReadonlyMap<FlowId, string>;
  readonly steps: ReadonlyMap<string, string>;
  /** Events that say nothing beside another one. */
  readonly silent: ReadonlySet<EventId>;
  /** Label of the step that a key led to, by the key's event. */
  readonly keyLeadsTo: ReadonlyMap<EventId, string>;
  /** How the leg of an offer ended, by the event of the offer's end. */
  readonly offerLegs: ReadonlyMap<EventId, LegEnded>;
}

/** Reads a call's events once, in order. `queues`: names of queues that no event gives. */
export function gatherFacts(
  events: readonly CallEvent[],
  queues: ReadonlyMap<QueueId, string> = new Map(),
): StoryFacts {
  const gatherer = new Gatherer();
  for (const [id, name] of queues) gatherer.queues.set(id, name);
  for (const event of events) gatherer.take(event);
  return gatherer;
}

class Gatherer implements StoryFacts {
  readonly legs = new Map<ChannelId, { readonly name: string; readonly number: string }>();
  callerLeg: ChannelId | undefined;
  readonly queues = new Map<QueueId, string>();
  readonly flows = new Map<FlowId, string>();
  readonly steps = new Map<string, string>();
  readonly silent = new Set<EventId>();
  readonly keyLeadsTo = new Map<EventId, string>();
  readonly offerLegs = new Map<EventId, LegEnded>();
  /** Agents whose offer is open, with the leg that rings for it. */
  readonly #offers = new Map<AgentId, ChannelId | undefined>();
  readonly #ended = new Map<ChannelId, LegEnded>();
  readonly #connected = new Set<ChannelId>();
  #key: EventId | undefined;

  take(event: CallEvent): void {
    switch (event.kind) {
      case 'leg-started':
        this.#legStarted(event);
        return;
      case 'leg-answered':
        if (this.#isOffered(event.leg)) this.silent.add(event.id);
        return;
      case 'leg-ended':
        this.#ended.set(event.leg, event);
        if (this.#isOffered(event.leg) && !this.#connected.has(event.leg))
          this.silent.add(event.id);
        return;
      case 'connected':
        this.#connected.add(event.leg);
        return;
      case 'offered':
        this.#offers.set(event.agentId, undefined);
        return;
      case 'offer-ended':
        this.#offerEnded(event);
        return;
      case 'queue-entered':
        this.queues.set(event.queueId, event.name);
        return;
      case 'flow-entered':
        this.flows.set(event.flowId, event.name);
        return;
      case 'key-pressed':
        this.#key = event.accepted ? event.id : undefined;
        return;
      case 'step-entered':
        this.steps.set(event.step, event.label);
        if (this.#key !== undefined && event.label !== '') {
          this.keyLeadsTo.set(this.#key, event.label);
          this.silent.add(event.id);
        }
        this.#key = undefined;
        return;
      case 'step-left':
        this.silent.add(event.id);
        return;
      case 'call-arrived':
      case 'no-key':
      case 'input-collected':
      case 'looked-up':
      case 'conference-joined':
      case 'conference-changed':
      case 'conference-recorded':
      case 'conference-invited':
      case 'context-passed':
      case 'language-chosen':
      case 'queue-left':
      case 'held':
      case 'resumed':
      case 'disconnected':
      case 'recording-decided':
      case 'recording-told':
      case 'recording-switched':
      case 'recording-paused':
      case 'recording-resumed':
      case 'help-called':
      case 'line-freed':
      case 'recording-started':
      case 'recording-ended':
      case 'party-left':
      case 'anchored':
      case 'consult-started':
      case 'consult-answered':
      case 'consult-ended':
      case 'transferred':
      case 'transfer-returned':
      case 'calls-joined':
      case 'recording-missing':
      case 'voicemail-left':
      case 'routed':
      case 'queue-waiting':
      case 'announced':
      case 'callback-asked':
      case 'callback-tried':
      case 'callback-closed':
      case 'survey-offered':
      case 'survey-skipped':
      case 'survey-begun':
      case 'survey-answered':
      case 'survey-comment':
      case 'survey-finished':
      case 'forwarded':
      case 'not-forwarded':
      case 'not-rung':
      case 'ring-group-entered':
      case 'picked-up':
      case 'paged':
      case 'parked':
      case 'retrieved':
      case 'monitored':
      case 'monitor-ended':
      case 'refused':
      case 'adopted':
      case 'call-ended':
        break;
    }
  }

  #legStarted(event: CallEvent & { kind: 'leg-started' }): void {
    this.legs.set(event.leg, { name: event.name ?? '', number: event.number });
    if (event.role === 'caller') {
      this.callerLeg ??= event.leg;
      this.silent.add(event.id);
    } else if (event.agentId !== undefined && this.#offers.has(event.agentId)) {
      this.#offers.set(event.agentId, event.leg);
      this.silent.add(event.id);
    }
  }

  #offerEnded(event: CallEvent & { kind: 'offer-ended' }): void {
    const leg = this.#offers.get(event.agentId);
    const end = leg === undefined ? undefined : this.#ended.get(leg);
    if (end !== undefined) this.offerLegs.set(event.id, end);
    this.#offers.delete(event.agentId);
  }

  #isOffered(leg: ChannelId): boolean {
    return [...this.#offers.values()].includes(leg);
  }
}
