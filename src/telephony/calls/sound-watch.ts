import type { Clock } from '../../kernel/clock.js';
import type { CallId, ChannelId } from '../../kernel/ids.js';
import type { Scope } from '../../kernel/scope.js';
import type { LiveCall } from '../live.js';
import type { Call } from './call.js';
import type { CallLog } from './services.js';

/** How often each talk is looked at: two questions to Asterisk for each. */
const EVERY_MS = 5_000;

/** What is known of the sound that comes from one side of a talk. */
interface Heard {
  packets: number;
  /** Since when no packet has come; instant in ms. */
  since: number;
}

/**
 * Sees whose sound does not reach us while two people talk: a phone behind the wrong address translation, a carrier that sends
 * nowhere. It counts packets (RTP statistics), so that somebody who says nothing is not taken for one who is not heard; phones
 * that send nothing while nobody speaks are within what the alarm's rule allows. On hold nobody is looked at.
 */
export class SoundWatch {
  readonly #heard = new Map<ChannelId, Heard>();
  readonly #silent = new Map<CallId, NonNullable<LiveCall['silent']>>();

  constructor(
    scope: Scope,
    private readonly deps: {
      readonly clock: Clock;
      readonly log: CallLog;
      readonly calls: ReadonlyMap<CallId, Call>;
      readonly onChange: () => void;
    },
  ) {
    scope.fork('sound watch', async (s) => {
      for (;;) {
        await deps.clock.sleep(EVERY_MS, s.signal);
        await this.#look(s);
      }
    });
  }

  /** Whose sound has not come for longer than between two looks; undefined where all is heard. */
  of(call: CallId): LiveCall['silent'] {
    return this.#silent.get(call);
  }

  async #look(scope: Scope): Promise<void> {
    const seen = new Set<ChannelId>();
    const silent = new Map<CallId, NonNullable<LiveCall['silent']>>();
    for (const call of [...this.deps.calls.values()]) {
      for (const { channel, party } of sidesOf(call)) {
        const heard = await this.#count(call, channel);
        if (scope.cancelled) return;
        if (heard === undefined) continue;
        seen.add(channel);
        const first = silent.get(call.id);
        const isLong = this.deps.clock.now() - heard.since >= EVERY_MS;
        if (isLong && (first === undefined || heard.since < first.since))
          silent.set(call.id, { since: heard.since, party });
      }
    }
    for (const channel of [...this.#heard.keys()])
      if (!seen.has(channel)) this.#heard.delete(channel);
    const isOther =
      silent.size !== this.#silent.size || [...silent.keys()].some((id) => !this.#silent.has(id));
    this.#silent.clear();
    for (const [id, one] of silent) this.#silent.set(id, one);
    if (isOther) this.deps.onChange();
  }

  /** Undefined for a channel that is gone, or of which Asterisk knows no packets. */
  async #count(call: Call, channel: ChannelId): Promise<Heard | undefined> {
    let packets: number;
    try {
      packets = await call.ari.packetsFrom(channel);
    } catch (error) {
      this.deps.log.info({ err: error, callId: call.id, channel }, 'packets cannot be counted');
      return undefined;
    }
    const now = this.deps.clock.now();
    const known = this.#heard.get(channel);
    const heard =
      known === undefined || known.packets !== packets ? { packets, since: now } : known;
    this.#heard.set(channel, heard);
    return heard;
  }
}

/** Both sides of a talk in which each hears the other; nobody where somebody is on hold or asks a third one. */
function sidesOf(call: Call): readonly { readonly channel: ChannelId; readonly party: string }[] {
  const { stage, talk } = call;
  if (stage.kind !== 'talk' || talk === undefined || call.connectedAt === undefined || call.gone)
    return [];
  const { hold, consult, heldSince } = talk.live;
  if (hold !== undefined || consult !== undefined || heldSince !== undefined) return [];
  return [
    { channel: call.channel, party: call.anchor.name || call.anchor.number },
    { channel: stage.partner.leg, party: stage.partner.name || stage.partner.number },
  ];
}
