import { can, requirePermission, type Actor } from '../../kernel/actor.js';
import { AppError } from '../../kernel/errors.js';
import type { AgentId, ContactId } from '../../kernel/ids.js';
import { RowService } from '../configuration/index.js';
import type { ContactDraft, StoredContact } from './contact.js';
import type {
  ContactHistory,
  ContactPage,
  ContactQuery,
  ContactReports,
} from './contact-reports.js';
import type { ContactBesides } from './contact-store.js';

/** No call is of this agent. */
const NO_AGENT = 0 as AgentId;

/** Calls read people when they need them: nobody is told of a change. */
const NOBODY_IS_TOLD = { configurationChanged: () => Promise.resolve() };

/** People: look, change, remarks, consents, numbers that nobody answers any more. */
export class ContactService extends RowService<ContactId, ContactDraft, StoredContact, 'name'> {
  constructor(
    private readonly contacts: ContactBesides,
    private readonly reports: ContactReports,
    /** Whether numbers are masked at all on this site: then looking at one is written down. */
    private readonly isPrivate: () => boolean,
  ) {
    super(contacts, NOBODY_IS_TOLD, {
      permission: 'contacts.edit',
      objectKind: 'contact',
      announces: 'settings',
      nameOf: (draft) => draft.name || draft.company || (draft.numbers[0]?.number ?? ''),
      describe: (draft) => ({
        ...{ name: draft.name, company: draft.company, externalKey: draft.externalKey },
        ...{ language: draft.language, country: draft.country, timeZone: draft.timeZone },
        ownerAgentId: draft.ownerAgentId ?? '',
        numbers: draft.numbers.map(({ number, kind }) => `${number} ${kind}`).join(', '),
        fields: Object.entries(draft.fields)
          .map(([key, value]) => `${key}: ${value}`)
          .join(', '),
      }),
    });
  }

  find(actor: Actor, query: Omit<ContactQuery, 'wholeNumbersOnly'>): Promise<ContactPage> {
    requirePermission(actor, 'contacts.read');
    const wholeNumbersOnly = this.isPrivate() && !can(actor, 'numbers.read');
    return this.reports.list({ ...query, wholeNumbersOnly });
  }

  /** Archived people too; throws `not-found`. */
  async look(actor: Actor, id: ContactId): Promise<StoredContact> {
    requirePermission(actor, 'contacts.read');
    const stored = await this.contacts.find(id);
    if (stored === undefined) throw new AppError('not-found', `no contact ${String(id)}`);
    return stored;
  }

  history(actor: Actor, contact: StoredContact): Promise<ContactHistory> {
    requirePermission(actor, 'contacts.read');
    return this.reports.history(
      contact.id,
      contact.numbers.map(({ number }) => number),
      can(actor, 'calls.read') ? undefined : (actor.agentId ?? NO_AGENT),
    );
  }

  /** Writes down that somebody sees the numbers of a person whole, where numbers are private. Throws `not-allowed`. */
  async seeNumbers(actor: Actor, contact: StoredContact): Promise<void> {
    requirePermission(actor, 'contacts.read');
    if (!this.isPrivate()) return;
    requirePermission(actor, 'numbers.read');
    await this.#note(actor, contact, 'see-numbers');
  }

  async addRemark(actor: Actor, id: ContactId, text: string): Promise<void> {
    requirePermission(actor, 'contacts.read');
    const contact = await this.look(actor, id);
    await this.contacts.addRemark(contact.id, actor.userId, text);
  }

  async addConsent(
    actor: Actor,
    id: ContactId,
    kind: 'given' | 'withdrawn',
    source: string,
  ): Promise<void> {
    requirePermission(actor, 'contacts.edit');
    const contact = await this.look(actor, id);
    await this.contacts.addConsent(contact.id, kind, source, (audit) =>
      audit.record(actor, this.#line(contact, 'consent', { [kind]: ['', source] })),
    );
  }

  /** A number that was given up is dialled again. */
  async revive(actor: Actor, id: ContactId, number: string): Promise<void> {
    requirePermission(actor, 'contacts.edit');
    const contact = await this.look(actor, id);
    const dead = contact.numbers.find((one) => one.number === number && one.deadAt !== undefined);
    if (dead === undefined) return;
    await this.contacts.revive(contact.id, number, (audit) =>
      audit.record(
        actor,
        this.#line(contact, 'revive-number', { [number]: [dead.deadReason, ''] }),
      ),
    );
  }

  agents(): ReturnType<ContactReports['agents']> {
    return this.reports.agents();
  }

  async #note(actor: Actor, contact: StoredContact, what: string): Promise<void> {
    await this.contacts.note((audit) => audit.record(actor, this.#line(contact, what)));
  }

  #line(
    contact: StoredContact,
    what: string,
    changes?: Readonly<Record<string, readonly [unknown, unknown]>>,
  ) {
    return {
      action: `contact.${what}`,
      objectKind: 'contact',
      objectId: String(contact.id),
      objectName: contact.name || contact.company || contact.externalKey,
      ...(changes === undefined ? {} : { changes }),
    };
  }
}
