import { requirePermission, type Actor } from '../../kernel/actor.js';
import type { Announcer } from '../../kernel/announcer.js';
import type { Clock } from '../../kernel/clock.js';
import type { HookId } from '../../kernel/ids.js';
import type { HookLog, HookOutcome, HookTry, RoutingHook } from '../../telephony/routing-hook.js';
import { newPassword, RowService, type SecretBox } from '../configuration/index.js';
import { certificatesIn } from './certificates.js';
import type { HookStore } from './hook-store.js';
import type { HookDraft, HookSort, StoredHook } from './hook.js';

/** A secret that is shown once. */
export interface NewSecret {
  readonly id: HookId;
  readonly name: string;
  readonly secret: string;
}

export interface HookServiceParts {
  readonly store: HookStore;
  readonly announcer: Announcer;
  readonly secrets: SecretBox;
  readonly hook: RoutingHook;
  readonly log: HookLog;
  readonly clock: Clock;
}

/** Somebody who calls a try, as the endpoint sees it. */
export interface TryCall {
  readonly from: string;
  readonly to: string;
  readonly queue: string;
}

/** Hooks: their set-up, their secrets, and trying them. */
export class HookService extends RowService<HookId, HookDraft, StoredHook, HookSort> {
  constructor(private readonly parts: HookServiceParts) {
    super(parts.store, parts.announcer, {
      permission: 'routing.edit',
      objectKind: 'hook',
      announces: 'hooks',
      nameOf: (draft) => draft.name,
      describe: ({ name, enabled, url, dids, queues, timeoutMs, ...network }) => ({
        name,
        enabled,
        url,
        dids,
        queues,
        timeoutMs,
        allowedAddresses: network.allowedAddresses,
        caCertificate: certificatesIn(network.caCertificate).map(({ subject }) => subject),
      }),
      secrets: (draft) => (draft.secretSealed === undefined ? [] : ['secret']),
    });
  }

  /** A new hook with a secret of its own. */
  async createHook(actor: Actor, values: HookDraft): Promise<NewSecret> {
    requirePermission(actor, 'routing.edit');
    const secret = newPassword();
    const id = await this.create(actor, { ...values, secretSealed: this.#seal(secret) });
    return { id, name: values.name, secret };
  }

  /** Requests are signed with a new secret from now on; the old one is gone. */
  async renewSecret(actor: Actor, id: HookId): Promise<NewSecret> {
    const stored = await this.get(actor, id);
    const secret = newPassword();
    await this.save(actor, id, stored.version, { ...stored, secretSealed: this.#seal(secret) });
    return { id, name: stored.name, secret };
  }

  /** Asks the endpoint now, whether the hook is switched on or not, and whatever its circuit says. Never rejects for it. */
  async try(actor: Actor, id: HookId, call: TryCall): Promise<HookOutcome> {
    const stored = await this.get(actor, id);
    const hook = { ...stored, secret: this.parts.secrets.open(stored.secretSealed ?? '') };
    const request = {
      ...call,
      callId: 'test' as const,
      test: true,
      at: new Date(this.parts.clock.now()).toISOString(),
      fromName: '',
      language: actor.language,
      priority: 0,
      vip: false,
      attributes: {},
    };
    return this.parts.hook.ask(hook, request, new AbortController().signal);
  }

  /** The last requests, newest first; rejects where the memory is away. */
  async latest(actor: Actor, id: HookId): Promise<readonly HookTry[]> {
    requirePermission(actor, 'routing.edit');
    return this.parts.log.latest(id);
  }

  #seal(secret: string): string {
    return this.parts.secrets.seal(secret);
  }
}
