import { isAnchorHeld, type TalkState } from '../../../engines/talk/talk.js';
import type { ChannelId } from '../../../kernel/ids.js';
import type { Scope } from '../../../kernel/scope.js';
import type { Call } from '../../calls/call.js';
import { Leg } from '../../calls/leg.js';
import type { CallServices } from '../../calls/services.js';
import type { TalkPartner } from '../../calls/stage.js';
import { openKeys } from './phone-keys.js';
import type { Mail } from './talk-mail.js';

/** How often it is looked whether the phone of somebody who put the caller on hold is still registered. */
const VANISHED_LOOK_MS = 5_000;

/** Listens to everybody in a talk: who hangs up, which keys their phones have pressed, whose phone is gone without a word. */
export class TalkWatch {
  readonly #legs = new Map<ChannelId, Leg>();
  readonly #phones = new Set<ChannelId>();
  readonly #causes = new Map<ChannelId, number>();

  constructor(
    private readonly s: CallServices,
    private readonly call: Call,
    private readonly scope: Scope,
    private readonly tell: (mail: Mail) => void,
  ) {}

  /** The leg of somebody who has answered, if it is listened to. */
  legOf(channel: ChannelId): Leg | undefined {
    return this.#legs.get(channel);
  }

  /** Q.850 cause of the end of a leg. */
  causeOf(channel: ChannelId): number {
    return this.#causes.get(channel) ?? 16;
  }

  /** It is the anchor now, and no leg: the call itself listens to its end. */
  forget(channel: ChannelId): void {
    this.#legs.delete(channel);
  }

  /** Of somebody who has answered: the word of one who rings is waited for elsewhere. */
  leg(party: TalkPartner): void {
    const { leg: channel } = party;
    if (this.#legs.has(channel)) return;
    const leg = Leg.of(this.call, party);
    this.#legs.set(channel, leg);
    this.scope.fork('leg', async (scope) => {
      const { cause } = await leg.ended(scope);
      this.#causes.set(channel, cause);
      this.tell({ kind: 'input', input: { kind: 'left', leg: channel } });
    });
    this.phone(channel);
  }

  /** The keys of a phone: hold, and transfer. */
  phone(channel: ChannelId): void {
    if (this.#phones.has(channel)) return;
    this.#phones.add(channel);
    this.scope.fork('phone keys', async (scope) => {
      const { call } = this;
      const events = call.phoneKeys.get(channel) ?? openKeys(call, scope, channel);
      call.phoneKeys.delete(channel);
      for (;;) {
        const event = await events.next(scope);
        if (event.type === 'ChannelTransfer') this.tell({ kind: 'refer', event });
        else if (event.type === 'ChannelDtmfReceived')
          this.tell({ kind: 'digit', channel, digit: event.digit });
        else this.tell({ kind: 'phone-key', channel, isHold: event.type === 'ChannelHold' });
      }
    });
  }

  /** Whoever holds the call must be there to take it back. */
  holder(state: () => TalkState): void {
    const { call, s } = this;
    this.scope.fork('vanished', async (scope) => {
      let suspect: ChannelId | undefined;
      for (;;) {
        await call.clock.sleep(VANISHED_LOOK_MS, scope.signal);
        const now = state();
        const { leg, extensionId, number } = now.partner;
        const isLost =
          isAnchorHeld(now) &&
          extensionId !== undefined &&
          call.facts.outsidePhone === undefined &&
          !s.endpoints.isRegistered(number);
        // Twice in a row: a phone that registers anew may be missing for a moment.
        if (isLost && suspect === leg) this.tell({ kind: 'vanished', leg });
        suspect = isLost ? leg : undefined;
      }
    });
  }
}
