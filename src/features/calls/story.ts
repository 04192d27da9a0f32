import { DRAFT_VERSION, type CallEvent } from '../../kernel/call-event.js';
import type { ChannelId, QueueId } from '../../kernel/ids.js';
import { formatDuration, formatPhone, type Reader, type Translate } from '../../web/kit/index.js';
import { tellCallback } from './callback-story.js';
import { causeKey, sipKey } from './causes.js';
import { decisionText } from './decision-text.js';
import { endReasonText } from './reason-text.js';
import { tellConference } from './conference-story.js';
import { tellPhoneEvent } from './phone-story.js';
import { gatherFacts, type StoryFacts } from './story-facts.js';
import { tellRecording } from './recording-story.js';
import { tellSurvey } from './survey-story.js';
import { tellTransfer } from './story-transfers.js';
import { tellWhole } from './whole-story.js';

/** One line of a call's story. */
export interface StoryLine {
  readonly at: number;
  readonly offsetMs: number;
  readonly icon: string;
  readonly text: string;
  /** Why, each as a sentence of its own; the first is shown, the others unfold. */
  readonly why: readonly string[];
  readonly isAlarm: boolean;
}

/** Who reads, and how things are said to them. */
export interface StoryReader extends Reader {
  readonly t: Translate;
}

/** What a line says, without when. */
export type Told = Pick<StoryLine, 'icon' | 'text'> & Partial<Pick<StoryLine, 'why' | 'isAlarm'>>;

/** Tells a call's events, in the order given, as sentences in the reader's language. `queues`: names that no event gives. */
export function tellStory(
  events: readonly CallEvent[],
  reader: StoryReader,
  queues?: ReadonlyMap<QueueId, string>,
): readonly StoryLine[] {
  const startedAt = events[0]?.at ?? 0;
  const teller = new Teller(events, reader, queues);
  return events.flatMap((event) => {
    const told = teller.tell(event);
    if (told === undefined) return [];
    const line = { at: event.at, offsetMs: Math.max(0, event.at - startedAt) };
    return [{ why: [], isAlarm: false, ...told, ...line }];
  });
}

class Teller {
  readonly #t: Translate;
  readonly #facts: StoryFacts;

  constructor(
    events: readonly CallEvent[],
    private readonly reader: StoryReader,
    queues: ReadonlyMap<QueueId, string> | undefined,
  ) {
    this.#t = reader.t;
    this.#facts = gatherFacts(events, queues);
  }

  /** undefined for events that say nothing beside another one. */
  tell(event: CallEvent): Told | undefined {
    if (this.#facts.silent.has(event.id)) return undefined;
    switch (event.kind) {
      case 'call-arrived':
        return {
          icon: 'phone-incoming',
          text: this.#t(`calls.story.arrived-${event.test === true ? 'test' : event.direction}`, {
            from: `${event.fromName} ${this.#phone(event.from)}`.trim(),
            to: this.#phone(event.to),
          }),
        };
      case 'call-ended':
        return this.#ended(event);
      case 'leg-started':
      case 'leg-answered':
      case 'leg-ended':
        return this.#leg(event);
      case 'flow-entered':
      case 'step-entered':
      case 'key-pressed':
      case 'no-key':
      case 'language-chosen':
      case 'step-left':
      case 'input-collected':
      case 'looked-up':
        return this.#ivr(event);
      case 'queue-entered':
      case 'queue-left':
      case 'queue-waiting':
      case 'announced':
      case 'routed':
      case 'offered':
      case 'offer-ended':
        return this.#queue(event);
      case 'connected':
      case 'held':
      case 'resumed':
      case 'disconnected':
        return this.#talk(event);
      case 'party-left':
      case 'anchored':
      case 'consult-started':
      case 'consult-answered':
      case 'consult-ended':
      case 'transferred':
      case 'transfer-returned':
      case 'calls-joined':
        return tellTransfer(event, {
          t: this.#t,
          who: (leg) => this.#who(leg),
          phone: (number) => this.#phone(number),
        });
      case 'recording-decided':
      case 'recording-told':
      case 'recording-switched':
      case 'recording-paused':
      case 'recording-resumed':
      case 'recording-started':
      case 'recording-ended':
      case 'recording-missing':
      case 'voicemail-left':
        return tellRecording(event, this.#t, (leg) => this.#who(leg));
      case 'callback-asked':
      case 'callback-tried':
      case 'callback-closed':
        return tellCallback(event, this.#t, {
          queue: this.#facts.queues.get(event.queueId) ?? String(event.queueId),
          phone: (number) => this.#phone(number),
        });
      case 'survey-offered':
      case 'survey-skipped':
      case 'survey-begun':
      case 'survey-answered':
      case 'survey-comment':
      case 'survey-finished':
        return tellSurvey(event, this.#t);
      case 'conference-joined':
      case 'conference-changed':
      case 'conference-recorded':
      case 'conference-invited':
        return tellConference(event, this.#t, (number) => this.#phone(number));
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
      case 'help-called':
      case 'line-freed':
        return tellPhoneEvent(event, this.#t, {
          phone: (number) => this.#phone(number),
          who: (leg) => this.#who(leg),
        });
      case 'context-passed':
      case 'refused':
      case 'adopted':
        return tellWhole(event, this.#t);
      default:
        return unknown(event, this.#t);
    }
  }

  #ended(event: CallEvent & { kind: 'call-ended' }): Told {
    return {
      icon: 'phone-off',
      text: this.#t('calls.story.ended', {
        by: this.#t(`calls.ended-by.${event.endedBy}`),
        result: this.#t(`result.${event.result}`),
      }),
      why: [
        endReasonText(this.#t, event.reason),
        this.#t(causeKey(event.cause), { cause: event.cause }),
      ].filter((text) => text !== ''),
    };
  }

  #leg(event: CallEvent & { kind: 'leg-started' | 'leg-answered' | 'leg-ended' }): Told {
    const isCaller = event.leg === this.#facts.callerLeg;
    const who = this.#who(event.leg);
    switch (event.kind) {
      case 'leg-started':
        return {
          icon: 'bell-ringing',
          text: this.#t('calls.story.ringing', { who, number: this.#phone(event.number) }),
          why: this.#callerId(event),
        };
      case 'leg-answered':
        return {
          icon: 'phone-check',
          text: this.#t(isCaller ? 'calls.story.answered-caller' : 'calls.story.leg-answered', {
            who,
          }),
        };
      case 'leg-ended':
        return {
          icon: 'phone-off',
          text: this.#t(isCaller ? 'calls.story.caller-hung-up' : 'calls.story.leg-ended', { who }),
          why: this.#causes(event),
        };
    }
  }

  /** Which number the called side sees, and whose it is. */
  #callerId({ callerId, callerIdOf }: CallEvent & { kind: 'leg-started' }): readonly string[] {
    if (callerId === undefined || callerIdOf === undefined) return [];
    const number = callerId === '' ? this.#t('caller-ids.no-number') : this.#phone(callerId);
    return [
      this.#t('calls.story.caller-id', { number, of: this.#t(`caller-ids.of.${callerIdOf}`) }),
    ];
  }

  #causes({ cause, techCause }: { cause: number; techCause?: number }): readonly string[] {
    const sip = techCause === undefined || techCause === 0 ? undefined : techCause;
    return [
      this.#t(causeKey(cause), { cause }),
      ...(sip === undefined ? [] : [this.#t(sipKey(sip), { status: sip })]),
    ];
  }

  #ivr(
    event: CallEvent & {
      kind:
        | 'flow-entered'
        | 'step-entered'
        | 'step-left'
        | 'key-pressed'
        | 'no-key'
        | 'language-chosen'
        | 'input-collected'
        | 'looked-up';
    },
  ): Told {
    switch (event.kind) {
      case 'flow-entered':
        return {
          icon: 'sitemap',
          text: this.#t(
            event.version === DRAFT_VERSION ? 'calls.story.flow-draft' : 'calls.story.flow',
            { name: event.name, version: event.version },
          ),
        };
      case 'step-entered':
        return {
          icon: 'list-numbers',
          text: this.#t('calls.story.step', {
            label: event.label === '' ? event.step : event.label,
          }),
          why: [this.#facts.flows.get(event.flowId) ?? ''].filter((name) => name !== ''),
        };
      case 'key-pressed':
        return this.#key(event);
      case 'no-key':
        return {
          icon: 'clock-off',
          text: this.#t('calls.story.no-key', { tries: event.tries }),
          why: [this.#stepName(event.step)],
        };
      case 'language-chosen':
        return {
          icon: 'language',
          text: this.#t('calls.story.language', {
            language: this.#t(`language.${event.language}`),
          }),
        };
      case 'step-left':
        return {
          icon: 'arrow-right',
          text: this.#t('calls.story.step-left', { label: this.#stepName(event.step) }),
        };
      case 'input-collected':
        return {
          icon: 'dialpad',
          text: this.#t('calls.story.input', {
            label: event.label,
            value: event.value ?? this.#t('calls.story.secret', { length: event.length }),
          }),
        };
      case 'looked-up':
        if (event.source === 'speech')
          return {
            icon: 'volume',
            text: this.#t('calls.story.not-spoken', { label: event.label }),
          };
        return {
          icon: event.ok ? 'database-search' : 'database-off',
          text: this.#t(event.ok ? 'calls.story.looked-up' : 'calls.story.look-up-failed', {
            label: event.label,
            ms: event.ms,
          }),
          why: event.reason === '' ? [] : [event.reason],
        };
    }
  }

  #key(event: CallEvent & { kind: 'key-pressed' }): Told {
    const { digits } = event;
    const label = this.#facts.keyLeadsTo.get(event.id);
    const known = label === undefined ? 'calls.story.key' : 'calls.story.key-to';
    return {
      icon: 'dialpad',
      text: this.#t(event.accepted ? known : 'calls.story.wrong-key', {
        digits,
        label: label ?? '',
      }),
      why: [this.#stepName(event.step)],
    };
  }

  #queue(
    event: CallEvent & {
      kind:
        | 'queue-entered'
        | 'queue-left'
        | 'queue-waiting'
        | 'announced'
        | 'routed'
        | 'offered'
        | 'offer-ended';
    },
  ): Told {
    const queue = this.#facts.queues.get(event.queueId) ?? String(event.queueId);
    switch (event.kind) {
      case 'queue-entered':
        return {
          icon: 'hourglass',
          text: this.#t('calls.story.queue-entered', { queue, place: event.place }),
          why:
            event.priority === 0
              ? []
              : [this.#t('calls.story.priority', { priority: event.priority })],
        };
      case 'queue-left':
        return {
          icon: event.outcome === 'answered' ? 'phone-check' : 'arrow-bounce',
          text: this.#t(`calls.story.queue-left-${event.outcome}`, {
            queue,
            time: formatDuration(event.waitedMs),
          }),
          why: event.reason === event.outcome ? [] : this.#reason(event.reason),
        };
      case 'routed':
        return {
          icon: 'route',
          text: this.#t('calls.story.routed', { queue }),
          why: event.reasons.map((reason) => decisionText(this.#t, reason)),
        };
      case 'queue-waiting':
        return {
          icon: 'hourglass',
          text: this.#t('calls.story.queue-waiting'),
          why: event.reasons.map((reason) => decisionText(this.#t, reason)),
        };
      case 'announced':
        return { icon: 'volume', text: this.#t('calls.story.announced', { name: event.name }) };
      case 'offered':
        return {
          icon: 'bell-ringing',
          text: this.#t('calls.story.offered', { agent: event.agentName }),
          why: event.reasons.map((reason) => decisionText(this.#t, reason)),
        };
      case 'offer-ended': {
        const leg = this.#facts.offerLegs.get(event.id);
        return {
          icon: event.outcome === 'answered' ? 'phone-check' : 'x',
          text: this.#t(`calls.story.offer-${event.outcome}`, {
            agent: event.agentName,
            time: formatDuration(event.rangMs),
          }),
          why: leg === undefined ? [] : this.#causes(leg),
        };
      }
    }
  }

  #talk(event: CallEvent & { kind: 'connected' | 'held' | 'resumed' | 'disconnected' }): Told {
    if (event.kind === 'disconnected')
      return {
        icon: 'phone-off',
        text: this.#t('calls.story.disconnected', { time: formatDuration(event.talkedMs) }),
      };
    const who =
      event.leg === this.#facts.callerLeg ? this.#t('calls.lane.caller') : this.#who(event.leg);
    const icon = { connected: 'phone', held: 'player-pause', resumed: 'player-play' }[event.kind];
    return { icon, text: this.#t(`calls.story.${event.kind}`, { who }) };
  }

  #reason(code: string): readonly string[] {
    const text = endReasonText(this.#t, code);
    return text === '' ? [] : [text];
  }

  #who(leg: ChannelId): string {
    const { name, number } = this.#facts.legs.get(leg) ?? { name: leg, number: '' };
    return name === '' ? this.#phone(number) : name;
  }

  #stepName(step: string): string {
    const label = this.#facts.steps.get(step);
    return label === undefined || label === '' ? step : label;
  }

  #phone(number: string): string {
    return formatPhone(number, this.reader);
  }
}

/** A kind of event that a later version wrote. */
const unknown = (event: never, t: Translate): Told => ({
  icon: 'circle-dot',
  text: t('calls.story.other', { kind: (event as { readonly kind: string }).kind }),
});
