import type { Clock } from '../../kernel/clock.js';
import type { AgentId } from '../../kernel/ids.js';
import { withinLimit } from '../../telephony/caller-history.js';
import type { AgentTalk } from '../../telephony/calls/agent-roster.js';
import type { CallLog } from '../../telephony/calls/services.js';
import type { Directory } from '../../telephony/directory.js';
import type { AgentState, PhoneCode } from '../../telephony/live.js';
import type { PhoneChoice, PhoneDispositions } from '../../telephony/phone-dispositions.js';
import { offeredCodes } from '../dispositions/index.js';
import { sayDisposition, type SayingParts } from './say-disposition.js';
import { isWrapUpOpen, type WrapUpStore } from './wrap-up.js';

/** Somebody listens on the phone meanwhile: a database that takes longer is said to have failed. */
const KEEP_LIMIT_MS = 3_000;

export interface PhoneDispositionParts extends Omit<SayingParts, 'store'> {
  readonly store: WrapUpStore;
  readonly directory: Pick<Directory, 'current'>;
  readonly clock: Clock;
  readonly log: CallLog;
  /** Something was chosen. */
  readonly onChange: () => void;
  /** What agents do now, and the call that they talk in or talked in last. */
  readonly roster: {
    state(agent: AgentId): { readonly state: AgentState; readonly since: number } | undefined;
    lastTalk(agent: AgentId): AgentTalk | undefined;
  };
}

/** What agents say on their phones that calls came to, by the rules of their page. */
export class DispositionsByPhone implements PhoneDispositions {
  readonly #chosen = new Map<AgentId, PhoneCode>();

  constructor(private readonly parts: PhoneDispositionParts) {}

  async choose(agent: AgentId, key: string): Promise<PhoneChoice> {
    const { clock, log } = this.parts;
    try {
      const choice = await withinLimit(clock, KEEP_LIMIT_MS, this.#choose(agent, key));
      if (choice !== 'late') return choice;
      log.warn({ agentId: agent }, 'a disposition of a phone was not kept in time');
    } catch (error) {
      log.error({ agentId: agent, err: error }, 'a disposition of a phone could not be kept');
    }
    return { kind: 'failed' };
  }

  /** What the agent chose by phone last: the page shows it. */
  of(agent: AgentId): { readonly phoneCode?: PhoneCode } {
    const phoneCode = this.#chosen.get(agent);
    return phoneCode === undefined ? {} : { phoneCode };
  }

  async #choose(agentId: AgentId, key: string): Promise<PhoneChoice> {
    const { store, directory, clock } = this.parts;
    const call = await this.#openCall(agentId);
    if (call === undefined) return { kind: 'no-call' };
    const offered = offeredCodes(directory.current.dispositions, call.queueId, 'en')
      .map((line) => line.disposition)
      .filter(({ phoneKey }) => phoneKey !== undefined);
    const disposition = offered.find(({ phoneKey }) => phoneKey === key);
    if (disposition === undefined) return { kind: 'unknown-key', offered };
    const before = await store.find(call.callId, agentId);
    await sayDisposition(
      this.parts,
      {
        ...{ callId: call.callId, agentId, dispositionId: disposition.id },
        ...{ note: before?.note ?? '', at: new Date(clock.now()) },
      },
      before,
    );
    this.#chosen.set(agentId, { callId: call.callId, dispositionId: disposition.id });
    this.parts.onChange();
    return { kind: 'chosen', disposition };
  }

  async #openCall(agentId: AgentId) {
    const { roster, store, clock } = this.parts;
    const agent = roster.state(agentId);
    if (agent === undefined || !isWrapUpOpen(agent, clock.now())) return undefined;
    return roster.lastTalk(agentId) ?? (await store.lastCall(agentId));
  }
}
