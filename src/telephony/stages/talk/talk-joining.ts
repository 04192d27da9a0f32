import type { ChannelId } from '../../../kernel/ids.js';
import type { Call } from '../../calls/call.js';
import { Leg } from '../../calls/leg.js';
import type { CallServices } from '../../calls/services.js';
import { ended, type TalkPartner } from '../../calls/stage.js';
import { enquiryWith } from './enquiry.js';
import type { TalkFloor } from './talk-floor.js';
import { DONE, goesTo, refused, type Mail, type Outcome } from './talk-mail.js';
import { anchorAsPartner, personOf } from './talk-people.js';

/** Two calls become one: somebody who talks in another call comes into this one, or the other way round. */
export class TalkJoining {
  /** Waits for another talk of the same phone: two that wait for each other would wait for ever. */
  isWaiting = false;

  constructor(
    private readonly s: CallServices,
    private readonly call: Call,
    private readonly floor: TalkFloor,
  ) {}

  /** The phone joins its two calls: whom it talks with in the other one takes its place here. */
  async take(consult: ChannelId, beforeLeaving: () => Promise<void>): Promise<Outcome> {
    const { call, s, floor } = this;
    const other = [...s.calls.values()].find(
      (one) => one !== call && (one.channel === consult || one.legs.has(consult)),
    );
    if (other === undefined) return refused('no-call');
    if (floor.state.consult !== undefined) return refused('consult-under-way');
    const { stage } = other;
    const party = await this.#askFor(other, consult);
    if (party === undefined) {
      // Nobody answered there yet, or nobody ever will: the caller goes where the phone has called.
      const target = { kind: 'number', number: other.facts.to } as const;
      const outcome = await floor.send(target, 'phone', { beforeLeaving });
      if (outcome.kind !== 'next') return outcome;
      await other.hangup(consult);
      return outcome.stage.kind === 'queue' && stage.kind === 'queue'
        ? goesTo({ ...outcome.stage, since: stage.enteredAt ?? call.clock.now() })
        : outcome;
    }
    floor.noteTransfer(floor.state.partner, personOf(party), 'consult', 'phone');
    return floor.apply({ kind: 'replace', by: party }, { beforeLeaving });
  }

  /** Whoever answered an enquiry is asked from now on, as if rung in person. */
  async enquiry(leg: ChannelId): Promise<Outcome> {
    const { s, floor } = this;
    const other = enquiryWith(s, leg);
    if (other === undefined || floor.state.consult?.party.leg !== leg) return DONE;
    const by = await this.#askFor(other, other.channel);
    if (by === undefined) return DONE;
    return floor.apply({ kind: 'consult-answered', leg, by }, { outcome: 'enquired' });
  }

  /** The other side of joining. */
  async give({ channel, to, answer }: Extract<Mail, { kind: 'give' }>): Promise<Outcome> {
    const { call, floor } = this;
    const { anchor, partner, others, consult } = floor.state;
    const isPlain = others.length === 0 && consult === undefined;
    if (!isPlain || (channel !== anchor && channel !== partner.leg)) {
      answer(undefined);
      return DONE;
    }
    const given = channel === anchor ? partner : anchorAsPartner(this.s, call);
    call.record({ kind: 'calls-joined', with: to, as: 'giver' });
    await floor.seating.free(given.leg);
    await floor.finishRecording();
    if (given.leg === anchor) call.giveAway();
    else {
      call.legs.get(given.leg)?.detach();
      call.record({ kind: 'leg-ended', leg: given.leg, cause: 16 });
    }
    answer(given);
    return goesTo(ended('answered', 'callee', 16, 'joined-another-call'));
  }

  /** Whom the phone of this channel talks with in the other call: a leg of this one from now on. */
  async #askFor(other: Call, channel: ChannelId): Promise<TalkPartner | undefined> {
    const { call, s } = this;
    this.isWaiting = true;
    const party = await other.talk?.give(channel, call.id);
    this.isWaiting = false;
    if (party === undefined) return undefined;
    call.record({ kind: 'calls-joined', with: other.id, as: 'taker' });
    Leg.takeOver(call, party);
    if (party.agentId !== undefined) s.roster.moveTalk(party.agentId, other.id, call.id);
    this.floor.watch.leg(party);
    return party;
  }
}
