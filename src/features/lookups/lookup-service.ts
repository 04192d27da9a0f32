import { requirePermission, type Actor } from '../../kernel/actor.js';
import type { Announcer } from '../../kernel/announcer.js';
import type { LookupId } from '../../kernel/ids.js';
import type { LookupConfig } from '../../telephony/directory.js';
import type { LookedUp } from '../../telephony/self-service.js';
import { RowService, type SecretBox } from '../configuration/index.js';
import type { LookupStore } from './lookup-store.js';
import type { LookupDraft, LookupSort, LookupValues, StoredLookup } from './lookup.js';

/** How long somebody who tries a connection waits for it. */
const TRY_MS = 5_000;

/** Runs a query in a database. */
export interface LookupTester {
  run(
    config: LookupConfig,
    lookUp: {
      readonly query: string;
      readonly parameters: Readonly<Record<string, string>>;
      readonly timeoutMs: number;
      readonly answers: readonly { readonly variable: string; readonly column: string }[];
    },
    signal: AbortSignal,
  ): Promise<LookedUp>;
}

/** What trying a connection gave: the database's version, or why not. */
export type TriedLookup =
  { readonly ok: true; readonly version: string } | { readonly ok: false; readonly reason: string };

/** Databases that flows read from. Passwords go in and are never given out again, except to what runs look-ups. */
export class LookupService extends RowService<LookupId, LookupDraft, StoredLookup, LookupSort> {
  constructor(
    private readonly lookups: LookupStore,
    announcer: Announcer,
    private readonly secrets: SecretBox,
    private readonly tester: LookupTester,
  ) {
    super(lookups, announcer, {
      permission: 'trunks.edit',
      objectKind: 'lookup',
      announces: 'lookups',
      nameOf: (draft) => draft.name,
      describe: ({ name, host, port, database, user }) => ({ name, host, port, database, user }),
      secrets: (draft) => (draft.passwordSealed === undefined ? [] : ['password']),
    });
  }

  async createLookup(actor: Actor, values: LookupValues): Promise<LookupId> {
    requirePermission(actor, 'trunks.edit');
    return this.create(actor, this.#draft(values));
  }

  /** An empty password keeps the stored one. */
  async saveLookup(
    actor: Actor,
    id: LookupId,
    version: number,
    values: LookupValues,
  ): Promise<void> {
    await this.save(actor, id, version, this.#draft(values));
  }

  /** Connects now, as flows do. Never rejects for what the database says. */
  async try(actor: Actor, id: LookupId): Promise<TriedLookup> {
    const { version, name, host, port, database, user } = await this.get(actor, id);
    const password = this.secrets.open(await this.lookups.passwordOf(id));
    const answered = await this.tester.run(
      { ...{ id, version, name, host, port, database, user }, password },
      {
        query: 'SELECT VERSION() AS version',
        parameters: {},
        timeoutMs: TRY_MS,
        answers: [{ variable: 'version', column: 'version' }],
      },
      new AbortController().signal,
    );
    if (answered.kind === 'rows') return { ok: true, version: answered.variables['version'] ?? '' };
    return { ok: false, reason: answered.kind === 'no-rows' ? 'unknown' : answered.reason };
  }

  #draft({ password, ...values }: LookupValues): LookupDraft {
    return {
      ...values,
      ...(password === '' ? {} : { passwordSealed: this.secrets.seal(password) }),
    };
  }
}
