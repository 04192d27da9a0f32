import { NO_POOL } from '../../../engines/caller-id/choose.js';
import { newChannelId, type ChannelId } from '../../../kernel/ids.js';
import type { Clock } from '../../../kernel/clock.js';
import type { Scope } from '../../../kernel/scope.js';
import type { AriEventOf, Inbox } from '../../ari/events.js';
import { AriError, quietly, type AriPort } from '../../ari/port.js';
import type { AttemptNews, RunningCampaign } from '../../campaigns.js';
import type { Directory, TrunkConfig } from '../../directory.js';
import { shownNumber } from '../caller-id.js';
import type { DialledLine } from './line.js';
import { MINIMUM_RING_MS } from './pacing.js';
import { isFinal, resultOf } from './results.js';
import type { RefusalVerdict, TrunkHealth } from './trunk-health.js';

/**
 * Before the answer the node listens for the second of the three tones that say that a number is not in service: 1,400 Hz
 * (ITU-T E.180), 1,370.6 Hz in North America, where 1,428.5 Hz means that the network had no way. 200 ms of 1,385 Hz with
 * two thirds of all sound fit both and nothing else.
 */
const NOT_IN_SERVICE = { 'TONE_DETECT(1385,200,d(4))': '1' } as const;
/** Q.850: unallocated number. */
const UNALLOCATED = 1;
/** The tone by which an answering fax machine is known, CED: 2,100 Hz for at least 2.6 s (ITU-T T.30 §4.3.3.2, V.25). */
const FAX_HZ = 2_100;
const FAX_MS = 500;
/** Machine detection says what it found within five seconds (amd.conf); a node that says nothing is not waited for. */
const DETECTION_LIMIT_MS = 8_000;

const LINE_EVENTS = ['StasisStart', 'Dial', 'ChannelDestroyed', 'ChannelToneDetected'] as const;
type LineEvent = AriEventOf<(typeof LINE_EVENTS)[number]>;
type Verdict = NonNullable<AttemptNews['machineVerdict']>;

/** A line that was answered. It belongs to whoever is told of it, at once: nothing that happens to it is missed. */
export interface Answer {
  readonly event: AriEventOf<'StasisStart'>;
  readonly channel: ChannelId;
  readonly answeredAt: number;
  readonly trunk: TrunkConfig;
  readonly callerId: string;
  readonly verdict?: Verdict;
}

/** What became of dialling a line. */
export type DialledEnd =
  | { readonly kind: 'answered' }
  /** Somebody answered, and the line was gone before there was a call. */
  | { readonly kind: 'hung-up'; readonly answeredAt: number; readonly cause: number }
  /** We gave it up; `answeredAt`: somebody had answered just then. */
  | { readonly kind: 'cancelled'; readonly answeredAt?: number }
  | {
      readonly kind: 'unanswered';
      readonly result: ReturnType<typeof resultOf>;
      readonly cause: number;
      /** What it was is not sure yet: it is told later. */
      readonly later?: (settle: (verdict: RefusalVerdict) => void) => void;
    }
  /** A fax machine answered, and the line was hung up. */
  | { readonly kind: 'fax'; readonly answeredAt: number }
  /** Our own fault: no trunk, Asterisk away. */
  | { readonly kind: 'failed' };

export interface DialParts {
  readonly ari: AriPort;
  readonly clock: Clock;
  readonly directory: Directory;
  readonly health: TrunkHealth;
  /** Usable trunks with a free line, the best first. */
  readonly trunks: () => readonly TrunkConfig[];
  /** Something that pages show of a line has changed. */
  readonly onChange: () => void;
  readonly tell: (line: DialledLine, news: AttemptNews) => void;
  /** It was answered, and the node listens who has. */
  readonly detecting: (line: DialledLine) => void;
  readonly take: (line: DialledLine, answer: Answer) => void;
}

/** Dials a lead over one trunk after the other until the far end has spoken. What is answered belongs to whoever takes it. */
export async function dialLine(
  scope: Scope,
  parts: DialParts,
  campaign: RunningCampaign,
  line: DialledLine,
): Promise<DialledEnd> {
  let last: DialledEnd = { kind: 'failed' };
  const refusals = new Refusals();
  for (const trunk of parts.trunks()) {
    const callerId = callerIdOf(parts, campaign, line, trunk);
    line.trunkId = trunk.id;
    line.phase = 'dialling';
    parts.tell(line, { callId: line.call, trunkId: trunk.id, callerId });
    parts.health.dialled(trunk.id);
    parts.onChange();
    last = await new TrunkDial(parts, { campaign, line, trunk, callerId }).run(scope);
    line.trunkId = undefined;
    if (last.kind === 'failed' || last.kind === 'cancelled') parts.health.undecided(trunk.id);
    else if (last.kind !== 'unanswered' || isFinal(last.result)) parts.health.worked(trunk.id);
    else {
      refusals.add((settle) => {
        parts.health.refused(trunk.id, parts.clock.now(), settle);
      });
      last = { ...last, later: refusals.later };
    }
    const isOver = last.kind !== 'failed' && (last.kind !== 'unanswered' || isFinal(last.result));
    if (isOver || scope.cancelled) return last;
  }
  return last;
}

/**
 * Trunks that refused one number. It is the number's own where one of them is seen to work, and nobody's where all of them
 * refuse everything.
 */
class Refusals {
  #open = 0;
  #verdict: RefusalVerdict | undefined;
  #listener: ((verdict: RefusalVerdict) => void) | undefined;

  add(ask: (settle: (verdict: RefusalVerdict) => void) => void): void {
    this.#open++;
    if (this.#verdict === 'failed') this.#verdict = undefined;
    ask((verdict) => {
      this.#open--;
      if (verdict === 'congestion' || this.#open === 0) this.#say(verdict);
    });
  }

  readonly later = (listener: (verdict: RefusalVerdict) => void): void => {
    if (this.#verdict === undefined) this.#listener = listener;
    else listener(this.#verdict);
  };

  #say(verdict: RefusalVerdict): void {
    if (this.#verdict === 'congestion') return;
    this.#verdict = verdict;
    const listener = this.#listener;
    this.#listener = undefined;
    listener?.(verdict);
  }
}

/** The campaign's numbers first, then the queue's, then the trunk's. */
function callerIdOf(
  { directory }: DialParts,
  { queueId }: RunningCampaign,
  { lead }: DialledLine,
  trunk: TrunkConfig,
): string {
  const queue = queueId === undefined ? undefined : directory.current.queues.get(queueId);
  const owners = [
    ...lead.callerIds.map((number) => ({ of: 'campaign' as const, number })),
    { of: 'queue' as const, number: queue?.callerId ?? '' },
  ];
  const wishes = { isWithheld: false, pool: NO_POOL, owners };
  return shownNumber(wishes, trunk, lead.number, 0)?.number ?? trunk.callerId;
}

interface Attempt {
  readonly campaign: RunningCampaign;
  readonly line: DialledLine;
  readonly trunk: TrunkConfig;
  readonly callerId: string;
}

/** One line over one trunk: rings, listens where it must, and ends, or belongs to somebody else. */
class TrunkDial {
  readonly #channel = newChannelId('outside');
  readonly #timeoutMs: number;
  /** The channel is ours to hang up. */
  #isOurs = false;
  #isGivenUp = false;

  constructor(
    private readonly parts: DialParts,
    private readonly attempt: Attempt,
  ) {
    this.#timeoutMs = Math.max(MINIMUM_RING_MS, attempt.campaign.ringMs);
  }

  run(parent: Scope): Promise<DialledEnd> {
    const { ari } = this.parts;
    return parent.run('line', async (scope) => {
      const events = ari.events.inbox(scope, this.#channel, LINE_EVENTS);
      scope.defer(async () => {
        if (this.#isOurs) await quietly(() => ari.hangup(this.#channel));
      });
      this.attempt.line.giveUp = () => {
        this.#isGivenUp = true;
        scope.fork('give up', () => quietly(() => ari.hangup(this.#channel)));
      };
      const startedAt = this.parts.clock.now();
      if (!(await this.#originate())) return { kind: 'failed' };
      const event = await this.#untilWord(events);
      if (event.type === 'ChannelDestroyed') return this.#unanswered(event, startedAt);
      // Nobody rings there: the line is free again at once.
      if (event.type === 'ChannelToneDetected')
        return { kind: 'unanswered', result: 'invalid', cause: UNALLOCATED };
      return this.#answered(scope, event, events);
    });
  }

  async #originate(): Promise<boolean> {
    const { line, trunk, callerId } = this.attempt;
    this.#isOurs = true;
    try {
      await this.parts.ari.originate({
        channel: this.#channel,
        endpoint: `PJSIP/${line.lead.number}@trunk-${String(trunk.id)}`,
        appArgs: ['campaign', line.call],
        callerNumber: callerId,
        callerName: '',
        timeoutMs: this.#timeoutMs,
        variables: NOT_IN_SERVICE,
      });
      return true;
    } catch (error) {
      if (!(error instanceof AriError)) throw error;
      return false;
    }
  }

  /** Rings until somebody answers, or nobody will. */
  async #untilWord(events: Inbox<LineEvent>): Promise<Exclude<LineEvent, { type: 'Dial' }>> {
    const { line, trunk } = this.attempt;
    for (;;) {
      const event = await events.next();
      if (event.type !== 'Dial') return event;
      if (line.phase !== 'dialling' || !isAlive(event.progress)) continue;
      line.phase = 'ringing';
      this.parts.health.worked(trunk.id);
      this.parts.onChange();
    }
  }

  #unanswered({ cause, techCause }: AriEventOf<'ChannelDestroyed'>, startedAt: number): DialledEnd {
    this.#isOurs = false;
    if (this.#isGivenUp) return { kind: 'cancelled' };
    const isOver = this.parts.clock.now() - startedAt >= this.#timeoutMs;
    const isSilent = this.attempt.line.phase === 'dialling' && (techCause === 408 || isOver);
    return { kind: 'unanswered', result: resultOf({ cause, techCause, isSilent }), cause };
  }

  async #answered(
    scope: Scope,
    event: AriEventOf<'StasisStart'>,
    events: Inbox<LineEvent>,
  ): Promise<DialledEnd> {
    const { ari, clock, onChange } = this.parts;
    const { campaign, line, trunk, callerId } = this.attempt;
    const answer = { channel: this.#channel, answeredAt: clock.now(), trunk, callerId };
    const { answeredAt } = answer;
    line.giveUp = undefined;
    if (this.#isGivenUp) return { kind: 'cancelled', answeredAt };
    const isHeard = campaign.machine.kind !== 'off' && (await listen(ari, this.#channel));
    if (!isHeard) return this.#give({ ...answer, event });
    line.phase = 'detecting';
    this.parts.detecting(line);
    onChange();
    const heard = await detected(scope, this.parts, events);
    if (heard === undefined) return { kind: 'cancelled', answeredAt };
    if (heard.type === 'StasisStart')
      return this.#give({ ...answer, event: heard, verdict: verdictOf(heard.args) });
    if (heard.type === 'ChannelToneDetected') return { kind: 'fax', answeredAt };
    this.#isOurs = false;
    return { kind: 'hung-up', answeredAt, cause: heard.cause };
  }

  #give(answer: Answer): DialledEnd {
    this.#isOurs = false;
    this.parts.take(this.attempt.line, answer);
    return { kind: 'answered' };
  }
}

/** The far end rings, or says something. */
const isAlive = (progress: string): boolean => progress === 'RINGING' || progress === 'PROGRESS';

/** Has the node listen who has answered; false where it does not, and whoever it is counts as a person. */
async function listen(ari: AriPort, channel: ChannelId): Promise<boolean> {
  try {
    await ari.watchChannel(channel);
    await ari.detectTone(channel, FAX_HZ, FAX_MS);
    await ari.detectMachine(channel);
    return true;
  } catch (error) {
    if (!(error instanceof AriError)) throw error;
    // One that is gone says so by its event.
    return error.failure === 'gone';
  }
}

/** The channel comes back with what was heard, has the tone of a fax, or is gone; undefined where the node says nothing. */
function detected(
  parent: Scope,
  { clock }: DialParts,
  events: Inbox<LineEvent>,
): Promise<Exclude<LineEvent, { type: 'Dial' }> | undefined> {
  return parent.run('detection', async (scope) => {
    const late = clock.sleep(DETECTION_LIMIT_MS, scope.signal).then(() => undefined);
    const word = (async () => {
      for (;;) {
        const event = await events.next(scope);
        if (event.type !== 'Dial') return event;
      }
    })();
    return Promise.race([word, late]);
  });
}

/** AMDSTATUS in our words: what is not sure is a person, so that nobody is hung up on (NOTSURE). */
export function verdictOf([, status = '']: readonly string[]): Verdict {
  switch (status) {
    case 'MACHINE':
      return 'machine';
    case 'HUMAN':
      return 'human';
    default:
      return 'unsure';
  }
}
