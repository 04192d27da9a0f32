import { requirePermission, type Actor } from '../../kernel/actor.js';
import type { Clock } from '../../kernel/clock.js';
import { AppError } from '../../kernel/errors.js';
import { newMailId } from '../../kernel/ids.js';
import type { SecretBox } from '../configuration/index.js';
import type { MailLine, MailOutcome, MailState } from './mail.js';
import { opened } from './mail-sender.js';
import type { MailForm, StoredMailSettings } from './mail-settings.js';
import type { MailQueue, MailSettingsStore, MailTransport } from './mail-store.js';

export interface MailServiceParts {
  readonly store: MailSettingsStore;
  readonly queue: MailQueue;
  readonly transport: MailTransport;
  readonly secrets: SecretBox;
  readonly clock: Clock;
}

const SHOWN = 50;

/** Setting mail up, trying it, and looking at what was sent. */
export class MailService {
  constructor(private readonly parts: MailServiceParts) {}

  read(actor: Actor): Promise<StoredMailSettings> {
    requirePermission(actor, 'mail.edit');
    return this.parts.store.read();
  }

  /** An empty password keeps the stored one, as long as the server it is sent to stays; throws `conflict`. */
  async save(actor: Actor, version: number, form: MailForm): Promise<void> {
    const before = await this.read(actor);
    const { password, withoutPassword, ...settings } = form;
    const isSameServer = before.host === form.host && before.user === form.user;
    const kept = isSameServer && !withoutPassword ? before.passwordSealed : '';
    await this.parts.store.save(actor, version, {
      ...settings,
      passwordSealed: password === '' ? kept : this.parts.secrets.seal(password),
    });
  }

  /** Sends at once, with the stored settings, whether mail is switched on or not. */
  async sendTest(
    actor: Actor,
    mail: { readonly recipient: string; readonly subject: string; readonly text: string },
  ): Promise<MailOutcome> {
    const settings = await this.read(actor);
    return this.parts.transport.send(opened(settings, this.parts.secrets), {
      ...mail,
      id: newMailId(),
    });
  }

  async latest(actor: Actor): Promise<{
    readonly lines: readonly MailLine[];
    readonly counts: Readonly<Record<MailState, number>>;
  }> {
    requirePermission(actor, 'mail.edit');
    const { queue } = this.parts;
    const [lines, counts] = await Promise.all([queue.latest(SHOWN), queue.counts()]);
    return { lines, counts };
  }

  /** Tries a mail again that was given up; throws `not-found`. */
  async again(actor: Actor, id: string): Promise<void> {
    requirePermission(actor, 'mail.edit');
    const isThere = /^[0-9A-HJKMNP-TV-Z]{26}$/.test(id);
    if (!isThere || !(await this.parts.queue.again(id, new Date(this.parts.clock.now()))))
      throw new AppError('not-found', 'no such mail was given up');
  }
}
