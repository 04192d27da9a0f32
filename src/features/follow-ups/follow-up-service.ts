import { can, requirePermission, type Actor } from '../../kernel/actor.js';
import type { Clock } from '../../kernel/clock.js';
import { AppError, type FieldProblem } from '../../kernel/errors.js';
import type {
  AgentId,
  CallId,
  CampaignId,
  ContactId,
  FollowUpId,
  QueueId,
} from '../../kernel/ids.js';
import type { ListResult } from '../../kernel/list.js';
import { siteDayOf } from '../../kernel/site-day.js';
import { wallText } from '../../engines/routing/wall-clock.js';
import type { AuditLog } from '../audit/audit.js';
import { agentOf, momentOf, zonesOf, type Booking } from './booking.js';
import type { CallingWindows } from './calling-window.js';
import type {
  Assignee,
  BookableContact,
  FollowUpKind,
  FollowUpLine,
  FollowUpQuery,
  FollowUpSource,
  ListMoment,
  Whose,
} from './follow-up.js';
import type {
  ContactSearch,
  DueCounts,
  FollowUpOptions,
  FollowUpScope,
  FollowUpStore,
} from './follow-up-store.js';

const PERMISSION = 'follow-ups.use';
const FOUND_CONTACTS = 20;
/** No row has agent 0. */
const NOBODY = 0 as AgentId;

export interface FollowUpParts {
  readonly store: FollowUpStore;
  readonly windows: CallingWindows;
  readonly audit: AuditLog;
  readonly clock: Clock;
  /** IANA zone of the site. */
  readonly zone: string;
}

/** What is written of something promised besides what the form says. */
export interface BookedBy {
  readonly source: FollowUpSource;
  readonly callId?: CallId;
}

/** What people and calls promise: agents see their own and their teams', people with `calls.read` all. */
export class FollowUpService {
  constructor(private readonly parts: FollowUpParts) {}

  list(actor: Actor, query: FollowUpQuery): Promise<ListResult<FollowUpLine>> {
    return this.parts.store.list(this.#scope(actor), query, this.#moment(), actor.agentId);
  }

  counts(actor: Actor, whose: Whose | undefined): Promise<DueCounts> {
    return this.parts.store.counts(this.#scope(actor), whose, this.#moment(), actor.agentId);
  }

  /** Overdue ones: of agents their own and their teams'; people without calls of their own see what nobody did in time. */
  async countOverdue(actor: Actor): Promise<number> {
    if (!can(actor, PERMISSION)) return 0;
    const scope = actor.agentId === undefined ? this.#scope(actor) : { agentId: actor.agentId };
    const { overdue } = await this.parts.store.counts(
      scope,
      undefined,
      this.#moment(),
      actor.agentId,
    );
    return overdue;
  }

  options(actor: Actor): Promise<FollowUpOptions> {
    return this.parts.store.options(this.#scope(actor));
  }

  /** Throws `not-found` for what the actor may not see. */
  async get(actor: Actor, id: FollowUpId): Promise<FollowUpLine> {
    const found = await this.parts.store.find(this.#scope(actor), id);
    if (found === undefined) throw new AppError('not-found', 'no such follow-up');
    return found;
  }

  async contact(actor: Actor, id: ContactId): Promise<BookableContact | undefined> {
    this.#scope(actor);
    return this.parts.store.contact(id);
  }

  async searchContacts(
    actor: Actor,
    wanted: Omit<ContactSearch, 'limit'>,
  ): Promise<readonly BookableContact[]> {
    this.#scope(actor);
    if (wanted.search === '') return [];
    return this.parts.store.searchContacts({ ...wanted, limit: FOUND_CONTACTS });
  }

  /** Throws `invalid-fields`, also for a time at which the customer may not be called, unless `anyway`. */
  async book(actor: Actor, booking: Booking, by: BookedBy): Promise<FollowUpId> {
    this.#scope(actor);
    const { store } = this.parts;
    const contact = await store.contact(booking.contact);
    const number = contact?.numbers.find(({ position }) => position === booking.number)?.number;
    if (contact === undefined) throw refuse('contact', 'follow-ups.problem.contact');
    if (number === undefined) throw refuse('number', 'follow-ups.problem.number');
    const dueAt = await this.#dueAt(booking, contact, number, booking.campaign);
    const assignee = await this.#assignee(actor, booking);
    const id = await store.add({
      ...{ kind: booking.kind, contactId: contact.id, number, dueAt: new Date(dueAt) },
      ...{ note: booking.note, ...by, ...assignee },
      ...(booking.campaign === undefined ? {} : { campaignId: booking.campaign }),
      ...(actor.userId === undefined ? {} : { userId: actor.userId }),
    });
    await this.#note(actor, { id, contactName: contact.name }, 'create', {
      kind: ['', booking.kind],
      dueAt: ['', new Date(dueAt).toISOString()],
    });
    return id;
  }

  /** A booking of another system, at an instant. Throws as {@link book}. */
  async bookAt(
    actor: Actor,
    wish: {
      readonly externalKey?: string;
      /** E.164. */
      readonly number?: string;
      readonly kind: FollowUpKind;
      readonly dueAt: number;
      readonly note: string;
      readonly anyway: boolean;
      readonly campaign?: CampaignId;
      readonly agent?: AgentId;
      readonly queue?: QueueId;
    },
  ): Promise<FollowUpId> {
    this.#scope(actor);
    const { store, zone: siteZone } = this.parts;
    const { externalKey, number: wanted, dueAt, agent, queue, campaign, ...rest } = wish;
    const contact =
      externalKey === undefined
        ? await store.contactBy({ number: wanted ?? '' })
        : await store.contactBy({ externalKey });
    if (contact === undefined)
      throw refuse(externalKey === undefined ? 'number' : 'externalKey', 'follow-ups.api.unknown');
    const own =
      wanted === undefined
        ? (contact.numbers.find(({ isDead }) => !isDead) ?? contact.numbers[0])
        : contact.numbers.find(({ number }) => number === wanted);
    if (own === undefined) throw refuse('number', 'follow-ups.problem.number');
    if (
      campaign !== undefined &&
      !(await this.options(actor)).campaigns.some(({ id }) => id === campaign)
    )
      throw refuse('campaign', 'form.problem.choose');
    const [zone] = zonesOf(contact, own.number, siteZone);
    const [day = '', time = ''] = wallText(dueAt, zone).split('T');
    try {
      return await this.book(
        actor,
        {
          ...{ ...rest, day, time, campaign, queue, contact: contact.id, number: own.position },
          whom: agent === undefined ? 'team' : String(agent),
        },
        { source: 'api' },
      );
    } catch (error) {
      throw inFieldsOfApi(error);
    }
  }

  async move(
    actor: Actor,
    id: FollowUpId,
    moment: { readonly day: string; readonly time: string; readonly anyway: boolean },
  ): Promise<void> {
    const line = await this.get(actor, id);
    const contact = await this.parts.store.contact(line.contactId);
    const person = contact ?? { timeZone: line.timeZone, country: '' };
    const dueAt = new Date(await this.#dueAt(moment, person, line.number, line.campaignId));
    requireDone(await this.parts.store.move(id, dueAt));
    await this.#note(actor, line, 'move', {
      dueAt: [line.dueAt.toISOString(), dueAt.toISOString()],
    });
  }

  async assign(actor: Actor, id: FollowUpId, to: Pick<Booking, 'whom' | 'queue'>): Promise<void> {
    const line = await this.get(actor, id);
    const assignee = await this.#assignee(actor, to);
    requireDone(await this.parts.store.assign(id, assignee));
    await this.#note(actor, line, 'assign', {
      agent: [line.agentId ?? '', assignee.agentId ?? ''],
      queue: [line.queueId ?? '', assignee.queueId ?? line.queueId ?? ''],
    });
  }

  async close(
    actor: Actor,
    id: FollowUpId,
    state: 'done' | 'cancelled',
    outcome: string,
  ): Promise<void> {
    const line = await this.get(actor, id);
    const { store, clock } = this.parts;
    requireDone(await store.close(id, state, outcome, new Date(clock.now())));
    await this.#note(actor, line, state === 'done' ? 'done' : 'cancel', {
      outcome: [line.outcome, outcome],
    });
  }

  /** Takes a cancellation back. */
  async reopen(actor: Actor, id: FollowUpId): Promise<void> {
    const line = await this.get(actor, id);
    requireDone(await this.parts.store.reopen(id));
    await this.#note(actor, line, 'reopen');
  }

  async note(actor: Actor, id: FollowUpId, note: string): Promise<void> {
    const line = await this.get(actor, id);
    if (line.note === note) return;
    requireDone(await this.parts.store.note(id, note));
    await this.#note(actor, line, 'note', { note: [line.note, note] });
  }

  /** Whether all is shown to the actor. */
  seesAll(actor: Actor): boolean {
    return this.#scope(actor) === 'everything';
  }

  async #dueAt(
    moment: { readonly day: string; readonly time: string; readonly anyway: boolean },
    person: Pick<BookableContact, 'timeZone' | 'country'>,
    number: string,
    campaign: CampaignId | undefined,
  ): Promise<number> {
    const { clock, windows, zone: siteZone } = this.parts;
    const [zone] = zonesOf(person, number, siteZone);
    const read = momentOf(moment, zone, clock.now());
    if ('problem' in read) throw refused(read.problem);
    if (moment.anyway) return read.at;
    const window = await windows.ask(campaign, { ...person, number }, read.at);
    if (window.isOpen) return read.at;
    const { openAt } = window;
    throw refused({
      field: 'time',
      message: openAt === undefined ? 'follow-ups.problem.never' : 'follow-ups.problem.window',
      params: { zone, open: openAt === undefined ? '' : wallText(openAt, zone).replace('T', ' ') },
    });
  }

  async #assignee(
    actor: Actor,
    { whom, queue }: Pick<Booking, 'whom' | 'queue'>,
  ): Promise<Assignee> {
    const options = await this.options(actor);
    if (queue !== undefined && !options.queues.some(({ id }) => id === queue))
      throw refuse('queue', 'form.problem.choose');
    const team = queue === undefined ? {} : { queueId: queue };
    if (whom === 'team') return team;
    const agentId = whom === 'me' ? actor.agentId : agentOf(whom);
    const isKnown =
      agentId !== undefined &&
      (agentId === actor.agentId || options.agents.some(({ id }) => id === agentId));
    if (!isKnown) throw refuse('whom', 'form.problem.choose');
    return { agentId, ...team };
  }

  #moment(): ListMoment {
    const { clock, zone } = this.parts;
    const now = clock.now();
    return { now: new Date(now), dayEnd: new Date(siteDayOf(now, zone).endAt) };
  }

  #scope(actor: Actor): FollowUpScope {
    requirePermission(actor, PERMISSION);
    return can(actor, 'calls.read') ? 'everything' : { agentId: actor.agentId ?? NOBODY };
  }

  #note(
    actor: Actor,
    line: Pick<FollowUpLine, 'id' | 'contactName'>,
    action: string,
    changes?: Readonly<Record<string, readonly [unknown, unknown]>>,
  ): Promise<void> {
    return this.parts.audit.record(actor, {
      action: `follow-up.${action}`,
      objectKind: 'follow-up',
      objectId: String(line.id),
      objectName: line.contactName,
      ...(changes === undefined ? {} : { changes }),
    });
  }
}

/** The API has one field for day and time, and calls whom it is for an agent. */
function inFieldsOfApi(error: unknown): unknown {
  if (!(error instanceof AppError) || error.code !== 'invalid-fields') return error;
  const names: Readonly<Record<string, string>> = { day: 'dueAt', time: 'dueAt', whom: 'agent' };
  return new AppError(
    'invalid-fields',
    error.message,
    error.problems.map((one) => ({ ...one, field: names[one.field] ?? one.field })),
  );
}

const refused = (problem: FieldProblem): AppError =>
  new AppError('invalid-fields', problem.message, [problem]);
const refuse = (field: string, message: string): AppError => refused({ field, message });

/** The dialler took it up, or somebody else closed it, since the page was drawn. */
function requireDone(done: boolean): void {
  if (!done) throw new AppError('conflict', 'the follow-up is not open any more');
}
