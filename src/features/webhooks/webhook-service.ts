import { randomBytes } from 'node:crypto';
import { requirePermission, type Actor } from '../../kernel/actor.js';
import type { Clock } from '../../kernel/clock.js';
import { AppError } from '../../kernel/errors.js';
import type { AuditLog } from '../audit/audit.js';
import type { SecretBox } from '../configuration/index.js';
import type { KnexWebhookKeys, StoredKeys } from './knex-webhook-keys.js';
import { keysAt } from './signing-keys.js';
import type { LostWebhook, LostWebhooks, SigningKeys } from './webhook.js';

const HOUR_MS = 3_600_000;
const KEY_BYTES = 32;

export interface WebhookServiceParts {
  readonly webhooks: LostWebhooks;
  readonly keys: KnexWebhookKeys;
  readonly secrets: SecretBox;
  readonly firstKey: string;
  readonly audit: AuditLog;
  readonly clock: Clock;
}

/** Looking after what flows send: what was given up, and the key that signs. */
export class WebhookService {
  constructor(private readonly parts: WebhookServiceParts) {}

  /** Messages that were given up, the newest first, and how many there are and are on their way. */
  async lost(actor: Actor, offset: number, limit: number) {
    requirePermission(actor, 'trunks.edit');
    const { webhooks } = this.parts;
    const [rows, total, waiting] = await Promise.all([
      webhooks.lost(offset, limit),
      webhooks.lostCount(),
      webhooks.waiting(),
    ]);
    return { rows, total, waiting };
  }

  /** False where somebody else was faster. */
  sendAgain(actor: Actor, id: string): Promise<boolean> {
    return this.#settle(actor, id, 'webhook.send-again', () =>
      this.parts.webhooks.sendAgain(id, this.parts.clock.now()),
    );
  }

  drop(actor: Actor, id: string): Promise<boolean> {
    return this.#settle(actor, id, 'webhook.drop', () => this.parts.webhooks.drop(id));
  }

  /** Sends all of them again; how many. */
  async sendAllAgain(actor: Actor): Promise<number> {
    requirePermission(actor, 'trunks.edit');
    const { webhooks } = this.parts;
    const all = await webhooks.lost(0, await webhooks.lostCount());
    let sent = 0;
    for (const { id } of all) if (await this.sendAgain(actor, id)) sent += 1;
    return sent;
  }

  async keys(actor: Actor): Promise<SigningKeys & { readonly version: number }> {
    requirePermission(actor, 'trunks.edit');
    const stored = await this.parts.keys.read();
    return { ...keysAt(stored, this.parts.clock.now(), this.parts), version: stored.version };
  }

  /** Makes a next key, which counts in so many hours. Throws `conflict`; also where one is on its way already. */
  async renew(actor: Actor, version: number, hours: number): Promise<void> {
    const now = this.parts.clock.now();
    const stored = await this.#stored(actor);
    if (stored.next !== undefined && stored.next.at > now)
      throw new AppError('conflict', 'a next key is on its way');
    const key = randomBytes(KEY_BYTES).toString('base64url');
    const next = { sealed: this.parts.secrets.seal(key), at: now + hours * HOUR_MS };
    // A next key whose time had come has been the key since.
    const sealed = stored.next?.sealed ?? stored.sealed;
    await this.parts.keys.save(actor, { version, sealed, next }, 'webhook.renew-key');
  }

  /** The next key counts from now on. Nothing happens where there is none; throws `conflict`. */
  async useNext(actor: Actor, version: number): Promise<void> {
    const { next } = await this.#stored(actor);
    if (next === undefined) return;
    await this.parts.keys.save(actor, { version, sealed: next.sealed }, 'webhook.use-next-key');
  }

  async #stored(actor: Actor): Promise<StoredKeys> {
    requirePermission(actor, 'trunks.edit');
    return this.parts.keys.read();
  }

  async #settle(
    actor: Actor,
    id: string,
    action: string,
    settle: () => Promise<boolean>,
  ): Promise<boolean> {
    requirePermission(actor, 'trunks.edit');
    const { webhooks, audit } = this.parts;
    const webhook = await webhooks.findLost(id);
    if (webhook === undefined || !(await settle())) return false;
    await audit.record(actor, { action, ...about(webhook) });
    return true;
  }
}

const about = ({ id, url }: LostWebhook) => ({
  objectKind: 'webhook',
  objectId: id.slice(0, 64),
  objectName: url.slice(0, 200),
});
