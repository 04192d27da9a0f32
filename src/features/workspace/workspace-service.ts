import type { Actor } from '../../kernel/actor.js';
import type { Clock } from '../../kernel/clock.js';
import { AppError } from '../../kernel/errors.js';
import type { AgentId, CallId } from '../../kernel/ids.js';
import { classifyNumber } from '../../kernel/numbers.js';
import { siteDayOf } from '../../kernel/site-day.js';
import type { CallContext } from '../../telephony/calls/call-context.js';
import type { Directory } from '../../telephony/directory.js';
import type { Desk, DeskAnswer, DeskCommand, DeskRefusal, LiveView } from '../../telephony/live.js';
import { isPermitted } from '../../telephony/stages/dial-outside.js';
import { drawDesk, type DeskPicture, type Party } from './desk-picture.js';
import { choosableReasons } from '../not-ready-reasons/index.js';
import { ownAgent } from './own-agent.js';
import type { WorkspaceReports } from './workspace-reports.js';
import type {
  AgentSeat,
  CallbackStory,
  OfferStory,
  PastCall,
  Phone,
  TodayFigures,
  WorkspaceCommand,
} from './workspace.js';

/** Longer lists are on the calls page. */
const OWN_CALLS = 12;
const PARTY_CALLS = 20;
const SUGGESTED_PHONES = 200;
/** Longer than any number that can be dialled, with its brackets and spaces. */
const MAX_TYPED = 40;

export interface WorkspaceParts {
  readonly reports: WorkspaceReports;
  readonly live: LiveView;
  readonly desk: Desk;
  readonly directory: Pick<Directory, 'current'>;
  readonly clock: Clock;
  /** IANA zone of the site: where "today" begins. */
  readonly zone: string;
  /** ISO country whose numbering plan national numbers follow. */
  readonly country: string;
}

/** Who is, or was just, at the other end, and what there was before. */
export interface PartyPanel {
  readonly party: Party;
  /** False in wrap-up: the party has gone. */
  readonly isPresent: boolean;
  /** What the caller entered and what was looked up on the way here. */
  readonly known: CallContext;
  readonly story: OfferStory | undefined;
  readonly callback: CallbackStory | undefined;
  /** Calls from this number today, the present one among them; 0 for a hidden number. */
  readonly timesToday: number;
  readonly calls: readonly PastCall[];
}

/** What the database knows beside the call. */
export interface Panels {
  readonly today: TodayFigures;
  readonly own: readonly PastCall[];
  readonly party: PartyPanel | undefined;
  /** When the site's day began. */
  readonly midnight: Date;
  /** The call asked about has not reached the database with its end yet: ask again in a moment. */
  readonly isPending: boolean;
}

/** The text fields that a command's form sends. */
export interface CommandInput {
  readonly reason: string;
  readonly extension: string;
  readonly number: string;
}

const refuse = (code: DeskRefusal, detail = ''): DeskAnswer => ({ ok: false, code, detail });

/** What agents do at their page. Everybody sees and commands only their own desk. */
export class WorkspaceService {
  constructor(private readonly parts: WorkspaceParts) {}

  /** How the agent is known. Undefined where the configuration does not know the agent (yet). */
  seat(actor: Actor): AgentSeat | undefined {
    const id = ownAgent(actor);
    const { agents, extensions } = this.parts.directory.current;
    const agent = agents.get(id);
    if (!agent) return undefined;
    const own = agent.extensionId === undefined ? undefined : extensions.get(agent.extensionId);
    return { id, name: agent.name, extension: own?.number ?? '' };
  }

  /** Phones of the site by number, as suggestions; those of larger sites are typed. */
  phones(actor: Actor): readonly Phone[] {
    ownAgent(actor);
    return [...this.parts.directory.current.extensions.values()]
      .map(({ id, number, name }) => ({ id, number, name }))
      .sort((a, b) => a.number.localeCompare(b.number, 'en', { numeric: true }))
      .slice(0, SUGGESTED_PHONES);
  }

  /** `after`: the call that has just ended, whose figures the page waits for. */
  async panels(actor: Actor, after: CallId | undefined): Promise<Panels> {
    const agentId = ownAgent(actor);
    const { reports } = this.parts;
    const midnight = this.#midnight();
    const [today, own, isPending] = await Promise.all([
      reports.today(agentId, midnight),
      reports.callsOf(agentId, OWN_CALLS),
      after === undefined ? false : reports.isOpen(after),
    ]);
    const desk = this.#desk(agentId);
    const party = desk && (await this.#party(desk, own));
    return { today, own, party, midnight, isPending };
  }

  /** Never throws for what the process of the calls refuses: that is an answer. */
  async command(actor: Actor, name: WorkspaceCommand, input: CommandInput): Promise<DeskAnswer> {
    const agentId = ownAgent(actor);
    const { desk } = this.parts;
    switch (name) {
      case 'sign-in':
        return this.#signIn(agentId, input.extension);
      case 'sign-out':
        return desk.ask({ kind: 'agent-sign-out', agentId });
      case 'available':
        return desk.ask({ kind: 'agent-available', agentId });
      case 'not-ready':
        return desk.ask(this.#notReady(agentId, input.reason));
      case 'finish':
        return desk.ask({ kind: 'agent-finish-wrap-up', agentId });
      case 'extend':
        return desk.ask({ kind: 'agent-extend-wrap-up', agentId });
      case 'hang-up':
        return desk.ask({ kind: 'agent-hang-up', agentId });
      case 'dial':
        return this.#dial(agentId, input.number);
    }
  }

  /** The page offers these reasons only; anything else was not sent by it. */
  #notReady(agentId: AgentId, code: string): DeskCommand {
    const reasons = choosableReasons(this.parts.directory.current.notReadyReasons);
    if (reasons.some((reason) => reason.code === code))
      return { kind: 'agent-not-ready', agentId, reason: code };
    const message = 'form.problem.choose';
    throw new AppError('invalid-fields', 'unknown reason', [{ field: 'reason', message }]);
  }

  async #signIn(agentId: AgentId, typed: string): Promise<DeskAnswer> {
    const number = typed.replace(/\s/g, '').slice(0, MAX_TYPED);
    const phone = this.parts.directory.current.extensionsByNumber.get(number);
    if (!phone) return refuse('unknown-extension', number);
    return this.parts.desk.ask({ kind: 'agent-sign-in', agentId, extensionId: phone.id });
  }

  /** Says at once what would otherwise be heard only after the handset was lifted. */
  async #dial(agentId: AgentId, typed: string): Promise<DeskAnswer> {
    const text = typed.trim().slice(0, MAX_TYPED);
    const number = text.normalize('NFKC').replace(/[\s().-]/g, '');
    if (!/^\+?\d{2,20}$/.test(number)) return refuse('bad-number', text);
    const phone = this.#phoneOf(agentId);
    if (phone && !this.#mayDial(phone, number)) return refuse('not-permitted', text);
    return this.parts.desk.ask({ kind: 'agent-dial', agentId, number });
  }

  #mayDial(phone: string, number: string): boolean {
    const { extensionsByNumber } = this.parts.directory.current;
    const own = extensionsByNumber.get(phone);
    if (!own || extensionsByNumber.has(number)) return true;
    return isPermitted(own.permission, classifyNumber(number, this.parts.country));
  }

  #phoneOf(agentId: AgentId): string | undefined {
    const extension = this.#desk(agentId)?.agent.extension;
    return extension === '' ? undefined : extension;
  }

  #desk(agentId: AgentId): DeskPicture | undefined {
    const { current } = this.parts.live;
    return current && drawDesk(current, agentId);
  }

  async #party(desk: DeskPicture, own: readonly PastCall[]): Promise<PartyPanel | undefined> {
    const present = presentParty(desk);
    const subject = present ?? (desk.mode === 'wrap-up' ? lastParty(own) : undefined);
    if (!subject) return undefined;
    const { reports } = this.parts;
    const { number } = subject.party;
    const offered = desk.callback?.waiting.callbackId;
    const [story, callback, calls, timesToday] = await Promise.all([
      reports.offer(subject.id, desk.agent.id),
      reports.callback(
        offered === undefined ? { callId: subject.id } : { id: offered },
        this.parts.clock.now(),
      ),
      number === '' ? [] : reports.callsWith(number, subject.id, PARTY_CALLS),
      number === '' ? 0 : reports.timesCalled(number, this.#midnight()),
    ]);
    const isPresent = present !== undefined;
    const known = desk.call?.call.context ?? [];
    return { party: subject.party, isPresent, known, story, callback, calls, timesToday };
  }

  #midnight(): Date {
    return new Date(siteDayOf(this.parts.clock.now(), this.parts.zone).startAt);
  }
}

/** Whom the agent talks to, or for whom the phone rings. */
function presentParty({ call, callback }: DeskPicture): { id: CallId; party: Party } | undefined {
  if (call) return { id: call.call.id, party: call.party };
  const waiting = callback?.waiting;
  return waiting && { id: waiting.callId, party: { number: waiting.from, name: waiting.name } };
}

/** The other end of the agent's last call. */
function lastParty(own: readonly PastCall[]): { id: CallId; party: Party } | undefined {
  const [last] = own;
  if (!last) return undefined;
  const party = last.direction === 'outbound' ? { number: last.toNumber, name: '' } : last.from;
  return { id: last.id, party };
}
