import type { CallEventBody, Ledger } from '../../kernel/call-event.js';
import {
  newCallId,
  newChannelId,
  newEventId,
  type AgentId,
  type ChannelId,
  type ExtensionId,
  type TrunkId,
} from '../../kernel/ids.js';
import { classifyNumber, normaliseNumber } from '../../kernel/numbers.js';
import type { AriEventOf } from '../ari/events.js';
import type { AriPort, OriginateOptions } from '../ari/port.js';
import { isPermitted, type ExtensionConfig } from '../directory.js';
import { isHelpNumber } from '../emergency.js';
import { isInside } from '../forward-target.js';
import type { DeskAnswer, DeskCommand, DeskRefusal } from '../live.js';
import { trunksFor } from '../stages/trunk-dialling.js';
import { callerIdWishes, shownNumber } from './caller-id.js';
import { AUTO_ANSWER_VARIABLES, PHONE_VARIABLES } from './leg.js';
import { ringPhone } from './phone-ring.js';
import type { CallServices } from './services.js';

/** How long the own phone rings for a call that was dialled from the page; one elsewhere takes longer to ring at all. */
const OWN_PHONE_RING_MS = 20_000;
const OUTSIDE_PHONE_RING_MS = 30_000;
const DIALLABLE = /^\+?[0-9]{2,20}$/;

const DONE: DeskAnswer = { ok: true };
const refuse = (code: DeskRefusal, detail = ''): DeskAnswer => ({ ok: false, code, detail });

/** A phone that is rung before the number. */
interface FirstLeg {
  readonly extension: ExtensionConfig;
  /** The number that it has, and the trunk over which it is reached where it is outside. */
  readonly phone: string;
  readonly trunkId?: TrunkId;
  readonly options: Omit<OriginateOptions, 'channel'>;
}

/** What the own desk phone shows while it rings, and does when it is lifted. */
export interface OwnPhoneCall {
  /** What it has dialled then: a number, or a code. */
  readonly digits: string;
  readonly shown: { readonly number: string; readonly name: string };
  /** It is told to answer by itself, if it can. */
  readonly answersItself?: boolean;
  /** Resolves when there is nothing to lift it for any more: it stops. Such a call is no attempt of its own in the ledger. */
  readonly until?: Promise<void>;
}

/**
 * Dialling from a page: the own phone rings first, the desk phone or one outside; when it is lifted, the call goes on as if the
 * number had been dialled there. Where nobody lifts it, the attempt is a call of its own in the ledger.
 */
export class PageDialling {
  constructor(
    private readonly s: CallServices,
    private readonly ari: AriPort,
    private readonly takeUp: (event: AriEventOf<'StasisStart'>) => void,
    private readonly ledger: Ledger,
  ) {}

  /** The phone of an agent who has no call. */
  fromDesk({ agentId, number, from }: Extract<DeskCommand, { kind: 'agent-dial' }>): DeskAnswer {
    const { roster } = this.s;
    const state = roster.state(agentId)?.state;
    if (state === 'talking' || state === 'ringing' || state === 'preview')
      return refuse('on-a-call');
    if (from === 'outside-phone') return this.#fromOutside(agentId, number);
    const extensionId = roster.phoneOf(agentId);
    if (extensionId === undefined) return refuse('not-signed-in');
    return this.fromPhone(extensionId, number);
  }

  /** Any desk phone. */
  fromPhone(extensionId: ExtensionId, text: string): DeskAnswer {
    const { directory, country } = this.s;
    const extension = directory.current.extensions.get(extensionId);
    if (extension === undefined) return refuse('unknown-extension');
    const number = dialled(text);
    if (!this.#isDiallable(number)) return refuse('bad-number', text.slice(0, 40));
    const shown = { number: normaliseNumber(number, country), name: '' };
    return this.fromOwn(extension, { digits: number, shown });
  }

  /** A desk phone that has dialled something when it is lifted. */
  fromOwn(
    extension: ExtensionConfig,
    { digits, shown, answersItself = false, until }: OwnPhoneCall,
  ): DeskAnswer {
    const { number: phone } = extension;
    if (!this.s.endpoints.isRegistered(phone)) return refuse('phone-not-registered', phone);
    const options = {
      endpoint: `PJSIP/${phone}`,
      appArgs: ['desk-dial', digits],
      ...{ callerNumber: shown.number, callerName: shown.name },
      timeoutMs: OWN_PHONE_RING_MS,
      variables: answersItself ? { ...PHONE_VARIABLES, ...AUTO_ANSWER_VARIABLES } : PHONE_VARIABLES,
    };
    return this.#ring(digits, { extension, phone, options }, until);
  }

  /** The agent is away from the desk: both legs go over a trunk, and what the extension may dial holds for both. */
  #fromOutside(agentId: AgentId, text: string): DeskAnswer {
    const { s } = this;
    const { current } = s.directory;
    const agent = current.agents.get(agentId);
    if (agent === undefined) return refuse('unknown-agent');
    const { outsidePhone: phone } = agent;
    if (phone === '') return refuse('no-outside-phone');
    const extension = current.extensions.get(
      s.roster.phoneOf(agentId) ?? agent.extensionId ?? (0 as ExtensionId),
    );
    if (extension === undefined) return refuse('not-signed-in');
    const number = dialled(text);
    if (!this.#isDiallable(number)) return refuse('bad-number', text.slice(0, 40));
    // Whoever helps must know where the phone is.
    if (isHelpNumber(current.emergency, number, s.country))
      return refuse('not-from-outside', number);
    for (const one of [phone, number])
      if (!isInside(current, one) && !this.#isPermitted(extension, one))
        return refuse('not-permitted', one);
    if (phone === normaliseNumber(number, s.country)) return refuse('transfer-to-self', number);
    const [trunk] = trunksFor(s);
    if (trunk === undefined) return refuse('no-free-line', phone);
    const shown = shownNumber(callerIdWishes(current, { extension }), trunk, phone, 0);
    return this.#ring(number, {
      ...{ extension, phone, trunkId: trunk.id },
      options: {
        endpoint: `PJSIP/${phone}@trunk-${String(trunk.id)}`,
        // The third is how long a node has kept a caller.
        appArgs: ['outside-dial', number, '0', String(extension.id), String(trunk.id), phone],
        callerNumber: shown?.number ?? trunk.callerId,
        callerName: '',
        timeoutMs: OUTSIDE_PHONE_RING_MS,
      },
    });
  }

  #isDiallable(number: string): boolean {
    return isInside(this.s.directory.current, number) || DIALLABLE.test(number);
  }

  #isPermitted({ permission }: ExtensionConfig, number: string): boolean {
    const { country } = this.s;
    return isPermitted(permission, classifyNumber(normaliseNumber(number, country), country));
  }

  /** Answers when the first phone begins to ring. */
  #ring(number: string, first: FirstLeg, until?: Promise<void>): DeskAnswer {
    const { s, ari } = this;
    const channel = newChannelId('extension');
    const startedAt = s.clock.now();
    s.server.fork('dial from a page', async (scope) => {
      if (until !== undefined)
        scope.fork('until', async (within) => {
          await within.wait(until);
          scope.cancel('nothing to lift the phone for');
        });
      const failure = await ringPhone(scope, ari, { channel, ...first.options }, (event) => {
        this.takeUp(event);
        return true;
      });
      if (failure !== undefined && until === undefined)
        this.#noteUnanswered(number, first, channel, startedAt, failure);
    });
    return DONE;
  }

  /** Nobody lifted the own phone: the attempt is over, and why. */
  #noteUnanswered(
    to: string,
    { extension, phone, trunkId }: FirstLeg,
    leg: ChannelId,
    startedAt: number,
    failure: string,
  ): void {
    const { s, ari, ledger } = this;
    const callId = newCallId();
    const trunk = trunkId === undefined ? {} : { trunkId };
    const { id: extensionId, number: from, name } = extension;
    const ledgerOf: [number, CallEventBody][] = [
      [
        startedAt,
        {
          ...{ kind: 'call-arrived', direction: 'outbound', from, fromName: name },
          ...{ to: normaliseNumber(to, s.country), node: ari.node, extensionId },
          ...trunk,
        },
      ],
      [
        startedAt,
        { kind: 'leg-started', leg, role: 'caller', number: phone, name, extensionId, ...trunk },
      ],
      [s.clock.now(), { kind: 'leg-ended', leg, cause: failure === 'busy' ? 17 : 19 }],
      [
        s.clock.now(),
        {
          ...{ kind: 'call-ended', result: failure === 'busy' ? 'busy' : 'no-answer' },
          ...{ endedBy: 'caller', cause: failure === 'busy' ? 17 : 19 },
          reason: `own-phone-${failure}`,
        },
      ],
    ];
    ledgerOf.forEach(([at, body], at0) => {
      ledger.append({ ...body, id: newEventId(), callId, seq: at0, at });
    });
  }
}

const dialled = (text: string): string => text.replace(/[\s().-]/g, '');
