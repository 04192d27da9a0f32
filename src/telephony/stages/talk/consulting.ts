import type { TalkState } from '../../../engines/talk/talk.js';
import type { ChosenCallerId } from '../../../engines/caller-id/choose.js';
import { newChannelId, type ExtensionId } from '../../../kernel/ids.js';
import { Cancelled, type Scope } from '../../../kernel/scope.js';
import type { Call } from '../../calls/call.js';
import { ELSEWHERE, Leg, untilAnswered, untilOver, type DialOutcome } from '../../calls/leg.js';
import type { CallServices } from '../../calls/services.js';
import type { TalkPartner } from '../../calls/stage.js';
import { callerIdWishes, helpWishes, shownNumber } from '../../calls/caller-id.js';
import type { TrunkConfig } from '../../directory.js';
import { dialPbx, pbxPartner } from '../dial-pbx.js';
import { isHelpNumber } from '../../emergency.js';
import { raiseAlarm } from '../dial-help.js';
import { dialTrunk, helpTrunks, isFinal, OUTSIDE_RING_MS, trunksFor } from '../trunk-dialling.js';
import { ringInPerson } from '../ring-phone.js';
import { enquire, enquiryParty } from './enquiry.js';
import type { OpenTarget } from './transfer-target.js';

type Consult = NonNullable<TalkState['consult']>;

/** Rings whom somebody in a talk wants to ask. One at a time. */
export class Consulting {
  #stop: () => Promise<void> = () => Promise.resolve();
  #trunks: readonly TrunkConfig[] = [];

  constructor(
    private readonly s: CallServices,
    private readonly call: Call,
    private readonly scope: Scope,
    private readonly told: (leg: TalkPartner['leg'], outcome: DialOutcome) => void,
  ) {}

  /** Who would be asked; undefined where the target is nobody in particular. */
  partyOf(target: OpenTarget): TalkPartner | undefined {
    const { s } = this;
    const { stage } = target;
    if (stage.kind === 'dial-outside') {
      const [trunk, ...more] = stage.isForHelp === true ? helpTrunks(s) : trunksFor(s);
      this.#trunks = more;
      return (
        trunk && outsideParty(stage.number, trunk, stage.isForHelp === true ? undefined : stage.by)
      );
    }
    if (stage.kind === 'dial-pbx') {
      const trunk = s.directory.current.trunks.get(stage.trunk);
      this.#trunks = [];
      return trunk && pbxPartner(trunk, stage.number);
    }
    if (stage.kind !== 'ring-extension') return enquiryParty(target);
    const extension = s.directory.current.extensions.get(stage.extension);
    if (extension === undefined) return undefined;
    const agentId = s.roster.agentAt(extension.id);
    return {
      leg: newChannelId('extension'),
      role: 'extension',
      number: extension.number,
      name: extension.name,
      extensionId: extension.id,
      ...(agentId === undefined ? {} : { agentId }),
    };
  }

  /** The same number over the next trunk, where a trunk would not take it; undefined where that is no use. */
  nextTrunk(
    { party }: Consult,
    outcome: Exclude<DialOutcome, { kind: 'answered' }>,
  ): TalkPartner | undefined {
    if (party.role !== 'outside' || isFinal(outcome.kind, outcome.cause)) return undefined;
    const [trunk, ...more] = this.#trunks;
    this.#trunks = more;
    return trunk && outsideParty(party.number, trunk, party.payerId);
  }

  /** Rings; what comes of it is told. */
  ring(consult: Consult, by: TalkPartner): void {
    this.#wait(consult, (scope) => this.#dial(scope, consult, by));
  }

  /** Waits on for somebody whom a former process rang. */
  resume(consult: Consult): void {
    const leg = Leg.of(this.call, consult.party);
    const isEarly = consult.party.role === 'outside';
    this.#wait(consult, (scope) =>
      consult.party.asks !== undefined
        ? untilOver(scope, this.call, leg)
        : untilAnswered(scope, this.call, leg, isEarly),
    );
  }

  /** Nobody rings any more when it resolves; the phone shows no missed call where the call goes on to it. */
  stop(isElsewhere = false): Promise<void> {
    const stop = this.#stop;
    this.#isElsewhere = isElsewhere;
    this.#stop = () => Promise.resolve();
    return stop();
  }
  #isElsewhere = false;

  #wait({ party }: Consult, ring: (scope: Scope) => Promise<DialOutcome>): void {
    let cancel = (): void => undefined;
    const stopped = this.scope
      .run('consult', async (scope) => {
        cancel = () => {
          scope.cancel(this.#isElsewhere ? ELSEWHERE : 'not wanted any more');
        };
        this.told(party.leg, await ring(scope));
      })
      .catch((error: unknown) => {
        if (error instanceof Cancelled) return;
        this.s.log.error({ callId: this.call.id, err: error }, 'a consult could not ring');
        this.told(party.leg, { kind: 'failed', cause: 38, techCause: 0 });
      });
    this.#stop = async () => {
      cancel();
      await stopped;
    };
  }

  #dial(scope: Scope, consult: Consult, by: TalkPartner): Promise<DialOutcome> {
    const { s, call } = this;
    const { party, bridge } = consult;
    if (party.asks !== undefined) return enquire(scope, call, consult, by);
    const { current } = s.directory;
    const { leg, trunkId, extensionId } = party;
    if (party.role === 'outside') {
      const trunk = trunkId === undefined ? undefined : current.trunks.get(trunkId);
      if (trunk === undefined) return failed();
      if (trunk.pbx !== undefined)
        return dialPbx(scope, call, trunk, {
          partner: party,
          timeoutMs: OUTSIDE_RING_MS,
          shown: { number: by.number, name: by.name ?? '' },
          early: { earlyMedia: bridge, hearer: by.leg },
        });
      const shown = shownBy(s, by, trunk, party.number);
      const ringMs = OUTSIDE_RING_MS;
      if (isHelpNumber(current.emergency, party.number, s.country))
        raiseAlarm(s, call, party.number, by.extensionId);
      return dialTrunk(scope, call, trunk, {
        ...{ partner: party, bridge, hearer: by.leg, shown, ringMs },
      });
    }
    const extension = extensionId === undefined ? undefined : current.extensions.get(extensionId);
    if (extension === undefined) return failed();
    const shown = { number: by.number, name: by.name ?? '' };
    const ring = { timeoutMs: extension.ringTimeoutMs, instead: { leg, shown } };
    return ringInPerson(scope, s, call, extension, ring);
  }
}

const failed = (): Promise<DialOutcome> =>
  Promise.resolve({ kind: 'unreachable', cause: 20, techCause: 0 });

const outsideParty = (
  number: string,
  trunk: TrunkConfig,
  payerId: ExtensionId | undefined,
): TalkPartner => ({
  leg: newChannelId('outside'),
  role: 'outside',
  number,
  name: '',
  trunkId: trunk.id,
  ...(payerId === undefined ? {} : { payerId }),
});

/** What somebody outside sees whom an agent asks; nobody hides a number in the middle of a talk. */
function shownBy(
  s: CallServices,
  { extensionId, agentId, queueId }: TalkPartner,
  trunk: TrunkConfig,
  number: string,
): ChosenCallerId {
  const { current } = s.directory;
  const extension = extensionId === undefined ? undefined : current.extensions.get(extensionId);
  const isForHelp = isHelpNumber(current.emergency, number, s.country);
  const wishes =
    extension === undefined
      ? undefined
      : isForHelp
        ? helpWishes(current, extension)
        : callerIdWishes(current, {
            extension,
            ...(agentId === undefined ? {} : { agentId }),
            ...(queueId === undefined ? {} : { queueId }),
          });
  const shown = wishes && shownNumber(wishes, trunk, number, s.callerIdTurns.next(agentId));
  return shown ?? { number: trunk.callerId, of: 'trunk', passedOver: [] };
}
