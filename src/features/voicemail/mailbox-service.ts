import { requirePermission, type Actor } from '../../kernel/actor.js';
import { AppError } from '../../kernel/errors.js';
import type { AgentId, MailboxId } from '../../kernel/ids.js';
import type { ListQuery, ListResult } from '../../kernel/list.js';
import type { SoundStudio } from '../prompts/index.js';
import { greetingOfFile } from './greetings.js';
import type { Greeting, MailboxForm, MailboxSort, StoredMailbox } from './mailbox.js';
import type { MailboxStore } from './mailbox-store.js';

export interface AgentOption {
  readonly id: AgentId;
  readonly name: string;
}

export interface MailboxServiceParts {
  readonly store: MailboxStore;
  readonly studio: SoundStudio;
  readonly hashPin: (pin: string) => Promise<string>;
  /** Path of a greeting's sound; undefined where there is none. */
  readonly findSound: (hash: string) => Promise<string | undefined>;
  readonly agents: () => Promise<readonly AgentOption[]>;
}

const ACCESS = 'extensions.edit';

/** Setting boxes up. PINs go in and never come out. */
export class MailboxService {
  constructor(private readonly parts: MailboxServiceParts) {}

  async list(actor: Actor, query: ListQuery<MailboxSort>): Promise<ListResult<StoredMailbox>> {
    requirePermission(actor, ACCESS);
    return this.parts.store.list(query);
  }

  async get(actor: Actor, id: MailboxId): Promise<StoredMailbox> {
    requirePermission(actor, ACCESS);
    const box = await this.parts.store.find(id);
    if (box === undefined) throw new AppError('not-found', `no mailbox ${String(id)}`);
    return box;
  }

  agents(actor: Actor): Promise<readonly AgentOption[]> {
    requirePermission(actor, ACCESS);
    return this.parts.agents();
  }

  /**
   * Saves what a form says; `file` is the path of an uploaded greeting. Throws `invalid-fields` for a greeting in which
   * nothing can be heard or that is too long, and `conflict`.
   */
  async save(
    actor: Actor,
    id: MailboxId,
    version: number,
    form: MailboxForm,
    file: string | undefined,
  ): Promise<void> {
    const box = await this.get(actor, id);
    const greeting = await this.#greeting(form, file);
    const pinHash = form.withoutPin
      ? ''
      : form.pin === ''
        ? undefined
        : await this.parts.hashPin(form.pin);
    const isQueue = box.queueId !== undefined;
    await this.parts.store.save(actor, id, version, {
      number: isQueue ? form.number : '',
      maxMessageMs: form.maxMessage * 1_000,
      maxMessages: form.maxMessages,
      retentionDays: form.retentionDays,
      membersHear: !isQueue || form.membersHear,
      lightsLamps: isQueue && form.lightsLamps,
      listeners: [...new Set(form.listeners)],
      mailTo: form.mailTo,
      mailSound: form.mailSound,
      ...(pinHash === undefined ? {} : { pinHash }),
      ...(greeting === undefined ? {} : { greeting }),
    });
  }

  /** The sound file of the own greeting; throws `not-found`. */
  async greetingFile(actor: Actor, id: MailboxId): Promise<string> {
    const { greeting } = await this.get(actor, id);
    const path = greeting && (await this.parts.findSound(greeting.hash));
    if (path === undefined) throw new AppError('not-found', 'no greeting of its own');
    return path;
  }

  async #greeting(
    form: MailboxForm,
    file: string | undefined,
  ): Promise<Greeting | null | undefined> {
    if (file !== undefined) {
      const made = await greetingOfFile(this.parts.studio, file);
      if (!made.ok)
        throw new AppError('invalid-fields', 'the greeting cannot be used', [
          { field: 'greeting', message: `mailboxes.problem.greeting.${made.reason}` },
        ]);
      const { hash, durationMs } = made.sound;
      return { hash, durationMs };
    }
    return form.spokenGreeting ? null : undefined;
  }
}
