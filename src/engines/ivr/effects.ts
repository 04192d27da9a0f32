import type { CallEventBody, Language } from '../../kernel/call-event.js';
import type {
  CalendarId,
  CampaignId,
  DidId,
  ExtensionId,
  PromptId,
  QueueId,
  RingGroupId,
  SkillId,
} from '../../kernel/ids.js';
import type { Calendar } from '../routing/calendar.js';
import type { HttpMethod } from './schema/asking-steps.js';
import type { AskedBy } from '../directory/talk.js';
import type { SpokenForm } from './schema/spoken-steps.js';

/** What the call itself knows: the variables that every flow can read. */
export interface CallerFacts {
  readonly callId: string;
  readonly callerNumber: string;
  readonly callerName: string;
  /** The number that was called, and its name. */
  readonly did: string;
  readonly didLabel: string;
  readonly language: Language;
}

/** What a decision is made by: nothing that the interpreter could not be told again. */
export interface FlowMoment {
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** The site's IANA zone: hours that a step has of its own are in it; calendars have theirs. */
  readonly zone: string;
  /** By id; archived ones too, which older versions of flows may still name. */
  readonly calendars: ReadonlyMap<CalendarId, Calendar>;
  readonly call: CallerFacts;
}

/** Facts about nobody's call: for looking through a flow without one. */
export const NO_CALL: CallerFacts = {
  callId: '',
  callerNumber: '',
  callerName: '',
  did: '',
  didLabel: '',
  language: 'en',
};

/** Variables by name, as texts. */
export type Variables = Readonly<Record<string, string>>;

/** Why a request over HTTP gave nothing; `status-503` and the like where the other side refused. */
export type FetchFailure =
  | 'timeout'
  | 'refused'
  | `status-${number}`
  | 'too-large'
  | 'not-json'
  | 'blocked'
  | 'missing-field';

/** What happened. Each effect that waits is answered by exactly one of the inputs that its description names. */
export type FlowHappening =
  | {
      readonly kind:
        | 'played'
        | 'no-key'
        | 'language-set'
        | 'nobody-answered'
        | 'no-input'
        | 'no-rows'
        | 'not-found'
        | 'pin-ok'
        | 'pin-locked'
        | 'accepted'
        | 'declined'
        | 'survey-done'
        | 'survey-declined'
        | 'nothing-recorded'
        | 'sent'
        | 'operator-asked'
        | 'nobody-chosen';
    }
  /** Whom the caller asked for, and the keys that were typed for it. */
  | { readonly kind: 'person-chosen'; readonly extension: ExtensionId; readonly keys: string }
  /** The process that ran the flow is gone: gives the effect of the current step again, without a trace. */
  | { readonly kind: 'resumed' }
  | { readonly kind: 'digit'; readonly digit: string }
  /** The keys of an entry, without the key that ended it. */
  | { readonly kind: 'entered' | 'too-few'; readonly digits: string }
  /** Only variables that the step names count. */
  | { readonly kind: 'fetched' | 'rows' | 'found'; readonly variables: Variables }
  | { readonly kind: 'fetch-failed'; readonly reason: FetchFailure }
  | { readonly kind: 'look-up-failed'; readonly reason: string }
  /** How many tries are left before the subject is locked. */
  | { readonly kind: 'pin-wrong'; readonly left: number }
  | { readonly kind: 'recorded'; readonly id: string };

/** What happened, and when. */
export type FlowInput = FlowMoment & FlowHappening;

export type StuckReason =
  | 'unknown-step'
  | 'too-many-steps-without-key'
  | 'too-many-steps'
  | 'voicemail-without-owner'
  | 'unknown-zone'
  | 'unknown-calendar'
  | 'unknown-flow'
  | 'too-deep'
  | 'nowhere-after-no-answer';

/** An entry of several keys: prompts play (a key ends them at any moment), then keys are waited for. */
export interface CollectEffect {
  readonly kind: 'collect';
  readonly prompts: readonly PromptId[];
  readonly min: number;
  /** Ends the entry when reached; further keys are dropped. */
  readonly max: number;
  /** Ends the entry; '' where no key does. */
  readonly endKey: string;
  readonly firstMs: number;
  readonly nextMs: number;
  /** Keys that the caller pressed already, while a prompt before it played: the entry begins with them. */
  readonly typed: string;
  /** The entry goes into no log. */
  readonly sensitive: boolean;
}

/** A request whose texts are complete. */
export interface FetchEffect {
  readonly kind: 'fetch';
  readonly method: HttpMethod;
  readonly url: string;
  readonly headers: readonly { readonly name: string; readonly value: string }[];
  readonly body?: string;
  readonly contentType: string;
  readonly timeoutMs: number;
  /** To be sent as `Idempotency-Key`: the same when the same visit of the step is carried out again. */
  readonly idempotencyKey?: string;
  readonly answers: readonly { readonly variable: string; readonly path: string }[];
  readonly holdPrompt?: PromptId;
}

/** What the call has to do next. */
export type FlowEffect =
  /** Play, then `played`. With `bargeIn` a key ends it: then `digit` instead of `played`. */
  | { readonly kind: 'play'; readonly prompts: readonly PromptId[]; readonly bargeIn: boolean }
  /** Say a value after the prompt, then as `play`. */
  | {
      readonly kind: 'say';
      readonly prompt?: PromptId;
      readonly value: string;
      readonly as: SpokenForm;
      readonly currency?: string;
      readonly bargeIn: boolean;
    }
  /** Play (a key ends it at any moment), then wait `timeoutMs` for one key: `digit` or `no-key`. */
  | { readonly kind: 'ask'; readonly prompts: readonly PromptId[]; readonly timeoutMs: number }
  /** `entered`, `too-few` or `no-input`. */
  | CollectEffect
  /** Read the entry back, say which key takes it (1) and which asks for it again (2): `digit` or `no-key`. */
  | { readonly kind: 'confirm'; readonly digits: string; readonly as: 'digits' | 'number' }
  /** Prompts are in this language from now on; then `language-set`. */
  | { readonly kind: 'set-language'; readonly language: Language }
  /** `fetched` or `fetch-failed`. */
  | FetchEffect
  /** Run the query with its parameters bound: `rows` (of the first one), `no-rows` or `look-up-failed`. */
  | {
      readonly kind: 'look-up';
      readonly connection: number;
      readonly query: string;
      readonly parameters: Variables;
      readonly timeoutMs: number;
      readonly answers: readonly { readonly variable: string; readonly column: string }[];
    }
  /** `found` with variables that begin with `customer_`, or `not-found`. */
  | { readonly kind: 'find-customer'; readonly by: string }
  /** `pin-ok`, `pin-wrong` or `pin-locked`. */
  | {
      readonly kind: 'check-pin';
      readonly entered: string;
      /** The PIN, or its argon2 hash; never right where ''. */
      readonly expected: string;
      readonly subject: string;
      readonly lockAfter: number;
      readonly lockMs: number;
      /** What a right one does to those before: none of them counts any more, unless it says that only it does not count. */
      readonly forgives?: 'all' | 'this-one';
    }
  /** Offer to call back with the place in line kept: `accepted` or `declined`. */
  | {
      readonly kind: 'offer-callback';
      readonly queue: QueueId;
      readonly number: string;
      readonly prompt?: PromptId;
    }
  /**
   * Offer these times (ms since the epoch, ascending; said in the zone), or, where nobody is asked, book the first: `accepted`
   * or `declined`. Without a time nothing can be booked: `declined`.
   */
  | {
      readonly kind: 'offer-appointment';
      readonly campaign: CampaignId;
      readonly number: string;
      readonly times: readonly number[];
      readonly zone: string;
      readonly asks: boolean;
      readonly prompt?: PromptId;
    }
  /** Ask, and keep the state for the answer: `survey-done`, or `survey-declined` where the caller answered nothing. */
  | { readonly kind: 'ask-survey'; readonly survey: number }
  /** Ask for somebody of the company: `person-chosen`, `operator-asked` or `nobody-chosen`. */
  | {
      readonly kind: 'ask-directory';
      readonly by: AskedBy;
      readonly tries: number;
      /** Keys that the caller pressed already, while a prompt before it played: the first entry begins with them. */
      readonly typed: string;
      readonly prompt?: PromptId;
    }
  /** `recorded` or `nothing-recorded`. Exactly one of the two owns the message. */
  | {
      readonly kind: 'record-message';
      readonly prompt: PromptId;
      readonly maxMs: number;
      readonly endKey: string;
      readonly extension?: ExtensionId;
      readonly queue?: QueueId;
    }
  /** Put it where it is sent from in the background, then `sent` at once. */
  | {
      readonly kind: 'send-webhook';
      readonly url: string;
      readonly body: string;
      readonly idempotencyKey: string;
    }
  /** The flow ends in a queue. Values of tags that callers entered in secret are covered. */
  | {
      readonly kind: 'go-queue';
      readonly queue: QueueId;
      readonly priority: number;
      readonly skills: readonly {
        readonly skill: SkillId;
        readonly level: number;
        readonly required: boolean;
      }[];
      readonly tags: Variables;
    }
  /** Where `noAnswerStep` is given, keep the state: `nobody-answered` takes the call back into the flow. */
  | {
      readonly kind: 'go-extension';
      readonly extension: ExtensionId;
      readonly noAnswerStep?: string;
    }
  /** The group rings as it says, else all extensions at once. Keep the state for `nobody-answered`. */
  | {
      readonly kind: 'go-ring';
      readonly group?: RingGroupId;
      readonly extensions: readonly ExtensionId[];
      readonly timeoutMs: number;
    }
  /** Keep the state for `nobody-answered`, which also stands for numbers that the class does not allow. */
  | {
      readonly kind: 'go-outside';
      readonly number: string;
      readonly permission: 'local' | 'national' | 'international';
      readonly callerId?: DidId;
      readonly timeoutMs: number;
    }
  | { readonly kind: 'go-conference'; readonly room: number }
  /** Where the site's operator is. */
  | { readonly kind: 'go-operator' }
  /** Exactly one of the two owns the message. */
  | {
      readonly kind: 'go-voicemail';
      readonly extension?: ExtensionId;
      readonly queue?: QueueId;
      readonly greeting?: PromptId;
    }
  | { readonly kind: 'hangup'; readonly prompt?: PromptId }
  /** The flow cannot go on; the caller deserves a message and the administrator an entry. */
  | { readonly kind: 'stuck'; readonly reason: StuckReason; readonly step: string }
  /** The input does not belong here: go on with what is under way. */
  | { readonly kind: 'keep' };

type BodyOf<K extends CallEventBody['kind']> = Extract<CallEventBody, { kind: K }>;

/** What happened on the way, as ledger events. Nothing that a caller entered in secret is in them. */
export type FlowTrace = BodyOf<
  | 'step-entered'
  | 'step-left'
  | 'key-pressed'
  | 'no-key'
  | 'language-chosen'
  | 'input-collected'
  | 'looked-up'
>;
