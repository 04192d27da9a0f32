import type { ChosenCallerId } from '../../engines/caller-id/choose.js';
import type { LegSound, OfferOutcome } from '../../kernel/call-event.js';
import type { BridgeId, ChannelId } from '../../kernel/ids.js';
import { Cancelled, Scope } from '../../kernel/scope.js';
import type { AriEventOf, Inbox } from '../ari/events.js';
import { AriError } from '../ari/port.js';
import { HANGUP_LIMIT_MS, type Call } from './call.js';
import type { TalkPartner } from './stage.js';

/** How ringing an endpoint ended. `cause` is Q.850, `techCause` the SIP status or 0. */
export type DialOutcome =
  | { readonly kind: 'answered'; readonly leg: Leg }
  | {
      readonly kind: Exclude<OfferOutcome, 'answered' | 'caller-left' | 'withdrawn'>;
      readonly cause: number;
      readonly techCause: number;
    };

export interface DialOptions {
  readonly partner: TalkPartner;
  readonly endpoint: string;
  readonly name: string;
  readonly callerNumber: string;
  readonly callerName: string;
  readonly timeoutMs: number;
  readonly variables?: Readonly<Record<string, string>>;
  /** On calls that go out: for the ledger. */
  readonly shown?: ChosenCallerId;
  /**
   * Bridges caller and leg before the answer, so that the caller hears what the carrier says meanwhile: ringing in the
   * tone of the country, or that the number is not in service (SIP 183).
   */
  readonly earlyMedia?: BridgeId;
  /** Who hears that; the anchor where not given. */
  readonly hearer?: ChannelId;
  /** It is an enquiry with this channel: whoever answers it is told by the call that it leads to. */
  readonly enquiry?: ChannelId;
}

type LegEvent = AriEventOf<'StasisStart' | 'ChannelStateChange' | 'ChannelDestroyed' | 'Resync'>;

/** Why ringing is cancelled where somebody else has answered: phones then show no missed call. */
export const ELSEWHERE = 'answered-elsewhere';
/** Q.850 cause of that; becomes `Reason: SIP;cause=200` in the CANCEL (RFC 3326). */
export const CAUSE_ELSEWHERE = 26;

/** Desk phones transfer through us, not inside Asterisk (res_pjsip: PJSIP_TRANSFER_HANDLING, Asterisk 22). */
export const PHONE_VARIABLES = { 'PJSIP_TRANSFER_HANDLING()': 'ari-only' } as const;

/**
 * Tells phones to answer by themselves, each vendor in the way it understands: RFC 5373 and `answer-after` (Yealink, Fanvil,
 * Snom, Grandstream), `Alert-Info` (Polycom, Cisco).
 */
export const AUTO_ANSWER_VARIABLES = {
  'PJSIP_HEADER(add,Call-Info)': '<sip:127.0.0.1>;answer-after=0',
  'PJSIP_HEADER(add,Alert-Info)': '<http://127.0.0.1>;info=alert-autoanswer;delay=0',
  'PJSIP_HEADER(add,Answer-Mode)': 'Auto',
} as const;

/** A channel that we called for a call. It is hung up when the call ends. */
export class Leg {
  gone = false;
  /** Nobody has answered yet: there is no sound. */
  isRinging = false;
  readonly #inbox: Inbox<LegEvent>;

  private constructor(
    private readonly call: Call,
    readonly partner: TalkPartner,
  ) {
    this.#inbox = call.ari.events.inbox(call.scope, this.channel, [
      'StasisStart',
      'ChannelStateChange',
      'ChannelDestroyed',
      'Resync',
    ]);
    call.scope.defer(() => this.release());
    call.legs.set(partner.leg, this);
  }

  /** The leg of this channel; listens to it from now on, until the call ends, which hangs it up. */
  static of(call: Call, partner: TalkPartner): Leg {
    return call.legs.get(partner.leg) ?? new Leg(call, partner);
  }

  /** Somebody who talked in another call comes into this one. */
  static takeOver(call: Call, partner: TalkPartner): Leg {
    recordStart(call, partner, partner.name ?? '');
    call.record({ kind: 'leg-answered', leg: partner.leg });
    return Leg.of(call, partner);
  }

  get channel(): ChannelId {
    return this.partner.leg;
  }

  /** It is no leg of this call any more, and is not hung up with it. */
  detach(): void {
    this.gone = true;
    this.call.legs.delete(this.channel);
  }

  /** The next thing that happens to it. */
  async next(within: Scope): Promise<LegEvent> {
    const event = await this.#inbox.next(within);
    if (event.type === 'ChannelDestroyed') this.#ended(event);
    return event;
  }

  /** Resolves when it is gone. */
  async ended(within: Scope): Promise<AriEventOf<'ChannelDestroyed'>> {
    for (;;) {
      const event = await this.next(within);
      if (event.type === 'ChannelDestroyed') return event;
    }
  }

  /** Hangs it up, and waits until Asterisk says so: the reason of its end belongs in the ledger. */
  async release(cause = 16): Promise<void> {
    if (this.gone) return;
    const { call } = this;
    await Scope.run('release leg', async (scope) => {
      const events = call.ari.events.inbox(scope, this.channel, ['ChannelDestroyed']);
      scope.fork('limit', async (s) => {
        await call.clock.sleep(HANGUP_LIMIT_MS, s.signal);
        scope.cancel('not confirmed');
      });
      const sound = this.isRinging ? undefined : await soundOf(call, this.channel);
      await call.ari.hangup(this.channel, cause);
      this.#ended(await events.next(), sound);
    }).catch((error: unknown) => {
      const over = error instanceof AriError || error instanceof Cancelled;
      if (!over) throw error;
      this.#ended({ type: 'ChannelDestroyed', channel: this.channel, cause, techCause: 0 });
    });
  }

  #ended(event: AriEventOf<'ChannelDestroyed'>, sound?: LegSound): void {
    if (this.gone) return;
    this.gone = true;
    this.call.legs.delete(this.channel);
    this.call.ari.events.over(this.channel);
    this.call.record({
      kind: 'leg-ended',
      leg: this.channel,
      cause: event.cause,
      ...(event.techCause === 0 ? {} : { techCause: event.techCause }),
      ...(sound === undefined ? {} : { sound }),
    });
  }
}

/** How long a hang-up waits for the statistics of the sound; without them it goes on. */
const SOUND_LIMIT_MS = 250;

/** How the channel has sounded, where Asterisk says so at once: nobody waits for it in a line that is to be hung up. */
export async function soundOf(call: Call, channel: ChannelId): Promise<LegSound | undefined> {
  const waiting = new AbortController();
  const asked = call.ari.soundOf(channel).catch((error: unknown) => {
    if (error instanceof AriError) return undefined;
    throw error;
  });
  const late = call.clock.sleep(SOUND_LIMIT_MS, waiting.signal).then(
    () => undefined,
    () => undefined,
  );
  try {
    return await Promise.race([asked, late]);
  } finally {
    waiting.abort(new Error('not waited for any more'));
  }
}

function recordStart(call: Call, partner: TalkPartner, name: string, shown?: ChosenCallerId): void {
  const { agentId, extensionId, trunkId, payerId } = partner;
  call.record({
    kind: 'leg-started',
    leg: partner.leg,
    role: partner.role,
    number: partner.number,
    name,
    ...(agentId === undefined ? {} : { agentId }),
    ...(extensionId === undefined ? {} : { extensionId }),
    ...(trunkId === undefined ? {} : { trunkId }),
    ...(payerId === undefined ? {} : { payerId }),
    ...(shown === undefined ? {} : { callerId: shown.number, callerIdOf: shown.of }),
  });
}

/**
 * Rings one endpoint and waits for its word. Cancelling `waiting` (the caller left, the offer was withdrawn) hangs it
 * up at once; otherwise it lives until the call ends.
 */
export async function dial(waiting: Scope, call: Call, options: DialOptions): Promise<DialOutcome> {
  const { partner, earlyMedia } = options;
  const leg = Leg.of(call, partner);
  leg.isRinging = true;
  recordStart(call, partner, options.name, options.shown);
  try {
    await start(call, options);
  } catch (error) {
    if (!(error instanceof AriError)) throw error;
    // Asterisk cannot even start: the phone is not registered, the trunk is gone, or Asterisk is away.
    await leg.release();
    const kind = error.failure === 'refused' ? 'unreachable' : 'failed';
    return { kind, cause: 20, techCause: 0 };
  }
  if (options.enquiry !== undefined) return untilOver(waiting, call, leg);
  return untilAnswered(waiting, call, leg, earlyMedia !== undefined);
}

/** Waits for the end of an enquiry. */
export async function untilOver(waiting: Scope, call: Call, leg: Leg): Promise<DialOutcome> {
  try {
    const event = await leg.ended(waiting);
    return { kind: outcomeOf(event), cause: event.cause, techCause: event.techCause };
  } catch (error) {
    await leg.release();
    throw error;
  }
}

/** Waits for the word of an endpoint that rings; also of one that a former process rang. */
export async function untilAnswered(
  waiting: Scope,
  call: Call,
  leg: Leg,
  isEarly: boolean,
): Promise<DialOutcome> {
  try {
    for (;;) {
      const event = await leg.next(waiting);
      if (event.type === 'ChannelDestroyed') {
        const kind = outcomeOf(event);
        call.lastDial = kind;
        return { kind, cause: event.cause, techCause: event.techCause };
      }
      if (!isAnswer(event, isEarly)) continue;
      leg.isRinging = false;
      call.record({ kind: 'leg-answered', leg: leg.channel });
      return { kind: 'answered', leg };
    }
  } catch (error) {
    const isElsewhere = error instanceof Cancelled && error.reason === ELSEWHERE;
    await leg.release(isElsewhere ? CAUSE_ELSEWHERE : 16);
    throw error;
  }
}

/**
 * A channel made by originate enters the application with its answer; one made by create is there before. Either may have
 * happened while nobody was told.
 */
function isAnswer(event: LegEvent, isEarly: boolean): boolean {
  if (event.type === 'Resync') return event.state === 'Up' && event.isInApplication;
  return isEarly
    ? event.type === 'ChannelStateChange' && event.state === 'Up'
    : event.type === 'StasisStart';
}

async function start(call: Call, options: DialOptions): Promise<void> {
  const { partner, earlyMedia, timeoutMs } = options;
  const channel = {
    channel: partner.leg,
    endpoint: options.endpoint,
    appArgs: ['leg', call.id],
    callerNumber: options.callerNumber,
    callerName: options.callerName,
    timeoutMs,
    originator: call.channel,
    variables: { ...(options.variables ?? {}) },
    ...(options.enquiry === undefined ? {} : { otherChannel: options.enquiry }),
  };
  if (earlyMedia === undefined) {
    await call.ari.originate(channel);
    return;
  }
  await call.ari.createChannel(channel);
  await call.ari.addToBridge(earlyMedia, [options.hearer ?? call.channel, partner.leg]);
  await call.ari.dial(partner.leg, timeoutMs);
}

/** Q.850 causes and SIP statuses in the words of the ledger (RFC 3398 §8.2.6 maps the two). */
export function outcomeOf(
  event: AriEventOf<'ChannelDestroyed'>,
): 'busy' | 'no-answer' | 'declined' | 'unreachable' | 'failed' {
  if (event.techCause === 603 || event.techCause === 403 || event.cause === 21) return 'declined';
  switch (event.cause) {
    case 17:
      return 'busy';
    case 19:
    case 16:
      return 'no-answer';
    case 18: // no user responding: the phone or the gateway is silent
    case 20: // subscriber absent
      return 'unreachable';
    default:
      return 'failed';
  }
}
