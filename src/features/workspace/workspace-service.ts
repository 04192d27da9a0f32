import type { RecordingWish } from '../../engines/recording/control.js';
import type { Actor } from '../../kernel/actor.js';
import type { Clock } from '../../kernel/clock.js';
import { AppError } from '../../kernel/errors.js';
import { instantOf } from '../../engines/routing/wall-clock.js';
import type { AgentId, AttemptId, CallId, ContactId, ExtensionId } from '../../kernel/ids.js';
import { classifyNumber } from '../../kernel/numbers.js';
import { siteDayOf } from '../../kernel/site-day.js';
import type { CallContext } from '../../telephony/calls/call-context.js';
import { isPermitted, type Directory } from '../../telephony/directory.js';
import { pbxOf } from '../../telephony/other-pbx.js';
import { isHelpNumber } from '../../telephony/emergency.js';
import type { PhoneKeyCommand } from '../../telephony/phone-keys.js';
import type { Desk, DeskAnswer, DeskCommand, DeskRefusal, LiveView } from '../../telephony/live.js';
import { drawDesk, type DeskPicture, type Party } from './desk-picture.js';
import type { KnexPreviewRecords, PreviewRecord } from '../previews/index.js';
import { choosableReasons } from '../not-ready-reasons/index.js';
import { ownAgent } from './own-agent.js';
import { parseTarget, transferChoices } from './transfer-choices.js';
import { SKIP_REASONS } from '../../telephony/previews.js';
import type { WorkspaceReports } from './workspace-reports.js';
import { numberToCall } from './workspace.js';
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
const RECENT_TARGETS = 4;
const PROMISE_NOTE_MAX = 400;
/** Nobody promises anything further ahead: a year that was mistyped. */
const LONGEST_AHEAD_MS = 366 * 86_400_000;
/** Longer than any number that can be dialled, with its brackets and spaces. */
const MAX_TYPED = 40;

export interface WorkspaceParts {
  readonly reports: WorkspaceReports;
  readonly live: LiveView;
  readonly desk: Desk;
  readonly directory: Pick<Directory, 'current'>;
  readonly records: Pick<KnexPreviewRecords, 'find' | 'promise' | 'numberFor'>;
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
  /** Of a campaign's calls: what there is to know before and during them. */
  readonly record: PreviewRecord | undefined;
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
  /** One of the agent's own calls: its other end is dialled, whatever is typed; '' for none. */
  readonly call: string;
  /** A contact: the number is dialled, and not shown; '' for none. */
  readonly contact: string;
  /** The attempt whose record is before the agent. */
  readonly attempt: string;
  /** Of a refusal: `all`, or the campaign's. */
  readonly scope: string;
  /** When a call is promised: `2026-11-25T10:42` on the site's clock; by whom ('1': the agent); and what about. */
  readonly at: string;
  readonly mine: string;
  readonly note: string;
  /** `outside-phone`: the number is dialled from there instead of the desk phone. */
  readonly from: string;
  /** Whom to transfer to or consult: `extension:3`, `queue:1`, `flow:2`, `number:+4420...`, `park:any`. */
  readonly target: string;
}

const RECORDING_WISHES = {
  'record-start': 'start',
  'record-stop': 'stop',
  'record-pause': 'pause',
  'record-resume': 'resume',
} as const satisfies Partial<Record<WorkspaceCommand, RecordingWish>>;

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
    const { name, outsidePhone } = agent;
    return { id, name, extension: own?.number ?? '', outsidePhone };
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
        if (input.contact !== '') return this.#dialContact(agentId, input);
        return this.#dial(
          agentId,
          await this.#typed(agentId, input),
          input.from === 'outside-phone',
        );
      case 'redial':
        return this.#atPhone(agentId, (extensionId) => ({ kind: 'phone-redial', extensionId }));
      case 'call-back':
        return this.#atPhone(agentId, (extensionId) => ({
          ...{ kind: 'busy-callback', extensionId, number: '' },
        }));
      case 'pick-up': {
        const at = input.extension.slice(0, MAX_TYPED);
        return this.#atPhone(agentId, (extensionId) => ({
          ...{ kind: 'phone-pick-up', extensionId, at },
        }));
      }
      case 'preview-call':
        return desk.ask({ kind: name, agentId, attempt: input.attempt as AttemptId });
      case 'preview-skip':
        return desk.ask(this.#skip(agentId, input));
      case 'preview-refuse':
        return desk.ask({
          ...{ kind: name, agentId, attempt: input.attempt as AttemptId },
          isForAll: input.scope === 'all',
        });
      case 'preview-schedule':
        return this.#schedule(actor, agentId, input);
      case 'hold':
      case 'resume':
      case 'swap':
      case 'complete':
      case 'conference':
      case 'drop':
        return desk.ask({ kind: 'agent-talk', agentId, command: { kind: name } });
      case 'record-start':
      case 'record-stop':
      case 'record-pause':
      case 'record-resume':
        return desk.ask({
          ...{ kind: 'agent-talk', agentId },
          command: { kind: 'recording', wish: RECORDING_WISHES[name] },
        });
      case 'consult':
      case 'transfer': {
        const target = parseTarget(input.target.slice(0, MAX_TYPED));
        if (target === undefined) return refuse('bad-number', input.target.slice(0, MAX_TYPED));
        return desk.ask({ kind: 'agent-talk', agentId, command: { kind: name, target } });
      }
    }
  }

  /** Whom and what the agent's call can be sent to. `parkName`: what parking is called. */
  async choices(actor: Actor, query: string, parkName: string) {
    const agentId = ownAgent(actor);
    const { directory, live, reports } = this.parts;
    const typed = query.slice(0, MAX_TYPED);
    const recent = typed.trim() === '' ? await reports.recentTargets(agentId, RECENT_TARGETS) : [];
    const { current } = directory;
    return transferChoices(current, live.current, {
      ...{ query: typed, agentId, recent },
      parkName: current.parking.isEnabled ? parkName : '',
    });
  }

  /** The page offers these reasons only; anything else was not sent by it. */
  #notReady(agentId: AgentId, code: string): DeskCommand {
    const reasons = choosableReasons(this.parts.directory.current.notReadyReasons);
    if (reasons.some((reason) => reason.code === code))
      return { kind: 'agent-not-ready', agentId, reason: code };
    const message = 'form.problem.choose';
    throw new AppError('invalid-fields', 'unknown reason', [{ field: 'reason', message }]);
  }

  #skip(agentId: AgentId, { attempt, reason }: CommandInput): DeskCommand {
    const known = SKIP_REASONS.find((one) => one === reason);
    if (known !== undefined)
      return { kind: 'preview-skip', agentId, attempt: attempt as AttemptId, reason: known };
    const message = 'form.problem.choose';
    throw new AppError('invalid-fields', 'unknown reason', [{ field: 'reason', message }]);
  }

  /** Promises the call for later; the record goes only when that is kept. */
  async #schedule(
    actor: Actor,
    agentId: AgentId,
    { attempt: id, at: wall, mine, note }: CommandInput,
  ): Promise<DeskAnswer> {
    const { clock, zone, records, desk } = this.parts;
    const attempt = id as AttemptId;
    const preview = this.#desk(agentId)?.preview;
    if (preview?.attempt !== attempt) return refuse('no-preview');
    if (preview.phase !== 'record') return refuse('preview-dialled');
    const at = instantOf(wall.slice(0, MAX_TYPED), zone);
    if (at === undefined) return refuse('bad-time');
    if (at <= clock.now()) return refuse('time-has-passed');
    if (at > clock.now() + LONGEST_AHEAD_MS) return refuse('too-far-ahead');
    const isKept = await records.promise({
      ...{ attempt, at: new Date(at), note: note.trim().slice(0, PROMISE_NOTE_MAX) },
      agent: mine === '1' ? agentId : undefined,
      user: actor.userId,
    });
    if (!isKept) return refuse('no-preview');
    return desk.ask({ kind: 'preview-skip', agentId, attempt, reason: 'scheduled' });
  }

  /** The number goes from the database to the phone: a page never has it. */
  async #dialContact(agentId: AgentId, { contact, from }: CommandInput): Promise<DeskAnswer> {
    if (!/^[1-9]\d{0,9}$/.test(contact)) return refuse('unknown-contact');
    const found = await this.parts.records.numberFor(Number(contact) as ContactId, agentId);
    switch (found) {
      case 'stranger':
      case 'no-number':
        return refuse('unknown-contact');
      case 'refused':
        return refuse('do-not-call');
      default:
        return this.#dial(agentId, found.number, from === 'outside-phone');
    }
  }

  async #signIn(agentId: AgentId, typed: string): Promise<DeskAnswer> {
    const number = typed.replace(/\s/g, '').slice(0, MAX_TYPED);
    const phone = this.parts.directory.current.extensionsByNumber.get(number);
    if (!phone) return refuse('unknown-extension', number);
    return this.parts.desk.ask({ kind: 'agent-sign-in', agentId, extensionId: phone.id });
  }

  /** What is to be dialled: as it was typed, or the other end of a call whose number the agent may not see. */
  async #typed(agentId: AgentId, { number, call }: CommandInput): Promise<string> {
    if (call === '') return number;
    const own = await this.parts.reports.callsOf(agentId, OWN_CALLS);
    const found = own.find(({ id }) => id === call);
    return found === undefined ? '' : numberToCall(found);
  }

  /** Says at once what would otherwise be heard only after the handset was lifted. */
  async #dial(agentId: AgentId, typed: string, isOutside: boolean): Promise<DeskAnswer> {
    const text = typed.trim().slice(0, MAX_TYPED);
    const number = text.normalize('NFKC').replace(/[\s().-]/g, '');
    if (!/^\+?\d{2,20}$/.test(number)) return refuse('bad-number', text);
    const phone = this.#phoneOf(agentId);
    if (phone && !this.#mayDial(phone, number)) return refuse('not-permitted', text);
    return this.parts.desk.ask({
      ...{ kind: 'agent-dial', agentId, number },
      ...(isOutside ? { from: 'outside-phone' as const } : {}),
    });
  }

  #mayDial(phone: string, number: string): boolean {
    const { current } = this.parts.directory;
    const { extensionsByNumber, emergency } = current;
    if (isHelpNumber(emergency, number, this.parts.country)) return true;
    const own = extensionsByNumber.get(phone);
    if (!own || extensionsByNumber.has(number) || pbxOf(current, number)) return true;
    return isPermitted(own.permission, classifyNumber(number, this.parts.country));
  }

  /** What the phone does at which the agent is signed in. */
  #atPhone(
    agentId: AgentId,
    command: (phone: ExtensionId) => PhoneKeyCommand,
  ): Promise<DeskAnswer> | DeskAnswer {
    const { extensionsByNumber } = this.parts.directory.current;
    const phone = extensionsByNumber.get(this.#phoneOf(agentId) ?? '');
    return phone === undefined ? refuse('not-signed-in') : this.parts.desk.ask(command(phone.id));
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
    const attempt = desk.preview?.attempt;
    const [story, callback, record, calls, timesToday] = await Promise.all([
      reports.offer(subject.id, desk.agent.id),
      reports.callback(
        offered === undefined ? { callId: subject.id } : { id: offered },
        this.parts.clock.now(),
      ),
      this.parts.records.find(attempt === undefined ? { call: subject.id } : { attempt }),
      number === '' ? [] : reports.callsWith(number, subject.id, PARTY_CALLS),
      number === '' ? 0 : reports.timesCalled(number, this.#midnight()),
    ]);
    const isPresent = present !== undefined;
    const known = desk.call?.call.context ?? desk.callback?.waiting.context ?? [];
    return { party: subject.party, isPresent, known, story, callback, record, calls, timesToday };
  }

  #midnight(): Date {
    return new Date(siteDayOf(this.parts.clock.now(), this.parts.zone).startAt);
  }
}

/** Whom the agent talks to, or for whom the phone rings. */
function presentParty({
  call,
  callback,
  preview,
}: DeskPicture): { id: CallId; party: Party } | undefined {
  if (call) return { id: call.call.id, party: call.party };
  // There is no call of it yet.
  if (preview) return { id: preview.attempt as string as CallId, party: preview };
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
